"""The default corpus: seeded, news-like English text that anyone can make anew.

Owns the generator. The same seed gives the same texts on every machine, and fewer texts are
a beginning of more. Sentences come from our own `grammar.toml`; a long tail of invented names and words makes
the vocabulary as large as that of news.
"""

import random
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from math import exp
from pathlib import Path
from typing import Any

SEED = 20240607
NAMES = 60_000
MEDIAN_TOKENS = 260
SLOT = re.compile(r"\{(%?\w+)\}")
# Half of the press writes quotes, apostrophes and dashes so.
PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2014": "--", "~": " "})
CURLY = str.maketrans({"~": "\u00a0"})

Part = str | tuple[str]
Template = tuple[Part, ...]


@cache
def grammar() -> dict[str, Any]:
    """Read the grammar."""
    return tomllib.loads((Path(__file__).parent / "grammar.toml").read_text(encoding="utf-8"))


def template(text: str, topic: str) -> Template:
    """Divide a template: literal text as it is, a slot as a tuple of its name."""
    pieces = SLOT.split(text)
    named = [piece.replace("%", f"{topic}_") for piece in pieces]
    return tuple((name,) if index % 2 else name for index, name in enumerate(named) if name)


class Pool:
    """A list drawn from by rank; thousands of draws are made at once, which is quick."""

    def __init__(self, rng: random.Random, items: list[str], offset: float = 6.0) -> None:
        self._rng = rng
        self._items = items
        self._weights = list(accumulate(1 / (rank + offset) for rank in range(len(items))))
        self._drawn: Iterator[str] = iter(())

    def __call__(self) -> str:
        """Draw one."""
        for item in self._drawn:
            return item
        self._drawn = iter(self._rng.choices(self._items, cum_weights=self._weights, k=2048))
        return next(self._drawn)


class Newsroom:
    """Writes one text after another."""

    def __init__(self, seed: int = SEED) -> None:
        self._rng = random.Random(seed)
        names = [invented(self._rng) for _ in range(NAMES)]
        places = [invented(self._rng, "place_ends") for _ in range(NAMES // 20)]
        self._surnames = Pool(self._rng, names, 30)
        self._first = Pool(self._rng, names[:400])
        self._places = Pool(self._rng, places, 5)
        self._words = {name: Pool(self._rng, items) for name, items in grammar()["words"].items()}
        self._words |= self._numbers() | {"coined": self._surnames}
        self._words["rare"] = Pool(self._rng, [rare(self._rng) for _ in range(NAMES)], 30)
        self._topics = Pool(self._rng, grammar()["topics"], 1)
        self._rules = {topic: rules_of(topic) for topic in grammar()["topics"]}
        self._cast: dict[str, list[str]] = {}
        self._now: dict[str, list[Template]] = {}

    def _numbers(self) -> dict[str, Pool]:
        ranges = {"small": range(1, 30), "number2": range(10, 999), "year": range(2026, 1960, -1)}
        pools = {name: Pool(self._rng, [str(number) for number in one]) for name, one in ranges.items()}
        three = ["000", "500", *(f"{number:03}" for number in range(1000))]
        return pools | {"three": Pool(self._rng, three)}

    def text(self) -> str:
        """Write the next text."""
        rng = self._rng
        self._now = self._rules[self._topics()]
        self._cast = {
            "person": [f"{self._first()} {self._surnames()}" for _ in range(rng.randint(1, 4))],
            "place": [self._places() for _ in range(rng.randint(2, 5))],
        }
        self._cast["person"] += [name.split()[1] for name in self._cast["person"]]
        paragraphs = list(self._paragraphs(MEDIAN_TOKENS * exp(rng.gauss(0, 0.75))))
        return laid_out(paragraphs, rng.random())

    def _paragraphs(self, tokens: float) -> Iterator[str]:
        while tokens > 0:
            sentences = [self._sentence() for _ in range(self._rng.randint(1, 4))]
            paragraph = " ".join(sentences)
            tokens -= 1.06 * (paragraph.count(" ") + 1)
            yield paragraph

    def _sentence(self) -> str:
        written = self._expand("sentence").replace("..", ".")
        return written[0].upper() + written[1:]

    def _expand(self, name: str) -> str:
        if name in self._words:
            return self._words[name]()
        rng = self._rng.random
        cast = self._cast.get(name)
        if cast:
            return cast[int(rng() * len(cast))]
        rules = self._now[name]
        parts = rules[int(rng() * len(rules))]
        return "".join([part if isinstance(part, str) else self._expand(part[0]) for part in parts])


def rules_of(topic: str) -> dict[str, list[Template]]:
    """Read the rules as a text on this topic uses them."""
    return {name: [template(one, topic) for one in ones] for name, ones in grammar()["rules"].items()}


def invented(rng: random.Random, ends: str = "name_ends") -> str:
    """Invent a name."""
    parts = grammar()["syllables"]
    syllables = [rng.choice(parts["onsets"]) + rng.choice(parts["vowels"]) for _ in range(rng.randint(1, 3))]
    return str("".join(syllables) + rng.choice(parts[ends])).title()


def rare(rng: random.Random) -> str:
    """Invent an ordinary word that is rare, with a beginning and an end as English has."""
    parts = grammar()["syllables"]
    start = rng.choice(parts["starts"]) if rng.random() < 0.6 else ""
    middle = rng.choice(parts["onsets"]) + rng.choice(parts["vowels"]) + rng.choice(parts["onsets"])
    return str(start + middle + rng.choice(parts["ends"]))


def laid_out(paragraphs: list[str], style: float) -> str:
    """Lay a text out: curly quotes and blank lines, or plain ASCII, hard-wrapped or not."""
    if style < 0.45:
        return "\n\n".join(paragraphs).translate(CURLY)
    plain = [paragraph.translate(PLAIN) for paragraph in paragraphs]
    if style < 0.75:
        return "\n".join(plain)
    return "\n".join(textwrap.fill(one, 68, initial_indent="    ", break_on_hyphens=False) for one in plain)


def texts(size: int, seed: int = SEED, write: Callable[[int], None] | None = None) -> list[str]:
    """Write texts until they have `size` bytes of UTF-8; `write` is told how far it is."""
    newsroom = Newsroom(seed)
    written: list[str] = []
    total = 0
    while total < size:
        written.append(newsroom.text())
        total += len(written[-1].encode())
        if write is not None and len(written) % 1000 == 0:
            write(total)
    return written
