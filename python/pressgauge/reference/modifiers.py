"""Owns the tags of hits (SPEC 8)."""

from .lexicon import Modifier, Term
from .match import Document, Found, Span


def tags_of(modifiers: list[Modifier], hit: Span, document: Document, found: Found) -> list[str]:
    """Give the tags of a hit, in the order in which the lexicon first gives them."""
    given = {_tag(modifier, hit, document, found) for modifier in modifiers}
    return [tag for tag in all_tags(modifiers) if tag in given]


def all_tags(modifiers: list[Modifier]) -> list[str]:
    """List the tags of a lexicon, each once."""
    tags = [tag for modifier in modifiers for tag in (modifier.tag, modifier.blocked_tag) if tag]
    return list(dict.fromkeys(tags))


def _tag(modifier: Modifier, hit: Span, document: Document, found: Found) -> str | None:
    """Give the tag that a modifier gives to a hit, if any."""
    here = document.sentences[hit[0]]

    def spans(terms: list[Term]) -> set[Span]:
        return {span for term in terms for span in found[term.text] if document.sentences[span[0]] == here}

    cancels, stops = spans(modifier.cancel), spans(modifier.stop)
    cues = [cue for cue in spans(modifier.cues) if not any(_holds(cancel, cue) for cancel in cancels)]
    reaching = [cue for cue in cues if _reaches(modifier, cue, hit, stops)]
    if not reaching:
        return None
    nearest = min(reaching, key=lambda cue: (_distance(cue, hit), cue[0], -cue[1]))
    distances = [_distance(block, nearest) for block in spans(modifier.block)]
    is_blocked = any(1 <= distance <= modifier.block_within for distance in distances)
    return modifier.blocked_tag if is_blocked else modifier.tag


def _holds(outer: Span, inner: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _distance(one: Span, two: Span) -> int:
    """Give the distance of two spans (SPEC 6.2), 0 if they share a token."""
    return max(one[0] - two[1] + 1, two[0] - one[1] + 1, 0)


def _reaches(modifier: Modifier, cue: Span, hit: Span, stops: set[Span]) -> bool:
    """Tell whether a cue is near enough, with nothing between that stops it."""
    distance = _distance(cue, hit)
    if distance == 0:
        return True
    is_before = cue[1] <= hit[0]
    between = (cue[1], hit[0]) if is_before else (hit[1], cue[0])
    is_near = distance <= (modifier.before if is_before else modifier.after)
    return is_near and not any(_holds(between, stop) for stop in stops)
