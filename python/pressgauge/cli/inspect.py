"""`pressgauge inspect`: what inputs are and how they would be read."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from pressgauge.run import inspect_files

from .looks import look_lines
from .options import reading_options
from .terminal import warn, width
from .wording import examples, in_options, number_of

_NO_TEXT, _DAMAGED = 2, 3


@click.command(
    epilog=examples(
        "pressgauge inspect dump.jsonl.zst",
        "pressgauge inspect archive/ --json",
        "pressgauge inspect crawl.warc.gz old.csv --encoding latin1",
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print what is seen as JSON, one object an input.")
def command(inputs: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Show what inputs are: packing, format, and which fields would be taken, with examples.

    Of each file the first megabytes are read, of a folder the first hundred files. Nothing is scored or
    written. The exit code is that of a run: 2 if the first file has no text field, 3 if a later one has none
    or a file is damaged.
    """
    looks = inspect_files(inputs, **options)
    for look in looks:
        if as_json:
            click.echo(json.dumps(look, ensure_ascii=True))
            continue
        for text in look_lines(look, width(sys.stdout)):
            click.echo(in_options(text))
    if left := looks[-1]["left"] if looks else 0:
        warn(f"{number_of(left, 'more file was', 'more files were')} not looked at")
    return _code(looks)


def _code(looks: Sequence[Mapping[str, Any]]) -> int:
    read = [bool(look["mappings"]) for look in looks]
    first = read.index(True) if any(read) else len(looks)
    if any(look["error"] for look in looks[:first]):
        return _NO_TEXT
    return _DAMAGED if any(look["error"] or look["damaged"] for look in looks) else 0
