"""WordStat dictionaries (.cat): a tree by tabs; a term has its weight in parentheses."""

import re

from .model import Dictionary, Entry
from .numbers import finite

_TERM = re.compile(r"(.*\S)\s*\((-?\d+(?:\.\d+)?)\)")


def is_term(line: str) -> bool:
    """Tell whether a line has the form of a term."""
    return _TERM.fullmatch(line.strip()) is not None


def read(text: str, into: Dictionary) -> None:
    """Read a WordStat dictionary; rules (`@...`) have no counterpart and are listed."""
    above: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip("\t"))
        found = _TERM.fullmatch(line.strip())
        if depth > len(above):
            raise into.error("this line stands deeper than the one above it allows", number, "indent by tabs")
        if line.strip().startswith("@"):
            into.note(f"the rule `{line.strip()}` has no counterpart: left out", number)
        elif found:
            path = tuple(above[:depth]) or (into.name,)
            into.add(path, Entry(found[1], finite(found[2], into, number), number))
        else:
            above[depth:] = [line.strip()]
            into.declare(tuple(above), number)
    if not into.count:
        raise into.error("this is no WordStat dictionary: no term has a weight in parentheses")
