"""Auditing by hand: samples of hits by term and of documents without hits; and what their codes say."""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pressgauge.errors import InputError
from pressgauge.extra import extra
from pressgauge.series.interval import Interval, wilson

HIT_COLUMNS = ("id", "date", "source", "dimension", "category", "term", "status", "left", "surface", "right")
SAMPLE = (
    *("kind", "id", "date", "source", "dimension", "category", "term", "left", "surface", "right"),
    *("stratum_size", "stratum_sampled", "code", "code_2"),
)
_YES, _NO = {"1", "yes", "y", "true"}, {"0", "no", "n", "false"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What coded rows come to, for a term, a category or a dimension; recall only where misses were coded."""

    name: str
    coded: int
    correct: float
    precision: float
    interval: Interval
    recall: float | None = None


class _Reservoir:
    """Keeps so many of the rows that pass, each with equal chance; all of them if there are no more."""

    def __init__(self, size: int, dice: random.Random) -> None:
        self._size, self._dice = size, dice
        self._kept: list[tuple[float, int, Any]] = []
        self.seen = 0

    def add(self, row: Any) -> None:  # noqa: ANN401 - whatever is sampled
        self.seen += 1
        entry = (self._dice.random(), self.seen, row)
        if len(self._kept) < self._size:
            heapq.heappush(self._kept, entry)
        else:
            heapq.heappushpop(self._kept, entry)

    def rows(self) -> list[Any]:
        """Give what was kept, in the order in which it passed."""
        return [row for _, _, row in sorted(self._kept, key=lambda entry: entry[1])]


def audit_sample(
    hits: Iterable[Sequence[Any]],
    documents: Iterable[tuple[str, str | None, str | None, Mapping[str, int]]] = (),
    *,
    per_term: int = 10,
    without: int = 50,
    seed: int = 1,
) -> list[dict[str, Any]]:
    """Draw hits of each term, rare terms whole, and for each dimension documents without hits.

    `hits` has cells as `HIT_COLUMNS` names them, `documents` an id, a date, a source and hits by dimension.
    """
    dice = random.Random(seed)
    strata: dict[tuple[str, ...], _Reservoir] = {}
    for row in hits:
        if row[6] == "hit":
            strata.setdefault((row[3], row[4], row[5]), _Reservoir(per_term, dice)).add(row)
    none: dict[str, _Reservoir] = {}
    for id_, date, source, counts in documents:
        for dimension, count in counts.items():
            if not count:
                none.setdefault(dimension, _Reservoir(without, dice)).add((id_, date, source))
    return [*_hit_rows(strata), *_document_rows(none)]


def _hit_rows(strata: Mapping[tuple[str, ...], _Reservoir]) -> Iterator[dict[str, Any]]:
    for key in sorted(strata):
        stratum = strata[key]
        for id_, date, source, dimension, category, term, _, left, surface, right in stratum.rows():
            yield dict(
                zip(
                    SAMPLE,
                    ("hit", id_, date, source, dimension, category, term, left, surface, right),
                    strict=False,
                )
            ) | {"stratum_size": stratum.seen, "stratum_sampled": len(stratum.rows())}


def _document_rows(none: Mapping[str, _Reservoir]) -> Iterator[dict[str, Any]]:
    for dimension in sorted(none):
        stratum = none[dimension]
        for id_, date, source in stratum.rows():
            row = {"kind": "document", "id": id_, "date": date, "source": source, "dimension": dimension}
            yield row | {"stratum_size": stratum.seen, "stratum_sampled": len(stratum.rows())}


def audit_score(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Agreement], float | None]:
    """Give precision of each term, category and dimension, the dimension's recall, and the coders' alpha.

    A hit's code says whether it means what its category says, a document's whether it should have had a hit.
    Precision above a term weighs each term by how often it fires. Recall is an estimate: right hits, over
    right hits and the documents that should have had one.
    """
    groups: dict[str, list[tuple[Mapping[str, Any], bool]]] = defaultdict(list)
    misses: dict[str, list[tuple[Mapping[str, Any], bool]]] = defaultdict(list)
    for row in rows:
        code = _code(row.get("code"))
        if code is None:
            continue
        if row["kind"] == "document":
            misses[row["dimension"]].append((row, code))
            continue
        path = [row["dimension"], row["category"], row["term"]]
        for depth in (1, 2, 3):
            groups[" / ".join(path[:depth])].append((row, code))
    found = [_agreement(name, coded, misses.get(name)) for name, coded in sorted(groups.items())]
    return found, alpha([(_code(row.get("code")), _code(row.get("code_2"))) for row in rows])


def _agreement(
    name: str,
    coded: list[tuple[Mapping[str, Any], bool]],
    missed: list[tuple[Mapping[str, Any], bool]] | None,
) -> Agreement:
    right, drawn, sizes = Counter[str](), Counter[str](), {}
    for row, code in coded:
        term = f"{row['category']}/{row['term']}"
        right[term] += code
        drawn[term] += 1
        sizes[term] = int(row["stratum_size"])
    total = sum(sizes.values())
    correct = sum(sizes[term] * right[term] / drawn[term] for term in sizes)
    precision = correct / total
    recall = None
    if missed:
        lost = int(missed[0][0]["stratum_size"]) * sum(code for _, code in missed) / len(missed)
        recall = correct / (correct + lost) if correct + lost else None
    # A weighted sample says less than as many plain draws (Kish 1965), and its interval is wider for it.
    weights = [
        sizes[f"{row['category']}/{row['term']}"] / drawn[f"{row['category']}/{row['term']}"]
        for row, _ in coded
    ]
    effective = sum(weights) ** 2 / sum(weight * weight for weight in weights)
    return Agreement(name, len(coded), correct, precision, wilson(precision * effective, effective), recall)


def alpha(pairs: Sequence[tuple[bool | None, bool | None]]) -> float | None:
    """Krippendorff's alpha of two coders (extra `audit`); None if nothing was coded twice, or all alike."""
    both = [(int(one), int(two)) for one, two in pairs if one is not None and two is not None]
    if not both or len({code for pair in both for code in pair}) < 2:
        return None
    data = [list(column) for column in zip(*both, strict=True)]
    return float(extra("krippendorff", "audit").alpha(reliability_data=data, level_of_measurement="nominal"))


def _code(text: object) -> bool | None:
    said = str(text if text is not None else "").strip().casefold()
    if not said:
        return None
    if said in _YES | _NO:
        return said in _YES
    raise InputError(f"a code is 1 or 0, not {said[:20]!r}")
