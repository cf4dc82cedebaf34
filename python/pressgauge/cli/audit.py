"""`pressgauge audit`: a sample to code by hand, and what the codes say of the lexicon."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from pressgauge.errors import InputError
from pressgauge.evidence.audit import HIT_COLUMNS, SAMPLE, audit_sample, audit_score
from pressgauge.files import write_text
from pressgauge.tables import open_table

from .tabular import as_csv, emit
from .terminal import say
from .wording import examples, number_of


@click.group(
    name="audit",
    epilog=examples(
        "pressgauge audit sample evidence.parquet --scores scores.parquet -o sample.csv",
        "pressgauge audit score sample.csv",
    ),
)
def command() -> None:
    """Check a lexicon by hand: draw a sample, code it, read precision and recall."""


@command.command(
    epilog=examples(
        "pressgauge audit sample evidence.parquet --scores scores.parquet --per-term 5 -o sample.csv"
    )
)
@click.argument("hits", metavar="HITS")
@click.option("--scores", metavar="FILE", help="Scores of the same documents: adds documents without hits.")
@click.option(
    "--per-term",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Hits of each term; rarer terms come whole.",
)
@click.option(
    "--without",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="Documents without hits, of each dimension.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws another sample.")
@click.option("-o", "--output", metavar="OUT", required=True, help="Write the CSV there.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
def sample(
    hits: str, scores: str | None, per_term: int, without: int, seed: int, output: str, overwrite: bool
) -> None:
    """Draw hits of every term, and documents without hits, as a CSV to code by hand.

    Write 1 into `code` where a hit means what its category says, or where a document should have had a hit;
    else 0. A second coder writes into `code_2`.
    """
    documents = _documents(scores) if scores else iter(())
    rows = audit_sample(
        open_table(hits).rows(HIT_COLUMNS), documents, per_term=per_term, without=without, seed=seed
    )
    write_text(Path(output), as_csv(rows, SAMPLE), overwrite=overwrite)
    say(f"{number_of(len(rows), 'row')} to code: fill in the column code with 1 or 0")


def _documents(scores: str) -> Iterator[tuple[str, str | None, str | None, dict[str, int]]]:
    table = open_table(scores)
    names = [name for name in table.columns if name.endswith("_rate")]
    dimensions = [name.removesuffix("_rate") for name in names]
    for id_, date, source, tokens, *counts in table.rows(
        ["id", "date", "source", "tokens", *(f"{name}_hits" for name in dimensions)]
    ):
        if tokens:
            yield id_, date, source, dict(zip(dimensions, counts, strict=True))


@command.command(epilog=examples("pressgauge audit score sample.csv"))
@click.argument("coded", metavar="CSV")
@click.option("-o", "--output", metavar="OUT", help="Write a CSV there; - is standard output.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
def score(coded: str, output: str | None, overwrite: bool) -> None:
    """Read a coded sample back: precision with intervals of 95 %, estimated recall, agreement of two coders.

    Intervals are Wilson's (1927); agreement is Krippendorff's alpha and needs the extra `audit`.
    """
    try:
        with Path(coded).open(encoding="utf-8-sig", newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", path=coded) from None
    missing = [name for name in SAMPLE if rows and name not in rows[0]]
    if missing or not rows:
        raise InputError("this is no sample by `pressgauge audit sample`", path=coded)
    found, alpha = audit_score(rows)
    if not found:
        raise InputError("no hit has a code", path=coded, hint="write 1 or 0 into the column code")
    table = [
        {
            "name": one.name,
            "coded": one.coded,
            "precision": round(one.precision, 4),
            "low": round(one.interval[0], 4),
            "high": round(one.interval[1], 4),
            "recall": None if one.recall is None else round(one.recall, 4),
        }
        for one in found
    ]
    emit(table, output, overwrite=overwrite)
    if alpha is not None:
        say(f"Krippendorff's alpha of the two coders: {alpha:.3f}")
