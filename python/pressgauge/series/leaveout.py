"""How far an index hangs on one source or one term: it is computed anew without each of them in turn."""

from collections.abc import Callable, Iterable, Mapping

Index = Mapping[int, float]
Ranges = dict[int, tuple[float, float]]


def ranges(whole: Index, without: Callable[[str], Index], names: Iterable[str]) -> Ranges:
    """Give the lowest and highest index of each period when one of these names at a time is left out."""
    found: Ranges = {}
    for name in names:
        other = without(name)
        for number in whole:
            if number in other:
                low, high = found.get(number, (other[number], other[number]))
                found[number] = min(low, other[number]), max(high, other[number])
    return found
