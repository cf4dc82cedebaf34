"""The native module's tables: what they hold, who can read them, and how calls fail."""

import gc
import os
import signal
import threading

import pytest

from pressgauge import _native
from pressgauge.errors import LexiconError, OptionError
from small import LEXICON

TEXTS = ["An embargo.", None, "", "War in the caf\u00e9, no embargo", "a\ud800 b"] * 3_000


@pytest.fixture(scope="module")
def engine():
    return _native.Engine(_native.Lexicon.parse(LEXICON))


@pytest.fixture(scope="module")
def table(engine):
    return engine.score_many(TEXTS, threads=2, categories=True, text_hash=True)


def test_columns_without_files(engine):
    names = engine.score_many([]).column_names
    assert names[:7] == ["id", "date", "date_kind", "date_precision", "source", "language", "tokens"]
    assert names[7:11] == ["sanction_hits", "sanction_distinct", "sanction_weight", "sanction_rate"]


def test_a_null_text_is_a_row_of_nulls(table):
    assert len(table) == len(TEXTS)
    assert {table.column(name)[1] for name in table.column_names} == {None}
    assert table.column("tokens")[:5] == [2, None, 0, 6, 2]
    assert table.column("sanction_rate")[2] is None
    assert table.column("sanction_weight")[2] == 0.0


def test_order_is_that_of_the_list(engine):
    texts = ["word " * (i % 50) for i in range(20_000)]
    for threads in (1, 2, 8):
        assert engine.score_many(texts, threads=threads).column("tokens") == [i % 50 for i in range(20_000)]


def test_pyarrow(table):
    pyarrow = pytest.importorskip("pyarrow")
    arrow = pyarrow.table(table)
    arrow.validate(full=True)
    assert arrow.column("tokens").to_pylist() == table.column("tokens")
    assert arrow.column("sanction_weight").type == pyarrow.float64()
    assert arrow.schema.metadata[b"pressgauge.lexicon"] == b"small"
    assert set(arrow.schema.metadata) == {
        b"pressgauge.version", b"pressgauge.unicode", b"pressgauge.options",
        b"pressgauge.lexicon", b"pressgauge.lexicon_version", b"pressgauge.lexicon_sha256",
    }  # fmt: skip


def test_polars(table):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(table)
    assert frame["tokens"].to_list() == table.column("tokens")


def test_pandas(table):
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    frame = pyarrow.table(table).to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["tokens"].sum() == sum(cell or 0 for cell in table.column("tokens"))


def test_duckdb(table):
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    connection = duckdb.connect()
    connection.register("scores", table)
    found = connection.sql("select count(*), count(tokens), sum(tokens) from scores").fetchall()
    tokens = [cell for cell in table.column("tokens") if cell is not None]
    assert found == [(len(TEXTS), len(tokens), sum(tokens))]


def test_streams_are_independent_and_may_be_dropped(engine):
    pyarrow = pytest.importorskip("pyarrow")
    table = engine.score_many(["one word", "two"])
    unread = table.__arrow_c_stream__()
    first = pyarrow.table(table)
    second = pyarrow.table(table)
    del table, unread
    gc.collect()
    assert first.equals(second)
    assert first.num_rows == 2


def test_a_lone_surrogate_is_one_character(engine):
    text = "\ud800\udc00 \udfffWar"
    assert engine.score(text)[0] > 0
    assert all(text[hit[4] : hit[5]] == "War" for hit in engine.hits(text))


def test_mistakes_are_named(engine):
    with pytest.raises(TypeError, match=r"texts\[1\] must be a str or None, not int"):
        engine.score_many(["a", 3])
    with pytest.raises(OptionError, match="threads"):
        engine.score_many(["a"], threads=0)
    with pytest.raises(KeyError, match="nothing"):
        engine.score_many([]).column("nothing")
    with pytest.raises(OptionError, match="overlap cannot be"):
        _native.Engine(_native.Lexicon.parse(LEXICON), overlap="some")
    with pytest.raises(OptionError, match="newline cannot be"):
        _native.Engine(_native.Lexicon.parse(LEXICON), newline="lines")


def test_lexicon_errors_have_a_place():
    broken = LEXICON.replace("embargo*", "[embargo")
    with pytest.raises(LexiconError) as caught:
        _native.Lexicon.parse(broken, "mine.toml")
    assert (caught.value.path, caught.value.line) == ("mine.toml", 7)
    assert isinstance(caught.value, ValueError)
    with pytest.raises(LexiconError) as caught:
        _native.parse_term("asset ~ freeze")
    assert caught.value.column == 7
    assert caught.value.hint


def test_a_term_as_the_core_reads_it():
    patterns, guards = _native.parse_term("=US ~3 freez* assets @not(STATE, 10, before)")
    assert patterns == [([("US", True), ("freez*", False), ("assets", False)], [3, -1])]
    assert guards == [("STATE", "10", "before", True)]


def test_a_lexicon_as_data():
    lexicon = _native.Lexicon.parse(LEXICON)
    model = lexicon.model()
    assert (lexicon.name, lexicon.version) == (model["name"], model["version"]) == ("small", "1.0")
    assert lexicon.sha256 == model["sha256"]
    trade = model["dimensions"][0]["categories"][0]
    assert list(trade["terms"]) == [("embargo*", None, 7), ("=US", 0.5, 7)]
    assert len(trade["terms"]) == 2
    with pytest.raises(IndexError):
        trade["terms"][2]


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to itself")
def test_a_long_call_can_be_interrupted(engine):
    texts = ["word " * 100_000] * 200_000
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        engine.score_many(texts, threads=2)
    assert not timer.is_alive()


def test_one_engine_serves_many_threads(engine):
    results = []

    def work():
        results.append({engine.score("An embargo of the US")[0] for _ in range(2_000)})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{5}] * 4
