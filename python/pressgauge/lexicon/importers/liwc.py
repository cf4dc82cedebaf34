"""LIWC dictionaries (.dic): numbered categories between two lines of %, then terms with their numbers."""

import re

from .model import Dictionary, Entry, Path

# A number and a name; the number may be missing where a category only holds others.
_HEAD = re.compile(r"(\t*) *(?:(\d{1,9})(?:\s+|$))?(.*)")
# Conditions are short; without a bound, each of many opening brackets would be read to the line's end.
_CODE = re.compile(r"\([^)]{0,200}\)\S*|<[^>]{0,200}>\S*|\S+")


def read(text: str, into: Dictionary) -> None:
    """Read a LIWC dictionary; codes with a condition, and codes that no category has, are listed."""
    lines = text.splitlines()
    bars = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if not bars or any(line.strip() for line in lines[: bars[0]]):
        raise into.error("this is no LIWC dictionary: it does not begin with a line of %", 1)
    if len(bars) < 2:
        raise into.error("the list of categories has no end: its second line of % is missing", len(lines))
    codes = _categories(lines[: bars[1]], bars[0] + 1, into)
    for number, line in enumerate(lines[bars[1] + 1 :], bars[1] + 2):
        if line.strip() and line.strip() != "%":
            _term(line.strip(), number, codes, into)


def _categories(lines: list[str], first: int, into: Dictionary) -> dict[int, Path]:
    codes: dict[int, Path] = {}
    above: list[str] = []
    for number, line in enumerate(lines[first:], first + 1):
        if not line.strip():
            continue
        found = _HEAD.match(line.rstrip())
        assert found is not None  # the pattern takes any line
        depth = len(found[1])
        if depth > len(above):
            raise into.error("this category stands deeper than the one above it allows", number)
        above[depth:] = [found[3].strip() or f"category {found[2]}"]
        path = into.declare(tuple(above), number)
        if found[2]:
            if int(found[2]) in codes:
                raise into.error(f"the category number {found[2]} is given twice", number)
            codes[int(found[2])] = path
    if not codes:
        raise into.error("no category has a number", first)
    return codes


def _term(line: str, number: int, codes: dict[int, Path], into: Dictionary) -> None:
    term, rest = _divided(line)
    if not rest:
        into.note(f"`{line}` has no category number: left out", number)
        return
    for code in _CODE.findall(rest):
        if not (code.isascii() and code.isdigit() and len(code) < 10):
            into.note(f"`{term.strip()}`: the condition {code} has no counterpart: left out", number)
        elif int(code) not in codes:
            into.note(f"`{term.strip()}`: no category has the number {code}: left out", number)
        else:
            into.add(codes[int(code)], Entry(term.strip(), line=number))


def _divided(line: str) -> tuple[str, str]:
    """Divide a line into its term and its codes: at the first tab, else before the numbers at its end."""
    if "\t" in line:
        term, _, rest = line.partition("\t")
        return term, rest
    words = line.split()
    at = len(words)
    while at > 1 and words[at - 1].isdigit():
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:])
