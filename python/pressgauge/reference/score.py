"""Owns the numbers: hits, distinct terms, weights, and the hash of a text (SPEC 9)."""

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import TypeAlias

from .lexicon import Dimension
from .match import Document
from .rules import Match, precedence

# Hits, distinct terms, weight.
Tally: TypeAlias = tuple[int, int, float]


def _tally(dimension: Dimension, counted: Iterable[Match]) -> Tally:
    """Count matches; weights are added up term by term in the lexicon's order."""
    counts = Counter((match.category, match.term) for match in counted)
    weight = 0.0
    for category, term in sorted(counts):
        weight += counts[category, term] * dimension.categories[category][term].weight
    return sum(counts.values()), len(counts), weight


def dimension_tally(dimension: Dimension, hits: list[Match], overlap: str) -> Tally:
    """Count a span once, with the term that goes first; without rules for overlap count all."""
    first = {match.span: match for match in sorted(hits, key=precedence, reverse=True)}
    return _tally(dimension, hits if overlap == "none" else first.values())


def category_tallies(dimension: Dimension, hits: list[Match]) -> list[Tally]:
    """Count the hits of each category by themselves."""
    numbers = range(len(dimension.categories))
    return [_tally(dimension, [match for match in hits if match.category == number]) for number in numbers]


def key_hash(document: Document) -> str:
    """Hash the keys: equal for texts that differ only in layout, case or punctuation."""
    return sha256("\n".join(token.key for token in document.tokens).encode()).hexdigest()[:32]
