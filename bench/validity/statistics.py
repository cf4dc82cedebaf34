"""Recall, precision, F1, AUC of the rate and false-positive rate, with bootstrap intervals. Plain Python.

The bootstrap draws positives and negatives each by themselves, so that a small class keeps its size.
"""

import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

ROUNDS = 1_000
MEASURES = ("recall", "precision", "f1", "auc", "alarms")

Counts = Sequence[int]


@dataclass(frozen=True)
class Estimate:
    """A figure and the bounds of its 95 % interval; None where it is not defined."""

    value: float
    low: float
    high: float


def auc(positives: Counts, negatives: Counts) -> float:
    """Say how often a positive has the higher value, ties counting half, from counts by rank."""
    below = [0, *accumulate(negatives)]
    won = sum(count * (below[rank] + negatives[rank] / 2) for rank, count in enumerate(positives) if count)
    return won / (sum(positives) * below[-1])


def figures(positives: Counts, negatives: Counts, zero: int) -> dict[str, float]:
    """Give the measures; `zero` is the rank of the rate 0, below which there is none."""
    found, missed = sum(positives[zero:]), sum(positives[:zero])
    false, right = sum(negatives[zero:]), sum(negatives[:zero])
    made = {}
    if found + missed:
        made["recall"] = found / (found + missed)
    if false + right:
        made["alarms"] = false / (false + right)
    if len(made) == 2:
        made["auc"] = auc(positives, negatives)
        made["precision"] = found / (found + false) if found + false else 0.0
        made["f1"] = 2 * found / (2 * found + false + missed)
    return made


def drawn(counts: Counts, rng: random.Random) -> list[int]:
    """Draw as many as there are, with replacement."""
    total = sum(counts)
    made = [0] * len(counts)
    if not total:
        return made
    for rank in rng.choices(range(len(counts)), cum_weights=list(accumulate(counts)), k=total):
        made[rank] += 1
    return made


def ranked(positives: Sequence[float], negatives: Sequence[float]) -> tuple[list[int], list[int], int]:
    """Count the values of both classes by rank; also give the first rank above 0."""
    values = sorted({*positives, *negatives})
    both = [0] * len(values), [0] * len(values)
    for counts, given in zip(both, (positives, negatives), strict=True):
        for value in given:
            counts[bisect_left(values, value)] += 1
    return both[0], both[1], bisect_left(values, 1e-12)


def bounds(sample: list[float]) -> tuple[float, float]:
    """Cut off a fortieth at each end."""
    ordered = sorted(sample)
    return ordered[int(len(ordered) * 0.025)], ordered[min(int(len(ordered) * 0.975), len(ordered) - 1)]


def estimates(
    positives: Sequence[float], negatives: Sequence[float], rounds: int = ROUNDS, seed: int = 1
) -> dict[str, Estimate]:
    """Measure rates of positives and negatives; measures that are not defined are absent."""
    one, other, zero = ranked(positives, negatives)
    values = figures(one, other, zero)
    return with_bounds(values, lambda rng: figures(drawn(one, rng), drawn(other, rng), zero), rounds, seed)


def with_bounds(
    values: dict[str, float], draw: Callable[[random.Random], dict[str, float]], rounds: int, seed: int
) -> dict[str, Estimate]:
    """Put the bounds of a bootstrap beside figures."""
    rng = random.Random(seed)
    samples = [draw(rng) for _ in range(rounds)]
    made = {}
    for name, value in values.items():
        low, high = bounds([sample[name] for sample in samples]) if samples else (value, value)
        made[name] = Estimate(value, low, high)
    return made
