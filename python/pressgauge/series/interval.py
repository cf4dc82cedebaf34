"""Intervals of 95 per cent: of a share (Wilson 1927), of a mean of shares, of a ratio of two sums."""

from collections.abc import Iterable
from math import sqrt
from typing import TypeAlias

Interval: TypeAlias = tuple[float, float]

# The 97.5th percentile of the normal distribution.
Z = 1.959963984540054


def wilson(present: float, documents: float) -> Interval:
    """Wilson's score interval of a share; it needs no minimum of documents and stays within 0 and 1."""
    if documents <= 0:
        return 0.0, 1.0
    at, square = present / documents, Z * Z / documents
    centre = (at + square / 2) / (1 + square)
    half = Z / (1 + square) * sqrt(at * (1 - at) / documents + square / (4 * documents))
    low = 0.0 if present == 0 else max(centre - half, 0.0)
    return low, 1.0 if present == documents else min(centre + half, 1.0)


def combined(parts: Iterable[tuple[float, float, Interval]]) -> Interval:
    """Interval of a sum of estimates, each with weight, value and its own interval (Zou and Donner 2008)."""
    total = below = above = 0.0
    for weight, value, (low, high) in parts:
        total += weight * value
        below += (weight * (value - low)) ** 2
        above += (weight * (high - value)) ** 2
    return total - sqrt(below), total + sqrt(above)


def ratio(
    documents: float, size: float, size_squared: float, sum_: float, squared: float, product: float
) -> tuple[float, Interval]:
    """Ratio of two sums over documents and its interval by linearisation (Cochran 1977, section 6.4)."""
    value = sum_ / size
    if documents < 2:
        return value, (0.0, float("inf")) if documents else (value, value)
    spread = max(squared - 2 * value * product + value * value * size_squared, 0.0)
    half = Z * sqrt(documents / (documents - 1) * spread) / size
    return value, (max(value - half, 0.0), value + half)
