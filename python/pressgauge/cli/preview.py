"""The first rows of a table on a terminal: what can be read at a glance; a file has all columns."""

import re
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pressgauge.display import clipped, line, safe

Row: TypeAlias = dict[str, Any]

_GENERAL = ("id", "date", "source", "title", "tokens")
_SCORES = re.compile(r"(?!.*_cat_)(?P<dimension>\w+)_(?P<measure>hits|rate)")
_WIDEST = 24
_NARROWEST = 30


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
    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    names = ("date", "dimension", "category")
    for name in names:
        table.add_column(name, no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("hit", no_wrap=True)
    taken = sum(max([len(name), *(len(_cell(row[name])) for row in rows)]) + 2 for name in names)
    before = max(console.width - taken - 2, _NARROWEST) // 3
    for row in rows:
        left, hit = line(row["left"])[-before:], Text(clipped(line(row["surface"]), before), style="bold")
        room = max(console.width - taken - before - 2 - len(hit), 0)
        hit.append(safe(row["right"])[:room], style="not bold")
        table.add_row(*(Text(_cell(row[name])) for name in names), Text(left), hit)
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return clipped(line(str(value)), _WIDEST)
