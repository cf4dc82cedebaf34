"""The first rows of a table on a terminal: what can be read at a glance; a file has all columns."""

import re
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pressgauge.display import clipped, line

Row: TypeAlias = dict[str, Any]

_GENERAL = ("id", "date", "source", "title", "tokens")
_SCORES = re.compile(r"(?!.*_cat_)(?P<dimension>\w+)_(?P<measure>hits|rate)")
_WIDEST = 24
_CONTEXT = 30


def show_scores(rows: list[Row]) -> None:
    """Draw a score table: who, when, where, and hits and rate of each dimension."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    names = [name for name in _GENERAL if any(row.get(name) is not None for row in rows)]
    for name in names:
        table.add_column(name, justify="right" if name == "tokens" else "left", no_wrap=True)
    for name in rows[0] if rows else ():
        if found := _SCORES.fullmatch(name):
            names.append(name)
            above = found["dimension"] if found["measure"] == "hits" else ""
            table.add_column(f"{above}\n{found['measure']}", justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_cell(row[name])) for name in names))
    Console().print(table)


def show_hits(rows: list[Row]) -> None:
    """Draw an evidence table: which category, and the words in their place."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("date", "dimension", "category"):
        table.add_column(name, no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("hit", no_wrap=True)
    for row in rows:
        left, right = line(row["left"])[-_CONTEXT:], line(row["right"])[:_CONTEXT]
        hit = Text(line(row["surface"]), style="bold")
        cells = (Text(_cell(row[name])) for name in ("date", "dimension", "category"))
        table.add_row(*cells, Text(left), hit.append(f" {right}", style="not bold"))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return clipped(line(str(value)), _WIDEST)
