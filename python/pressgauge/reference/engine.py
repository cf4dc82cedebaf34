"""Owns the way from a text to its evidence and scores: the reference for every other engine (SPEC 7, 9)."""

from bisect import bisect_left, bisect_right
from itertools import islice
from typing import TypeAlias

from . import score
from .gaps import NEWLINES
from .lexicon import Dimension, Term, read_lexicon, terms_of
from .match import Document, Found, Matcher, Span, read_document
from .rules import OVERLAPS, Macros, Match, guarded, guards_hold, statuses

# Hits, distinct terms, weight.
PlainTally: TypeAlias = tuple[int, int, float]
# Positions of dimension, category, term; status; start and end in code points, in bytes, of the sentence.
Evidence: TypeAlias = tuple[int, int, int, str, int, int, int, int, int, int]


class ReferenceEngine:
    """The law, carried out step by step."""

    def __init__(self, lexicon_toml: str, overlap: str = "dimension", newline: str | None = None) -> None:
        self._lexicon = read_lexicon(lexicon_toml)
        self._overlap = overlap
        self._newline = newline or self._lexicon.newline
        if overlap not in OVERLAPS or self._newline not in NEWLINES:
            raise ValueError(f"no such overlap or newline: {overlap}, {self._newline}")
        lists = [*self._lexicon.macros.values(), *map(terms_of, self._lexicon.dimensions)]
        self._matcher = Matcher([term for terms in lists for term in terms], self._lexicon.bound_prefixes)

    def score(
        self, text: str, text_hash: bool = False
    ) -> tuple[int, list[PlainTally], list[PlainTally], str | None]:
        """Return W, a tally for each dimension, one for each category of all dimensions, the hash."""
        document = read_document(text, self._newline)
        dimensions: list[PlainTally] = []
        categories: list[PlainTally] = []
        for dimension, fates in zip(self._lexicon.dimensions, self._judge(document), strict=True):
            hits = [match for match, status in fates.items() if status == "hit"]
            dimensions.append(score.dimension_tally(dimension, hits, self._overlap))
            categories += score.category_tallies(dimension, hits)
        return len(document.tokens), dimensions, categories, score.text_hash(document) if text_hash else None

    def hits(self, text: str, rejected: bool = False) -> list[Evidence]:
        """Return the evidence by start, end, dimension, category, term; the fallen too, if asked for."""
        document = read_document(text, self._newline)
        evidence = [
            _evidence(document, number, match, status)
            for number, fates in enumerate(self._judge(document))
            for match, status in fates.items()
            if rejected or status == "hit"
        ]
        return sorted(evidence, key=lambda line: (line[4], line[5], *line[:3]))

    def _judge(self, document: Document) -> list[dict[Match, str]]:
        """Decide for each dimension what becomes of its matches."""
        found = iter(self._matcher.find(document))
        macros = {
            name: {span for spans in islice(found, len(terms)) for span in spans}
            for name, terms in self._lexicon.macros.items()
        }
        return [
            self._judge_dimension(dimension, list(islice(found, len(terms_of(dimension)))), document, macros)
            for dimension in self._lexicon.dimensions
        ]

    def _judge_dimension(
        self, dimension: Dimension, found: list[Found], document: Document, macros: Macros
    ) -> dict[Match, str]:
        """Carry out the four steps of SPEC 7."""
        remaining = iter(found)

        def spans_of(terms: list[Term]) -> set[Span]:
            return guarded(terms, list(islice(remaining, len(terms))), document, macros)

        excluded, vetoes = spans_of(dimension.exclude), spans_of(dimension.veto)
        matches = [
            Match(number, place, span, elements)
            for number, category in enumerate(dimension.categories)
            for place, spans in enumerate(islice(remaining, len(category.terms)))
            for span, elements in spans.items()
        ]

        def in_context(match: Match) -> bool:
            guards = dimension.categories[match.category].terms[match.term].guards
            return guards_hold(guards, match.span, document, macros)

        return statuses(matches, in_context, excluded, bool(vetoes), self._overlap)


def _evidence(document: Document, dimension: int, match: Match, status: str) -> Evidence:
    start, end = _place(document, match.span)
    sentence = document.sentences[match.span[0]]
    first, last = bisect_left(document.sentences, sentence), bisect_right(document.sentences, sentence)
    return (
        *(dimension, match.category, match.term, status),
        *(start, end),
        *(_bytes_before(document.text, start), _bytes_before(document.text, end)),
        *_place(document, (first, last)),
    )


def _place(document: Document, span: Span) -> Span:
    """Turn a span of tokens into one of code points."""
    return document.tokens[span[0]].start, document.tokens[span[1] - 1].end


def _bytes_before(text: str, place: int) -> int:
    """Give the UTF-8 offset of a code point; a lone surrogate stands for U+FFFD, which is as long."""
    return len(text[:place].encode("utf-8", "surrogatepass"))
