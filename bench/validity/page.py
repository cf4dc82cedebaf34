"""The tables of the validity bench, as text for a terminal and as Markdown for docs/validity.md.

Owns their columns, and the two marks between which the page is written anew.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from bench.validity.measure import Result
from bench.validity.statistics import MEASURES, Estimate

PAGE = Path(__file__).parent.parent.parent / "docs" / "validity.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
TITLES = {"recall": "recall", "precision": "precision", "f1": "F1", "auc": "AUC", "alarms": "false positives"}
HEAD = ["set", "dimensions", "lexicon", "texts", "positive", *TITLES.values()]


def figure(one: Estimate | None, is_share: bool) -> str:
    """Write a figure with its interval; shares of negatives in per cent."""
    if one is None:
        return ""
    factor, digits = (100, 1) if is_share else (1, 3)
    value, low, high = (f"{factor * number:.{digits}f}" for number in (one.value, one.low, one.high))
    return f"{value}{' %' if is_share else ''} [{low}, {high}]"


def cells(one: Result) -> list[str]:
    """Write one row."""
    numbers = [figure(one.figures.get(name), name == "alarms") for name in MEASURES]
    tag = f"#{one.question.tag}" if one.question.tag else ""
    about = [one.question.name, " + ".join(one.question.dimensions) + tag, one.lexicon]
    return [*about, str(one.documents), str(one.positives), *numbers]


def table(results: Sequence[Result]) -> Iterator[str]:
    """Write the table in Markdown; a set is named once."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|" + "---|" * 3 + "---:|" * (len(HEAD) - 3)
    for _, group in groupby(results, key=lambda one: one.question.name):
        for number, one in enumerate(group):
            row = cells(one)
            yield f"| {' | '.join(['', '', *row[2:]] if number else row)} |"


def wanted(results: Sequence[Result], name: str) -> Iterator[str]:
    """Hold the figures of a lexicon to what is wanted of it."""
    yield "| set | measure | wanted | measured | |"
    yield "|---|---|---:|---:|---|"
    for one in results:
        for measure, aim in one.question.wanted.items() if one.lexicon == name else ():
            estimate = one.figures.get(measure)
            if estimate is not None:
                is_met = estimate.value <= aim if measure == "alarms" else estimate.value >= aim
                sign = "<=" if measure == "alarms" else ">="
                shown = f"{100 * aim:g} %" if measure == "alarms" else f"{aim:g}"
                yield (
                    f"| {one.question.name} | {TITLES[measure]} | {sign} {shown} "
                    f"| {figure(estimate, measure == 'alarms')} | {'met' if is_met else 'short'} |"
                )


def put(text: str, path: Path = PAGE) -> None:
    """Write the measured part of the page anew."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", encoding="utf-8")


def plain(lines: Sequence[str]) -> str:
    """Align a table of Markdown for a terminal."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|--")
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
