"""Small tables of the command line: aligned on a terminal, CSV into a pipe or a file."""

import csv
import sys
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import click

from pressgauge.display import clipped, line
from pressgauge.files import write_text

from .terminal import is_terminal

_WIDEST = 60


def emit(rows: Sequence[Mapping[str, Any]], output: str | None, *, overwrite: bool = False) -> None:
    """Show rows, or write them as CSV."""
    if output not in (None, "-"):
        write_text(Path(str(output)), as_csv(rows), overwrite=overwrite)
    elif output is None and is_terminal(sys.stdout):
        for text in _aligned(rows):
            click.echo(text)
    else:
        click.echo(as_csv(rows), nl=False)


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> str:
    """Give rows as CSV; cells of documents that a spreadsheet would run are guarded (FORMATS)."""
    names = list(columns or (rows[0] if rows else ()))
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_guarded(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def _guarded(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return f"'{value}"
    return value


def _aligned(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = list(rows[0]) if rows else []
    cells = [names, *([_shown(row.get(name)) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _shown(value: object) -> str:
    return "" if value is None else clipped(line(str(value)), _WIDEST)
