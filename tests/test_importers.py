"""Owns the promises of importers and exporters: nothing lost unlisted, there and back the same."""

import os
import re
from pathlib import Path

import pytest

from conftest import Run
from pressgauge import Lexicon, LexiconError, Scorer
from pressgauge.lexicon.exporters import WRITABLE, export
from pressgauge.lexicon.importers import FORMATS, convert, read_any
from pressgauge.lexicon.importers.names import Names

SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", Path(__file__).parent.parent.parent / "shared"))
FILES = sorted((SHARED / "lexicon_formats").glob("*"))

# Small dictionaries of our own, one a format, each with what is odd there.
LIWC = """%\t\t
1\tweather
\t02   rain
\t3 snow
4 harbour
% \t
drizzl*\t\t\t02\t 9
sleet\t002  3
quay\t4
fog bank\t1
crane\t<of>4/3\t4
buoy
%
"""
WORDSTAT = """WEATHER
\tdull day (1)
\tWET
\t\tRAIN* (1)
\t\tSEA_FOG (0.5)
\t\train* (1)
\t\t@NEAR [RAIN] (1)
\t\t:-) (1)
EMPTY
"""
YOSHIKODER = """<?xml version="1.0" encoding="UTF-8"?>
<dictionary style="050805" patternengine="substring">
 <cnode name="Port words" desc="">
  <cnode name="Craft &amp; gear" desc="what floats">
   <cnode name="+Small+" desc=""><pnode name="dinghy"/><pnode name="row*" score="2.5"/></cnode>
   <cnode name="-Small-" desc=""><pnode name="tanker*"/></cnode>
  </cnode>
 </cnode>
</dictionary>
"""
LEXICODER = "+SEA\n tide \n wave\n+LAND\n dune \n"
YAML = """
sea: [tide, "no wave", no, 1e3]
land:
  - dune
  - hill: [fell, 'cairn*']
    plain: moor
  - empty:
"""
TABLE = 'category,term,weight,remark\nsea,tide,2,x\nsea,"wave, tall",1,\nland,dune,,y\nland,,3,\n'
SAMPLES = {
    "w.dic": LIWC,
    "w.cat": WORDSTAT,
    "w.ykd": YOSHIKODER,
    "w.lc3": LEXICODER,
    "w.yml": YAML,
    "w.csv": TABLE,
    "w.tsv": TABLE.replace('"wave, tall"', "wave").replace(",", "\t"),
    "w.txt": "# of the sea\ntide\nwave*\n",
}


def made(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def contents(lexicon: Lexicon) -> dict[str, list[tuple[str, float]]]:
    """Give `dimension.category` to its terms and weights."""
    return {
        f"{dimension.name}.{category.name}": [(term.text, term.weight) for term in category.terms]
        for dimension in lexicon.dimensions
        for category in dimension.categories
    }


def notes(path: Path) -> list[str]:
    return [str(note) for note in convert(path).notes]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shared_dictionaries_hold_what_another_reading_finds(path: Path) -> None:
    pytest.importorskip("yaml")
    from other_readings import read

    found = convert(path)
    ours: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    for dimension in found.lexicon.dimensions:
        for category in dimension.categories:
            if category.terms:
                rest = tuple((category.label or category.name).split(" > "))
                top = dimension.label or dimension.name
                ours[(top, *rest)] = [(term.text.lower(), term.weight) for term in category.terms]
    theirs = dict(read(path))
    if all(len(path_) == 1 for path_ in theirs):
        theirs = {(path.stem, *path_): terms for path_, terms in theirs.items()}
        ours = {(path.stem, *path_[1:]): terms for path_, terms in ours.items()}
    ours = {path_[:1] if path_[0] == path_[1] else path_: terms for path_, terms in ours.items()}
    listed = [re.search(r"`(.*?)` stands in `(.*?)` twice", str(note)) for note in found.notes]
    for twice in filter(None, listed):
        path_ = next(path_ for path_ in theirs if " > ".join(path_[1:]) == twice[2] or path_[-1] == twice[2])
        theirs[path_].reverse()
        theirs[path_].remove((twice[1].lower(), 1.0))
        theirs[path_].reverse()
    assert {
        key: [(term.replace("_", " "), weight) for term, weight in terms] for key, terms in theirs.items()
    } == ours


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shared_dictionaries_score(path: Path) -> None:
    lexicon = convert(path).lexicon
    words = [
        " ".join(term.text.replace("*", "").split())
        for dimension in lexicon.dimensions
        for category in dimension.categories
        for term in category.terms
    ]
    score = Scorer(lexicon).score(". ".join(words))
    assert all(
        one.hits > 0 or not any(c.terms for c in d.categories)
        for d, one in zip(lexicon.dimensions, score.values(), strict=True)
    )


@pytest.mark.parametrize("kind", [kind for kind in WRITABLE if kind != "list"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shared_dictionaries_come_back(path: Path, kind: str, tmp_path: Path) -> None:
    there_and_back(path, kind, tmp_path)


@pytest.mark.parametrize("kind", [kind for kind in WRITABLE if kind != "list"])
@pytest.mark.parametrize("name", SAMPLES)
def test_our_dictionaries_come_back(name: str, kind: str, tmp_path: Path) -> None:
    there_and_back(made(tmp_path, name, SAMPLES[name]), kind, tmp_path)


def there_and_back(path: Path, kind: str, folder: Path) -> None:
    """Hold a conversion to the same contents after a way through another format, but for what was listed."""
    if path.suffix in (".yml", ".yaml") or kind == "yaml":
        pytest.importorskip("yaml")
    first = convert(path).lexicon
    text, lost = export(first, kind)
    (folder / "back").mkdir()
    second = convert(made(folder / "back", f"{path.stem}{FORMATS[kind][0]}", text)).lexicon
    again, _ = export(second, kind)
    assert again == text
    kept = {key: terms for key, terms in contents(first).items() if terms}
    back = {key: terms for key, terms in contents(second).items() if terms}
    if any("weights have no place" in note for note in lost):
        kept = {key: [(term, 1.0) for term, _ in terms] for key, terms in kept.items()}
    assert back == kept
    if not lost:
        assert second == first


def test_liwc(tmp_path: Path) -> None:
    path = made(tmp_path, "w.dic", LIWC)
    assert contents(convert(path).lexicon) == {
        "weather.weather": [("fog bank", 1)],
        "weather.rain": [("drizzl*", 1), ("sleet", 1)],
        "weather.snow": [("sleet", 1)],
        "harbour.harbour": [("quay", 1), ("crane", 1)],
    }
    assert notes(path) == [
        "line 7: `drizzl*`: no category has the number 9: left out",
        "line 11: `crane`: the condition <of>4/3 has no counterpart: left out",
        "line 12: `buoy` has no category number: left out",
    ]


def test_wordstat(tmp_path: Path) -> None:
    path = made(tmp_path, "w.cat", WORDSTAT)
    assert contents(convert(path).lexicon) == {
        "weather.weather": [("dull day", 1)],
        "weather.wet": [("RAIN*", 1), ("SEA FOG", 0.5)],
        "empty.empty": [],
    }
    said = notes(path)
    assert [
        note for note in said if "@NEAR" in note or ":-)" in note or "twice" in note or "no terms" in note
    ] == said
    assert len(said) == 4


def test_yoshikoder(tmp_path: Path) -> None:
    found = convert(made(tmp_path, "w.ykd", YOSHIKODER))
    assert contents(found.lexicon) == {
        "craft_gear.plus_small": [("dinghy", 1), ("row*", 2.5)],
        "craft_gear.minus_small": [("tanker*", 1)],
    }
    assert found.lexicon.description == "Port words"
    assert found.lexicon.dimensions[0].label == "Craft & gear"
    assert [str(note) for note in found.notes] == ["line 4: the description of `Craft & gear` is left out"]


def test_lexicoder_and_lists(tmp_path: Path) -> None:
    found = convert(made(tmp_path, "w.lc3", LEXICODER))
    assert contents(found.lexicon) == {"w.sea": [("tide", 1), ("wave", 1)], "w.land": [("dune", 1)]}
    assert "1 of them" in str(found.notes[0])
    assert contents(convert(made(tmp_path, "w.txt", SAMPLES["w.txt"])).lexicon) == {
        "w.w": [("tide", 1), ("wave*", 1)]
    }


def test_yaml(tmp_path: Path) -> None:
    """Scalars are taken as written: `no` and `1e3` are words."""
    pytest.importorskip("yaml")
    assert contents(convert(made(tmp_path, "w.yml", YAML)).lexicon) == {
        "sea.sea": [("tide", 1), ("no wave", 1), ("no", 1), ("1e3", 1)],
        "land.land": [("dune", 1)],
        "land.hill": [("fell", 1), ("cairn*", 1)],
        "land.plain": [("moor", 1)],
        "land.empty": [],
    }


@pytest.mark.parametrize("name", ["w.csv", "w.tsv"])
def test_tables(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, name, SAMPLES[name])
    found = contents(convert(path).lexicon)
    assert found["w.land"] == [("dune", 1)]
    assert found["w.sea"][0] == ("tide", 2)
    assert "remark" in notes(path)[0]
    assert any("no term" in note for note in notes(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tide;sea\ndune;land\n", {"w.sea": [("tide", 1)], "w.land": [("dune", 1)]}),
        ("tide,0.5\ndune,-1\n", {"w.w": [("tide", 0.5), ("dune", -1)]}),
        ("tide\tsea\t2\n", {"w.sea": [("tide", 2)]}),
        ("pattern,weight\nebb ~2 flow,3\n=Tide,\n", {"w.w": [("ebb ~2 flow", 3), ("=Tide", 1)]}),
    ],
)
def test_tables_without_names_of_columns(tmp_path: Path, text: str, expected: object) -> None:
    assert contents(convert(made(tmp_path, "w.csv", text)).lexicon) == expected


@pytest.mark.parametrize(
    ("encoding", "word", "guess"),
    [
        ("utf-8-sig", "zürn", None),
        ("utf-16", "zürn", None),
        ("utf-32", "zürn", None),
        ("cp1252", "zürn", "Windows-1252"),
        ("shift_jis", "さくら", "Shift-JIS"),
        ("euc_jp", "さくら", "EUC-JP"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, word: str, guess: str | None) -> None:
    path = made(tmp_path, "w.txt", f"{word}\n".encode(encoding))
    assert contents(convert(path).lexicon) == {"w.w": [(word, 1)]}
    assert [guess in note for note in notes(path)] == ([True] if guess else [])


def test_an_encoding_that_is_named(tmp_path: Path) -> None:
    path = made(tmp_path, "w.txt", "мир\n".encode("cp1251"))
    assert contents(convert(path, encoding="cp1251").lexicon) == {"w.w": [("мир", 1)]}
    for name, said in (("cp999", "no encoding"), ("ascii", "is not ascii")):
        with pytest.raises(LexiconError, match=said):
            convert(path, encoding=name)


def test_names_become_identifiers() -> None:
    given = Names("category")
    taken = set()
    for name in (
        "+State+",
        "=State=",
        "-State-",
        "State",
        "state",
        "Ünïon",
        "制裁",
        "9th",
        "x" * 90,
        "x" * 99,
    ):
        taken.add(given.give(name))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) for name in taken)
    assert len(taken) == 10
    assert {"plus_state", "equal_state", "minus_state", "state", "state_2", "union", "category_9th"} < taken


def test_what_other_formats_cannot_hold_is_listed(small: Lexicon) -> None:
    text, lost = export(small, "liwc")
    assert "embargo" not in text
    for part in (
        "the macro STATE",
        "exclude of sanction",
        "veto of conflict",
        "`embargo* @near(STATE, 5)`",
        "weights",
    ):
        assert any(part in note for note in lost), part
    text, _ = export(
        Lexicon.parse('[lexicon]\nname="x"\nversion="1"\n[dimensions.d.categories.c]\nterms=["[a|b] c"]'),
        "csv",
    )
    assert "[a|b] c" in text


def test_alternatives_are_written_out(tmp_path: Path) -> None:
    head = '[lexicon]\nname="x"\nversion="1"\n[dimensions.d.categories.c]\n'
    source = head + 'terms=["[ebb|flow] tide", "=US", "a ~2 b"]'
    text, lost = export(Lexicon.parse(source), "wordstat")
    assert re.findall(r"\t\t(.*) \(1\)", text) == ["ebb tide", "flow tide"]
    assert ["written as 2" in lost[0], "capitals" in lost[1], "gaps" in lost[2]] == [True] * 3


def test_a_list_has_one_category(small: Lexicon) -> None:
    with pytest.raises(LexiconError, match="a list has no categories"):
        export(small, "list")


def test_read_any_opens_what_there_is(tmp_path: Path) -> None:
    assert read_any("gpr").name == "gpr"
    assert read_any(made(tmp_path, "w.dic", LIWC)).dimensions[0].name == "weather"
    with pytest.raises(LexiconError, match="no such lexicon"):
        read_any(tmp_path / "absent.dic")


def test_the_draft_converts(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    source = (
        'macros:\n  PORT: "quay; dock*"\nmodifiers:\n  negation: {before: 4, cues: "not; no"}\n'
        '  pseudo_negation: {shadow: true, cues: "no doubt"}\n  negation_stop: {cues: "but"}\n'
        '  relief_pre: {before: 5, cues: "lift*"}\n  relief_block: {around: 3, cues: "refus*"}\n'
        'dimensions:\n  SEA:\n    exclude: "tide pool"\n    categories:\n      water:\n        polarity: up\n'
        '        cite: "us"\n        terms: "tide; wave @near(PORT,4); wave @near(QUAY,4); tide; ~2 x"\n'
    )
    found = convert(made(tmp_path, "draft.yaml", source))
    assert contents(found.lexicon) == {"sea.water": [("tide", 1), ("wave @near(PORT,4)", 1)]}
    assert found.lexicon.tags == ("negated", "relief", "maintained")
    assert found.lexicon.dimensions[0].exclude == ("tide pool",)
    said = " ".join(str(note) for note in found.notes)
    assert all(part in said for part in ("polarity", "no macro QUAY", "twice", "`~2 x`"))
    tags = [
        hit.tags for hit in Scorer(found.lexicon).hits("No doubt the tide. Not the tide. No, but the tide.")
    ]
    assert tags == [(), ("negated",), ()]


def test_convert_on_the_command_line(cli: Run, tmp_path: Path) -> None:
    made(tmp_path, "w.dic", LIWC)
    done = cli("lexicon convert w.dic w.toml")
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0] == "w.dic: line 7: `drizzl*`: no category has the number 9: left out"
    assert lines[-1].startswith("w.dic: 6 terms in 4 categories of 2 dimensions, sha256 ")
    assert Lexicon.load(tmp_path / "w.toml") == convert(tmp_path / "w.dic").lexicon
    assert cli("lexicon convert w.dic w.toml").returncode == 4
    assert cli("lexicon convert w.toml w.cat --overwrite").returncode == 0
    assert cli("lexicon convert w.toml -").stdout == (tmp_path / "w.toml").read_text(encoding="utf-8")
    assert cli("lexicon convert w.dic w.foo").returncode == 2
    assert cli("lexicon convert absent.dic w.toml --overwrite").returncode == 2
    score = cli("score -l w.toml - --input-format lines", stdin="Sleet fell on the quay.\n")
    assert score.stdout.splitlines()[0].count("weather_hits") == 1
