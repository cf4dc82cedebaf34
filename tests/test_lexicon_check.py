"""Owns the promises of `lexicon check`: each planted fault is found, with its line, and nothing beside it."""

import time
from pathlib import Path

import pytest

from conftest import Run
from pressgauge import Lexicon, Scorer
from pressgauge.lexicon import builtin_names
from pressgauge.lexicon.checks import check
from pressgauge.review import fire

HEAD = '[lexicon]\nname = "x"\nversion = "1"\n[macros]\n'


def lexicon(terms: str, more: str = "", macros: str = "", lists: str = "") -> Lexicon:
    """Write a lexicon; its first term is in line 10."""
    lines = [
        HEAD + (macros or "#"),
        "[dimensions.d]",
        lists or "#",
        "[dimensions.d.categories.c]",
        "terms = [",
    ]
    return Lexicon.parse("\n".join([*lines, terms, "]", more]))


def found(made: Lexicon) -> list[tuple[str, int | None]]:
    return [(one.kind, one.line) for one in check(made)]


CLEAN = '"tide*",\n"high water",\n"[ebb|flow] ~2 sea",\n"=Ebb",\n"wave @near(SHIP, 5)",\n'
SHIP = 'SHIP = ["boat*"]'


def test_a_clean_lexicon_has_no_findings() -> None:
    assert found(lexicon(CLEAN, macros=SHIP, lists='exclude = ["tide pool*"]\nveto = ["film"]')) == []


# Kind, what is planted, the line of the finding, the words that it holds.
PLANTED = [
    ("duplicate", '"tide",\n"wave",\n"tide",', 10, "`tide` is written 2 times in d.c"),
    ("duplicate", '"tides pool",\n"tides-pool",', 11, "says the same as `tides pool` in line 11"),
    ("duplicate", '"[ebb|flow]",\n"[flow|ebb]",', 11, "says the same as `[ebb|flow]`"),
    ("shadowed", '"tid*",\n"tide",', 11, "`tide` in d.c never counts: `tid*` before it takes all"),
    ("shadowed", '"tid* pool*",\n"tides pool",', 11, "`tid* pool*`"),
    ("shadowed", '"tid*",\n"ebb*",\n"[tide|ebbs]",', 12, "`tid*` or `ebb*`"),
    ("shadowed", '"*tide",\n"springtide",', 11, "`*tide`"),
    ("shadowed", '"at ~0 sea",\n"at sea",', 11, "`at ~0 sea`"),
    ("shadowed", '"us",\n"=US",', 11, "`us` before it"),
    ("shadowed", '"tide",\n"tide @near(SHIP, 5)",', 11, "`tide` before it"),
    ("redundant", '"tide",\n"tid*",', 10, "`tide` in d.c adds nothing: `tid*` matches there too"),
    ("redundant", '"tide @near(SHIP, 5)",\n"tide",', 10, "`tide` matches there too"),
    ("redundant", '"=US",\n"us",', 10, "`us` matches there too"),
    ("never", '"tide @near(NONE, 5)",', 10, "the macro NONE is empty"),
    ("never", '"tide @near(SHIP, 5) @not(SHIP, sentence)",', 10, "its guards on SHIP contradict"),
    ("never", '"tide @near(SHIP, 5, after) @not(SHIP, 8, after)",', 10, "contradict"),
    ("never", '"women\'s*",', 10, "write `women`"),
    ("wide", '"us*",', 10, "`us*` in d.c swallows words"),
    ("wide", '"[tide|a*]",', 10, "`a*`"),
]


@pytest.mark.parametrize(("kind", "terms", "line", "said"), PLANTED)
def test_planted_faults_in_terms(kind: str, terms: str, line: int, said: str) -> None:
    macros = SHIP + "\nNONE = []"
    used = '[dimensions.e.categories.c]\nterms = ["x @near(SHIP, 1)", "y @not(NONE, 1)"]'
    (one,) = check(lexicon(terms, used, macros))
    assert (one.kind, one.line) == (kind, line + 1)
    assert said in one.text


@pytest.mark.parametrize(
    "terms",
    [
        '"tide pool",\n"tide*",',
        '"tid* ~2 pool*",\n"tide ~2 pools",',
        '"=US",\n"=USA",\n"usable",',
        '"tide @near(SHIP, 5) @not(SHIP, 3)",',
        '"tide @near(SHIP, 5, after) @not(SHIP, 8, before)",',
        '"women\'s",\n"o\'*brien*",',
        '"us* navy",\n"16*",\n"1st*",',
        '{ pattern = "tide", weight = 2 },\n"tid*",',
        '"?ide",\n"*tid*",',
    ],
)
def test_what_only_looks_like_a_fault(terms: str) -> None:
    used = '[dimensions.e.categories.c]\nterms = ["x @near(SHIP, 1)"]'
    assert found(lexicon(terms, used, SHIP)) == []


@pytest.mark.parametrize(
    ("lists", "kind", "line", "said"),
    [
        ('exclude = ["tid*"]', "excluded", 10, "the exclusion `tid*` holds all its matches"),
        ('veto = ["pool*"]', "vetoed", 10, "its own words meet the veto `pool*`"),
        ('exclude = ["neap"]', "idle", 7, "`neap` in d.exclude excludes nothing"),
        (
            'exclude = ["spring tide", "spring tide"]',
            "duplicate",
            7,
            "`spring tide` is written 2 times in d.exclude",
        ),
    ],
)
def test_planted_faults_in_lists(lists: str, kind: str, line: int, said: str) -> None:
    terms = '"tide",' if kind != "vetoed" else '"tide pools",'
    (one,) = check(lexicon(terms, lists=lists))
    assert (one.kind, one.line) == (kind, line)
    assert said in one.text


def test_exclusions_and_vetoes_that_remove_a_part() -> None:
    for lists in (
        'exclude = ["tide pool"]',
        'exclude = ["tide @near(SHIP, 3)"]',
        'veto = ["tide @near(SHIP, 3)"]',
    ):
        assert found(lexicon('"tide",', macros=SHIP, lists=lists)) in ([], [("unused", 5)])


def test_macros() -> None:
    made = lexicon('"tide",', macros='SHIP = ["boat", "boat", "a*"]')
    assert [one.kind for one in check(made)] == ["duplicate", "unused", "wide"]
    assert "no guard names the macro SHIP" in [one.text for one in check(made)]


def test_two_categories_of_a_dimension() -> None:
    more = '[dimensions.d.categories.e]\nterms = ["tide", "waves"]\n'
    more += '[dimensions.f.categories.c]\nterms = ["tide"]'
    (one,) = check(lexicon('"tide",\n"wave*",', more))
    assert (one.kind, one.text) == (
        "duplicate",
        "`tide` stands in d.e and in d.c: their dimension counts it once",
    )


@pytest.mark.parametrize("kind", ["shadowed", "excluded", "vetoed", "never"])
def test_what_never_counts_never_counts(kind: str) -> None:
    """Hold the finding to the engine: in texts that hold the term, it has no hit of its own."""
    cases = {
        "shadowed": (lexicon('"tid*",\n"tide",\n"at ~0 sea",\n"at sea",'), ["tide", "at sea"]),
        "excluded": (lexicon('"tide",', lists='exclude = ["tid*"]'), ["tide"]),
        "vetoed": (lexicon('"tide pools",', lists='veto = ["pool*"]'), ["tide pools"]),
        "never": (lexicon('"women\'s*",'), ["women's*"]),
    }
    made, terms = cases[kind]
    assert [one.kind for one in check(made)] == [kind] * len(terms)
    hits = Scorer(made).hits("A tide. At sea. The tide pools. Women's rights, womens' and woman's.")
    assert not {hit.term for hit in hits} & set(terms)


@pytest.mark.parametrize("name", builtin_names())
def test_the_built_in_lexicons_have_no_findings(name: str) -> None:
    assert check(Lexicon.builtin(name)) == []


def test_many_terms_take_no_long_time() -> None:
    rows = [f'"w{number} x{number % 7}*",' for number in range(20_000)]
    assert check(lexicon("\n".join(rows))) == []


def test_hostile_globs_take_no_long_time() -> None:
    stars = "*".join("b" * 60)
    rows = [f'"{"b" * 90}{number}",' for number in range(500)] + [
        f'"*bbb{stars}*{number}",' for number in range(500)
    ]
    rows += [f'"*xyz{number}",' for number in range(3_000)]
    began = time.process_time()
    check(lexicon("\n".join(rows)))
    assert time.process_time() - began < 20


def test_the_command_names_file_and_line(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(lexicon('"tid*",\n"tide",').source, encoding="utf-8")
    done = cli("lexicon check mine.toml")
    assert done.returncode == 0
    assert done.stdout.startswith("mine.toml: good: x 1, 2 terms")
    said = "`tide` in d.c never counts: `tid*` before it takes all its matches"
    assert done.stderr == f"warning: mine.toml:11: {said} (shadowed)\n"


CORPUS = """{"id": "a", "text": "The tide rose. A tidal wave, said the tideway."}
{"id": "b", "text": "High water at noon; ebb to sea. Tide tables."}
{"id": "c", "text": "The wave met a boat. Boating. Tide pool."}
"""


def write(folder: Path, *rows: str) -> Path:
    made = lexicon("\n".join(rows), macros=SHIP, lists='exclude = ["tide pool*"]')
    (folder / "mine.toml").write_text(made.source, encoding="utf-8")
    (folder / "news.jsonl").write_text(CORPUS, encoding="utf-8")
    return folder / "news.jsonl"


def test_what_fires_and_what_globs_take(tmp_path: Path) -> None:
    news = write(tmp_path, '"tid*",', '"high water",', '"gale",', '"ebb* ~2 sea",', '"wave @near(SHIP, 5)",')
    firing = fire(Lexicon.load(tmp_path / "mine.toml"), [str(news)])
    assert (firing.summary.documents, firing.summary.scored) == (3, 3)
    hits = {term: (one.hits, one.documents, dict(one.fallen)) for (_, _, term), one in firing.terms.items()}
    assert hits == {
        "tid*": (4, 2, {"excluded": 1}),
        "high water": (1, 1, {}),
        "gale": (0, 0, {}),
        "ebb* ~2 sea": (1, 1, {}),
        "wave @near(SHIP, 5)": (1, 1, {"context": 1}),
    }
    assert [key[2] for key, _ in firing.never()] == ["gale"]
    assert firing.most(1)[0][0] == ("d", "c", "tid*")
    assert [example[0] for example in firing.most(1)[0][1].examples] == ["a", "b"]
    assert firing.globs["tid*"].taken == {"tide": 2, "tidal": 1, "tideway": 1}
    assert firing.globs["tid*"].met == {"tide": 3, "tidal": 1, "tideway": 1}
    assert firing.globs["ebb*"].taken == {"ebb": 1}
    assert (firing.globs["boat*"].taken, firing.globs["boat*"].met) == ({}, {"boat": 1, "boating": 1})
    assert set(firing.globs) == {"boat*", "pool*", "tid*", "ebb*"}


def test_surfaces_of_a_glob_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressgauge.review.firing._MOST_SURFACES", 1)
    news = write(tmp_path, '"tid*",', '"wave @near(SHIP, 5)",')
    met = fire(Lexicon.load(tmp_path / "mine.toml"), [str(news)]).globs["tid*"].met
    assert met == {"tide": 3, "(others)": 2}


def test_a_lexicon_without_globs_is_looked_at_too(tmp_path: Path) -> None:
    news = write(tmp_path, '"tide",')
    (tmp_path / "mine.toml").write_text(lexicon('"high water",').source, encoding="utf-8")
    firing = fire(Lexicon.load(tmp_path / "mine.toml"), [str(news)])
    assert (len(firing.most(5)), dict(firing.globs)) == (1, {})


def test_the_report_on_a_corpus(cli: Run, tmp_path: Path) -> None:
    write(tmp_path, '"tid*",', '"gale",', '"wave @near(SHIP, 5)",')
    done = cli("lexicon check mine.toml --corpus news.jsonl --words 2 --top 1")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1] == "corpus: 3 documents, 26 tokens"
    assert "          4 in 2 documents  d.c  `tid*`" in lines
    assert "            a: The [tide] rose. A tidal wave, said the tidew" in lines
    assert "no hits: 1 of 3 terms" in lines
    assert "  `tid*`  tide 2, tidal 1 and 1 more / tide 3, tidal 1 and 1 more" in lines
    assert cli("lexicon check mine.toml --corpus absent.jsonl").returncode == 2


def test_a_new_lexicon_works(cli: Run, tmp_path: Path) -> None:
    assert cli("lexicon new mine.toml").returncode == 0
    done = cli("lexicon check mine.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mine.toml: good: mine 0.1")
    made = Lexicon.load(tmp_path / "mine.toml")
    hits = Scorer(made).hits("A dock strike closed the port. The walkout at the quay ended.")
    assert [(hit.term.split()[0], hit.tags) for hit in hits] == [
        ("dock", ()),
        ("[close|closed|closes|closing]", ()),
        ("[walkout|walkouts]", ("ended",)),
    ]
    assert cli("lexicon new mine.toml").returncode == 4
    assert cli("lexicon new mine.toml --overwrite").returncode == 0
    assert cli("lexicon new mine.yaml").returncode == 2
    comments = [line for line in made.source.splitlines() if "#" in line]
    assert len(comments) > 20
