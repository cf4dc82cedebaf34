"""The three rules (SPEC 10): what a period is worth, and how worth becomes an index of 100 over the base."""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt

from .interval import Interval, combined, ratio, wilson

Value = tuple[float, Interval]
# Of a source in a period: documents, and those with hits.
Counts = tuple[float, float]


def rebased(values: Mapping[int, float], base: tuple[int, int]) -> tuple[dict[int, float], float | None]:
    """Set the mean over the base to 100; give the mean, too. Without one above 0 there is no index."""
    inside = [value for number, value in values.items() if base[0] <= number <= base[1]]
    mean = fsum(inside) / len(inside) if inside else 0.0
    if mean <= 0:
        return {}, None
    return {number: 100.0 * value / mean for number, value in values.items()}, mean


def share(documents: float, present: float) -> Value:
    """Per cent of the documents that have hits, with Wilson's interval."""
    low, high = wilson(present, documents)
    return 100.0 * present / documents, (100.0 * low, 100.0 * high)


def intensity(documents: float, tokens: float, squares: float, weight: Sequence[float]) -> Value | None:
    """Weight per 1,000 tokens, with the interval of a ratio; `weight` is sum, squares, products."""
    if not tokens:
        return None
    value, (low, high) = ratio(documents, tokens, squares, *weight)
    return 1000.0 * value, (1000.0 * low, 1000.0 * high)


def deviations(
    cells: Mapping[int, Mapping[str, Counts]], base: tuple[int, int], needed: int
) -> tuple[dict[str, float], list[str]]:
    """Give each source's standard deviation over the base, and the sources that have none to speak of."""
    shares: dict[str, list[float]] = {}
    for number, sources in cells.items():
        for source, (documents, present) in sources.items():
            known = shares.setdefault(source, [])
            if base[0] <= number <= base[1]:
                known.append(present / documents)
    kept = {source: _deviation(values) for source, values in shares.items() if len(values) >= max(needed, 2)}
    kept = {source: deviation for source, deviation in kept.items() if deviation > 0}
    return kept, sorted(set(shares) - set(kept))


def standardised(sources: Mapping[str, Counts], scales: Mapping[str, float]) -> Value | None:
    """Mean over the sources present of share divided by its deviation; Wilson's intervals, combined."""
    present = {source: counts for source, counts in sources.items() if source in scales}
    if not present:
        return None
    parts = []
    for source, (documents, hits) in present.items():
        weight = 1.0 / (scales[source] * len(present))
        parts.append((weight, hits / documents, wilson(hits, documents)))
    return fsum(weight * value for weight, value, _ in parts), combined(parts)


def _deviation(values: Sequence[float]) -> float:
    """Divide by n - 1; of equal values it is 0, whatever rounding makes of their mean."""
    if min(values) == max(values):
        return 0.0
    mean = fsum(values) / len(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
