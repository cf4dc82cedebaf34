"""The bench counts right, generates the same texts everywhere, and names whom it leaves out."""

import gc
import json
import re
import statistics
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from bench import (
    chart,
    cli,
    corpora,
    corpus,
    cost,
    definition,
    expected,
    hostile,
    machine,
    multilingual,
    programs,
    protocol,
    record,
    suites,
    terms,
)
from bench.engines import ENGINES
from bench.measure import CountError, Racer, agreement_faults, measure
from bench.patterns import plain_patterns
from bench.protocol import Engine, Race, UnableError, Wanted

from pressgauge import Lexicon, Scorer

LEXICON = """
[lexicon]
name = "hand"
version = "1"
bound_prefixes = []
[dimensions.all.categories.all]
terms = ["sanction*", "war", "air strike*"]
"""
TEXTS = [
    "Sanctions! The WAR on sanctioned goods; an air-strike, two air strikes.",
    "Wars and warships, unsanctioned. The war\u2019s end: \u201cwar\u201d.",
    "",
]
# By the law; `Wars`, `warships` and `unsanctioned` hold none.
BOUNDED = 2 + 3 + 2
COUNTS = {
    protocol.LAW: {"matches": BOUNDED, "tokens": 20},
    protocol.EVERY: {"matches": BOUNDED, "tokens": 20},
    protocol.WORDS: {"matches": BOUNDED},
    protocol.RE2: {"matches": BOUNDED},
    protocol.EVERY_WORD: {"matches": BOUNDED},
    protocol.EVERY_NARROW: {"matches": BOUNDED},
    # `air strike` with a hyphen is another literal; `war` is in `Wars` and `warships`.
    protocol.LITERALS: {"matches": 3 + 5 + 1},
    protocol.LITERALS_ASCII: {"matches": 3 + 5 + 1},
    protocol.EVERY_LITERAL: {"matches": 3 + 5 + 1},
    # To it `war\u2019s` is another word.
    protocol.WHOLE: {"matches": 2},
    protocol.SPLIT: {"words": 19},
}


@pytest.fixture(autouse=True, scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep generated texts of tests elsewhere, and make little of what costs time without saying more."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("kept")
        patch.setattr(corpora, "KEPT", folder)
        patch.setattr(corpus, "NAMES", 2_000)
        yield folder
        gc.unfreeze()


@pytest.fixture(autouse=True)
def _light_turns() -> None:
    """Garbage is collected before each turn: what the tests have loaded need not be looked through."""
    gc.freeze()


@pytest.fixture(scope="module")
def hand() -> Wanted:
    return suites.wanted_of(LEXICON)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return corpus.texts(150_000)


def prepared(engine: Engine, wanted: Wanted, texts: list[str]) -> Race:
    if engine.version is None:
        pytest.skip(f"{engine.package} is not installed")
    try:
        return engine.prepare(wanted, texts)
    except UnableError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_each_engine_counts_what_its_question_asks(engine, hand):
    race = prepared(engine, hand, TEXTS)
    for _ in range(2):
        if race.before is not None:
            race.before()
        assert race.count(race.run()) == COUNTS[engine.asks]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=lambda engine: engine.name)
def test_an_engine_that_cannot_ask_says_so(engine):
    guarded = suites.named("builtin", corpora.Texts("", TEXTS))
    asks_law = engine.asks in (protocol.LAW, protocol.EVERY, protocol.SPLIT)
    if asks_law or engine.version is None:
        return
    with pytest.raises(UnableError, match="guards"):
        engine.prepare(guarded, TEXTS)


def test_the_same_seed_gives_the_same_texts(texts):
    again = corpus.texts(50_000)
    assert again == texts[: len(again)]
    assert corpus.texts(5_000, seed=2)[0] != texts[0]


def test_the_texts_look_like_news(texts):
    whole = "\n".join(texts)
    wanted = [
        "\u201c",
        "\u2019s ",
        "\u2014",
        "\u00a0",
        "U.S.",
        "n't ",
        "'s ",
        " -- ",
        "\n\n",
        "\n    ",
        "U.N.",
    ]
    assert [one for one in wanted if one not in whole] == []
    assert all(text and text[-1] in '.\u201d"' for text in texts)
    scorer = Scorer(Lexicon.builtin("geopolitics"))
    tokens = [scorer.score(text).tokens for text in texts]
    assert 180 < statistics.median(tokens) < 360
    assert "{" not in whole
    assert not re.search(r"\b(the|a) (the|a)\b|\.\.", whole)


def test_every_language_has_its_texts():
    texts = multilingual.texts(80_000)
    assert texts == multilingual.texts(80_000)
    assert len(texts) > len(multilingual.languages()) == 18
    scorer = Scorer(Lexicon.builtin("geopolitics"))
    assert all(scorer.score(text).tokens > 25 for text in texts[:18])


def test_drawn_terms_are_in_the_texts(texts):
    drawn = terms.draw(texts, 600)
    assert drawn == terms.draw(texts, 600)
    assert len(set(drawn)) == 600
    whole = " ".join(texts).lower()
    assert all(term in whole for term in drawn)
    assert Counter(term.count(" ") for term in drawn).keys() == {0, 1, 2}
    assert len(plain_patterns(Lexicon.parse(suites.one_dimension("drawn", drawn)))) == 600


def test_drawn_terms_of_all_scripts_are_patterns():
    drawn = terms.draw(multilingual.texts(80_000), 300)
    Lexicon.parse(suites.one_dimension("drawn", drawn))
    assert sum(not term.isascii() for term in drawn) > 100


@pytest.mark.parametrize("name", definition.names())
def test_definitions_name_what_there_is(name):
    one = definition.load(name)
    assert one.about
    assert not set(one.engines) - set(ENGINES)
    assert not set(one.sampled) - set(one.engines)
    assert all(lexicon in ("plain", "builtin") or lexicon.startswith("terms:") for lexicon in one.lexicons)
    engines = {*ENGINES, *programs.PROGRAMS}
    counted = [known for known in one.expected.values() if isinstance(known, dict)]
    assert not {engine for known in counted for engine in known} - engines - {"lexicon"}


def test_terms_of_plain_never_share_a_word(texts):
    wanted = suites.named("plain", corpora.Texts("", texts))
    dense = corpora.dense(corpora.Texts("", texts), wanted.patterns, 30_000)
    counts = [
        race.count(race.run())
        for race in (ENGINES[name].prepare(wanted, texts) for name in ("pressgauge", "pressgauge-every"))
    ]
    assert counts[0] == counts[1]
    assert len(wanted.patterns) == 160
    assert sum(len(text) for text in dense.list) >= 30_000


def test_texts_are_cut_glued_and_sampled(texts):
    given = corpora.Texts("", texts)
    short = corpora.short(given, 20_000)
    assert 220 < statistics.mean(len(item.encode()) for item in short.list) < 260
    assert len(corpora.long(given).list) == corpora.LONG_TEXTS
    sampled = corpora.sample(given, 20_000)
    assert 20_000 <= sampled.bytes < 40_000
    assert [text for text in texts if text in set(sampled.list)] == sampled.list


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_corpus_of_ones_own_is_read(tmp_path, suffix, texts):
    path = tmp_path / "own.jsonl"
    corpora.write(path, texts)
    if suffix == ".jsonl.gz":
        import gzip

        packed = path.with_suffix(".jsonl.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    assert corpora.read(path).list == texts
    assert corpora.read(path).name == "own"


FAMILIES = hostile.families(
    suites.named("plain", corpora.Texts("", [])).source,
    suites.named("plain", corpora.Texts("", [])).patterns,
    Lexicon.builtin("geopolitics").source,
)


@cache
def both(source: str) -> tuple[Scorer, Scorer]:
    lexicon = Lexicon.parse(source)
    return Scorer(lexicon), Scorer(lexicon, engine="reference")


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_both_engines_agree_on_hostile_texts(family):
    pytest.importorskip("regex")
    # The reference tries all ways of a glob.
    size = 60 if family.name == "globs over one token" else 200
    text = family.text(size)
    assert abs(len(family.text(8_000).encode()) - 2 * len(family.text(4_000).encode())) < 3_000
    rows = [scorer.score_many([text]).to_dicts() for scorer in both(family.source)]
    assert rows[0] == rows[1]


def test_a_count_that_changes_stops_the_run():
    results = iter([1, 1, 2])
    racer = Racer("x", "y", "z", Race(lambda: next(results)), 1, 1)
    with pytest.raises(CountError, match="counted"):
        measure([racer], 2)


def test_racers_with_one_question_must_agree():
    racers = [Racer(name, "y", "z", Race(int), 1, 1, counts={"matches": n}) for n, name in enumerate("ab")]
    assert list(agreement_faults(racers)) == ["b on y counted {'matches': 1}, a on y {'matches': 0}"]


def run(tmp_path: Path, *more: str) -> tuple[int, dict]:
    folder = tmp_path / "record"
    options = ["--size", "20KB", "--rounds", "2", "--record", str(folder), *more]
    code = cli.main(options)
    (path,) = folder.glob("*.json")
    return code, record.read(path)


def test_a_run_is_shown_and_recorded(tmp_path, capsys):
    code, found = run(tmp_path, "--suite", "plain", "short", "--engines", "pressgauge", "re", "split")
    shown = capsys.readouterr().out
    assert code == 0
    assert [one for one in ("pressgauge", "items/s", "record:") if one not in shown] == []
    (plain, short) = found["suites"]
    assert {row["engine"] for row in plain["rows"]} >= {"pressgauge", "re", "split"}
    assert all(len(row["seconds"]) == 2 for row in plain["rows"])
    assert plain["texts"]["name"] == "generated"
    assert {row["lexicon"] for row in short["rows"]} == {"plain", "builtin"}
    assert any("re on builtin" in name for name, _ in short["left_out"])
    ElementTree.fromstring(chart.draw(found))


def test_a_hostile_run_tells_time_a_byte_and_doubling(tmp_path, capsys, monkeypatch):
    few = [family for family in FAMILIES if family.name in ("one token", "punctuation")]
    monkeypatch.setattr(hostile, "families", lambda *_: few)
    code, found = run(tmp_path, "--suite", "hostile")
    assert code == 0
    assert "time a byte" in capsys.readouterr().out
    assert [row["lexicon"] for row in found["suites"][0]["rows"]] == ["one token", "punctuation", "plain"]
    assert all(len(row["doubling"]) == 3 for row in found["suites"][0]["rows"][:2])


def test_what_is_not_linear_is_given_up(monkeypatch):
    monkeypatch.setattr(suites, "MOST_FOR_A_PROBE", -1.0)
    with pytest.raises(UnableError, match="gave up"):
        suites.probe(Wanted("hand", LEXICON), "x")


def test_a_lexicon_and_a_corpus_of_ones_own(tmp_path, texts, capsys):
    (tmp_path / "own.toml").write_text(LEXICON)
    corpora.write(tmp_path / "mine.jsonl", texts[:20])
    own = ["--lexicon", str(tmp_path / "own.toml"), "--corpus", str(tmp_path / "mine.jsonl")]
    code, found = run(tmp_path, *own, "--suite", "builtin", "--engines", "pressgauge", "re")
    assert code == 0
    assert found["suites"][0]["texts"]["name"] == "mine"
    assert str(tmp_path) not in json.dumps(found)
    assert "hand" in capsys.readouterr().out


def test_counts_are_held_to_the_definition(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(definition, "FOLDER", tmp_path)
    path = tmp_path / "one.toml"
    path.write_text(
        'about = "x"\ntexts = "news"\nlexicons = ["plain"]\nengines = ["pressgauge"]\nsize = "20KB"\n'
    )
    options = suites.Options(rounds=1)
    ready = next(suites.fields(options, definition.load("one"), lambda _: None))
    measure(ready.racers, 1)
    expected.accept(ready)
    ready.definition = definition.load("one")
    assert expected.checked(ready) == "counts are those of the definition"
    path.write_text(path.read_text().replace("matches = ", "matches = 9"))
    ready.definition = definition.load("one")
    assert expected.checked(ready).startswith(expected.WRONG)
    path.write_text(path.read_text().replace("lexicon = ", 'lexicon = "old" #'))
    ready.definition = definition.load("one")
    assert expected.checked(ready) == "counts are the same in all rounds and engines"


def test_a_rival_that_is_missing_is_named(tmp_path, monkeypatch):
    def missing(package: str) -> str | None:
        return None if package in ("hyperscan", "ahocorasick_rs") else "1"

    monkeypatch.setattr(protocol, "version_of", missing)
    code, found = run(tmp_path, "--suite", "plain", "--engines", "pressgauge", "hyperscan", "ahocorasick_rs")
    assert code == 0
    part = found["suites"][0]
    assert [row["engine"] for row in part["rows"]] == ["pressgauge"]
    assert part["rows"][0]["ratio"] is None
    assert sorted(name for name, _ in part["left_out"]) == [
        "H",
        "ahocorasick_rs on plain",
        "hyperscan on plain",
    ]


def test_the_cost_of_compiling_is_that_of_a_fresh_process(hand):
    found = cost.cost("pressgauge", hand)
    assert 0 <= found["seconds"] < 5
    assert 5 < found["before"] <= found["mebibytes"] < 500


def test_what_cannot_compile_is_left_out(hand, monkeypatch):
    monkeypatch.setattr(cost, "SECONDS", 0.01)
    with pytest.raises(UnableError, match="took more"):
        cost.cost("pressgauge", hand)
    monkeypatch.undo()
    with pytest.raises(UnableError, match="does not compile"):
        cost.cost("pressgauge", Wanted("broken", "[lexicon]"))


def test_programs_count_what_the_library_counts(kept, texts):
    pytest.importorskip("pyarrow")
    wanted = suites.named("plain", corpora.Texts("", texts))
    source = kept / "few.jsonl"
    corpora.write(source, texts[:40])
    race = programs.score(source, wanted)
    found = race.run()
    library = ENGINES["pressgauge"].prepare(wanted, texts[:40])
    assert race.count(found)["matches"] == library.count(library.run())["matches"]
    seconds, memory = race.clock(found)
    assert seconds > 0
    assert memory > 5


def test_a_record_is_held_to_its_schema():
    with pytest.raises(ValueError, match="machine must be a dict"):
        record.check({"format": 1, "when": "", "versions": {}, "rounds": 1, "suites": []})


def test_the_machine_is_described_without_its_name():
    import platform

    described = machine.machine()
    assert set(described) == {"cpu", "cores", "level", "system", "python"}
    assert platform.node() not in json.dumps(described)
    assert described["level"] in ("portable", "avx2", "avx512")


def test_sizes_are_read():
    assert [definition.size_of(one) for one in ("16MB", "1 gb", "500", "20K")] == [
        16_000_000,
        10**9,
        500,
        20_000,
    ]
    with pytest.raises(ValueError, match="no size"):
        definition.size_of("much")
