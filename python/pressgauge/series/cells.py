"""Counts of documents by group, period and source: all that an index keeps of the documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .options import IndexOptions
from .periods import ordinal, period_of

# Documents, tokens, tokens squared; then of each series documents with hits, weight, its square,
# weight times tokens.
Sums: TypeAlias = list[float]
BySource: TypeAlias = dict[str, Sums]

HEAD, WIDTH = 3, 4


@dataclass(frozen=True, slots=True)
class Series:
    """One series: what its rows are called, and the columns of the score table that it counts."""

    name: str
    hits: str
    weight: str | None


@dataclass(slots=True)
class Notes:
    """What an index could not use, or what qualifies it."""

    rows: int = 0
    without_text: int = 0
    undated: int = 0
    outside: int = 0
    crawl: int = 0
    copies: int = 0
    sources_unknown: int = 0
    said: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Word the notes."""
        counted = (
            (self.without_text, "without a text, left out"),
            (self.undated, "without a date that tells the period, left out"),
            (self.outside, "outside the span, left out"),
            (self.crawl, "dated by when they were crawled, not published"),
            (self.sources_unknown, "without a source, taken as one source"),
            (
                self.copies,
                "copies of another document of their period; the columns in _distinct leave them out",
            ),
        )
        return [
            f"{count:,} of {self.rows:,} documents: {what}" for count, what in counted if count
        ] + self.said


class Cells:
    """Sums that grow while rows pass by."""

    def __init__(self, series: Sequence[Series], options: IndexOptions, hashed: bool) -> None:
        """Begin empty; with hashes copies are counted once beside."""
        self.series = series
        self.options = options
        self.hashed = hashed
        self.all: dict[str, dict[int, BySource]] = {}
        self.distinct: dict[str, dict[int, BySource]] = {}
        self.notes = Notes()
        self._seen: dict[tuple[str, int], set[int]] = {}
        self._numbers: dict[str | None, int | None] = {}
        self._span = options.range("span")

    def columns(self) -> list[str]:
        """Name the columns of a score table that `add` takes, in its order."""
        fixed = ["date", "date_kind", "source", self.options.group or "", "text_hash", "tokens"]
        return fixed + [name for one in self.series for name in (one.hits, one.weight or "")]

    def add(self, row: Sequence[Any]) -> None:
        """Count a row of the score table."""
        date, kind, source, group, text_hash, tokens, *figures = row
        notes = self.notes
        notes.rows += 1
        if tokens is None:
            notes.without_text += 1
            return
        number = self.number(date)
        if number is None:
            notes.undated += 1
            return
        if self._span and not self._span[0] <= number <= self._span[1]:
            notes.outside += 1
            return
        notes.crawl += kind == "crawl"
        notes.sources_unknown += source is None
        place = ("" if group is None else str(group)), number, source or ""
        self._count(self.all, place, int(tokens), figures)
        if self.hashed and self._is_new(place, text_hash):
            self._count(self.distinct, place, int(tokens), figures)

    def number(self, date: str | None) -> int | None:
        """Give the number of a date's period, remembered by day."""
        day = date[:10] if date else None
        if day not in self._numbers:
            period = period_of(day, self.options.by)
            self._numbers[day] = None if period is None else ordinal(period, self.options.by)
        return self._numbers[day]

    def _is_new(self, place: tuple[str, int, str], text_hash: str | None) -> bool:
        """Tell whether a text is the first of its kind in its group and period, by 60 bits of its hash."""
        if not text_hash:
            return True
        seen = self._seen.setdefault(place[:2], set())
        code = int(text_hash[:15], 16)
        if code in seen:
            self.notes.copies += 1
            return False
        seen.add(code)
        return True

    def _count(
        self,
        into: dict[str, dict[int, BySource]],
        place: tuple[str, int, str],
        tokens: int,
        figures: Sequence[Any],
    ) -> None:
        group, number, source = place
        sums = into.setdefault(group, {}).setdefault(number, {}).get(source)
        if sums is None:
            sums = into[group][number][source] = [0.0] * (HEAD + WIDTH * len(self.series))
        sums[0] += 1
        sums[1] += tokens
        sums[2] += tokens * tokens
        for index in range(0, len(figures), 2):
            hits = figures[index]
            if not hits:
                continue
            weight, at = float(figures[index + 1] or 0.0), HEAD + WIDTH // 2 * index
            sums[at] += hits >= self.options.min_hits
            sums[at + 1] += weight
            sums[at + 2] += weight * weight
            sums[at + 3] += weight * tokens


def series_of(columns: Iterable[str]) -> list[Series]:
    """Find the series in the columns of a score table: dimensions, their categories, their tags."""
    names = list(columns)
    dimensions = [name[:-5] for name in names if name.endswith("_rate") and f"{name[:-5]}_hits" in names]
    found = []
    for dimension in dimensions:
        found.append(Series(dimension, f"{dimension}_hits", f"{dimension}_weight"))
        for name in names:
            category = name.removeprefix(f"{dimension}_cat_").removesuffix("_hits")
            if name == f"{dimension}_cat_{category}_hits":
                weight = f"{dimension}_cat_{category}_weight"
                found.append(Series(f"{dimension}/{category}", name, weight))
            elif name.startswith(f"{dimension}_tag_"):
                found.append(Series(f"{dimension}#{name.removeprefix(f'{dimension}_tag_')}", name, None))
    return found


def pooled(by_source: Mapping[str, Sums], width: int) -> Sums:
    """Add up the sources of a period."""
    total = [0.0] * width
    for sums in by_source.values():
        for index, value in enumerate(sums):
            total[index] += value
    return total
