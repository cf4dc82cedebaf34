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


class Modifier(NamedTuple):
    """Cues that tag hits (SPEC 8)."""

    tag: str
    blocked_tag: str | None
    before: int
    after: int
    block_within: int
    cues: list[Term]
    stop: list[Term]
    cancel: list[Term]
    block: list[Term]

    def terms(self) -> list[Term]:
        """List the terms of all its lists."""
        return [*self.cues, *self.stop, *self.cancel, *self.block]


class Lexicon(NamedTuple):
    """Everything that the engine needs of the file; order is the file's order."""

    newline: str
    bound_prefixes: frozenset[str]
    macros: dict[str, list[Term]]
    dimensions: list[Dimension]
    modifiers: list[Modifier]


def read_lexicon(toml: str) -> Lexicon:
    """Read a lexicon."""
    data = tomllib.loads(toml)
    head = data["lexicon"]
    bound = frozenset(folded(cased_key(prefix)) for prefix in head.get("bound_prefixes", BOUND_PREFIXES))
    macros = {name: _terms(lines) for name, lines in data.get("macros", {}).items()}
    dimensions = [_dimension(table) for table in data.get("dimensions", {}).values()]
    modifiers = [_modifier(name, table) for name, table in data.get("modifiers", {}).items()]
    lexicon = Lexicon(head.get("newline", "auto"), bound, macros, dimensions, modifiers)
    _check_guards(lexicon)
    return lexicon


def _dimension(table: dict[str, Any]) -> Dimension:
    tables = table.get("categories", {}).values()
    categories = [_terms(category.get("terms", []), category.get("weight", 1.0)) for category in tables]
    return Dimension(_terms(table.get("exclude", [])), _terms(table.get("veto", [])), categories)


def _modifier(name: str, table: dict[str, Any]) -> Modifier:
    distances = [table.get(key, 0) for key in ("before", "after", "block_within")]
    lists = [_terms(table.get(key, [])) for key in ("cues", "stop", "cancel", "block")]
    return Modifier(table.get("tag", name), table.get("blocked_tag"), *distances, *lists)


def _terms(lines: list[str | dict[str, Any]], weight: float = 1.0) -> list[Term]:
    """Read the terms of one list; a term's own weight goes before its category's (SPEC 9)."""
    tables = [{"pattern": line} if isinstance(line, str) else line for line in lines]
    return [Term(t["pattern"], float(t.get("weight", weight)), *parse_term(t["pattern"])) for t in tables]


def terms_of(dimension: Dimension) -> list[Term]:
    """List all terms of a dimension: exclusions, vetoes, then its categories'."""
    of_categories = [term for terms in dimension.categories for term in terms]
    return [*dimension.exclude, *dimension.veto, *of_categories]


def _check_guards(lexicon: Lexicon) -> None:
    """Refuse guards in macros and modifiers, and guards that name no macro (SPEC 6)."""
    bare = [*lexicon.macros.values(), *(modifier.terms() for modifier in lexicon.modifiers)]
    for term in (term for terms in bare for term in terms):
        if term.guards:
            raise PatternError(f"the terms of macros and modifiers carry no guards: see `{term.text}`")
    for term in (term for dimension in lexicon.dimensions for term in terms_of(dimension)):
        if any(guard.macro not in lexicon.macros for guard in term.guards):
            raise PatternError(f"unknown macro in `{term.text}`")
