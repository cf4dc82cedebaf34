"""`pressgauge demo`: what scores say, by period and by document, of the bundled sample or a file."""

import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import click

from pressgauge.display import clipped, line, safe, segments
from pressgauge.lexicon import Lexicon
from pressgauge.run import score_files

from .options import lexicon_option
from .periods import Period, by_period
from .terminal import COLOURS, bar, has_colours, style
from .wording import examples, number_of

Row: TypeAlias = dict[str, Any]

_SAMPLE = Path(__file__).parent.parent / "sample" / "news.jsonl"
_BAR = 9
_TOP = 2
_INDENT = 10
_ROOM = 80


class _Mark(NamedTuple):
    """A place to mark in a line."""

    start: int
    end: int


@click.command(
    epilog=examples(
        "pressgauge demo",
        "pressgauge demo --input news.jsonl",
    ),
)
@click.option("--input", "source", metavar="FILE", help="Look at this file instead of the bundled sample.")
@lexicon_option
def command(source: str | None, lexicon: str) -> None:
    """Score a sample and show it: pressure by period, the strongest documents, what to try next.

    The sample is fictional and comes with pressgauge.
    """
    import tempfile  # slow to import, and no help page needs it

    found = Lexicon.find(lexicon)
    with tempfile.TemporaryDirectory() as folder:
        path = source or str(_SAMPLE)
        scores, evidence = _score(path, found, Path(folder))
        for text in _page(scores, evidence, found):
            click.echo(text)
        click.echo(_next(path))


def _score(path: str, lexicon: Lexicon, folder: Path) -> tuple[list[Row], list[Row]]:
    """Score a file in one pass into scores and evidence."""
    scores, evidence = folder / "scores.jsonl", folder / "hits.jsonl"
    score_files(path, scores, lexicon=lexicon, hits=evidence, keep=["title"], text_hash=True)
    return _rows(scores), _rows(evidence)


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(text) for text in lines]


def _page(scores: list[Row], evidence: list[Row], lexicon: Lexicon) -> Iterator[str]:
    """Give the lines of the page."""
    dimensions = [dimension.name for dimension in lexicon.dimensions]
    colours = has_colours(sys.stdout)
    periods = by_period(scores, dimensions)
    yield _title(scores, lexicon, colours)
    yield ""
    yield from _table(periods, dimensions, colours)
    undated = len(scores) - sum(period.documents for period in periods)
    if undated:
        yield f"  and {number_of(undated, 'document')} without a date"
    for number, dimension in enumerate(dimensions):
        yield ""
        yield style(f"  strongest in {dimension}", colours, fg=COLOURS[number % len(COLOURS)], bold=True)
        for row in _strongest(scores, dimension):
            yield from _document(row, dimension, number, evidence, colours)


def _title(scores: list[Row], lexicon: Lexicon, colours: bool) -> str:
    sources = len({row["source"] for row in scores if row["source"]})
    hashes = [row["text_hash"] for row in scores if row["tokens"]]
    copies = len(hashes) - len(set(hashes))
    parts = [
        number_of(len(scores), "document"),
        number_of(sources, "source"),
        number_of(copies, "copy", "copies"),
    ]
    head = style("  pressgauge", colours, bold=True)
    return f"{head}  {', '.join(parts)}; lexicon {lexicon.name} {line(lexicon.version)}"


def _table(periods: list[Period], dimensions: list[str], colours: bool) -> Iterator[str]:
    """Give a line for each period: documents, then bar, share and rate of each dimension."""
    top = max((share for period in periods for share in period.shares), default=0.0) or 1.0
    heads = [f"{name:<{_BAR + 1}}{'share':>5}{'rate':>7}" for name in dimensions]
    yield style(f"  {'period':<8}{'docs':>5}   {'   '.join(heads)}", colours, bold=True)
    for period in periods:
        cells = []
        for number, (share, rate) in enumerate(zip(period.shares, period.rates, strict=True)):
            drawn = style(bar(share / top, _BAR, sys.stdout), colours, fg=COLOURS[number % len(COLOURS)])
            cells.append(f"{drawn} {share:>5.0%}{rate:>7.2f}")
        yield f"  {period.name:<8}{period.documents:>5}   {'   '.join(cells)}"
    yield style("  share: documents with hits; rate: mean weight per 1,000 tokens", colours, dim=True)


def _strongest(scores: list[Row], dimension: str) -> list[Row]:
    """Pick the documents with the highest rates; of copies only one."""
    ranked = sorted(scores, key=lambda row: -(row[f"{dimension}_rate"] or 0.0))
    distinct = {row["text_hash"]: row for row in reversed(ranked) if row[f"{dimension}_hits"]}
    return [row for row in ranked if distinct.get(row["text_hash"]) is row][:_TOP]


def _document(row: Row, dimension: str, number: int, evidence: list[Row], colours: bool) -> Iterator[str]:
    """Give two lines for a document: what it is, and its strongest sentence."""
    date, title = (row["date"] or "undated")[:10], clipped(line(row["title"] or row["id"]), 54)
    rate = style(f"{row[f'{dimension}_rate']:>8.1f}", colours, bold=True)
    source = style(line(row["source"] or ""), colours, dim=True)
    yield f"{rate}  {date:<10}  {title}  {source}"
    hits = [hit for hit in evidence if hit["id"] == row["id"] and hit["dimension"] == dimension]
    yield " " * _INDENT + _sentence(hits, COLOURS[number % len(COLOURS)] if colours else None)


def _sentence(hits: list[Row], colour: str | None) -> str:
    """Give the words around the first hit of the sentence that has most, with all hits among them marked."""
    densest = Counter(hit["sentence_start"] for hit in hits).most_common(1)[0][0]
    first = next(hit for hit in hits if hit["sentence_start"] == densest)
    before = first["start"] - densest
    left = first["left"][-before:] if before else ""
    right = first["right"][: first["sentence_end"] - first["end"] + 1]
    room = _ROOM - len(first["surface"])
    cut_left, left = _cut(left, room // 2, before > len(left))
    cut_right, right = _cut(right[::-1], room - len(left), first["end"] + len(right) < first["sentence_end"])
    text = left + first["surface"] + right[::-1]
    start = first["start"] - len(left)
    marks = [_Mark(hit["start"] - start, hit["end"] - start) for hit in hits]
    pieces = (
        _marked(safe(piece), colour, bool(on)) for piece, on in segments(text.replace("\n", " "), marks)
    )
    return cut_left + "".join(pieces) + cut_right


def _cut(text: str, room: int, is_cut: bool) -> tuple[str, str]:
    """Shorten a text from its front to whole words; say whether anything is missing there."""
    if len(text) <= room:
        return "…" if is_cut else "", text
    return "…", text[-room:].partition(" ")[2]


def _marked(text: str, colour: str | None, on: bool) -> str:
    if not on:
        return text
    return style(text, True, fg=colour, bold=True) if colour else f"[{text}]"


def _next(path: str) -> str:
    script = Path(sys.executable).with_name("pressgauge")
    name = "pressgauge" if shutil.which("pressgauge") else _relative(script)
    return "\n".join(
        [
            "",
            "  next:",
            f"    {name} hits {_relative(Path(path))} -o evidence.csv",
            f'    {name} explain --text "They froze the assets of the bank."',
            f"    {name} score YOUR-FILES -o scores.parquet",
        ]
    )


def _relative(path: Path) -> str:
    """Name a path as one would type it from here."""
    here = Path.cwd()
    text = str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
    return f'"{text}"' if " " in text else text
