"""Documents counted by period, for the page of the demo; the index proper has its own rules (SPEC 10)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

_LONGEST_IN_MONTHS, _LONGEST_IN_QUARTERS = 12, 40


@dataclass(frozen=True, slots=True)
class Period:
    """A period: how many documents, and for each dimension the share with hits and the mean rate."""

    name: str
    documents: int
    shares: tuple[float, ...]
    rates: tuple[float, ...]


def by_period(scores: list[dict[str, Any]], dimensions: list[str]) -> list[Period]:
    """Group rows of a score table by month, quarter or year, whichever gives a page."""
    dated = [row for row in scores if row["date"] and len(row["date"]) >= 7]
    length = _length([row["date"][:7] for row in dated])
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in dated:
        groups[_name(row["date"], length)].append(row)
    return [_period(name, groups[name], dimensions) for name in sorted(groups)]


def _period(name: str, rows: list[dict[str, Any]], dimensions: list[str]) -> Period:
    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    return Period(
        name=name,
        documents=len(rows),
        shares=tuple(mean([float(bool(row[f"{one}_hits"])) for row in rows]) for one in dimensions),
        rates=tuple(mean([row[f"{one}_rate"] or 0.0 for row in rows]) for one in dimensions),
    )


def _length(months: list[str]) -> int:
    """Choose the length of a period in months."""
    if not months:
        return 1
    first, last = (int(month[:4]) * 12 + int(month[5:7]) for month in (min(months), max(months)))
    span = last - first + 1
    return 1 if span <= _LONGEST_IN_MONTHS else 3 if span <= 3 * _LONGEST_IN_QUARTERS else 12


def _name(date: str, length: int) -> str:
    year, month = date[:4], int(date[5:7])
    return {1: date[:7], 3: f"{year} Q{(month + 2) // 3}", 12: year}[length]
