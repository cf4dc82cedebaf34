"""`pressgauge lexicon diff`: what two lexicons say differently, and which documents that moves."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import click

from pressgauge.display import clipped, line
from pressgauge.lexicon.changes import Change, changes
from pressgauge.lexicon.importers import read_any
from pressgauge.review import Difference, Mover, compare

from .options import reading_options
from .wording import examples, number_of

_WIDEST = 90
_WORDS = 6


@click.command(
    "diff",
    epilog=examples(
        "pressgauge lexicon diff old.toml mine.toml",
        "pressgauge lexicon diff old.toml mine.toml --corpus news.jsonl.zst --brief",
        "pressgauge lexicon diff moral.dic moral.toml",
    ),
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--corpus", metavar="INPUT", multiple=True, help="Say what moves in it; may be repeated.")
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(1, 10_000),
    default=10,
    show_default=True,
    help="Documents and terms that are shown.",
)
@click.option("--brief", is_flag=True, help="Only count the changes of each list.")
@reading_options
def command(before: str, after: str, corpus: tuple[str, ...], top: int, brief: bool, **options: Any) -> None:
    """Compare two lexicons: names of built-in ones, TOML files, or dictionaries of other programs.

    Signs: + only in B, - only in A, ~ changed, > moved from another category. With --corpus both score the
    texts: how many documents gain or lose hits, which documents move most and by which words, which terms.
    The exit code is 0 whether or not they differ.
    """
    ours, theirs = read_any(before), read_any(after)
    for sign, one in (("---", ours), ("+++", theirs)):
        terms = number_of(one.term_count, "term")
        click.echo(f"{sign} {one.name} {line(one.version)}, {terms}, sha256 {one.sha256}")
    found = changes(ours, theirs)
    for text in _lines(found, brief):
        click.echo(text)
    if corpus:
        for text in _moves(compare(ours, theirs, corpus, top, **options), top):
            click.echo(text)


def _lines(found: list[Change], brief: bool) -> Iterator[str]:
    """Give the changes, list by list, each headed by its counts."""
    if not found:
        yield "they say the same"
    for place, group in groupby(found, key=lambda one: one.place):
        rows = list(group)
        counts = Counter(one.sign for one in rows)
        yield f"\n{place}  " + "  ".join(f"{sign}{counts[sign]:,}" for sign in "+-~>" if counts[sign])
        yield from (f"  {one.sign} {line(one.text)}" for one in rows if not brief)


def _moves(found: Difference, top: int) -> Iterator[str]:
    documents = number_of(found.summary.documents, "document")
    yield f"\ncorpus: {documents}, {found.moved:,} of them move"
    heads = ("documents A", "B", "gain", "lose", "change", "hits A", "B")
    width = max((len(name) for name in found.dimensions), default=0)
    yield f"  {'':{width}}" + "".join(f"{head:>12}" for head in heads)
    for name, one in found.dimensions.items():
        cells = (one.before, one.after, one.gained, one.lost, one.changed, one.hits_before, one.hits_after)
        yield f"  {name:{width}}" + "".join(f"{cell:>12,}" for cell in cells)
    yield "\ndocuments that move most"
    for mover in found.movers:
        yield from _mover(mover)
    yield "\nterms that move most"
    for (dimension, category, term), change in list(found.terms.items())[:top]:
        yield f"  {change:>+9,}  {dimension}.{category}  `{clipped(line(term), _WIDEST)}`"


def _mover(mover: Mover) -> Iterator[str]:
    hits = ", ".join(f"{name} {one} -> {other}" for name, (one, other) in mover.hits.items())
    yield f"  {clipped(line(mover.id), 60)}  (document {mover.number + 1:,})  {hits}"
    for sign, words in (("+", mover.came), ("-", mover.went)):
        if words:
            shown = ", ".join(f"{line(word)} {count}" for (_, word), count in words.most_common(_WORDS))
            more = f" and {len(words) - _WORDS} more" if len(words) > _WORDS else ""
            yield f"    {sign} {shown}{more}"
