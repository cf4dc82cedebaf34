"""From cells to the table: every series of every group, with its ranges, and the notes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pressgauge.errors import InputError
from pressgauge.tables import Table, open_table

from .cells import BySource, Cells, Series, series_of
from .counted import Base, cells_of, counted, index_without
from .leaveout import Ranges, ranges
from .options import IndexOptions
from .periods import name_of
from .result import IndexTable
from .terms import COLUMNS, TermLosses, place_of

# Periods between the first and the last; more of them come from dates that are wrong.
_MOST_PERIODS = 100_000


def index(scores: object, *, hits: object | None = None, **options: Any) -> IndexTable:
    """Make an index over time of a score table: a file, a folder of parts, or a frame (SPEC 10).

    `scores` has `date`, `tokens` and columns as `pressgauge score` writes them; with `text_hash` copies
    are counted once beside. `hits`, the evidence of the same documents, brings the ranges without each
    term. Options: `by` day, week, month, quarter or year; `group` a column; `rule` share, standardised or
    intensity; `base` and `span` as FROM:TO; `min_hits`, `min_docs`, `min_base`, `smooth`, `window`.
    """
    asked = IndexOptions(**options)
    table = open_table(scores)
    cells = Cells(check(table, asked), asked, "text_hash" in table.columns)
    for row in table.rows(cells.columns()):
        cells.add(row)
    losses = None
    if hits is not None:
        losses = TermLosses(cells)
        losses.add_all(open_table(hits).rows(COLUMNS))
    return finish(cells, table.about, losses)


def check(table: Table, options: IndexOptions) -> list[Series]:
    """Find the series of a score table, or say why it is none."""
    series = series_of(table.columns)
    missing = [name for name in ("date", "tokens") if name not in table.columns]
    if missing or not series:
        lacks = f"no column {missing[0]}" if missing else "no columns of a dimension (_hits, _weight, _rate)"
        raise InputError(
            f"this is no score table: {lacks}", path=table.name, hint="pressgauge score writes one"
        )
    if options.group and options.group not in table.columns:
        raise InputError(
            f"there is no column {options.group} to group by",
            path=table.name,
            hint=f"there are {', '.join(table.columns)}",
        )
    return series


def finish(cells: Cells, about: Any, losses: TermLosses | None) -> IndexTable:  # noqa: ANN401 - any mapping
    """Turn the sums into the table."""
    notes, options = cells.notes, cells.options
    if not cells.all:
        raise InputError(
            "no document has a date that tells its period", hint="see --date-field, or a longer period"
        )
    base = options.range("base") or _extent(cells)
    told = f"{name_of(base[0], options.by)}:{name_of(base[1], options.by)}"
    if not cells.hashed:
        notes.said.append("the scores have no text_hash: copies are not told apart (score with --text-hash)")
    rows = [
        row | {"rule": options.rule, "base": told}
        for group in sorted(cells.all)
        for number, one in enumerate(cells.series)
        for row in _rows(cells, group, number, one, base, losses)
    ]
    made = {"pressgauge.index": json.dumps(asdict(options) | {"base": told})}
    return IndexTable(rows, {**about, **made}, notes.lines())


def _rows(
    cells: Cells, group: str, number: int, one: Series, base: Base, losses: TermLosses | None
) -> Iterator[dict[str, Any]]:
    options, at, periods = cells.options, place_of(number), cells.all[group]
    series = counted(periods, at, options, base)
    again = counted(cells.distinct.get(group, {}), at, options, base) if cells.hashed else None
    _say(cells, group, one.name, series.dropped, bool(series.index))
    sources = sorted({source for here in periods.values() for source in here})
    of_sources, of_terms = _source_ranges(periods, sources, at, options, base), {}
    if losses and not options.group and "/" not in one.name and "#" not in one.name:
        of_terms = losses.ranges(periods, one.name, at, base)
    for period in _all_periods(periods):
        row: dict[str, Any] = {
            "period": name_of(period, options.by),
            "group": group or None,
            "dimension": one.name,
        }
        row |= cells_of(series, period, at, options, one.weight is not None)
        here: BySource = periods.get(period, {})
        row |= {"sources": len(here), "coverage": len(here) / len(sources)}
        row["source_low"], row["source_high"] = of_sources.get(period, (None, None))
        row["term_low"], row["term_high"] = of_terms.get(period, (None, None))
        if again is not None:
            figures = cells_of(again, period, at, options, one.weight is not None)
            row |= {f"{name}_distinct": value for name, value in figures.items()}
        yield row


def _source_ranges(
    periods: dict[int, BySource], sources: Sequence[str], at: int, options: IndexOptions, base: Base
) -> Ranges:
    if len(sources) < 2:
        return {}
    everything = dict.fromkeys(periods, 0.0)
    return ranges(everything, lambda source: index_without(periods, source, at, options, base), sources)


def _say(cells: Cells, group: str, name: str, dropped: list[str], has_index: bool) -> None:
    where = f"{name} in {group}" if group else name
    if dropped:
        shown = ", ".join(one or "(no source)" for one in dropped[:5]) + (", ..." if len(dropped) > 5 else "")
        cells.notes.said.append(
            f"{where}: left out of the standardised index, too few periods or no change: {shown}"
        )
    if not has_index:
        cells.notes.said.append(f"{where}: nothing in the base period, so there is no index")


def _extent(cells: Cells) -> Base:
    numbers = [number for periods in cells.all.values() for number in periods]
    return min(numbers), max(numbers)


def _all_periods(periods: dict[int, BySource]) -> range:
    """List the periods from the first to the last, empty ones too."""
    first, last = min(periods), max(periods)
    if last - first >= _MOST_PERIODS:
        raise InputError(
            f"the dates span {last - first + 1:,} periods, so some of them must be wrong",
            hint="give a span FROM:TO",
        )
    return range(first, last + 1)
