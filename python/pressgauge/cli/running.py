"""A run as the command line drives it: progress while it goes on, a preview on a terminal, the way out."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from pressgauge.errors import InputError, OutputError
from pressgauge.run import Progress, Summary, score_files

from .summary import summary_lines
from .terminal import is_terminal, say
from .wording import in_options, number_of

_DAMAGED = 3
_PREVIEW_ROWS = 10


@dataclass(frozen=True, slots=True)
class Talk:
    """How much the command says."""

    quiet: bool
    no_progress: bool
    as_json: bool


def execute(
    inputs: tuple[str, ...], output: str | None, table: Literal["output", "hits"], talk: Talk, **options: Any
) -> int:
    """Score the inputs into one table, or show its first rows; give the exit code."""
    try:
        if output is None and is_terminal(sys.stdout):
            summary, stdout_is_taken = _preview(inputs, table, talk, options), True
        else:
            name = "-" if output is None else output
            summary, stdout_is_taken = _run(inputs, talk, options | {table: name}), name == "-"
    except InputError as error:
        if options.get("on_error") == "fail" and error.line is not None:
            say(f"pressgauge: {in_options(str(error))}")
            return _DAMAGED
        raise
    except (KeyboardInterrupt, OutputError):
        if output is not None and (output.endswith("/") or Path(output).is_dir()):
            say("parts that are done stay; the same command with --resume goes on")
        raise
    _tell(summary, talk, stdout_is_taken)
    return 0 if summary.complete else _DAMAGED


def _preview(
    inputs: tuple[str, ...], table: Literal["output", "hits"], talk: Talk, options: dict[str, Any]
) -> Summary:
    """Score the first documents only and show the first rows."""
    import tempfile  # these two take as long to import as all other modules of the package

    from .preview import show_hits, show_scores

    head = options.get("head") or (_PREVIEW_ROWS if table == "output" else 10 * _PREVIEW_ROWS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.jsonl"
        summary = _run(inputs, talk, options | {table: file, "format": "jsonl", "head": head})
        with file.open(encoding="utf-8") as lines:
            rows = [json.loads(text) for _, text in zip(range(_PREVIEW_ROWS), lines, strict=False)]
    show_scores(rows) if table == "output" else show_hits(rows)
    if not talk.quiet:
        shown = number_of(len(rows), "row")
        say(f"{shown} of the first {number_of(summary.documents, 'record')}; -o FILE writes all of them")
    return summary


def _run(inputs: tuple[str, ...], talk: Talk, options: dict[str, Any]) -> Summary:
    with _progress(talk) as progress:
        return score_files(inputs, progress=progress, **options)


@contextmanager
def _progress(talk: Talk) -> Iterator[Callable[[Progress], None] | None]:
    """Draw progress on standard error if a person looks at it."""
    if talk.quiet or talk.no_progress or not is_terminal(sys.stderr):
        yield None
        return
    from .progress import drawn

    with drawn() as draw:
        yield draw


def _tell(summary: Summary, talk: Talk, stdout_is_taken: bool) -> None:
    """Give the summary: as JSON where it was asked for, as lines otherwise; faults are always told."""
    if talk.as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False), err=stdout_is_taken)
    for text in summary_lines(summary, talk.quiet or talk.as_json):
        say(text)
