"""An index straight from archives: scores pass through a pipe and are added up; no row is kept."""

import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pressgauge.lexicon import Lexicon
from pressgauge.run import Summary, score_files

from .build import finish
from .cells import Cells, series_of
from .options import IndexOptions
from .result import IndexTable
from .terms import COLUMNS, TermLosses

Rows = Iterator[dict[str, Any]]
_KEPT = ("date", "date_kind", "source", "language", "tokens", "id")


class _Reader(threading.Thread):
    """Reads JSON lines from a pipe while a run writes them, to the end even after a fault."""

    def __init__(self, path: Path, take: Callable[[Rows], None]) -> None:
        super().__init__(daemon=True)
        self._path, self._take = path, take
        self.fault: BaseException | None = None
        os.mkfifo(path, 0o600)

    def run(self) -> None:
        with self._path.open(encoding="utf-8") as lines:
            try:
                self._take(json.loads(text) for text in lines)
            except BaseException as fault:  # raised again by `done`
                self.fault = fault
            for _ in lines:
                pass

    def done(self) -> None:
        """Wait for the end; open the pipe once, in case that the run never did."""
        with suppress(OSError):
            os.close(os.open(self._path, os.O_WRONLY | os.O_NONBLOCK))
        self.join()
        if self.fault:
            raise self.fault


def index_files(
    inputs: Any,  # noqa: ANN401 - as score_files takes them
    options: IndexOptions,
    *,
    lexicon: Lexicon,
    terms: bool = False,
    categories: bool = False,
    tags: bool = False,
    **run: Any,
) -> tuple[IndexTable, Summary]:
    """Score inputs and make their index in the same pass; `terms` adds the ranges without each term."""
    kept = [options.group] if options.group and options.group not in _KEPT else []
    names = _columns(lexicon, categories, tags)
    cells = Cells(series_of(names), options, hashed=True)
    losses = TermLosses(cells) if terms else None
    with tempfile.TemporaryDirectory(prefix="pressgauge-") as folder:
        readers = [_Reader(Path(folder) / "scores.jsonl", lambda rows: _add(cells, rows))]
        outputs: dict[str, Any] = {"output": readers[0]._path}
        if losses:
            readers.append(
                _Reader(Path(folder) / "hits.jsonl", lambda rows: losses.add_all(_picked(rows, COLUMNS)))
            )
            outputs["hits"] = readers[1]._path
        for reader in readers:
            reader.start()
        asked: dict[str, Any] = {
            "lexicon": lexicon,
            "format": "jsonl",
            "keep": kept,
            "categories": categories,
            "tags": tags,
            "text_hash": True,
        }
        try:
            summary = score_files(inputs, **outputs, **asked, **run)
        finally:
            for reader in readers:
                reader.done()
    about = {f"pressgauge.{name}": value for name, value in summary.about.items()}
    return finish(cells, about, losses), summary


def _add(cells: Cells, rows: Rows) -> None:
    for row in _picked(rows, cells.columns()):
        cells.add(row)


def _picked(rows: Rows, columns: Sequence[str]) -> Iterator[list[Any]]:
    for row in rows:
        yield [row.get(name) for name in columns]


def _columns(lexicon: Lexicon, categories: bool, tags: bool) -> list[str]:
    """Name the columns of scores that a lexicon gives."""
    names = []
    for dimension in lexicon.dimensions:
        names += [f"{dimension.name}_{what}" for what in ("hits", "weight", "rate")]
        for category in dimension.categories if categories else ():
            names += [f"{dimension.name}_cat_{category.name}_{what}" for what in ("hits", "weight")]
        names += [f"{dimension.name}_tag_{tag}" for tag in lexicon.tags] if tags else []
    return names
