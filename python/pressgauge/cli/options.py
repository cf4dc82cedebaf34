"""Options that several commands share, each defined once."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from pressgauge.lexicon import BUILTIN
from pressgauge.run import MAX_REJECT_RATE

F = TypeVar("F", bound=Callable[..., Any])

lexicon_option = click.option(
    "-l",
    "--lexicon",
    metavar="NAME|FILE",
    default=BUILTIN,
    show_default=True,
    help="A built-in lexicon or a TOML file.",
)
newline_option = click.option(
    "--newline",
    type=click.Choice(["auto", "paragraph", "space"]),
    help="How a single line break is read.  [default: as the lexicon says]",
)
overlap_option = click.option(
    "--overlap",
    type=click.Choice(["dimension", "category", "none"]),
    default="dimension",
    show_default=True,
    help="Within what matches that share words compete.",
)

drop_option = click.option(
    "--drop",
    metavar="TAG",
    multiple=True,
    help="Do not count hits that have this tag, such as negated.",
)

_READING = (
    click.option(
        "--input-format",
        type=click.Choice(
            ["jsonl", "json", "csv", "tsv", "text", "lines", "warc", "sgml", "parquet", "arrow"]
        ),
        help="Format of all inputs.  [default: told by content, then by name]",
    ),
    click.option(
        "--encoding",
        metavar="NAME",
        help="Encoding of texts, such as latin1; a byte order mark goes first.  [default: utf-8]",
    ),
    click.option(
        "--text-field", metavar="FIELD", help="Field that holds the text; a.b reaches into objects."
    ),
    click.option("--id-field", metavar="FIELD", help="Field that identifies a document."),
    click.option("--date-field", metavar="FIELD", help="Field that holds the date."),
    click.option("--date-format", metavar="FORMAT", help="How dates are written, as in %d/%m/%Y."),
    click.option("--title-field", metavar="FIELD", help="Field that holds the headline."),
    click.option("--url-field", metavar="FIELD", help="Field that holds the address."),
    click.option("--source-field", metavar="FIELD", help="Field that names the outlet."),
    click.option("--language-field", metavar="FIELD", help="Field that names the language."),
    click.option(
        "--max-record",
        metavar="BYTES",
        type=click.IntRange(1),
        help="Reject records longer than this.  [default: 16 MiB]",
    ),
    click.option(
        "--where",
        metavar="CONDITION",
        multiple=True,
        help="Only documents that meet it: date>=2020, language=en, source!=example.com; joined by and.",
    ),
    click.option("--head", metavar="N", type=click.IntRange(1), help="Stop after so many documents."),
    click.option(
        "--files-from",
        metavar="FILE",
        help="Read the inputs that FILE lists, one a line; - is standard input.",
    ),
    click.option(
        "--strict", is_flag=True, help="Drop all records of a packed part that is damaged; reads files twice."
    ),
    click.option(
        "--max-window",
        metavar="N",
        type=click.IntRange(10, 31),
        help="Allow windows of zstd and dictionaries of xz of 2^N bytes.  [default: 27, 128 MiB]",
    ),
    click.option(
        "--max-members",
        metavar="N",
        type=click.IntRange(1),
        help="Read so many members of an archive at most.  [default: 1000000]",
    ),
)

_RUNNING = (
    click.option(
        "-j",
        "--threads",
        metavar="N",
        type=click.IntRange(1),
        help="How many threads score.  [default: all cores]",
    ),
    click.option(
        "--on-error",
        type=click.Choice(["skip", "fail"]),
        default="skip",
        show_default=True,
        help="What to do with a record that cannot be read.",
    ),
    click.option(
        "--max-reject-rate",
        metavar="SHARE",
        type=click.FloatRange(0, 1),
        default=MAX_REJECT_RATE,
        show_default=True,
        help="Exit with 3 if more of the records are rejected.",
    ),
    click.option("--rejects", metavar="FILE", help="Write the rejected records there."),
    click.option("--overwrite", is_flag=True, help="Replace outputs that exist."),
    click.option("--resume", is_flag=True, help="Go on with the run that has begun in the output folder."),
    click.option(
        "--part-bytes",
        metavar="N",
        type=click.IntRange(1),
        help="End a part of an output folder after so many bytes of records.  [default: 67108864]",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; warnings and errors stay."),
    click.option("--no-progress", is_flag=True, help="No progress on the terminal."),
    click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
)

output_format_option = click.option(
    "--format",
    "format",
    type=click.Choice(["parquet", "csv", "jsonl", "arrow"]),
    help="Format of the output.  [default: told by the suffix]",
)


def reading_options(function: F) -> F:
    """Add the options that say how inputs are read."""
    return _add(_READING, function)


def running_options(function: F) -> F:
    """Add the options of a run over files."""
    return _add(_RUNNING, function)


def _add(options: tuple[Callable[[F], F], ...], function: F) -> F:
    for option in reversed(options):
        function = option(function)
    return function
