"""Keyness: which terms one group uses more than another, relative to how much it says.

The test is the log-likelihood ratio of Dunning (1993), in the form of Rayson and Garside (2000); its size is
the log ratio of Hardie (2014), which does not grow with the corpus.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, log2


@dataclass(frozen=True, slots=True)
class Keyness:
    """One term in two groups: hits, log-likelihood (10.83 is 0.1 %), binary log of the ratio of rates."""

    hits: int
    others: int
    log_likelihood: float
    log_ratio: float


def keyness(hits: int, tokens: int, others: int, other_tokens: int) -> Keyness:
    """Compare a term's hits in two groups of so many tokens; half a hit stands for none in the ratio."""
    if tokens <= 0 or other_tokens <= 0:
        raise ValueError("both groups must have tokens")
    rate = (hits + others) / (tokens + other_tokens)
    likelihood = 2 * sum(
        count * log(count / (size * rate))
        for count, size in ((hits, tokens), (others, other_tokens))
        if count
    )
    ratio = log2(((hits or 0.5) / tokens) / ((others or 0.5) / other_tokens))
    return Keyness(hits, others, max(likelihood, 0.0), ratio)


def compared(
    first: Mapping[str, int], tokens: int, second: Mapping[str, int], other_tokens: int
) -> dict[str, Keyness]:
    """Compare all terms of two groups, the most telling first."""
    names = {*first, *second}
    found = {name: keyness(first.get(name, 0), tokens, second.get(name, 0), other_tokens) for name in names}
    return dict(sorted(found.items(), key=lambda item: (-item[1].log_likelihood, item[0])))
