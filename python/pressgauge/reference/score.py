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


def tally(dimension: Dimension, counted: Iterable[Match]) -> Tally:
    """Count matches; weights are added up term by term in the lexicon's order."""
    counts = Counter((match.category, match.term) for match in counted)
    weight = 0.0
    for category, term in sorted(counts):
        weight += counts[category, term] * dimension.categories[category][term].weight
    return sum(counts.values()), len(counts), weight


def counted_hits(hits: list[Match], overlap: str) -> list[Match]:
    """Give the hits that a dimension counts: a span once, unless overlaps have no rule."""
    first = {match.span: match for match in sorted(hits, key=precedence, reverse=True)}
    return hits if overlap == "none" else list(first.values())


def category_tallies(dimension: Dimension, hits: list[Match]) -> list[Tally]:
    """Count the hits of each category by themselves."""
    numbers = range(len(dimension.categories))
    return [tally(dimension, [match for match in hits if match.category == number]) for number in numbers]


def key_hash(document: Document) -> str:
    """Hash the keys: equal for texts that differ only in layout, case or punctuation."""
    return sha256("\n".join(token.key for token in document.tokens).encode()).hexdigest()[:32]
