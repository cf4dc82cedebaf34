"""`pressgauge index`: scores or archives in, series over time out."""

import sys
from pathlib import Path
from typing import Any

import click

from pressgauge.display import clipped, line
from pressgauge.errors import OutputError, PressgaugeError
from pressgauge.lexicon import Lexicon
from pressgauge.series import IndexOptions, IndexTable, index
from pressgauge.tables import open_table

from .options import drop_option, lexicon_option, newline_option, overlap_option, reading_options
from .terminal import is_terminal, say
from .wording import examples

_SHOWN = 24
_DAMAGED = 3


@click.command(
    epilog=examples(
        "pressgauge index scores.parquet --by month --base 2010-01:2019-12 -o index.csv",
        "pressgauge index scores.parquet --hits evidence.parquet --group source --by quarter",
        "pressgauge index archive/ --by day --rule intensity --terms -o index.csv",
    ),
)
@click.argument("inputs", metavar="SCORES|INPUT...", nargs=-1, required=True)
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    default="month",
    show_default=True,
    help="Length of a period.",
)
@click.option("--group", metavar="FIELD", help="A series for each value of this column, such as source.")
@click.option(
    "--rule",
    type=click.Choice(["share", "standardised", "intensity"]),
    default="share",
    show_default=True,
    help="How a period is measured (SPEC 10).",
)
@click.option("--base", metavar="FROM:TO", help="Periods whose mean is 100.  [default: all]")
@click.option("--span", metavar="FROM:TO", help="Only documents of these periods.")
@click.option(
    "--min-hits",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Hits that make a document count.",
)
@click.option(
    "--min-docs",
    type=click.IntRange(0),
    default=30,
    show_default=True,
    help="Flag periods of fewer documents as thin.",
)
@click.option(
    "--min-base",
    type=click.IntRange(2),
    help="Periods of the base that a source needs, if standardised; docs/index.md has the defaults.",
)
@click.option(
    "--smooth",
    type=click.IntRange(1),
    help="Periods of the trailing mean.  [default: 7 days, 3 months, ...]",
)
@click.option(
    "--window",
    type=click.IntRange(3),
    help="Periods before it that a spike is compared with.  [default: 28 days, 12 months, ...]",
)
@click.option(
    "--hits", metavar="FILE", help="Evidence of the same documents: adds the range without each term."
)
@click.option("--terms", is_flag=True, help="The same, straight from archives.")
@click.option("--categories", is_flag=True, help="Series of categories too, straight from archives.")
@click.option("--tags", is_flag=True, help="Series of tags too, straight from archives.")
@click.option(
    "-o", "--output", metavar="OUT", help="Write the index there: .csv or .jsonl; - is standard output."
)
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@click.option("-q", "--quiet", is_flag=True, help="No notes.")
@lexicon_option
@reading_options
@newline_option
@overlap_option
@drop_option
def command(
    inputs: tuple[str, ...],
    output: str | None,
    overwrite: bool,
    quiet: bool,
    hits: str | None,
    terms: bool,
    categories: bool,
    tags: bool,
    lexicon: str,
    **options: Any,
) -> int:
    """Make series over time, each with an interval, an index of 100 over the base, and spikes.

    SCORES is a table by `pressgauge score`, a file or a folder of parts; its --text-hash lets copies count
    once, its --categories and --tags give their series. INPUT is as for score: archives are scored and
    added up in one pass. Without -o the last periods are shown on a terminal, and CSV goes into a pipe.
    docs/index.md says how the numbers are made.
    """
    mine = {name: options.pop(name) for name in IndexOptions.__slots__}
    target = None if output in (None, "-") else Path(str(output))
    if target and target.exists() and not overwrite:
        raise OutputError("exists already", path=str(target), hint="ask to overwrite it")
    code = 0
    if len(inputs) == 1 and _is_scores(inputs[0]):
        table = index(inputs[0], hits=hits, **mine)
    else:
        from pressgauge.series.archives import index_files  # the way of archives needs much more

        found = Lexicon.find(lexicon)
        asked: dict[str, Any] = {"terms": terms, "categories": categories, "tags": tags, "lexicon": found}
        table, summary = index_files(inputs, IndexOptions(**mine), **asked, **options)
        code = 0 if summary.complete else _DAMAGED
        for fault in summary.faults:
            say(f"fault: {fault}")
    if target:
        table.write(target, overwrite=overwrite)
    elif output is None and is_terminal(sys.stdout):
        _show(table)
    else:
        click.echo(table.to_csv(), nl=False)
    for note in () if quiet else table.notes:
        say(f"note: {note}")
    return code


def _is_scores(name: str) -> bool:
    """Tell a score table from an archive."""
    try:
        columns = open_table(name).columns if name != "-" else ()
    except (PressgaugeError, OSError, ValueError):
        return False
    return "tokens" in columns and any(column.endswith("_hits") for column in columns)


def _show(table: IndexTable) -> None:
    """Draw the last periods."""
    numbers = (("share", 8), ("index", 9), ("low", 9), ("high", 9), ("spike", 7))
    heads = "".join(f"{name:>{room}}" for name, room in numbers)
    click.echo(f"{'period':10}  {'group':12}  {'dimension':20}{'docs':>8}{heads}")
    for row in table.to_dicts()[-_SHOWN:]:
        cells = "".join(
            f"{'' if row[name] is None else format(row[name], '.1f'):>{room}}" for name, room in numbers
        )
        group = clipped(line(row["group"] or ""), 12)
        thin = "  thin" if row["thin"] else ""
        click.echo(
            f"{row['period']:10}  {group:12}  {row['dimension']:20}{row['documents']:>8,}{cells}{thin}"
        )
