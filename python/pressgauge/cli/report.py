"""`pressgauge report`: one page of HTML about a score table."""

from pathlib import Path
from typing import Any

import click

from pressgauge.errors import OutputError
from pressgauge.files import write_text
from pressgauge.report import report

from .terminal import say
from .wording import examples

UNITS = click.Choice(["day", "week", "month", "quarter", "year"])
RULES = click.Choice(["share", "standardised", "intensity"])


@click.command(
    epilog=examples(
        "pressgauge report scores.parquet --hits evidence.parquet -o report.html",
        "pressgauge report scores/ --hits evidence/ --by day --base 2019:2019 -o report.html",
    ),
)
@click.argument("scores", metavar="SCORES")
@click.option(
    "--hits", metavar="HITS", help="Evidence of the same documents: terms, and words behind each rise."
)
@click.option("-o", "--output", metavar="OUT", required=True, help="Write the page there.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@click.option("--by", type=UNITS, help="Length of a period.  [default: by the span of the dates]")
@click.option("--rule", type=RULES, default="share", show_default=True, help="How a period is measured.")
@click.option("--base", metavar="FROM:TO", help="Periods whose mean is 100.  [default: all]")
@click.option("--span", metavar="FROM:TO", help="Only documents of these periods.")
@click.option("--min-docs", type=click.IntRange(0), default=30, show_default=True, help="Flag thin periods.")
def command(scores: str, hits: str | None, output: str, overwrite: bool, by: Any, **options: Any) -> None:  # noqa: ANN401
    """Write a page about a score table: series, sources, terms, and the words behind each rise.

    SCORES is by `pressgauge score`, with --hits for its evidence, --text-hash to tell copies apart and --keep
    title for titles. The page is one file that opens without a network. Needs the extra `report`.
    """
    if Path(output).exists() and not overwrite:
        raise OutputError("exists already", path=output, hint="ask to overwrite it")
    write_text(Path(output), report(scores, hits, by=by, **options), overwrite=overwrite)
    say(f"open {output} in a browser")
