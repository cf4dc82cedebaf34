"""What the report says, gathered from scores and evidence in two passes; nothing here knows HTML."""

import heapq
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - `date` is what everything here is called
from typing import Any

from pressgauge.display import line
from pressgauge.evidence import TermCount, count_terms
from pressgauge.evidence.terms import COLUMNS as TERM_COLUMNS
from pressgauge.series import IndexTable, index
from pressgauge.series.periods import Unit, period_of
from pressgauge.tables import Table, open_table

SPIKE = 3.5
_MOST_SPIKES, _LINES, _DOCUMENTS, _TERMS, _SOURCES = 6, 12, 8, 12, 20
_LEAST_TOKENS = 50
# What makes periods too many for a line, and documents enough for a point of it.
_MOST_DAYS, _ENOUGH = 400, 10


@dataclass(slots=True)
class Spike:
    """A period far above the ones before it, and words from it."""

    period: str
    z: float
    share: float
    documents: int
    lines: list[dict[str, str]] = field(default_factory=list)
    terms: list[tuple[str, int]] = field(default_factory=list)
    hits: int = 0


@dataclass(slots=True)
class DimensionData:
    """What the page shows of one dimension."""

    name: str
    rows: list[dict[str, Any]]
    spikes: list[Spike]
    sources: list[str]
    heat: list[list[float | None]]
    documents: list[dict[str, Any]]
    terms: list[TermCount]


@dataclass(slots=True)
class ReportData:
    """What the page shows."""

    title: str
    by: Unit
    base: str
    about: dict[str, str]
    figures: dict[str, str]
    notes: list[str]
    dimensions: list[DimensionData]
    has_hits: bool


def gather(scores: str, hits: str | None, by: Unit | None, **options: Any) -> ReportData:
    """Read the tables and work everything out."""
    table = open_table(scores)
    unit = by or _unit(table)
    whole = index(scores, hits=hits, by=unit, **options)
    grouped = index(scores, by=unit, group="source", **options) if "source" in table.columns else None
    names = list(
        dict.fromkeys(name for name in whole.column("dimension") if "/" not in name and "#" not in name)
    )
    documents = _documents(table, names)
    terms = list(count_terms(open_table(hits).rows(TERM_COLUMNS)).values()) if hits else []
    dimensions = []
    for name in names:
        rows = [row for row in whole.to_dicts() if row["dimension"] == name]
        sources, heat = _heat(grouped, name, [row["period"] for row in rows])
        mine = [one for one in terms if one.dimension == name][:_TERMS]
        dimensions.append(DimensionData(name, rows, _spikes(rows), sources, heat, documents[name], mine))
    if hits:
        _words(open_table(hits), dimensions, unit)
    return ReportData(
        title="Pressure in the press",
        by=unit,
        base=whole.column("base")[0],
        about=_about(whole.about),
        figures=_figures(whole, names),
        notes=_notes(whole, dimensions),
        dimensions=dimensions,
        has_hits=hits is not None,
    )


def _unit(table: Table) -> Unit:
    """Choose periods that give a readable line: not too many of them, and not too few documents in each."""
    counts = Counter(str(cell)[:10] for (cell,) in table.rows(["date"]) if cell and len(str(cell)) >= 10)
    try:
        span = (Date.fromisoformat(max(counts)) - Date.fromisoformat(min(counts))).days + 1
    except ValueError:
        return "year" if not counts else "month"
    a_day = counts.total() / span
    if span <= _MOST_DAYS and a_day >= _ENOUGH:
        return "day"
    if span <= 7 * _MOST_DAYS and 7 * a_day >= _ENOUGH:
        return "week"
    return "month" if span <= 31 * _MOST_DAYS else "year"


def _spikes(rows: Sequence[Mapping[str, Any]]) -> list[Spike]:
    high = [row for row in rows if row["spike"] is not None and row["spike"] > 0]
    high.sort(key=lambda row: -row["spike"])
    return [Spike(row["period"], row["spike"], row["share"], row["documents"]) for row in high[:_MOST_SPIKES]]


def _heat(
    grouped: IndexTable | None, name: str, periods: list[str]
) -> tuple[list[str], list[list[float | None]]]:
    """Give the share of each source by period; the largest sources only."""
    if grouped is None:
        return [], []
    cells: dict[str, dict[str, float | None]] = defaultdict(dict)
    sizes = Counter[str]()
    for row in grouped.to_dicts():
        if row["dimension"] == name:
            source = row["group"] or "unknown"
            cells[source][row["period"]] = row["share"]
            sizes[source] += row["documents"]
    sources = [source for source, _ in sizes.most_common(_SOURCES)]
    return [line(one) for one in sources], [[cells[one].get(period) for period in periods] for one in sources]


def _documents(table: Table, names: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Find the most intense documents of each dimension; of copies only one."""
    best: dict[str, list[tuple[float, int, dict[str, Any]]]] = {name: [] for name in names}
    seen: dict[str, set[str]] = {name: set() for name in names}
    columns = ["id", "title", "date", "source", "tokens", "text_hash"]
    for number, row in enumerate(table.rows([*columns, *(f"{name}_rate" for name in names)])):
        told = dict(zip(columns, row, strict=False))
        if (told["tokens"] or 0) < _LEAST_TOKENS:
            continue
        for name, rate in zip(names, row[len(columns) :], strict=True):
            text_hash = told["text_hash"] or f"#{number}"
            if not rate or text_hash in seen[name]:
                continue
            entry = (rate, -number, told | {"rate": rate, "hash": text_hash})
            if len(best[name]) < _DOCUMENTS:
                heapq.heappush(best[name], entry)
            elif entry > best[name][0]:
                seen[name].discard(heapq.heappushpop(best[name], entry)[2]["hash"])
            else:
                continue
            seen[name].add(text_hash)
    return {name: [told for _, _, told in sorted(found, reverse=True)] for name, found in best.items()}


def _words(hits: Table, dimensions: Sequence[DimensionData], unit: Unit) -> None:
    """Give each spike its terms, and lines: one of a document, and of the same words only one."""
    wanted = {(one.name, spike.period): spike for one in dimensions for spike in one.spikes}
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    seen: set[tuple[Any, ...]] = set()
    columns = ["id", "date", "source", "dimension", "term", "status", "left", "surface", "right"]
    for id_, date, source, dimension, term, status, left, surface, right in hits.rows(columns):
        key = dimension, period_of(date, unit) or ""
        spike = wanted.get(key)
        if spike is None or status != "hit":
            continue
        spike.hits += 1
        counts[key][term] += 1
        words = key, left, surface, right
        if len(spike.lines) < _LINES and (key, id_) not in seen and words not in seen:
            seen |= {(key, id_), words}
            told = {"id": id_, "date": str(date or "")[:10], "source": source or "", "term": term}
            spike.lines.append(told | {"left": left or "", "surface": surface or "", "right": right or ""})
    for key, spike in wanted.items():
        spike.terms = counts[key].most_common(5)


def _about(about: Mapping[str, str]) -> dict[str, str]:
    told = {
        key.removeprefix("pressgauge."): str(value)
        for key, value in about.items()
        if key.startswith("pressgauge.")
    }
    return told or {"index": json.dumps(dict(about))}


def _figures(whole: IndexTable, names: list[str]) -> dict[str, str]:
    rows = [row for row in whole.to_dicts() if row["dimension"] == names[0]]
    documents = sum(row["documents"] for row in rows)
    return {
        "documents": f"{documents:,}",
        "words": f"{sum(row['tokens'] or 0 for row in rows):,}",
        "sources": f"{max((row['sources'] for row in rows), default=0):,} at most in one period",
        "periods": f"{len(rows):,}, {rows[0]['period']} to {rows[-1]['period']}",
    }


def _notes(whole: IndexTable, dimensions: Sequence[DimensionData]) -> list[str]:
    rows = dimensions[0].rows
    thin = sum(bool(row["thin"]) and row["documents"] > 0 for row in rows)
    empty = sum(row["documents"] == 0 for row in rows)
    notes = list(whole.notes)
    if thin:
        notes.append(
            f"{thin:,} of {len(rows):,} periods are thin: their intervals are wide, their spikes uncertain"
        )
    if empty:
        notes.append(f"{empty:,} of {len(rows):,} periods have no documents; the lines break there")
    return notes
