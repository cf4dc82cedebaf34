"""`pressgauge plot`: a series as PNG, SVG or PDF."""

from pathlib import Path
from typing import Any

import click

from pressgauge.errors import OutputError
from pressgauge.plot import plot
from pressgauge.series import index

from .wording import examples

UNITS = click.Choice(["day", "week", "month", "quarter", "year"])
RULES = click.Choice(["share", "standardised", "intensity"])


@click.command(
    epilog=examples("pressgauge plot scores.parquet --by month --dimension sanction -o sanction.svg"),
)
@click.argument("scores", metavar="SCORES")
@click.option("-o", "--output", metavar="OUT", required=True, help="Write there: .png, .svg or .pdf.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@click.option("--dimension", help="Only this series; a category is sanction/financial.")
@click.option("--by", type=UNITS, default="month", show_default=True, help="Length of a period.")
@click.option("--rule", type=RULES, default="share", show_default=True, help="How a period is measured.")
@click.option("--base", metavar="FROM:TO", help="Periods whose mean is 100.  [default: all]")
@click.option("--span", metavar="FROM:TO", help="Only documents of these periods.")
def command(scores: str, output: str, overwrite: bool, dimension: str | None, **options: Any) -> None:
    """Draw the series of a score table, with intervals. Needs the extra `plot`."""
    if Path(output).exists() and not overwrite:
        raise OutputError("exists already", path=output, hint="ask to overwrite it")
    plot(index(scores, **options), output, dimension)
