"""How often each term fires: hits, documents, surfaces, periods, sources."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pressgauge.series.periods import Unit, period_of

Key: TypeAlias = tuple[str, str, str]

COLUMNS = ("id", "date", "source", "dimension", "category", "term", "status", "surface")


@dataclass(slots=True)
class TermCount:
    """One term of one category, and how it was met."""

    dimension: str
    category: str
    term: str
    hits: int = 0
    documents: int = 0
    surfaces: Counter[str] = field(default_factory=Counter)
    periods: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    last: object = None

    def add(self, document: object, surface: str, period: str, source: str) -> None:
        """Count a hit; those of a document come together."""
        self.hits += 1
        self.documents += document != self.last
        self.last = document
        self.surfaces[" ".join(surface.split()).casefold()] += 1
        self.periods[period] += 1
        self.sources[source] += 1


def count_terms(rows: Iterable[Sequence[Any]], by: Unit = "year") -> dict[Key, TermCount]:
    """Count the hits in rows of evidence, with cells as `COLUMNS` names them; frequent terms first."""
    found: dict[Key, TermCount] = {}
    for id_, date, source, dimension, category, term, status, surface in rows:
        if status == "hit":
            key = dimension, category, term
            one = found.setdefault(key, TermCount(*key))
            document = id_, date, source
            one.add(document, surface, period_of(date, by) or "undated", source or "unknown")
    return dict(sorted(found.items(), key=lambda item: (-item[1].hits, item[0])))
