"""What a change of a lexicon moves in a corpus: both score it, and their tables are read side by side."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from pressgauge.lexicon import Lexicon
from pressgauge.run import Summary, score_files
from pressgauge.tables import Table, open_table

Key: TypeAlias = tuple[str, str, str]

# Hits of a document before and after, by dimension.
_Hits: TypeAlias = dict[str, tuple[int, int]]
_MOST_WORDS = 40
_COLUMNS = ("id", "dimension", "category", "term", "surface")


@dataclass(slots=True)
class Moved:
    """A dimension: documents with hits, those that gain or lose all, those that change; all hits."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0
    changed: int = 0
    hits_before: int = 0
    hits_after: int = 0

    def add(self, before: int, after: int) -> None:
        """Count a document."""
        self.before += before > 0
        self.after += after > 0
        self.gained += before == 0 < after
        self.lost += after == 0 < before
        self.changed += before != after
        self.hits_before += before
        self.hits_after += after


@dataclass(slots=True)
class Mover:
    """A document whose hits change: before and after by dimension, and the words that came and went.

    `number` is its place in the corpus, from 0. Documents that share an id share their words here.
    """

    id: str
    number: int
    hits: Mapping[str, tuple[int, int]]
    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    went: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Difference:
    """What moves: documents in all, those that move, each dimension, the documents and terms that move most.

    `terms` has the change of hits of each term of a category that changes.
    """

    summary: Summary
    moved: int
    dimensions: Mapping[str, Moved]
    movers: Sequence[Mover]
    terms: Mapping[Key, int]


def compare(
    before: Lexicon, after: Lexicon, corpus: Sequence[str], top: int = 10, **options: Any
) -> Difference:
    """Score files with two lexicons and say what moves. Options are those of `score_files` on reading.

    Each document counts, in the order of the files; a dimension that one lexicon does not have has no hits
    there. Tables go through temporary files and are read as they come: memory does not grow with the corpus,
    but with `top` and with the terms.
    """
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            _run(lexicon, corpus, Path(folder) / side, options) for lexicon, side in _sides(before, after)
        ]
        dimensions, moved, movers = _documents([scores for scores, _, _ in runs], before, after, top)
        terms = _words([evidence for _, evidence, _ in runs], movers)
        return Difference(runs[0][2], moved, dimensions, movers, terms)


def _sides(before: Lexicon, after: Lexicon) -> Iterator[tuple[Lexicon, str]]:
    yield before, "before"
    yield after, "after"


def _run(
    lexicon: Lexicon, corpus: Sequence[str], place: Path, options: dict[str, Any]
) -> tuple[Table, Table, Summary]:
    scores, evidence = place.with_suffix(".scores.parquet"), place.with_suffix(".hits.parquet")
    summary = score_files(corpus, scores, lexicon=lexicon, hits=evidence, **options)
    return open_table(scores), open_table(evidence), summary


def _documents(
    tables: Sequence[Table], before: Lexicon, after: Lexicon, top: int
) -> tuple[dict[str, Moved], int, list[Mover]]:
    """Read both score tables row beside row; keep the documents that move most in a heap of fixed size."""
    names = list(dict.fromkeys(one.name for one in (*before.dimensions, *after.dimensions)))
    found = {name: Moved() for name in names}
    columns = [f"{name}_hits" for name in names]
    heap: list[tuple[int, int, str, _Hits]] = []
    moved = 0
    first, second = (table.rows(["id", *columns]) for table in tables)
    for number, ((id_, *ours), (_, *theirs)) in enumerate(zip(first, second, strict=True)):
        hits = {name: (one or 0, other or 0) for name, one, other in zip(names, ours, theirs, strict=True)}
        for name, pair in hits.items():
            found[name].add(*pair)
        size = sum(abs(other - one) for one, other in hits.values())
        if size:
            moved += 1
            entry = size, -number, str(id_), hits
            heappush(heap, entry) if len(heap) < top else heappushpop(heap, entry)
    return (
        found,
        moved,
        [
            Mover(id_, -number, {name: pair for name, pair in hits.items() if pair[0] != pair[1]})
            for _, number, id_, hits in sorted(heap, reverse=True)
        ],
    )


def _words(tables: Sequence[Table], movers: Sequence[Mover]) -> dict[Key, int]:
    """Read both tables of evidence: the change of each term, and the words of the documents in question."""
    terms: Counter[Key] = Counter()
    wanted = {mover.id: mover for mover in movers}
    signed = zip((-1, 1), tables, strict=True)
    rows = chain.from_iterable(((sign, *row) for row in table.rows(_COLUMNS)) for sign, table in signed)
    for sign, id_, dimension, category, term, surface in rows:
        terms[dimension, category, term] += sign
        mover = wanted.get(id_)
        if mover is not None and dimension in mover.hits:
            word = " ".join(surface.split()).casefold()[:_MOST_WORDS]
            mover.came[dimension, word] += sign
    for mover in movers:
        mover.went = Counter({word: -count for word, count in mover.came.items() if count < 0})
        mover.came = +mover.came
    return dict(
        sorted(((key, count) for key, count in terms.items() if count), key=lambda item: -abs(item[1]))
    )
