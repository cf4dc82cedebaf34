"""Random pairs prove something only if they are valid, repeatable and full of all that may happen."""

import unicodedata
from collections import Counter
from random import Random

import pytest

from pressgauge.reference import PatternError, ReferenceEngine, parse_term
from strategies import random_pair, random_term

PAIRS = [random_pair(Random(seed)) for seed in range(400)]
EVIDENCE = [ReferenceEngine(lexicon).hits(text, rejected=True) for lexicon, text in PAIRS]


def test_the_same_seed_gives_the_same_pair() -> None:
    assert [random_pair(Random(seed)) for seed in range(20)] == PAIRS[:20]


def test_only_characters_that_python_knows() -> None:
    used = {char for pair in PAIRS for text in pair for char in text}
    assert {unicodedata.category(char) for char in used} & {"Cn", "Cs", "Co"} == set()


def test_most_pairs_have_matches() -> None:
    assert sum(len(evidence) > 1 for evidence in EVIDENCE) > 0.55 * len(PAIRS)


@pytest.mark.parametrize(
    ("status", "share"),
    [("hit", 0.5), ("context", 0.25), ("excluded", 0.15), ("overlap", 0.1), ("veto", 0.02)],
)
def test_every_status_is_frequent(status: str, share: float) -> None:
    having = sum(any(line[3] == status for line in evidence) for evidence in EVIDENCE)
    assert having > share * len(PAIRS)


def test_texts_pass_the_borders_of_blocks() -> None:
    lengths = [len(text.encode()) for _, text in PAIRS]
    assert sum(length > 64 for length in lengths) > 0.5 * len(PAIRS)
    assert sum(any(line[6] // 64 != (line[7] - 1) // 64 for line in evidence) for evidence in EVIDENCE) > 20


def test_random_terms_are_valid_and_invalid() -> None:
    verdicts: Counter[bool] = Counter()
    for seed in range(300):
        try:
            parse_term(random_term(Random(seed)))
            verdicts[True] += 1
        except PatternError:
            verdicts[False] += 1
    assert min(verdicts[True], verdicts[False]) > 60
