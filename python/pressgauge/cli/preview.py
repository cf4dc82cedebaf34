"""The first rows of a table on a terminal: what can be read at a glance; a file has all columns."""

import re
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pressgauge.display import clipped, line, safe

Row: TypeAlias = dict[str, Any]

# Columns of text, those to keep first; all but the date may be cut short.
_TEXTS = ("date", "id", "source", "title")
_HIT_TEXTS = ("id", "dimension", "term")
_RATE = re.compile(r"(?!.*_cat_)(?P<dimension>\w+)_rate")
_WIDEST = 24
_LEAST = 8
_GAP = 2


def show_scores(rows: list[Row]) -> None:
    """Draw a score table: who, when, where, and hits and rate of each dimension. Numbers are never cut."""
    columns = [_numbers("tokens", rows, ["tokens"])]
    for name in rows[0] if rows else ():
        if found := _RATE.fullmatch(name):
            dimension = found["dimension"]
            columns.append(_numbers(dimension, rows, [f"{dimension}_hits", name]))
    console = Console()
    taken = sum(len(column[0]) + _GAP for column in columns)
    console.width = max(console.width, taken - _GAP)
    widths = _fitted({name: _width(name, rows) for name in _TEXTS}, console.width - taken + _GAP)
    table = _table()
    for name, width in widths.items():
        table.add_column(name, min_width=width, max_width=width, no_wrap=True)
    for head, below, *_ in columns:
        table.add_column(f"{head.rstrip()}\n{below}".strip(), justify="left", no_wrap=True)
    for number, row in enumerate(rows):
        texts = [Text(clipped(_cell(row[name]), width)) for name, width in widths.items()]
        table.add_row(*texts, *(Text(column[number + 2]) for column in columns))
    console.print(table)


def show_hits(rows: list[Row]) -> None:
    """Draw an evidence table: whose hit it is, of which term, and the words in their place."""
    console = Console()
    table = _table()
    widths = {name: _width(name, rows) for name in _HIT_TEXTS}
    widths |= {name: min(widths[name], max(console.width // 5, _LEAST)) for name in ("id", "term")}
    room = max(console.width - sum(widths.values()) - _GAP * (len(widths) + 1), 3 * _LEAST)
    for name in _HIT_TEXTS:
        table.add_column(name, min_width=widths[name], max_width=widths[name], no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("hit", no_wrap=True)
    before = room // 3
    for row in rows:
        left = line(row["left"])[-before:]
        hit = Text(clipped(line(row["surface"]), room - before), style="bold")
        hit.append(safe(row["right"])[: room - before - len(hit)], style="not bold")
        texts = [Text(clipped(_cell(row[name]), widths[name])) for name in _HIT_TEXTS]
        table.add_row(*texts, Text(left), hit)
    console.print(table)


def _table() -> Table:
    return Table(box=None, pad_edge=False, header_style="bold")


def _width(name: str, rows: list[Row]) -> int:
    """Give the width of a column of text, 0 if it says nothing."""
    width = max((len(_cell(row.get(name))) for row in rows), default=0)
    return max(width, len(name)) if width else 0


def _numbers(head: str, rows: list[Row], names: list[str]) -> list[str]:
    """Lay out columns of numbers under one head: two lines of it, then one for each row."""
    measures = [name.removeprefix(f"{head}_") for name in names]
    cells = [
        [measure, *(_cell(row[name]) for row in rows)] for measure, name in zip(measures, names, strict=True)
    ]
    widths = [max(map(len, column)) for column in cells]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in zip(*cells, strict=True)
    ]
    width = max(len(head), len(lines[0]))
    return [head.ljust(width) if len(names) > 1 else "".ljust(width), *(text.rjust(width) for text in lines)]


def _fitted(natural: dict[str, int], room: int) -> dict[str, int]:
    """Give columns of text the room that the numbers leave: as many as fit, the first named first."""
    widths: dict[str, int] = {}
    for name, width in natural.items():
        least = width if name == "date" else min(width, _LEAST)
        if width and least + _GAP <= room:
            widths[name] = least
            room -= least + _GAP
    for name in widths:
        more = min(natural[name] - widths[name], max(room, 0))
        widths[name] += more
        room -= more
    return widths


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return clipped(line(str(value)), _WIDEST)
