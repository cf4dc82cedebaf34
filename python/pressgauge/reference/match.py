"""Owns finding: where the patterns of a term stand in a document (SPEC 5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from .gaps import gap_classes
from .lexicon import Term
from .pattern import NEXT, Pattern, Word
from .tokens import Token, tokenize

# First token and the one after the last.
Span: TypeAlias = tuple[int, int]
# For the text of each term, the spans at which it matches, each with its largest number of elements.
Found: TypeAlias = dict[str, dict[Span, int]]

_WITHIN_PHRASE = ("SPACE", "HYPHEN", "DECOR")
_WITHIN_SENTENCE = (*_WITHIN_PHRASE, "PUNCT")


class Document(NamedTuple):
    """A text as tokens and gaps; each token knows the number of its sentence and of its paragraph."""

    text: str
    tokens: list[Token]
    gaps: list[str]
    sentences: list[int]
    paragraphs: list[int]


def read_document(text: str, newline: str) -> Document:
    """Divide a text (SPEC 2 to 4)."""
    tokens = tokenize(text)
    gaps = gap_classes(text, tokens, newline)
    sentences = [0, *accumulate(gap in ("SENT", "PARA") for gap in gaps)]
    paragraphs = [0, *accumulate(gap == "PARA" for gap in gaps)]
    return Document(text, tokens, gaps, sentences, paragraphs)


def accepts(glob: str, key: str) -> bool:
    """Tell whether a glob matches a whole key (SPEC 5.2)."""
    if not glob:
        return not key
    if glob[0] == "*":
        return accepts(glob[1:], key) or (key != "" and accepts(glob, key[1:]))
    return key != "" and glob[0] in ("?", key[0]) and accepts(glob[1:], key[1:])


def word_accepts(word: Word, key: str, cased: str) -> bool:
    """Tell whether a word of a pattern matches a token with these keys."""
    return accepts(word.glob, cased if word.cased else key)


class Matcher:
    """The patterns of many terms, ready to be found in any document."""

    def __init__(self, terms: Iterable[Term], bound_prefixes: frozenset[str]) -> None:
        self._patterns = {term.text: term.patterns for term in terms}
        self._bound_prefixes = bound_prefixes
        self._by_first_word: defaultdict[Word, list[tuple[str, Pattern]]] = defaultdict(list)
        for text, patterns in self._patterns.items():
            for pattern in patterns:
                self._by_first_word[pattern.words[0]].append((text, pattern))
        # The one thing remembered between documents: which first words accept a key.
        self._beginning = cache(self._patterns_beginning)

    def find(self, document: Document) -> Found:
        """Find the spans of each term; none starts where a hyphen binds a token to a prefix (SPEC 5.6)."""
        found: Found = {text: {} for text in self._patterns}
        for start, token in enumerate(document.tokens):
            hyphened = start > 0 and document.gaps[start - 1] == "HYPHEN"
            if hyphened and document.tokens[start - 1].key in self._bound_prefixes:
                continue
            for text, pattern in self._beginning(token.key, token.cased):
                end = completed(document, pattern, 0, start)
                if end is not None:
                    known = found[text].get((start, end), 0)
                    found[text][start, end] = max(known, len(pattern.words))
        return found

    def _patterns_beginning(self, key: str, cased: str) -> list[tuple[str, Pattern]]:
        """List the patterns whose first word accepts a token, each with the text of its term."""
        words = self._by_first_word
        return [entry for word in words if word_accepts(word, key, cased) for entry in words[word]]


def completed(document: Document, pattern: Pattern, element: int, place: int) -> int | None:
    """Find where the words from `element` on end, if they match from `place` on; smallest gaps first."""
    token = document.tokens[place]
    if not word_accepts(pattern.words[element], token.key, token.cased):
        return None
    if element + 1 == len(pattern.words):
        return place + 1
    for following in _reachable(document, place, pattern.links[element]):
        end = completed(document, pattern, element + 1, following)
        if end is not None:
            return end
    return None


def _reachable(document: Document, place: int, link: int) -> Iterator[int]:
    """List where the next word may stand, nearest first (SPEC 5.4, 5.5)."""
    allowed = _WITHIN_PHRASE if link == NEXT else _WITHIN_SENTENCE
    for following in range(place + 1, place + 2 + max(link, 0)):
        if following == len(document.tokens) or document.gaps[following - 1] not in allowed:
            return
        yield following
