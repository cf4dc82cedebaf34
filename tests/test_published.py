"""Owns the promises of gpr and epu: each category, the veto, the reach of two words, the three-way query."""

import os
import re
from pathlib import Path

import pytest

from pressgauge import Lexicon, Scorer

SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", Path(__file__).parent.parent.parent / "shared"))
INDICES = SHARED / "PUBLISHED_INDICES.md"

# Category, a sentence that it must meet, one that it must not.
GPR = [
    (
        "war_threats",
        "Diplomats speak of the risk of war in the delta.",
        "Diplomats spoke of war in the delta.",
    ),
    (
        "war_threats",
        "A coup is imminent, said the consul.",
        "A coup, as nobody had thought imminent, failed.",
    ),
    ("peace_threats", "The militia rejects the truce.", "The militia signed the truce."),
    (
        "peace_threats",
        "They menace any armistice.",
        "They honour any armistice that stands, and menace nobody.",
    ),
    (
        "military_buildups",
        "The port was closed by a blockade. Far from there, troops were paid.",
        "The port was closed by a blockade. Far from there, clerks were paid.",
    ),
    ("military_buildups", "A build-up of missiles was seen.", "A heap of missiles was seen."),
    (
        "nuclear_threats",
        "Envoys counted the nuclear weapons. Their concern is old.",
        "Envoys counted the nuclear weapons. Their count is old.",
    ),
    ("nuclear_threats", "No one doubts that an H-bomb exists.", "No one doubts that a bomb exists."),
    ("terrorist_threats", "Police warned of terrorists.", "Police wrote of terrorists."),
    ("terrorist_threats", "Hostage crisis on the ferry", "Hostage freed from the ferry"),
    ("war_begin", "War broke out in spring.", "War went on in spring."),
    ("war_begin", "The insurrection has begun.", "The insurrection has failed."),
    ("war_escalation", "The army launched boats.", "The army painted boats."),
    ("war_escalation", "Clashes with rebels went on.", "Talks with rebels went on."),
    ("terrorist_acts", "Guerrillas killed a judge.", "Guerrillas met a judge."),
    ("terrorist_acts", "They call it an act of terror.", "They call it a week of terror."),
]
ACTS = {"war_begin", "war_escalation", "terrorist_acts"}
EPU = "The {0} of the {1} weighs on {2}."


def scorer_of(name: str, engine: str) -> Scorer:
    if engine == "reference":
        pytest.importorskip("regex")
    return Scorer(Lexicon.builtin(name), overlap="category", engine=engine)


@pytest.fixture(params=["native", "reference"], scope="module")
def gpr(request: pytest.FixtureRequest) -> Scorer:
    return scorer_of("gpr", request.param)


@pytest.fixture(params=["native", "reference"], scope="module")
def epu(request: pytest.FixtureRequest) -> Scorer:
    return scorer_of("epu", request.param)


@pytest.mark.parametrize(("category", "yes", "no"), GPR)
def test_each_category_of_gpr(gpr: Scorer, category: str, yes: str, no: str) -> None:
    group, other = ("acts", "threats") if category in ACTS else ("threats", "acts")
    score = gpr.score(yes)
    assert score["gpr"].categories[category].hits > 0
    assert score[group].categories[category].hits > 0
    assert score[other].hits == 0
    score = gpr.score(no)
    assert (score["gpr"].categories[category].hits, score[group].categories[category].hits) == (0, 0)


def test_the_sentences_cover_the_eight_categories() -> None:
    gpr, threats, acts = Lexicon.builtin("gpr").dimensions
    assert [one.name for one in gpr.categories] == list(dict.fromkeys(category for category, _, _ in GPR))
    assert gpr.categories == threats.categories + acts.categories
    assert (len(threats.categories), {one.name for one in acts.categories}) == (5, ACTS)
    assert gpr.veto == threats.veto == acts.veto


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("threat war", 1),
        ("war threat", 1),
        ("war of threats", 1),
        ("war of new threats", 0),
        ("threat of war", 1),
        ("threat of a war", 0),
        ("war, a threat", 1),
        ("a long war. Threats", 0),
        ("war broke out", 1),
        ("war again broke out", 1),
        ("war broke nobody out", 0),
        ("the outbreak of war", 1),
        ("the outbreak of the war", 0),
    ],
)
def test_two_words_reach_as_far_as_two_positions(gpr: Scorer, text: str, hits: int) -> None:
    """N/2 is a difference of positions of at most 2, on either side, in one sentence."""
    assert gpr.score(text)["gpr"].hits == hits


@pytest.mark.parametrize(
    "word", ["film", "Museums", "price war", "real estate", "taxes", "books", "history", "priceless"]
)
def test_an_excluded_word_vetoes_the_whole_article(gpr: Scorer, word: str) -> None:
    text = f"The army attacked. The threat of war grows.\n\nElsewhere, {word} was all the talk."
    vetoed = word not in ("taxes", "priceless")
    assert [gpr.score(text)[name].hits == 0 for name in ("gpr", "threats", "acts")] == [vetoed] * 3


@pytest.mark.parametrize("uncertain", ["uncertainty", "uncertainties", "uncertain"])
@pytest.mark.parametrize(
    "policy", ["Congress", "the deficit", "the Federal Reserve", "the Fed", "legislation"]
)
@pytest.mark.parametrize("economy", ["economy", "economic"])
def test_epu_asks_for_all_three(epu: Scorer, uncertain: str, economy: str, policy: str) -> None:
    assert epu.score(EPU.format(uncertain, economy, policy))["epu"].hits == 1
    assert (
        epu.score(f"It is {uncertain}.\n\nAfter a page: {policy}.\n\nAt the end: {economy}.")["epu"].hits == 1
    )
    for text in (
        EPU.format("certainty", economy, policy),
        EPU.format(uncertain, "weather", policy),
        EPU.format(uncertain, economy, "farmers"),
    ):
        assert epu.score(text)["epu"].hits == 0


def test_epu_knows_the_fed_by_its_capital(epu: Scorer) -> None:
    hits = [
        epu.score(EPU.format("uncertainty", "economy", one))["epu"].hits
        for one in ("THE FED", "the fed cattle")
    ]
    assert hits == [1, 0]


def words_of(page: str, name: str) -> set[str]:
    """Read a list of words of the page that the project was given; a hyphen is a space."""
    found = re.search(rf"\b{name}(?: \([^)]*\))?: (.*?)(?:\n-|\nSHARE|\. [A-Z]\w+:|\n\n)", page, re.DOTALL)
    assert found, name
    return {" ".join(one.split()).strip(". ") for one in found[1].split(",")}


@pytest.mark.skipif(not INDICES.is_file(), reason="the shared folder is not here")
def test_the_words_of_gpr_are_those_of_the_paper() -> None:
    page = INDICES.read_text(encoding="utf-8")
    lexicon = Lexicon.builtin("gpr")
    for name, macro in lexicon.macros.items():
        assert set(macro) == words_of(page, name.capitalize()), name
    firsts = ("War", "Peace", "Military", "Nuclear", "Terrorism", "War", "Actor", "Terrorism")
    for name, category in zip(firsts, lexicon.dimensions[0].categories, strict=True):
        words = {term.text.partition(" @")[0] for term in category.terms}
        assert words == words_of(page, name), name
    assert set(lexicon.dimensions[0].veto) == words_of(page, "Excluded")
