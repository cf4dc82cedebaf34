"""What looks back over a series: the smoothed index and the spikes. Nothing here knows of a later period."""

from collections.abc import Mapping
from statistics import median

from .interval import Interval, Z

# Makes the median absolute deviation of a normal distribution its standard deviation.
_NORMAL = 1.482602218505602


def smoothed(index: Mapping[int, float], over: int) -> dict[int, float]:
    """Mean of this period and those before it that are there; given where at least half of them are."""
    found = {}
    for number in index:
        near = [index[one] for one in range(number - over + 1, number + 1) if one in index]
        if 2 * len(near) >= over:
            found[number] = sum(near) / len(near)
    return found


def spikes(index: Mapping[int, float], bounds: Mapping[int, Interval], window: int) -> dict[int, float]:
    """Robust z of each period against the window before it.

    Distance from the median, in units of the median absolute deviation, or of the period's own standard error
    where that is larger, so that neither a quiet window nor a period of few documents makes a spike of noise.
    """
    found = {}
    for number, value in index.items():
        before = [index[one] for one in range(number - window, number) if one in index]
        if 2 * len(before) < window:
            continue
        middle = median(before)
        spread = _NORMAL * median(abs(one - middle) for one in before)
        low, high = bounds.get(number, (value, value))
        scale = max(spread, (high - low) / (2 * Z))
        if 0 < scale < float("inf"):
            found[number] = (value - middle) / scale
    return found
