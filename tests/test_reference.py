"""Properties that the SPEC promises, held against the reference: what no list of cases can show."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressgauge.reference import PatternError, ReferenceEngine, gaps, parse_term, tokens
from pressgauge.reference.chars import read_places, without_ignorables
from pressgauge.reference.lexicon import Term, read_lexicon, terms_of
from pressgauge.reference.match import accepts, completed, read_document
from pressgauge.reference.pattern import NEXT, Pattern
from pressgauge.reference.rules import OVERLAPS
from strategies import pairs, terms, texts

ALLOWED = {"SPACE", "HYPHEN", "DECOR"}
CROSSED = ALLOWED | {"PUNCT"}
some = settings(max_examples=150, deadline=None)


@some
@given(texts())
def test_tokens_are_apart_and_begin_and_end_with_what_is_read(text: str) -> None:
    """SPEC 1.3, 2."""
    read = set(read_places(text))
    last = 0
    for start, end, key, cased in tokens(text):
        assert last <= start < end
        assert {start, end - 1} <= read
        assert key
        assert cased
        last = end


@some
@given(texts(), st.sampled_from(["auto", "space", "paragraph"]))
def test_ignorables_are_absent(text: str, newline: str) -> None:
    """SPEC 1.3: a text and what is read of it have the same keys and gaps."""
    read = without_ignorables(text)
    assert [token[2:] for token in tokens(text)] == [token[2:] for token in tokens(read)]
    assert gaps(text, newline) == gaps(read, newline)
    assert len(gaps(text, newline)) == max(0, len(tokens(text)) - 1)


@some
@given(pairs())
def test_ignorables_change_no_evidence(pair: tuple[str, str]) -> None:
    """SPEC 1.3: the evidence of a text is that of what is read of it, each place moved."""
    lexicon, text = pair
    engine = ReferenceEngine(lexicon)
    places = read_places(text)
    moved = [
        (*line[:4], places[line[4]], places[line[5] - 1] + 1)
        for line in engine.hits(without_ignorables(text), rejected=True)
    ]
    assert [line[:6] for line in engine.hits(text, rejected=True)] == moved
    assert engine.score(text, text_hash=True) == engine.score(without_ignorables(text), text_hash=True)


@some
@given(pairs(), st.sampled_from(OVERLAPS))
def test_evidence_fits_the_text_and_the_scores(pair: tuple[str, str], overlap: str) -> None:
    """SPEC 1.2, 7, 9."""
    lexicon, text = pair
    engine = ReferenceEngine(lexicon, overlap)
    evidence = engine.hits(text, rejected=True)
    assert evidence == sorted(evidence, key=lambda line: (*line[4:6], *line[:3]))
    assert len({(*line[:3], *line[4:6]) for line in evidence}) == len(evidence)
    for line in evidence:
        start, end, byte_start, byte_end, sentence_start, sentence_end = line[4:10]
        assert (byte_start, byte_end) == (len(text[:start].encode()), len(text[:end].encode()))
        assert sentence_start <= start < end <= sentence_end
    hits = [line for line in evidence if line[3] == "hit"]
    assert hits == engine.hits(text)
    _, dimensions, categories, *_ = engine.score(text)
    assert sum(tally[0] for tally in categories) == len(hits)
    for number, (count, distinct, _) in enumerate(dimensions):
        own = [line for line in hits if line[0] == number]
        assert count == (len(own) if overlap == "none" else len({line[4:6] for line in own}))
        assert distinct <= len({line[1:3] for line in own})


@some
@given(pairs(), st.sampled_from(OVERLAPS))
def test_overlap_leaves_no_two_hits_that_share_a_token(pair: tuple[str, str], overlap: str) -> None:
    """SPEC 7.4."""
    lexicon, text = pair
    evidence = ReferenceEngine(lexicon, overlap).hits(text, rejected=True)
    hits = [line for line in evidence if line[3] == "hit"]
    rivals = [(one, two) for one in hits for two in hits if one is not two and one[0] == two[0]]
    if overlap == "none":
        assert all(line[3] != "overlap" for line in evidence)
        return
    for one, two in rivals:
        if overlap == "dimension" or one[1] == two[1]:
            assert one[5] <= two[4] or two[5] <= one[4] or (one[4:6] == two[4:6] and one[1] != two[1])
    for fallen in (line for line in evidence if line[3] == "overlap"):
        assert any(hit[0] == fallen[0] and hit[4] < fallen[5] and fallen[4] < hit[5] for hit in hits)


def every_completion(
    pattern: Pattern, keys: list[tuple[str, str]], classes: list[str], start: int
) -> list[int]:
    """All ends of a pattern from one start, in the order of SPEC 5.5, by trying every row of gaps."""
    ends = []
    for steps in product(*(range(max(link, 0) + 1) for link in pattern.links)):
        places = [start]
        for skipped in steps:
            places.append(places[-1] + skipped + 1)
        if places[-1] >= len(keys):
            continue
        between = [
            (link, classes[one:two])
            for link, one, two in zip(pattern.links, places, places[1:], strict=False)
        ]
        open_gaps = all(set(crossed) <= (ALLOWED if link == NEXT else CROSSED) for link, crossed in between)
        fitting = all(
            accepts(word.glob, keys[place][word.cased])
            for word, place in zip(pattern.words, places, strict=True)
        )
        if open_gaps and fitting:
            ends.append(places[-1] + 1)
    return ends


def written_terms(lexicon: str) -> list[Term]:
    model = read_lexicon(lexicon)
    return [term for dimension in model.dimensions for term in terms_of(dimension)]


@some
@given(pairs())
def test_a_match_is_the_first_of_all_completions(pair: tuple[str, str]) -> None:
    """SPEC 5.5: found once more by trying everything."""
    lexicon, text = pair
    document = read_document(text, "space")
    keys = [(token.key, token.cased) for token in document.tokens]
    for pattern in {pattern for term in written_terms(lexicon) for pattern in term.patterns}:
        if sum(max(link, 0) for link in pattern.links) > 12:
            continue
        wanted = [every_completion(pattern, keys, document.gaps, start)[:1] for start in range(len(keys))]
        found = [completed(document, pattern, 0, start) for start in range(len(keys))]
        assert [[] if end is None else [end] for end in found] == wanted


@some
@given(terms())
def test_a_term_has_distinct_patterns_or_is_refused(term: str) -> None:
    """SPEC 5.3, 5.7."""
    try:
        patterns, guards = parse_term(term)
    except PatternError:
        return
    assert len(set(patterns)) == len(patterns) > 0
    assert all(len(links) == len(words) - 1 for words, links in patterns)
    assert all(link == NEXT or 0 <= link <= 50 for _, links in patterns for link in links)
    assert all(len(guard) == 4 for guard in guards)


def regular(glob: str, key: str) -> bool:
    """The same test by another road: sets of places in the glob (SPEC 5.2)."""
    places = {0}
    for char in [*key, None]:
        grown = set()
        for place in places:
            while place < len(glob) and glob[place] == "*":
                grown.add(place)
                place += 1
            grown.add(place)
        if char is None:
            return len(glob) in grown
        places = {at for at in grown if at < len(glob) and glob[at] == "*"} | {
            at + 1 for at in grown if at < len(glob) and glob[at] in ("?", char) and glob[at] != "*"
        }
    return False


@settings(max_examples=600, deadline=None)
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_globs(glob: str, key: str) -> None:
    assert accepts(glob, key) == regular(glob, key)


LEXICON = """
[lexicon]
name = "x"
version = "1"
[dimensions.d.categories.c]
terms = ["war"]
"""


def test_lone_surrogates_are_as_long_as_their_replacement() -> None:
    """SPEC 1: a Python string may hold them."""
    engine = ReferenceEngine(LEXICON)
    text = "\ud800war\udfff war"
    assert engine.hits(text) == engine.hits(text.replace("\ud800", "\ufffd").replace("\udfff", "\ufffd"))


@pytest.mark.parametrize(("overlap", "newline"), [("all", None), ("dimension", "wrap")])
def test_options_are_checked(overlap: str, newline: str | None) -> None:
    with pytest.raises(ValueError, match="no such"):
        ReferenceEngine(LEXICON, overlap, newline)


def test_a_hash_only_if_asked_for() -> None:
    assert ReferenceEngine(LEXICON).score("war")[3] is None


def test_results_are_plain() -> None:
    engine = ReferenceEngine(LEXICON)
    assert engine.score("War and war") == (3, [(2, 1, 2.0)], [(2, 1, 2.0)], None, [])
    assert engine.hits("A war.") == [(0, 0, 0, "hit", 2, 5, 2, 5, 0, 5, [])]
    assert parse_term("=US ~2 ban* @near(M, 03, after)") == (
        [((("US", True), ("ban*", False)), (2,))],
        [("M", "3", "after", False)],
    )
