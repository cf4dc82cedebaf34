"""`pressgauge terms`: how often each term fires, with its surfaces; by period, source or group."""

from collections import Counter
from typing import Any

import click

from pressgauge.display import clipped, line
from pressgauge.evidence import TermCount, count_terms
from pressgauge.evidence.keyness import compared
from pressgauge.evidence.terms import COLUMNS, Key
from pressgauge.tables import Table, open_table

from .tabular import emit
from .wording import examples

_SURFACES = 3


@click.command(
    epilog=examples(
        "pressgauge terms evidence.parquet",
        "pressgauge terms evidence.parquet --periods year -o terms.csv",
        "pressgauge terms evidence.parquet --key source=reuters.com --scores scores.parquet",
    ),
)
@click.argument("hits", metavar="HITS")
@click.option("--dimension", help="Only terms of this dimension.")
@click.option(
    "--periods",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    help="A row for each period of a term.",
)
@click.option("--sources", is_flag=True, help="A row for each source of a term.")
@click.option("--key", metavar="FIELD=VALUE", help="Keyness of the documents where source or date begins so.")
@click.option(
    "--scores", metavar="FILE", help="Scores of the same documents: tokens of both groups, for --key."
)
@click.option("-o", "--output", metavar="OUT", help="Write a CSV there; - is standard output.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
def command(
    hits: str,
    dimension: str | None,
    periods: Any,  # noqa: ANN401 - a choice of click
    sources: bool,
    key: str | None,
    scores: str | None,
    output: str | None,
    overwrite: bool,
) -> None:
    """Count how often each term fires, in how many documents, and as which words.

    HITS is evidence by `pressgauge hits` or `score --hits`. With --key, terms are compared between the
    documents that meet it and all others: log-likelihood (Dunning 1993; above 10.83 by chance once in a
    thousand) and the binary log of the ratio of rates (1: twice as often). docs/index.md says more.
    """
    table = open_table(hits)
    if (key is None) != (scores is None):
        raise click.UsageError("--key and --scores go together", click.get_current_context())
    if key and scores:
        rows = _keyness(table, open_table(scores), key, dimension)
    else:
        found = count_terms(table.rows(COLUMNS), periods or "year")
        kept = [one for one in found.values() if dimension in (None, one.dimension)]
        rows = [row for one in kept for row in _rows(one, bool(periods), sources)]
    emit(rows, output, overwrite=overwrite)


def _rows(one: TermCount, periods: bool, sources: bool) -> list[dict[str, Any]]:
    row: dict[str, Any] = {"dimension": one.dimension, "category": one.category, "term": one.term}
    if periods:
        return [row | {"period": name, "hits": count} for name, count in sorted(one.periods.items())]
    if sources:
        return [row | {"source": name, "hits": count} for name, count in one.sources.most_common()]
    surfaces = "; ".join(
        f"{clipped(line(name), 40)} {count}" for name, count in one.surfaces.most_common(_SURFACES)
    )
    return [row | {"hits": one.hits, "documents": one.documents, "surfaces": surfaces}]


def _keyness(hits: Table, scores: Table, key: str, dimension: str | None) -> list[dict[str, Any]]:
    field, equals, value = key.partition("=")
    if not equals or field not in ("source", "date"):
        raise click.UsageError("--key is source=NAME or date=2020", click.get_current_context())

    def inside(cell: object) -> bool:
        return str(cell or "") == value if field == "source" else str(cell or "").startswith(value)

    sizes = Counter[bool]()
    for cell, tokens in scores.rows([field, "tokens"]):
        sizes[inside(cell)] += tokens or 0
    if not sizes[True] or not sizes[False]:
        raise click.UsageError(f"--key {key} leaves one group without words", click.get_current_context())
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    names: dict[str, Key] = {}
    for cell, one, category, term, status in hits.rows([field, "dimension", "category", "term", "status"]):
        if status == "hit" and dimension in (None, one):
            name = f"{one}\t{category}\t{term}"
            names[name] = (one, category, term)
            counts[inside(cell)][name] += 1
    found = compared(counts[True], sizes[True], counts[False], sizes[False])
    return [
        dict(zip(("dimension", "category", "term"), names[name], strict=True))
        | {"hits": one.hits, "others": one.others}
        | {"log_likelihood": round(one.log_likelihood, 3), "log_ratio": round(one.log_ratio, 3)}
        for name, one in found.items()
    ]
