"""What an index would be without a term: how many documents and how much weight hang on it alone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from .cells import HEAD, WIDTH, Cells
from .counted import Base, Periods, index_of
from .leaveout import Ranges, ranges

COLUMNS = ("id", "date", "source", "dimension", "term", "status", "start", "end", "weight")

# Of a group: dimension and term, period and source, then documents, weight, products lost.
_Lost = dict[tuple[str, str], dict[tuple[int, str], list[float]]]


class TermLosses:
    """Adds up, from evidence in the order of its documents, what each term's absence would cost."""

    def __init__(self, cells: Cells) -> None:
        """Begin empty."""
        self._cells = cells
        self.lost: _Lost = defaultdict(dict)

    def add_all(self, rows: Iterator[Sequence[Any]]) -> None:
        """Read rows of evidence; those of a document stand together."""
        hits = (row for row in rows if row[5] == "hit")
        for (_, date, source), mine in groupby(hits, key=itemgetter(0, 1, 2)):
            number = self._cells.number(date)
            if number is None:
                continue
            for dimension, spans in _spans(mine).items():
                self._document((number, source or ""), dimension, spans)

    def _document(
        self, place: tuple[int, str], dimension: str, spans: dict[tuple[int, int], dict[str, float]]
    ) -> None:
        """Count what hangs on one term alone: a span that several terms share stays a hit without one."""
        alone: dict[str, list[float]] = {}
        for terms in spans.values():
            if len(terms) == 1:
                ((term, weight),) = terms.items()
                alone.setdefault(term, []).append(weight)
        least = self._cells.options.min_hits
        for term, weights in alone.items():
            loses = len(spans) >= least > len(spans) - len(weights)
            sums = self.lost[dimension, term].setdefault(place, [0.0, 0.0])
            sums[0] += loses
            sums[1] += sum(weights)

    def ranges(self, periods: Periods, dimension: str, at: int, base: Base) -> Ranges:
        """Give the range of the index of a dimension without each of its terms."""
        whole = index_of(periods, at, self._cells.options, base)
        mine = {term: places for (name, term), places in self.lost.items() if name == dimension}

        def without(term: str) -> dict[int, float]:
            left = {number: dict(sources) for number, sources in periods.items()}
            for (number, source), (documents, weight) in mine[term].items():
                sums = left.get(number, {}).get(source)
                if sums is not None:
                    sums = left[number][source] = list(sums)
                    sums[at] -= documents
                    sums[at + 1] -= weight
            return index_of(left, at, self._cells.options, base)

        return ranges(whole, without, mine)


def _spans(hits: Iterator[Sequence[Any]]) -> dict[str, dict[tuple[int, int], dict[str, float]]]:
    found: dict[str, dict[tuple[int, int], dict[str, float]]] = {}
    for _, _, _, dimension, term, _, start, end, weight in hits:
        found.setdefault(dimension, {}).setdefault((start, end), {})[term] = float(weight)
    return found


def place_of(number: int) -> int:
    """Say where in the sums the series of a number begins."""
    return HEAD + WIDTH * number
