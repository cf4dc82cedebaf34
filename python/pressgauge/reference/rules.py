"""Owns what becomes of matches: guards, exclusions, vetoes and overlaps (SPEC 6, 7)."""

from typing import NamedTuple, TypeAlias

from .lexicon import Dimension, Term
from .match import Document, Found, Span
from .pattern import Guard

OVERLAPS = ("dimension", "category", "none")

# The spans of each macro's matches.
Macros: TypeAlias = dict[str, set[Span]]


class Match(NamedTuple):
    """A term of a dimension found at a span."""

    category: int
    term: int
    span: Span
    elements: int


def judge(
    dimension: Dimension, document: Document, found: Found, macros: Macros, overlap: str
) -> dict[Match, str]:
    """Decide what becomes of each match of a dimension; the first rule that fells it is its reason."""

    def in_context(term: Term, span: Span) -> bool:
        return all(_holds(guard, span, document, macros[guard.macro]) for guard in term.guards)

    def spans_of(terms: list[Term]) -> set[Span]:
        return {span for term in terms for span in found[term.text] if in_context(term, span)}

    matches = [
        (term, Match(number, place, span, elements))
        for number, terms in enumerate(dimension.categories)
        for place, term in enumerate(terms)
        for span, elements in found[term.text].items()
    ]
    excluded, vetoes = spans_of(dimension.exclude), spans_of(dimension.veto)
    fates: dict[Match, str] = {}
    for term, match in matches:
        if not in_context(term, match.span):
            fates[match] = "context"
        elif any(start <= match.span[0] and match.span[1] <= end for start, end in excluded):
            fates[match] = "excluded"
        elif vetoes:
            fates[match] = "veto"
    standing = [match for _, match in matches if match not in fates]
    taken = set(_taken(standing, overlap))
    return fates | {match: "hit" if match in taken else "overlap" for match in standing}


def _holds(guard: Guard, span: Span, document: Document, others: set[Span]) -> bool:
    """Tell whether a guard of a match holds, given the spans of its macro (SPEC 6)."""
    return guard.negative != any(_is_context(guard, span, other, document) for other in others)


def _is_context(guard: Guard, span: Span, other: Span, document: Document) -> bool:
    """Tell whether a macro's match stands where a guard looks."""
    is_before, is_after = other[1] <= span[0], span[1] <= other[0]
    on_side = {"before": is_before, "after": is_after, "either": is_before or is_after}[guard.side]
    if not on_side or guard.scope == "document":
        return on_side
    if guard.scope == "paragraph":
        return document.paragraphs[other[0]] == document.paragraphs[span[0]]
    if document.sentences[other[0]] != document.sentences[span[0]]:
        return False
    distance = span[0] - other[1] + 1 if is_before else other[0] - span[1] + 1
    return guard.scope == "sentence" or distance <= int(guard.scope)


def precedence(match: Match) -> tuple[int, int, int, int, int]:
    """Rank a match: elements, length, start, order in the lexicon (SPEC 7.4)."""
    start, end = match.span
    return (-match.elements, start - end, start, match.category, match.term)


def _taken(matches: list[Match], overlap: str) -> list[Match]:
    """Take matches by rank; a span that is taken may be taken again by another category only."""
    if overlap == "none":
        return matches
    taken: list[Match] = []
    for match in sorted(matches, key=precedence):
        rivals = [other for other in taken if match.span[0] < other.span[1] and other.span[0] < match.span[1]]
        if overlap == "category":
            rivals = [other for other in rivals if other.category == match.category]
        if all(other.span == match.span and other.category != match.category for other in rivals):
            taken.append(match)
    return taken
