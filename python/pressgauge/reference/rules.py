"""Owns what becomes of matches: guards, exclusions, vetoes and overlaps (SPEC 6, 7)."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from .lexicon import Term
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


def guards_hold(guards: Iterable[Guard], span: Span, document: Document, macros: Macros) -> bool:
    """Tell whether all guards of a match hold (SPEC 6.3)."""
    return all(
        guard.negative != any(_is_context(guard, span, other, document) for other in macros[guard.macro])
        for guard in guards
    )


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


def guarded(terms: list[Term], found: list[Found], document: Document, macros: Macros) -> set[Span]:
    """Collect the spans at which any of these terms matches with its guards holding."""
    return {
        span
        for term, spans in zip(terms, found, strict=True)
        for span in spans
        if guards_hold(term.guards, span, document, macros)
    }


def is_inside(span: Span, others: Iterable[Span]) -> bool:
    """Tell whether a span lies inside one of the others, or equals it."""
    return any(start <= span[0] and span[1] <= end for start, end in others)


def precedence(match: Match) -> tuple[int, int, int, int, int]:
    """Rank a match: elements, length, start, order in the lexicon (SPEC 7.4)."""
    start, end = match.span
    return (-match.elements, start - end, start, match.category, match.term)


def survivors(matches: list[Match], overlap: str) -> set[Match]:
    """Keep the matches that no other one of their dimension, or of their category, displaces."""
    if overlap == "none":
        return set(matches)
    if overlap == "dimension":
        return _taken(matches)
    categories = {match.category for match in matches}
    return {taken for number in categories for taken in _taken(m for m in matches if m.category == number)}


def _taken(matches: Iterable[Match]) -> set[Match]:
    """Take matches by rank; a span that is taken may be taken again by another category only."""
    taken: list[Match] = []
    for match in sorted(matches, key=precedence):
        rivals = [other for other in taken if match.span[0] < other.span[1] and other.span[0] < match.span[1]]
        if all(other.span == match.span and other.category != match.category for other in rivals):
            taken.append(match)
    return set(taken)


def statuses(
    matches: list[Match], context: Callable[[Match], bool], excluded: set[Span], vetoed: bool, overlap: str
) -> dict[Match, str]:
    """Decide what becomes of each match of a dimension; the first rule that fells it is its reason."""
    fate: dict[Match, str] = {}
    for match in matches:
        if not context(match):
            fate[match] = "context"
        elif is_inside(match.span, excluded):
            fate[match] = "excluded"
        elif vetoed:
            fate[match] = "veto"
    standing = [match for match in matches if match not in fate]
    hits = survivors(standing, overlap)
    return fate | {match: "hit" if match in hits else "overlap" for match in standing}
