"""Tables (.csv, .tsv): a term a row, perhaps with category, dimension, weight; and plain lists of words."""

import csv
from collections.abc import Sequence
from io import StringIO

from .model import Dictionary, Entry
from .numbers import finite

# What a column may be called, by what it holds. `pattern` is in our own syntax.
_HEADS = {
    "term": ("term", "word", "token", "phrase", "lemma", "feature", "entry"),
    "pattern": ("pattern",),
    "category": ("category", "class", "label", "topic", "sentiment", "emotion"),
    "dimension": ("dimension",),
    "weight": ("weight", "score", "value", "valence", "polarity"),
}
_ROLES = {name: role for role, names in _HEADS.items() for name in names}


def read(text: str, into: Dictionary, delimiter: str | None) -> None:
    """Read a table; its first row names the columns, or there are term, then category or weight."""
    rows = _rows(text, into, delimiter)
    if not rows:
        raise into.error("this table is empty", 1)
    roles = [_ROLES.get(cell.strip().lower()) for cell in rows[0][1]]
    if "term" in roles or "pattern" in roles:
        unknown = [cell for cell, role in zip(rows[0][1], roles, strict=True) if role is None]
        if unknown:
            into.note(f"columns without a counterpart: {', '.join(unknown)}: left out", 1)
        body = rows[1:]
    else:
        roles, body = _guessed(rows, into), rows
    for line, cells in body:
        _row(dict(zip(roles, cells, strict=False)), line, into)


def _rows(text: str, into: Dictionary, delimiter: str | None) -> list[tuple[int, list[str]]]:
    if delimiter is None:
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise into.error(f"this table is broken: {error}", reader.line_num) from None


def _guessed(rows: list[tuple[int, list[str]]], into: Dictionary) -> list[str | None]:
    """Without names: one column of terms, or terms with categories, weights, or both in this order."""
    line, first = rows[0]
    numbers = all(_is_number(cells[-1]) for _, cells in rows)
    guesses = {1: ["term"], 2: ["term", "weight" if numbers else "category"]}
    if numbers:
        guesses[3] = ["term", "category", "weight"]
    if len(first) not in guesses:
        raise into.error(
            "the columns of this table have no names that are known", line, "name them term, category, weight"
        )
    return list(guesses[len(first)])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _row(cells: dict[str | None, str], line: int, into: Dictionary) -> None:
    native = "pattern" in cells
    term = cells.get("pattern" if native else "term", "").strip()
    written = cells.get("weight", "").strip()
    names: Sequence[str] = [cells.get(role, "").strip() for role in ("dimension", "category")]
    path = tuple(name for name in names if name) or (into.name,)
    if not term:
        into.note("this row has no term: left out", line)
        return
    into.add(path, Entry(term, finite(written, into, line) if written else None, line, native))


def read_list(text: str, into: Dictionary) -> None:
    """Read a plain list: a term a line; lines that begin with # are comments."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            into.add((into.name,), Entry(line.strip(), line=number))
    if not into.count:
        raise into.error("this list holds no terms")
