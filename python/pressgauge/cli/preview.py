"""The first rows of a table on a terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pressgauge.display import clipped, line

_WIDEST = 28

# Columns that say little at a glance; a file has them all.
_HIDDEN = (
    "member",
    "date_kind",
    "date_precision",
    "byte_start",
    "byte_end",
    "sentence_start",
    "sentence_end",
    "tags",
)


def show_rows(rows: list[dict[str, Any]]) -> None:
    """Draw rows as a table, without the columns that are empty in all of them."""
    names = [name for name in (rows[0] if rows else ()) if name not in _HIDDEN]
    names = [name for name in names if any(row[name] is not None for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        numbers = all(isinstance(row[name], int | float | None) for row in rows)
        table.add_column(Text(name), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row[name])) for name in names))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return clipped(line(str(value)), _WIDEST)
