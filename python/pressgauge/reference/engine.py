"""Owns the way from a text to its evidence and scores: the reference for every other engine (SPEC 7 to 9)."""

from collections.abc import Sequence
from typing import TypeAlias

from .gaps import NEWLINES
from .lexicon import read_lexicon, terms_of
from .match import Document, Found, Matcher, Span, read_document
from .modifiers import all_tags, tags_of
from .rules import OVERLAPS, Match, judge
from .score import Tally, category_tallies, counted_hits, key_hash, tally

# W, a tally for each dimension, one for each category of all dimensions, the hash if asked for, and for each
# dimension how many hits have each tag.
Scores: TypeAlias = tuple[int, list[Tally], list[Tally], str | None, list[int]]
# Positions of dimension, category, term; status; start and end in code points, in bytes, of the sentence;
# tags.
Evidence: TypeAlias = tuple[int, int, int, str, int, int, int, int, int, int, list[str]]
# What became of a match, and its tags.
Fate: TypeAlias = tuple[str, list[str]]


class ReferenceEngine:
    """The law, carried out step by step."""

    def __init__(
        self,
        lexicon_toml: str,
        overlap: str = "dimension",
        newline: str | None = None,
        drop: Sequence[str] = (),
    ) -> None:
        self._lexicon = read_lexicon(lexicon_toml)
        self._overlap = overlap
        self._newline = newline or self._lexicon.newline
        if overlap not in OVERLAPS or self._newline not in NEWLINES:
            raise ValueError(f"no such overlap or newline: {overlap}, {self._newline}")
        self._tags, self._drop = all_tags(self._lexicon.modifiers), drop
        if not set(drop) <= set(self._tags):
            raise ValueError(f"no such tags: {', '.join(set(drop) - set(self._tags))}")
        modifiers = [modifier.terms() for modifier in self._lexicon.modifiers]
        lists = [*self._lexicon.macros.values(), *map(terms_of, self._lexicon.dimensions), *modifiers]
        self._matcher = Matcher([term for terms in lists for term in terms], self._lexicon.bound_prefixes)

    def score(self, text: str, text_hash: bool = False) -> Scores:
        """Return the numbers of SPEC 9."""
        document = read_document(text, self._newline)
        dimensions: list[Tally] = []
        categories: list[Tally] = []
        tags: list[int] = []
        for dimension, fates in zip(self._lexicon.dimensions, self._judge(document), strict=True):
            hits = [match for match, (status, _) in fates.items() if status == "hit"]
            counted = counted_hits(hits, self._overlap)
            dimensions.append(tally(dimension, counted))
            categories += category_tallies(dimension, hits)
            tags += [sum(tag in fates[match][1] for match in counted) for tag in self._tags]
        digest = key_hash(document) if text_hash else None
        return len(document.tokens), dimensions, categories, digest, tags

    def hits(self, text: str, rejected: bool = False) -> list[Evidence]:
        """Return the evidence by start, end, dimension, category, term; the fallen too, if asked for."""
        document = read_document(text, self._newline)
        evidence = [
            (*_evidence(document, number, match, status), tags)
            for number, fates in enumerate(self._judge(document))
            for match, (status, tags) in fates.items()
            if rejected or status == "hit"
        ]
        return sorted(evidence, key=lambda line: (line[4], line[5], *line[:3]))

    def _judge(self, document: Document) -> list[dict[Match, Fate]]:
        """Decide for each dimension what becomes of its matches, and which tags its hits have."""
        lexicon, found = self._lexicon, self._matcher.find(document)
        macros = {
            name: {span for term in terms for span in found[term.text]}
            for name, terms in lexicon.macros.items()
        }
        judged = [
            judge(dimension, document, found, macros, self._overlap) for dimension in lexicon.dimensions
        ]
        return [
            {match: self._fate(match, status, document, found) for match, status in fates.items()}
            for fates in judged
        ]

    def _fate(self, match: Match, status: str, document: Document, found: Found) -> Fate:
        """Tag a hit, and drop it for a tag that the caller drops (SPEC 8.6)."""
        if status != "hit":
            return status, []
        tags = tags_of(self._lexicon.modifiers, match.span, document, found)
        return "dropped" if set(tags) & set(self._drop) else "hit", tags


def _evidence(
    document: Document, dimension: int, match: Match, status: str
) -> tuple[int, int, int, str, int, int, int, int, int, int]:
    start, end = _place(document, match.span)
    byte_start, byte_end = _bytes_before(document.text, start), _bytes_before(document.text, end)
    sentence = document.sentences[match.span[0]]
    first = document.sentences.index(sentence)
    around = _place(document, (first, first + document.sentences.count(sentence)))
    return (dimension, match.category, match.term, status, start, end, byte_start, byte_end, *around)


def _place(document: Document, span: Span) -> Span:
    """Turn a span of tokens into one of code points."""
    return document.tokens[span[0]].start, document.tokens[span[1] - 1].end


def _bytes_before(text: str, place: int) -> int:
    """Give the UTF-8 offset of a code point; a lone surrogate stands for U+FFFD, which is as long."""
    return len(text[:place].encode("utf-8", "surrogatepass"))
