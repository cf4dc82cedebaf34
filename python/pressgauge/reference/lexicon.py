"""Owns the lexicon as plain data, read from TOML that is known to be well formed (docs/FORMATS.md)."""

import tomllib
from typing import Any, NamedTuple

from .keys import cased_key, folded
from .pattern import Guard, Pattern, PatternError, parse

BOUND_PREFIXES = ("de", "non", "anti", "counter", "pre", "post", "ex", "pro", "quasi", "pseudo", "mis")


class Term(NamedTuple):
    """One line of a lexicon."""

    text: str
    weight: float
    patterns: list[Pattern]
    guards: list[Guard]


class Category(NamedTuple):
    """A leaf of a dimension."""

    name: str
    terms: list[Term]


class Dimension(NamedTuple):
    """What is measured."""

    name: str
    exclude: list[Term]
    veto: list[Term]
    categories: list[Category]


class Lexicon(NamedTuple):
    """Everything that the engine needs of the file; order is the file's order."""

    newline: str
    bound_prefixes: frozenset[str]
    macros: dict[str, list[Term]]
    dimensions: list[Dimension]


def read_lexicon(toml: str) -> Lexicon:
    """Read a lexicon."""
    data = tomllib.loads(toml)
    head = data["lexicon"]
    prefixes = head.get("bound_prefixes", BOUND_PREFIXES)
    macros = {name: _terms(lines) for name, lines in data.get("macros", {}).items()}
    dimensions = [_dimension(name, table) for name, table in data.get("dimensions", {}).items()]
    lexicon = Lexicon(
        head.get("newline", "auto"),
        frozenset(folded(cased_key(prefix)) for prefix in prefixes),
        macros,
        dimensions,
    )
    _check_guards(lexicon)
    return lexicon


def _dimension(name: str, table: dict[str, Any]) -> Dimension:
    categories = [
        Category(key, _terms(category.get("terms", []), category.get("weight", 1.0)))
        for key, category in table.get("categories", {}).items()
    ]
    return Dimension(name, _terms(table.get("exclude", [])), _terms(table.get("veto", [])), categories)


def _terms(lines: list[str | dict[str, Any]], weight: float = 1.0) -> list[Term]:
    """Read the terms of one list; a term's own weight goes before its category's (SPEC 9)."""
    tables = [{"pattern": line} if isinstance(line, str) else line for line in lines]
    return [Term(t["pattern"], float(t.get("weight", weight)), *parse(t["pattern"])) for t in tables]


def terms_of(dimension: Dimension) -> list[Term]:
    """List all terms of a dimension: exclusions, vetoes, then its categories'."""
    of_categories = [term for category in dimension.categories for term in category.terms]
    return [*dimension.exclude, *dimension.veto, *of_categories]


def _check_guards(lexicon: Lexicon) -> None:
    """Refuse guards in macros, and guards that name no macro (SPEC 6)."""
    for name, terms in lexicon.macros.items():
        if any(term.guards for term in terms):
            raise PatternError(f"the terms of macros carry no guards: see {name}")
    for dimension in lexicon.dimensions:
        for term in terms_of(dimension):
            for guard in term.guards:
                if guard.macro not in lexicon.macros:
                    raise PatternError(f"unknown macro {guard.macro} in `{term.text}`")
