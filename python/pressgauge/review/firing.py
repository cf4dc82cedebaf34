"""What the terms and globs of a lexicon meet in a corpus: two passes over it, evidence streamed."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pressgauge.lexicon import Lexicon
from pressgauge.lexicon.checks.patterns import LONGEST, Word, glob_regex, is_simple, patterns_of
from pressgauge.lexicon.written import listed, quoted
from pressgauge.run import Summary, score_files
from pressgauge.tables import open_table

Key: TypeAlias = tuple[str, str, str]

_GLOB = re.compile(r"[*?]")
# Near enough to a token, in the surface of a hit.
_TOKEN = re.compile(r"\w+(?:['\u2019]\w+)*")
# So many different surfaces of one glob are told apart; others are counted together.
_MOST_SURFACES = 50_000
_EXAMPLES = 2
_COLUMNS = ("id", "dimension", "category", "term", "status", "left", "surface", "right")


@dataclass(slots=True)
class Fired:
    """What became of a term: its hits, how many documents have them, what fell and why, a few examples."""

    hits: int = 0
    documents: int = 0
    fallen: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str, str, str]] = field(default_factory=list)
    last: object = None

    def add(self, document: str, status: str, left: str, surface: str, right: str) -> None:
        """Count a match; those of a document come together."""
        if status != "hit":
            self.fallen[status] += 1
            return
        self.hits += 1
        if document != self.last:
            self.documents += 1
            if len(self.examples) < _EXAMPLES:
                self.examples.append((document, left, surface, right))
        self.last = document


@dataclass(slots=True)
class Glob:
    """A word with a glob: the words that it took in hits, and all that it meets, wherever they stand."""

    taken: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Firing:
    """What a lexicon meets in a corpus: each term by (dimension, category, term), each glob as a term."""

    terms: Mapping[Key, Fired]
    globs: Mapping[str, Glob]
    summary: Summary

    def most(self, count: int) -> list[tuple[Key, Fired]]:
        """Give the terms with most hits."""
        fired = [(key, one) for key, one in self.terms.items() if one.hits]
        return sorted(fired, key=lambda item: -item[1].hits)[:count]

    def never(self) -> list[tuple[Key, Fired]]:
        """Give the terms without hits, in the order of the lexicon."""
        return [(key, one) for key, one in self.terms.items() if not one.hits]


def fire(lexicon: Lexicon, corpus: Sequence[str], **options: Any) -> Firing:
    """Run a lexicon over files. Options are those of `score_files` that say how to read.

    The corpus is read twice: for the terms, and for each glob alone, of all lists and macros, wherever it
    stands. Evidence goes through temporary files; memory grows with terms and with surfaces of globs only.
    """
    terms = {
        (dimension.name, category.name, term.text): Fired()
        for dimension in lexicon.dimensions
        for category in dimension.categories
        for term in category.terms
    }
    words = _Words(lexicon)
    with tempfile.TemporaryDirectory() as folder:
        evidence = Path(folder) / "terms.parquet"
        summary = score_files(corpus, lexicon=lexicon, hits=evidence, rejected=True, **options)
        for document, dimension, category, term, status, left, surface, right in open_table(evidence).rows(
            _COLUMNS
        ):
            terms[dimension, category, term].add(document, status, left, surface, right)
            if status == "hit":
                words.take(term, surface)
        _meet(lexicon, words.globs, corpus, Path(folder) / "globs.parquet", options)
    return Firing(terms, words.globs, summary)


class _Words:
    """The globs of a lexicon, and which of them took which words of a hit."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Collect the words with globs of all lists."""
        self.globs = {word: Glob() for word in _globs(lexicon)}
        self._of: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def take(self, term: str, surface: str) -> None:
        """Count the words of a hit that its globs match; one that could be of two globs counts for both."""
        if term not in self._of:
            words = dict.fromkeys(
                word for one in patterns_of(term)[0] for word in one.words if _is_glob(word)
            )
            self._of[term] = [
                (_written(word), glob_regex(word.text.casefold())) for word in words if is_simple(word.text)
            ]
        if not self._of[term]:
            return
        for token in _TOKEN.findall(surface.casefold()):
            for name, regex in self._of[term]:
                if len(token) <= LONGEST and regex.fullmatch(token):
                    self.globs[name].taken[token] += 1


def _meet(
    lexicon: Lexicon,
    globs: Mapping[str, Glob],
    corpus: Sequence[str],
    evidence: Path,
    options: dict[str, Any],
) -> None:
    """Count what each glob meets: each is a term of its own, and all matches count."""
    if not globs:
        return
    head = f'[lexicon]\nname = "globs"\nversion = "1"\nnewline = {quoted(lexicon.newline)}\n'
    source = f"{head}[dimensions.globs.categories.words]\n{listed('terms', map(quoted, globs))}\n"
    score_files(corpus, lexicon=Lexicon.parse(source), overlap="none", hits=evidence, **options)
    for term, surface in open_table(evidence).rows(("term", "surface")):
        counts, word = globs[term].met, surface.casefold()
        counts[word if word in counts or len(counts) < _MOST_SURFACES else "(others)"] += 1


def _globs(lexicon: Lexicon) -> Iterator[str]:
    """Give the words with globs of all lists, as terms; a word of globs alone is none."""
    lists = [*lexicon.macros.values()]
    for dimension in lexicon.dimensions:
        lists += [dimension.exclude, dimension.veto]
        lists += [tuple(term.text for term in category.terms) for category in dimension.categories]
    for text in (text for terms in lists for text in terms):
        for pattern in patterns_of(text)[0]:
            yield from (_written(word) for word in pattern.words if _is_glob(word))


def _is_glob(word: Word) -> bool:
    return not word.is_plain and _GLOB.sub("", word.text) != ""


def _written(word: Word) -> str:
    return f"={word.text}" if word.cased else word.text
