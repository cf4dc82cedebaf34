"""Owns the lexicon as plain data, read from TOML that is known to be well formed (docs/lexicon.md)."""

import tomllib
from typing import Any, NamedTuple

from .keys import cased_key, folded
from .pattern import Guard, Pattern, PatternError, parse_term

BOUND_PREFIXES = ("de", "non", "anti", "counter", "pre", "post", "ex", "pro", "quasi", "pseudo", "mis")


class Term(NamedTuple):
    """One line of a lexicon."""

    text: str
    weight: float
    patterns: list[Pattern]
    guards: list[Guard]


class Dimension(NamedTuple):
    """What is measured; each category is the list of its terms."""

    exclude: list[Term]
    veto: list[Term]
    categories: list[list[Term]]


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
    bound = frozenset(folded(cased_key(prefix)) for prefix in head.get("bound_prefixes", BOUND_PREFIXES))
    macros = {name: _terms(lines) for name, lines in data.get("macros", {}).items()}
    dimensions = [_dimension(table) for table in data.get("dimensions", {}).values()]
    lexicon = Lexicon(head.get("newline", "auto"), bound, macros, dimensions)
    _check_guards(lexicon)
    return lexicon


def _dimension(table: dict[str, Any]) -> Dimension:
    tables = table.get("categories", {}).values()
    categories = [_terms(category.get("terms", []), category.get("weight", 1.0)) for category in tables]
    return Dimension(_terms(table.get("exclude", [])), _terms(table.get("veto", [])), categories)


def _terms(lines: list[str | dict[str, Any]], weight: float = 1.0) -> list[Term]:
    """Read the terms of one list; a term's own weight goes before its category's (SPEC 9)."""
    tables = [{"pattern": line} if isinstance(line, str) else line for line in lines]
    return [Term(t["pattern"], float(t.get("weight", weight)), *parse_term(t["pattern"])) for t in tables]


def terms_of(dimension: Dimension) -> list[Term]:
    """List all terms of a dimension: exclusions, vetoes, then its categories'."""
    of_categories = [term for terms in dimension.categories for term in terms]
    return [*dimension.exclude, *dimension.veto, *of_categories]


def _check_guards(lexicon: Lexicon) -> None:
    """Refuse guards in macros, and guards that name no macro (SPEC 6)."""
    for name, terms in lexicon.macros.items():
        if any(term.guards for term in terms):
            raise PatternError(f"the terms of macros carry no guards: see {name}")
    for term in (term for dimension in lexicon.dimensions for term in terms_of(dimension)):
        if any(guard.macro not in lexicon.macros for guard in term.guards):
            raise PatternError(f"unknown macro in `{term.text}`")
