"""One series of one group: from its cells to values, index, intervals, smoothing and spikes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cells import HEAD, WIDTH, BySource, Sums, pooled
from .formula import Value, deviations, intensity, rebased, share, standardised
from .interval import Interval
from .options import IndexOptions
from .trailing import smoothed, spikes

Periods = Mapping[int, BySource]
Base = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """A series worked out: of each period its sums and index, and which sources were dropped."""

    sums: Mapping[int, Sums]
    index: Mapping[int, float]
    bounds: Mapping[int, Interval]
    smoothed: Mapping[int, float]
    spikes: Mapping[int, float]
    dropped: list[str]


def counted(periods: Periods, at: int, options: IndexOptions, base: Base) -> Counted:
    """Work out the series whose figures begin at a place of the sums."""
    width = max((len(sums) for sources in periods.values() for sums in sources.values()), default=HEAD)
    sums = {number: pooled(sources, width) for number, sources in periods.items()}
    values, dropped = _values(periods, sums, at, options, base)
    index, mean = rebased({number: value for number, (value, _) in values.items()}, base)
    scale = 100.0 / mean if mean else 0.0
    bounds = {number: (values[number][1][0] * scale, values[number][1][1] * scale) for number in index}
    return Counted(
        sums,
        index,
        bounds,
        smoothed(index, options.smoothed_over),
        spikes(index, bounds, options.compared_with),
        dropped,
    )


def index_without(
    periods: Periods, source: str, at: int, options: IndexOptions, base: Base
) -> dict[int, float]:
    """Give the index as it is without a source."""
    left = {
        number: {name: sums for name, sums in sources.items() if name != source}
        for number, sources in periods.items()
    }
    return index_of({number: sources for number, sources in left.items() if sources}, at, options, base)


def index_of(periods: Periods, at: int, options: IndexOptions, base: Base) -> dict[int, float]:
    """Give the index alone."""
    width = max((len(sums) for sources in periods.values() for sums in sources.values()), default=HEAD)
    sums = {number: pooled(sources, width) for number, sources in periods.items()}
    values, _ = _values(periods, sums, at, options, base)
    return rebased({number: value for number, (value, _) in values.items()}, base)[0]


def _values(
    periods: Periods, sums: Mapping[int, Sums], at: int, options: IndexOptions, base: Base
) -> tuple[dict[int, Value], list[str]]:
    found: dict[int, Value | None] = {}
    dropped: list[str] = []
    if options.rule == "share":
        found = {number: share(one[0], one[at]) for number, one in sums.items()}
    elif options.rule == "intensity":
        found = {
            number: intensity(one[0], one[1], one[2], one[at + 1 : at + WIDTH])
            for number, one in sums.items()
        }
    else:
        counts = {
            number: {name: (one[0], one[at]) for name, one in sources.items()}
            for number, sources in periods.items()
        }
        scales, dropped = deviations(counts, base, options.needed_in_base)
        found = {number: standardised(sources, scales) for number, sources in counts.items()}
    return {number: value for number, value in found.items() if value is not None}, dropped


def cells_of(
    series: Counted, number: int, at: int, options: IndexOptions, has_weight: bool
) -> dict[str, Any]:
    """Give the figures of a period for a row; what is not known is None, never 0."""
    one = series.sums.get(number)
    if one is None:
        return {"documents": 0, "present": 0, "tokens": 0, "thin": True}
    low, high = series.bounds.get(number, (None, None))
    return {
        "documents": int(one[0]),
        "present": int(one[at]),
        "share": 100.0 * one[at] / one[0],
        "tokens": int(one[1]),
        "weight": one[at + 1] if has_weight else None,
        "intensity": 1000.0 * one[at + 1] / one[1] if one[1] and has_weight else None,
        "index": series.index.get(number),
        "low": low,
        "high": None if high == float("inf") else high,
        "smoothed": series.smoothed.get(number),
        "spike": series.spikes.get(number),
        "thin": one[0] < options.min_docs,
    }
