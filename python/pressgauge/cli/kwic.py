"""`pressgauge kwic`: the words around each hit, aligned; in the terminal, as CSV or as a page of HTML."""

import csv
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import click

from pressgauge.display import clipped, line, safe
from pressgauge.files import write_text
from pressgauge.lexicon import Lexicon
from pressgauge.run import score_files

from .options import drop_option, lexicon_option, newline_option, overlap_option, reading_options
from .terminal import COLOURS, has_colours, say, style
from .wording import examples, number_of

Row: TypeAlias = dict[str, Any]
_COLUMNS = ("id", "date", "source", "dimension", "category", "term", "status", "left", "surface", "right")
_MOST_AROUND = 60
_DAMAGED = 3


@click.command(
    epilog=examples(
        "pressgauge kwic news.jsonl.zst --dimension sanction --sample 30",
        'pressgauge kwic news.jsonl --term "embargo*" -o embargo.html',
        "pressgauge kwic archive/ --category financial --where date>=2022 -o lines.csv",
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--dimension", help="Only hits of this dimension.")
@click.option("--category", help="Only hits of this category.")
@click.option("--term", help="Only hits of this term, as the lexicon writes it.")
@click.option(
    "--around",
    metavar="N",
    type=click.IntRange(1, _MOST_AROUND),
    default=40,
    show_default=True,
    help="Characters on either side.",
)
@click.option("--sample", metavar="N", type=click.IntRange(1), help="Draw so many hits at random.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed draws another sample.")
@click.option("-o", "--output", metavar="OUT", help="Write there: .csv or .html; - is standard output.")
@click.option("--format", "format_", type=click.Choice(["text", "csv", "html"]), help="Format of the output.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@lexicon_option
@reading_options
@newline_option
@overlap_option
@drop_option
def command(
    inputs: tuple[str, ...],
    dimension: str | None,
    category: str | None,
    term: str | None,
    around: int,
    sample: int | None,
    seed: int,
    output: str | None,
    format_: str | None,
    overwrite: bool,
    lexicon: str,
    **options: Any,
) -> int:
    """Show the words around each hit, aligned at the hit.

    INPUT is as for score. Without --sample all hits are shown in the order of the inputs.
    """
    found = Lexicon.find(lexicon)
    wanted = {"dimension": dimension, "category": category, "term": term}
    _check(found, wanted)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hits.jsonl"
        summary = score_files(inputs, hits=file, lexicon=found, **options)
        chosen = _chosen(file, {name: value for name, value in wanted.items() if value is not None})
        rows = chosen if sample is None else iter(_sampled(chosen, sample, seed))
        names = [one.name for one in found.dimensions]
        made = format_ or {".csv": "csv", ".html": "html", ".htm": "html"}.get(
            Path(output or "").suffix, "text"
        )
        if output is None or output == "-":
            colours = made == "text" and has_colours(sys.stdout)
            for text in _lines(rows, around, names, made, colours):
                click.echo(text)
        else:
            write_text(
                Path(output), "\n".join(_lines(rows, around, names, made, False)) + "\n", overwrite=overwrite
            )
    for fault in summary.faults:
        say(f"fault: {fault}")
    return 0 if summary.complete else _DAMAGED


def _check(lexicon: Lexicon, wanted: dict[str, str | None]) -> None:
    """Refuse what the lexicon does not have: an empty concordance would say that the archive lacks it."""
    known = {
        "dimension": [one.name for one in lexicon.dimensions],
        "category": [leaf.name for one in lexicon.dimensions for leaf in one.categories],
    }
    for name, names in known.items():
        if wanted[name] is not None and wanted[name] not in names:
            raise click.UsageError(f"the lexicon has no {name} {wanted[name]}; there are {', '.join(names)}")


def _chosen(file: Path, wanted: dict[str, str]) -> Iterator[Row]:
    with file.open(encoding="utf-8") as lines:
        for text in lines:
            row = json.loads(text)
            if all(row[name] == value for name, value in wanted.items()):
                yield row


def _sampled(rows: Iterator[Row], size: int, seed: int) -> list[Row]:
    """Draw so many rows with equal chance, in the order in which they came."""
    dice = random.Random(seed)
    kept = list(enumerate(islice(rows, size)))
    for number, row in enumerate(rows, size):
        place = dice.randint(0, number)
        if place < size:
            kept[place] = (number, row)
    return [row for _, row in sorted(kept, key=lambda one: one[0])]


def _lines(rows: Iterator[Row], around: int, names: list[str], made: str, colours: bool) -> Iterator[str]:
    if made == "csv":
        yield from _csv(rows, around)
    elif made == "html":
        yield from _html(rows, around, names)
    else:
        count = 0
        for row in rows:
            count += 1
            yield aligned(row, around, names, colours)
        yield number_of(count, "hit")


def aligned(row: Row, around: int, names: list[str], colours: bool) -> str:
    """Lay out one hit: where it is from, the words before it flush right, the hit, the words after it."""
    colour = COLOURS[names.index(row["dimension"]) % len(COLOURS)]
    hit = (
        style(line(row["surface"]), colours, fg=colour, bold=True) if colours else f"[{line(row['surface'])}]"
    )
    left = safe(" ".join(row["left"].split()))[-around:].rjust(around)
    right = safe(" ".join(row["right"].split()))[:around]
    gap = " " if row["right"][:1].isspace() else ""
    space = " " if row["left"][-1:].isspace() else ""
    date = line(row["date"] or "")[:10].ljust(10)
    return f"{date}  {clipped(line(row['id']), 18):18}  {left}{space}{hit}{gap}{right}".rstrip()


def _csv(rows: Iterator[Row], around: int) -> Iterator[str]:
    def text(cells: list[str]) -> str:
        made = StringIO()
        csv.writer(made, lineterminator="").writerow(cells)
        return made.getvalue()

    yield text(list(_COLUMNS))
    for row in rows:
        cells = {**row, "left": row["left"][-around:], "right": row["right"][:around]}
        yield text([_guarded(str(cells[name] or "")) for name in _COLUMNS])


def _guarded(cell: str) -> str:
    """Keep spreadsheets from running a cell as a formula (FORMATS)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell


def _html(rows: Iterator[Row], around: int, names: list[str]) -> Iterator[str]:
    yield _HEAD
    for row in rows:
        number = names.index(row["dimension"]) % len(COLOURS)
        cells = [escape(line(str(row[name] or ""))) for name in ("date", "source", "id", "category", "term")]
        left, right = escape(line(row["left"][-around:])), escape(line(row["right"][:around]))
        hit = f'<mark class="d{number}">{escape(line(row["surface"]))}</mark>'
        told = "".join(f"<td>{cell}</td>" for cell in cells)
        yield f'<tr>{told}<td class="l"><bdi>{left}</bdi></td><td>{hit}</td><td><bdi>{right}</bdi></td></tr>'
    yield "</tbody></table></body></html>"


_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Concordance</title><style>
:root { color-scheme: light dark } body { font: 15px/1.5 system-ui, sans-serif; margin: 1rem; overflow-x: auto
}
td, th { padding: .15rem .5rem; text-align: left; vertical-align: top } .l { text-align: right }
mark { color: #111; padding: 0 .2em } .d0 { background: #cfe8ff } .d1 { background: #ffe3b3 }
.d2 { background: #ffd0d0 } .d3 { background: #e3d0ff }
.d4 { background: #c9f0d5 } .d5 { background: #e6e6c8 }
</style></head><body><h1>Concordance</h1><table><thead><tr><th>date</th><th>source</th><th>id</th><th>category</th>
<th>term</th><th class="l">before</th><th>hit</th><th>after</th></tr></thead><tbody>"""
