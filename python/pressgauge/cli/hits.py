"""`pressgauge hits`: files in, a table of evidence out, one row a match."""

from typing import Any

import click

from .options import (
    drop_option,
    lexicon_option,
    newline_option,
    output_format_option,
    overlap_option,
    reading_options,
    running_options,
)
from .running import Talk, execute
from .wording import examples


@click.command(
    epilog=examples(
        "pressgauge hits news.jsonl.zst -o evidence.parquet",
        "pressgauge hits news.jsonl --rejected -o evidence.csv",
        "pressgauge hits article.txt | head",
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1)
@lexicon_option
@click.option("-o", "--output", metavar="OUT", help="Write the evidence there; - is standard output.")
@output_format_option
@click.option("--rejected", is_flag=True, help="Also the matches that do not count, each with its status.")
@reading_options
@newline_option
@overlap_option
@drop_option
@running_options
def command(
    inputs: tuple[str, ...], output: str | None, quiet: bool, no_progress: bool, as_json: bool, **options: Any
) -> int:
    """List every hit with its term, its place and the words around it.

    INPUT is as for score. Without -o the first ten rows are shown on a terminal, and CSV goes into a pipe.
    """
    return execute(inputs, output, "hits", Talk(quiet, no_progress, as_json), **options)
