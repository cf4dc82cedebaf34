"""Patterns compared with each other: does one match wherever another does, can two match the same word."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from pressgauge import _native

T = TypeVar("T")

_GLOB = re.compile(r"[*?]")
# Words and globs beyond these are not looked at: nothing is said of them.
LONGEST = 100
_STARS = 3
# So many globs that begin with a glob are compared with every word.
_MOST_OTHERS = 200


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a pattern: its key with globs, and whether it keeps its capitals."""

    text: str
    cased: bool

    @property
    def head(self) -> str:
        """What it begins with before its first glob, in small letters."""
        return _GLOB.split(self.text, maxsplit=1)[0].casefold()

    @property
    def is_plain(self) -> bool:
        """Whether it has no glob."""
        return _GLOB.search(self.text) is None

    @property
    def is_prefix(self) -> bool:
        """Whether its only glob is a star at its end."""
        return self.text.endswith("*") and _GLOB.search(self.text[:-1]) is None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One form of a term. A link is -1 between neighbours, else how many words may stand between."""

    words: tuple[Word, ...]
    links: tuple[int, ...]

    @property
    def is_tight(self) -> bool:
        """Whether nothing may stand between its words, so that it has one span for each start."""
        return all(link <= 0 for link in self.links)

    def __str__(self) -> str:
        parts = [("=" if word.cased else "") + word.text for word in self.words]
        gaps = ["" if link < 0 else f"~{link} " for link in self.links]
        return parts[0] + "".join(f" {gap}{part}" for gap, part in zip(gaps, parts[1:], strict=True))


def patterns_of(term: str) -> tuple[list[Pattern], list[tuple[str, str, str, bool]]]:
    """Read a term: its patterns, and its guards as (macro, reach, side, negative)."""
    patterns, guards = _native.parse_term(term)
    made = [Pattern(tuple(Word(*word) for word in words), tuple(links)) for words, links in patterns]
    return made, guards


def covers(wide: Word, narrow: Word) -> bool:
    """Tell whether every token that the narrow word matches is matched by the wide one; False if in doubt."""
    if wide.cased and not narrow.cased:
        return False
    text = narrow.text if wide.cased else narrow.text.casefold()
    if wide.text == text or wide.text == "*":
        return True
    if narrow.is_plain:
        return is_simple(wide.text) and len(text) <= LONGEST and bool(glob_regex(wide.text).fullmatch(text))
    if wide.is_prefix:
        head = text[: len(narrow.head)]
        return head.startswith(wide.text[:-1])
    is_suffix = wide.text.startswith("*") and _GLOB.search(wide.text[1:]) is None
    return is_suffix and text.endswith(wide.text[1:])


def is_simple(glob: str) -> bool:
    """Tell whether a regular expression decides a glob fast; each star more costs a factor of the length."""
    return glob.count("*") <= _STARS


def covers_all(wide: Pattern, narrow: Pattern) -> bool:
    """Tell whether at every match of the narrow pattern the wide one matches the same span."""
    if wide == narrow:
        return True
    return (
        len(wide.words) == len(narrow.words)
        and wide.is_tight
        and all(link <= mine for mine, link in zip(wide.links, narrow.links, strict=True))
        and all(covers(one, other) for one, other in zip(wide.words, narrow.words, strict=True))
    )


def contains(narrow: Pattern, wide: Pattern) -> bool:
    """Tell whether every match of the narrow pattern has a match of the wide one within it."""
    length = len(wide.words)
    return any(
        covers_all(wide, Pattern(narrow.words[at : at + length], narrow.links[at : at + length - 1]))
        for at in range(len(narrow.words) - length + 1)
    )


@lru_cache(maxsize=4096)
def glob_regex(glob: str) -> re.Pattern[str]:
    """Compile a word with globs."""
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in glob)
    return re.compile("".join(parts), re.DOTALL)


class Index(Generic[T]):
    """Finds patterns by their first word, without a look at all of them."""

    def __init__(self, items: Iterable[tuple[Pattern, T]]) -> None:
        """Sort the patterns: those that begin with a plain word, with a prefix, with another glob."""
        self._plain: dict[str, list[tuple[Pattern, T]]] = defaultdict(list)
        self._prefix: dict[str, list[tuple[Pattern, T]]] = defaultdict(list)
        self._others: list[tuple[Pattern, T]] = []
        for pattern, item in items:
            first = pattern.words[0]
            if first.is_plain:
                self._plain[first.head].append((pattern, item))
            elif first.is_prefix and first.head:
                self._prefix[first.head].append((pattern, item))
            elif len(self._others) < _MOST_OTHERS:
                self._others.append((pattern, item))
        self._heads = sorted({*self._plain, *self._prefix})

    def wider(self, word: Word) -> Iterator[tuple[Pattern, T]]:
        """Give the patterns whose first word may cover this one."""
        head = word.head
        if word.is_plain:
            yield from self._plain.get(head, ())
        for end in range(1, len(head) + 1):
            yield from self._prefix.get(head[:end], ())
        yield from self._others

    def meets(self, word: Word) -> bool:
        """Tell whether any pattern may begin at a token that this word matches."""
        head = word.head
        if self._others or not head or any(head[:end] in self._prefix for end in range(1, len(head) + 1)):
            return True
        if word.is_plain:
            return head in self._plain
        at = bisect_left(self._heads, head)
        return at < len(self._heads) and self._heads[at].startswith(head)
