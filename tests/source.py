"""Owns choosing at random, from a seeded generator or from hypothesis alike."""

import sys
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class Source:
    """Choices, drawn from a function that gives a number below its argument; 0 is always the plainest."""

    def __init__(self, below: Callable[[int], int]) -> None:
        self.below = below

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        return self.below(100) >= 100 - percent

    def some(self, options: Sequence[T], most: int) -> list[T]:
        return [self.pick(options) for _ in range(self.below(most + 1))]


def seeded(rng: Random) -> Source:
    return Source(lambda limit: int(rng.random() * limit))


def weighted(pairs: Sequence[tuple[T, int]]) -> list[T]:
    """Each option as often as its weight says."""
    return [option for option, weight in pairs for _ in range(weight)]


def _unfolded(value: Any) -> Any:
    """Weighted lists written out, texts of words split."""
    if isinstance(value, dict):
        return {key: _unfolded(entry) for key, entry in value.items()}
    if isinstance(value, str):
        return value.split()
    return weighted(value) if isinstance(value[0], list) else value


VOCABULARY = _unfolded(tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8")))


def _known_characters() -> dict[str, list[str]]:
    """Every character that this Python knows, by general category, without surrogates and private use."""
    found: dict[str, list[str]] = {}
    for char in map(chr, range(sys.maxunicode + 1)):
        found.setdefault(unicodedata.category(char), []).append(char)
    return {name: chars for name, chars in found.items() if name not in ("Cn", "Cs", "Co")}


KNOWN = _known_characters()
CATEGORIES = sorted(KNOWN)
