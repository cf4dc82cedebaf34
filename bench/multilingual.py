"""Seeded texts in many languages, from our own small vocabularies.

Owns the generator. Words are stems with endings, drawn by rank; sentences have each language's punctuation.
"""

import random
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bench.corpus import SEED, Pool

SENTENCES = (6, 24)
WORDS = (5, 22)


@cache
def languages() -> dict[str, Any]:
    """Read the vocabularies."""
    return tomllib.loads((Path(__file__).parent / "languages.toml").read_text(encoding="utf-8"))


class Writer:
    """Writes texts in one language."""

    def __init__(self, language: dict[str, Any], rng: random.Random) -> None:
        self._rng = rng
        stems = language["stems"].split()
        ends = language.get("ends", "").split("|")
        forms = [stem + end for end in ends for stem in stems]
        self._words = Pool(rng, language["small"].split() + forms, 4)
        self._space, self._comma, self._stop = map(str, language.get("marks", [" ", ", ", ". "]))
        self._is_cased: bool = language.get("cased", True)

    def sentence(self) -> str:
        """Write one sentence."""
        rng = self._rng
        words = [self._words() for _ in range(rng.randint(*WORDS))]
        gaps = [self._comma if rng.random() < 0.08 else self._space for _ in words[1:]]
        text = "".join(part for pair in zip(words, [*gaps, ""], strict=True) for part in pair)
        return (text[0].upper() + text[1:] if self._is_cased else text) + self._stop

    def text(self) -> str:
        """Write one text."""
        count = self._rng.randint(*SENTENCES)
        sentences = [self.sentence() + ("\n\n" if self._rng.random() < 0.15 else "") for _ in range(count)]
        return "".join(sentences).strip()


def texts(size: int, seed: int = SEED) -> list[str]:
    """Write texts in all languages by turns until they have `size` bytes of UTF-8."""
    written: list[str] = []
    total = 0
    for text in endless(random.Random(seed)):
        if total >= size:
            break
        written.append(text)
        total += len(text.encode())
    return written


def endless(rng: random.Random) -> Iterator[str]:
    """Write one text in each language, again and again."""
    writers = [Writer(language, rng) for language in languages().values()]
    while True:
        for writer in writers:
            yield writer.text()
