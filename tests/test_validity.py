"""Owns the promises of the validity bench: known figures, halves that never change, rivals that load."""

import random

import pytest
from bench.validity import page, rivals, sets
from bench.validity.cli import SHARED, main
from bench.validity.draft import lexicon_of
from bench.validity.statistics import auc, drawn, estimates

DRAFT = """
macros:
  PORT: "dock*; quay"
dimensions:
  HARBOUR:
    exclude: "dock leaves"
    categories:
      labour:
        cite: "none"
        terms: "strike @near(PORT,4); [unreadable; walkout"
"""


def test_known_figures() -> None:
    made = estimates([3.0, 0.0, 2.0], [0.0, 0.0, 0.0, 2.0], rounds=50)
    assert {name: round(one.value, 4) for name, one in made.items()} == {
        "recall": 0.6667,
        "precision": 0.6667,
        "f1": 0.6667,
        "auc": 0.75,
        "alarms": 0.25,
    }
    assert all(one.low <= one.value <= one.high for one in made.values())
    assert made == estimates([3.0, 0.0, 2.0], [0.0, 0.0, 0.0, 2.0], rounds=50)


def test_classes_that_are_empty_have_no_figures() -> None:
    assert set(estimates([], [0.0, 1.0], rounds=5)) == {"alarms"}
    assert set(estimates([1.0], [], rounds=5)) == {"recall"}


def test_auc_is_what_pairs_say() -> None:
    rng = random.Random(3)
    one, other = [rng.randrange(4) for _ in range(30)], [rng.randrange(4) for _ in range(40)]
    pairs = sum((a > b) + (a == b) / 2 for a in one for b in other) / (30 * 40)
    counts = [[values.count(rank) for rank in range(4)] for values in (one, other)]
    assert auc(*counts) == pytest.approx(pairs)
    assert sum(drawn(counts[0], rng)) == 30


def test_halves_part_each_set() -> None:
    names = [f"document:{number}" for number in range(400)]
    for name in (sets.CAMEO, sets.NEWS):
        even = [one for one in names if sets.is_in("even", name, one)]
        odd = [one for one in names if sets.is_in("odd", name, one)]
        assert sorted(even + odd) == sorted(names)
        assert 150 < len(even) < 250
    assert sets.is_in("odd", sets.CAMEO, "document:0") == (not sets.is_in("even", sets.CAMEO, "document:0"))


def test_the_draft_is_converted_as_it_stands() -> None:
    lexicon = lexicon_of(DRAFT)
    (dimension,) = lexicon.dimensions
    assert (dimension.name, dimension.exclude) == ("harbour", ("dock leaves",))
    assert [term.text for term in dimension.categories[0].terms] == ["strike @near(PORT,4)", "walkout"]


def test_the_bare_lists_have_the_dimensions_of_the_lexicon() -> None:
    assert [one.name for one in rivals.bare().dimensions] == ["sanction", "leverage", "conflict"]


@pytest.mark.skipif(not (SHARED / "labelled").is_dir(), reason="needs the labelled sets")
def test_it_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--set", "CAMEO named", "CAMEO relief", "--rounds", "5"]) == 0
    printed = capsys.readouterr().out
    assert "GPR query" in printed
    assert "bare list" in printed
    assert "sanction#relief" in printed
    assert "short" not in printed
    assert "met" in printed


def test_without_sets_it_says_so(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--shared", str(tmp_path)]) == 2
    assert "no labelled/" in capsys.readouterr().err


def test_the_page_keeps_what_is_around_the_tables(tmp_path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n", encoding="utf-8")
    page.put("new", path)
    assert path.read_text(encoding="utf-8") == f"before\n{page.BEGIN}\n\nnew\n\n{page.END}\nafter\n"
