"""`pressgauge score`: files in, a table of scores out."""

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
from .rehearsal import rehearse
from .running import Talk, execute
from .wording import examples


@click.command(
    epilog=examples(
        "pressgauge score news.jsonl.zst -o scores.parquet",
        "pressgauge score 2024/ 2025/ -o scores.csv --keep title --hits evidence.parquet",
        "pressgauge score archive/ -o scores/ --resume",
        "zcat dump.jsonl.gz | pressgauge score - > scores.csv",
        "pressgauge score articles.csv --text-field body --date-format %d.%m.%Y -o scores.jsonl",
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1)
@lexicon_option
@click.option("-o", "--output", metavar="OUT", help="Write the scores there; - is standard output.")
@output_format_option
@reading_options
@click.option(
    "--keep",
    metavar="FIELD",
    multiple=True,
    help="Keep a field of the input as a column: title, url, or any by its name; a.b reaches into objects.",
)
@click.option("--categories", is_flag=True, help="Add hits and weight of each category.")
@click.option("--tags", is_flag=True, help="Add how many hits have each tag of the lexicon.")
@click.option("--text-hash", is_flag=True, help="Add a hash that copies of a text share.")
@click.option("--hits", metavar="FILE", help="Write the evidence there, in the same pass.")
@click.option("--dry-run", is_flag=True, help="Show the fields taken and three documents; write nothing.")
@newline_option
@overlap_option
@drop_option
@running_options
def command(
    inputs: tuple[str, ...],
    output: str | None,
    quiet: bool,
    no_progress: bool,
    as_json: bool,
    dry_run: bool,
    **options: Any,
) -> int:
    """Score documents: one row each, in the order of the inputs.

    INPUT is a file, a folder, a pattern or - for standard input: JSON, CSV, TSV, text, WARC, SGML or Arrow,
    plain or under gzip, Zstandard, bzip2 or xz, or as members of tar and zip; or Parquet, which must lie
    there plain. Without -o the first ten rows are shown on a terminal, and CSV goes into a pipe. An OUT that
    ends with / is a folder: it gets the table in parts, and the same command with --resume goes on after a
    crash or Ctrl-C.
    """
    if dry_run:
        return rehearse(inputs, as_json, **options)
    return execute(inputs, output, "output", Talk(quiet, no_progress, as_json), **options)
