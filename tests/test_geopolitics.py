"""Owns the promises of the built-in lexicon: its sentences come out right, its terms can match, once each."""

import os
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pressgauge import Lexicon, Scorer

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", HERE.parent.parent / "shared"))
DATA = tomllib.loads((files("pressgauge") / "lexicons" / "geopolitics.toml").read_text(encoding="utf-8"))
CATEGORIES = [
    (dimension, category)
    for dimension, table in DATA["dimensions"].items()
    for category in table["categories"]
]


class Sentence(NamedTuple):
    """`+`: at least one hit in the dimension; `-`: none."""

    sign: str
    dimension: str
    text: str


def sentences(path: Path) -> list[Any]:
    """Read sign, dimension and sentence of each line; none if the file is absent, and pytest then skips."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [pytest.param(Sentence(*line.split("\t")), id=f"line-{n}") for n, line in enumerate(lines, 1)]


@pytest.fixture(scope="module", params=["native", "reference"])
def scorer(request: pytest.FixtureRequest) -> Scorer:
    if request.param == "reference":
        pytest.importorskip("regex")
    return Scorer(Lexicon.builtin("geopolitics"), engine=request.param)


def check(scorer: Scorer, sentence: Sentence) -> None:
    hits = scorer.score(sentence.text)[sentence.dimension.lower()].hits
    found = [(hit.term, hit.surface) for hit in scorer.hits(sentence.text)]
    assert (hits > 0) == (sentence.sign == "+"), found


@pytest.mark.parametrize("sentence", sentences(HERE / "data" / "false_friends.tsv"))
def test_our_sentences(scorer: Scorer, sentence: Sentence) -> None:
    check(scorer, sentence)


@pytest.mark.parametrize("sentence", sentences(SHARED / "falsefriends.tsv"))
def test_shared_sentences(scorer: Scorer, sentence: Sentence) -> None:
    check(scorer, sentence)


def test_both_kinds_of_sentence_for_each_dimension() -> None:
    kinds = Counter(param.values[0][:2] for param in sentences(HERE / "data" / "false_friends.tsv"))
    assert set(kinds) == {(sign, name.upper()) for sign in "+-" for name in DATA["dimensions"]}
    assert min(kinds.values()) >= 35


def terms_of(dimension: str, category: str) -> list[str]:
    terms = DATA["dimensions"][dimension]["categories"][category]["terms"]
    return [term if isinstance(term, str) else term["pattern"] for term in terms]


def rendering(term: str) -> str:
    """Write a term as plain text: first alternatives, no gaps, no guards, globs at their shortest."""
    text = term.partition("@")[0]
    while "[" in text:
        text = re.sub(r"\[([^\[\]|]*)[^\[\]]*\]", r"\1", text)
    text = re.sub(r"~\d+", "", text)
    return " ".join(text.replace("=", "").replace("*", "").replace("?", "x").split())


@pytest.mark.parametrize(("dimension", "category"), CATEGORIES)
def test_every_term_matches_its_own_rendering(scorer: Scorer, dimension: str, category: str) -> None:
    terms = terms_of(dimension, category)
    paragraphs = [rendering(term) for term in terms]
    text = "\n\n".join(paragraphs)
    found = {
        (text.count("\n\n", 0, hit.start), hit.term)
        for hit in scorer.hits(text, rejected=True)
        if (hit.dimension, hit.category) == (dimension, category)
    }
    assert [term for number, term in enumerate(terms) if (number, term) not in found] == []


def test_three_dimensions_of_40_categories() -> None:
    assert list(DATA["dimensions"]) == ["sanction", "leverage", "conflict"]
    assert len(CATEGORIES) == 40


@pytest.mark.parametrize("dimension", DATA["dimensions"])
def test_no_term_stands_twice_in_a_dimension(dimension: str) -> None:
    places = Counter(
        term for name, category in CATEGORIES if name == dimension for term in terms_of(name, category)
    )
    assert [term for term, count in places.items() if count > 1] == []


@pytest.mark.parametrize(("dimension", "category"), CATEGORIES)
def test_every_category_has_a_label_and_a_source(dimension: str, category: str) -> None:
    table = DATA["dimensions"][dimension]["categories"][category]
    assert table["label"].strip()
    assert table["cite"].strip()


# Sentences of our own: what stands around a sanction, and the tags that the modifiers give to it.
TAGGED = (
    ("Brussels lifted the sanctions on two banks.", {"relief"}),
    ("The arms embargo was lifted last week.", {"relief"}),
    ("Parliament voted to ease sanctions on the port.", {"relief"}),
    # The words of the hit say that it is lifted, and that is refused or asked for.
    ("Brussels refused to lift the sanctions.", {"maintained", "negated"}),
    ("He urged Brussels to lift the sanctions.", {"maintained", "threatened"}),
    # Here they do not: a freeze that is kept is not negated.
    ("Brussels refused to ease the asset freezes.", {"maintained"}),
    ("He urged Brussels to waive the asset freezes.", {"maintained"}),
    ("The envoy tried to persuade the new ministers in Oslo to lift sanctions.", {"maintained"}),
    ("Both sides met for talks in Oslo to lift sanctions.", {"maintained"}),
    ("Brussels imposed sanctions on two banks.", set()),
    ("There are no sanctions on the island.", {"negated"}),
    ("Not only sanctions were imposed.", set()),
    ("Oslo threatened sanctions against the island.", {"threatened"}),
    ("If sanctions come, the port will close.", {"hypothetical"}),
    ("The film is about the sanctions of 1935.", {"historical"}),
    ("According to the paper, sanctions were imposed on two banks.", {"quoted"}),
)


@pytest.mark.parametrize(("sentence", "tags"), TAGGED)
def test_the_tags_of_our_own_sentences(scorer: Scorer, sentence: str, tags: set[str]) -> None:
    found = {frozenset(hit.tags) for hit in scorer.hits(sentence) if hit.dimension == "sanction"}
    assert found == {frozenset(tags)}


def test_modifiers_give_the_tags_that_the_documentation_names() -> None:
    tags = {modifier.get("tag", name) for name, modifier in DATA["modifiers"].items()}
    assert tags == {"negated", "relief", "threatened", "hypothetical", "historical", "quoted"}
