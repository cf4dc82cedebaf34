"""The two engines give the same answer on every lexicon, document, text and term that hypothesis draws."""

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compare_random import NEWLINES, OVERLAPS, difference
from engines import native_adapter, reference_adapter
from strategies import pairs, random_pair, terms, texts

NATIVE, REFERENCE = native_adapter(), reference_adapter()

# Drawn piece by piece, so that hypothesis can shrink what fails; many more by their seed, which is quicker.
drawn = settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
seeded = settings(max_examples=9_500, deadline=None, suppress_health_check=list(HealthCheck))


@drawn
@given(pairs(), st.sampled_from(OVERLAPS), st.sampled_from(NEWLINES), st.integers(0, 4))
def test_evidence_and_scores_of_drawn_pairs(
    pair: tuple[str, str], overlap: str, newline: str | None, drop: int
) -> None:
    assert difference(*pair, overlap, newline, drop)[0] is None


@seeded
@given(st.integers(0, 2**64), st.sampled_from(OVERLAPS), st.sampled_from(NEWLINES), st.integers(0, 4))
def test_evidence_and_scores_of_seeded_pairs(seed: int, overlap: str, newline: str | None, drop: int) -> None:
    assert difference(*random_pair(Random(seed)), overlap, newline, drop)[0] is None


@drawn
@given(texts(), st.sampled_from(NEWLINES[1:]))
def test_tokens_keys_and_gaps(text: str, newline: str) -> None:
    assert NATIVE.tokens(text) == REFERENCE.tokens(text)
    assert NATIVE.gaps(text, newline) == REFERENCE.gaps(text, newline)


@drawn
@given(terms())
def test_parsers_of_terms(term: str) -> None:
    def outcome(parse: object) -> object:
        try:
            return parse(term)  # type: ignore[operator]
        except ValueError:
            return "refused"

    assert outcome(NATIVE.parse_term) == outcome(REFERENCE.parse_term)
