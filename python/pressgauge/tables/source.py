"""Where a table is read from: Parquet, Arrow, CSV, JSONL, folders of parts, anything with an Arrow stream."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from pressgauge import _native
from pressgauge.errors import InputError

Chunk: TypeAlias = Mapping[str, list[Any]]

_CHUNK = 4096
_PARTS = (".parquet", ".arrow", ".csv", ".jsonl")
# Columns of numbers in our tables; CSV does not tell.
_WHOLE = {"tokens", "record", "start", "end", "byte_start", "byte_end", "sentence_start", "sentence_end"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table not yet read: its columns, what it says of itself, and a way to its cells."""

    name: str
    columns: Sequence[str]
    about: Mapping[str, str]
    read: Callable[[Sequence[str]], Iterator[Chunk]]

    def rows(self, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Give the rows, cell beside cell as asked for; None for a column that is not there."""
        known = [name for name in columns if name in self.columns]
        for chunk in self.read(known):
            length = len(next(iter(chunk.values()), ()))
            nothing = [None] * length
            yield from zip(*(chunk.get(name, nothing) for name in columns), strict=True)


def open_table(source: object) -> Table:
    """Open a path, or anything with `__arrow_c_stream__`."""
    if hasattr(source, "__arrow_c_stream__"):
        return _frame(source)
    if not isinstance(source, str | os.PathLike):
        kind = type(source).__name__
        raise TypeError(f"a table must be a path or have __arrow_c_stream__, not {kind}")
    path = Path(source)
    if path.is_dir():
        return _folder(path)
    return _file(path)


def _frame(source: object) -> Table:
    first = _native.Batches.of(source, [])

    def read(columns: Sequence[str]) -> Iterator[Chunk]:
        yield from _batches(_native.Batches.of(source, columns))

    return Table("a frame", first.column_names, first.about, read)


def _batches(reader: _native.Batches) -> Iterator[Chunk]:
    while (chunk := reader.next()) is not None:
        yield chunk


def _folder(path: Path) -> Table:
    """Read the parts of a folder as one table."""
    parts = sorted(part for part in path.glob("part-*") if part.suffix in _PARTS)
    if not parts:
        raise InputError("this folder holds no parts of a table", path=str(path))
    tables = [_file(part) for part in parts]
    about = dict(tables[0].about) or _manifest(path / "_manifest.json")

    def read(columns: Sequence[str]) -> Iterator[Chunk]:
        for table in tables:
            yield from table.read(columns)

    return Table(str(path), tables[0].columns, about, read)


def _manifest(path: Path) -> dict[str, str]:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["about"]
    except (OSError, ValueError, KeyError):
        return {}
    return {
        f"pressgauge.{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in about.items()
    }


def _file(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            head = file.read(6)
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", path=str(path), errno=error.errno) from None
    if head.startswith(b"PAR1") or head == b"ARROW1":
        opened = _native.Batches.open(str(path), [])
        return Table(
            str(path),
            opened.column_names,
            opened.about,
            lambda columns: _batches(_native.Batches.open(str(path), list(columns))),
        )
    return _json_lines(path) if head.lstrip().startswith(b"{") else _csv(path)


def _json_lines(path: Path) -> Table:
    def lines() -> Iterator[dict[str, Any]]:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                try:
                    row = json.loads(text)
                except ValueError:
                    raise InputError("this line is no JSON", path=str(path), line=number) from None
                if not isinstance(row, dict):
                    raise InputError("this line is no JSON object", path=str(path), line=number)
                yield row

    first = next(lines(), {})
    return Table(str(path), list(first), {}, lambda columns: _chunks(lines(), columns))


def _csv(path: Path) -> Table:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

    def lines() -> Iterator[dict[str, Any]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield {name: _cell(name, text, path) for name, text in row.items() if name}

    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            head = next(csv.reader(file), [])
        except (UnicodeDecodeError, csv.Error):
            raise InputError(
                "this is no table of Parquet, Arrow, CSV or JSON lines", path=str(path)
            ) from None
    return Table(str(path), head, {}, lambda columns: _chunks(lines(), columns))


def _cell(name: str, text: str | None, path: Path) -> object:
    """Give a cell of CSV its type; a quote that guards spreadsheets from formulas falls away."""
    if not text:
        return None
    try:
        if name in _WHOLE or name.endswith(("_hits", "_distinct")) or "_tag_" in name:
            return int(text)
        if name == "weight" or name.endswith(("_weight", "_rate")):
            return float(text)
    except ValueError:
        raise InputError(
            f"the column {name} holds {text[:40]!r}, which is no number", path=str(path)
        ) from None
    return text[1:] if text[0] == "'" and text[1:2] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def _chunks(rows: Iterator[dict[str, Any]], columns: Sequence[str]) -> Iterator[Chunk]:
    while held := list(islice(rows, _CHUNK)):
        # A chunk without columns still says how many rows it has.
        yield {name: [row.get(name) for row in held] for name in columns or [""]}
