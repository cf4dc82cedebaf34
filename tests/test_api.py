"""The Python interface, by both engines: scores, hits, tables, pickles, reprs."""

import copy
import json
import pickle
import subprocess
import sys
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import polars
import pyarrow
import pytest

from conftest import SMALL, TEXT
from pressgauge import InputError, Lexicon, OptionError, Scorer, Term, score_files


def test_scores_follow_the_law(scorer):
    score = scorer.score(TEXT)
    assert score.tokens == 29
    assert list(score) == ["sanction", "conflict"]
    sanction, conflict = score["sanction"], score["conflict"]
    assert (sanction.hits, sanction.distinct, sanction.weight) == (3, 3, 1.0 + 2.0 + 0.5)
    assert sanction.rate == 1000.0 * 3.5 / 29
    assert (conflict.hits, conflict.distinct, conflict.weight) == (1, 1, 1.0)
    assert sanction.categories["general"].hits == 1
    assert (sanction.categories["financial"].hits, sanction.categories["financial"].weight) == (2, 2.5)
    assert dict(sanction.tags) == {}


def test_hits_have_their_place(scorer):
    hits = scorer.hits(TEXT)
    assert [hit.surface for hit in hits] == ["sanctions", "asset freeze", "froze\nthe assets", "air strike"]
    for hit in hits:
        assert TEXT[hit.start : hit.end] == hit.surface
        assert TEXT.encode()[hit.byte_start : hit.byte_end].decode() == hit.surface
        assert hit.status == "hit"
        assert hit.sentence_start <= hit.start < hit.end <= hit.sentence_end
    assert (
        TEXT[hits[0].sentence_start : hits[0].sentence_end]
        == "Moscow faces new sanctions and an asset freeze"
    )


def test_rejected_hits_say_why(scorer):
    fallen = {hit.surface: hit.status for hit in scorer.hits(TEXT, rejected=True) if hit.status != "hit"}
    assert fallen == {"embargo": "context", "sanctioned": "excluded", "strike": "overlap"}
    vetoed = scorer.hits("The strike was a box office hit.", rejected=True)
    assert [hit.status for hit in vetoed] == ["veto"]


def test_offsets_are_code_points_beside_bytes(scorer):
    text = "😀 “Größe” sanctions"
    (hit,) = scorer.hits(text)
    assert text[hit.start : hit.end] == "sanctions"
    assert text.encode()[hit.byte_start : hit.byte_end] == b"sanctions"
    assert hit.byte_start > hit.start


def test_both_engines_give_equal_objects_and_reprs(small):
    native, reference = Scorer(small), Scorer(small, engine="reference")
    for text in (TEXT, "", "no term here", "sanctions \ud800 strike"):
        assert native.score(text) == reference.score(text)
        assert repr(native.score(text)) == repr(reference.score(text))
        assert native.hits(text, rejected=True) == reference.hits(text, rejected=True)
        assert repr(native.hits(text)) == repr(reference.hits(text))
    for wanted in ({}, {"categories": True}, {"text_hash": True}):
        tables = [one.score_many([TEXT, None, ""], **wanted) for one in (native, reference)]
        assert tables[0].to_dicts() == tables[1].to_dicts()
        assert repr(tables[0]) == repr(tables[1])
        assert tables[0].to_arrow().schema.equals(tables[1].to_arrow().schema, check_metadata=True)


def test_an_empty_text_has_no_rate(scorer):
    score = scorer.score("")
    assert score.tokens == 0
    assert score["sanction"].rate is None
    assert score["sanction"].weight == 0.0
    assert "rate none" not in repr(score)


def test_a_score_is_a_mapping(scorer):
    score = scorer.score(TEXT)
    assert len(score) == 2
    assert "sanction" in score
    assert {name: one.hits for name, one in score.items()} == {"sanction": 3, "conflict": 1}
    with pytest.raises(KeyError, match="sanction, conflict"):
        score["Sanction"]
    with pytest.raises(AttributeError):
        score.tokens = 1


def test_tables_have_a_row_for_each_text(scorer):
    table = scorer.score_many([TEXT, None, "", "strike"], categories=True, text_hash=True)
    rows = table.to_dicts()
    assert len(table) == len(rows) == 4
    assert [row["tokens"] for row in rows] == [29, None, 0, 1]
    assert [row["conflict_hits"] for row in rows] == [1, None, 0, 1]
    assert rows[2]["sanction_rate"] is None
    assert rows[0]["sanction_cat_financial_weight"] == 2.5
    assert all(value is None for value in rows[1].values())
    assert len(rows[0]["text_hash"]) == 32
    assert "path" not in table.column_names
    with pytest.raises(KeyError, match="tokens"):
        table.column("nothing")


def test_tables_go_to_any_consumer_of_arrow(scorer):
    table = scorer.score_many([TEXT, None, ""])
    arrow, pandas, frame = table.to_arrow(), table.to_pandas(), table.to_polars()
    assert arrow.equals(pyarrow.table(table))
    assert arrow.to_pylist() == frame.to_dicts() == table.to_dicts()
    assert frame.equals(polars.DataFrame(table))
    assert list(pandas.columns) == table.column_names
    assert pandas["tokens"].iloc[0] == 29
    assert arrow.schema.field("sanction_rate").type == pyarrow.float64()
    assert arrow.schema.field("tokens").type == pyarrow.int64()


def test_score_many_agrees_with_score(scorer):
    texts = [TEXT, "sanctions " * 50, "An air strike."]
    rows = scorer.score_many(texts).to_dicts()
    for text, row in zip(texts, rows, strict=True):
        score = scorer.score(text)
        assert row["tokens"] == score.tokens
        for name, one in score.items():
            assert row[f"{name}_hits"] == one.hits
            assert row[f"{name}_distinct"] == one.distinct
            assert row[f"{name}_weight"] == one.weight
            assert row[f"{name}_rate"] == one.rate


def test_threads_do_not_change_the_table(small):
    scorer = Scorer(small)
    texts = [f"{TEXT} {number} " * (number % 7) for number in range(500)]
    one = scorer.score_many(texts, threads=1).to_dicts()
    assert all(scorer.score_many(texts, threads=threads).to_dicts() == one for threads in (2, 4, 8))


def test_score_many_takes_any_iterable(scorer):
    assert scorer.score_many(text for text in ("strike", None)).column("tokens") == [1, None]
    assert len(scorer.score_many([])) == 0
    assert "0 rows" in repr(scorer.score_many([]))


def test_overlap_modes_differ(small, engine_name):
    def count(overlap):
        score = Scorer(small, overlap=overlap, engine=engine_name).score("An air strike.")
        return score["conflict"].hits

    assert (count("dimension"), count("category"), count("none")) == (1, 1, 2)


def test_newline_can_be_chosen(small, engine_name):
    text = "asset\nfreeze"
    assert Scorer(small, newline="space", engine=engine_name).score(text)["sanction"].hits == 1
    assert Scorer(small, newline="paragraph", engine=engine_name).score(text)["sanction"].hits == 0


def test_everything_pickles(scorer):
    assert pickle.loads(pickle.dumps(scorer.lexicon)) == scorer.lexicon
    twin = pickle.loads(pickle.dumps(scorer))
    assert repr(twin) == repr(scorer)
    score, hits = scorer.score(TEXT), scorer.hits(TEXT)
    assert twin.score(TEXT) == score
    for value in (score, hits):
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value
    table = scorer.score_many([TEXT, None])
    copied = pickle.loads(pickle.dumps(table))
    assert copied.to_dicts() == table.to_dicts()
    assert copied.to_arrow().schema.equals(table.to_arrow().schema, check_metadata=True)


def test_scorers_are_shared_between_threads(scorer):
    with ThreadPoolExecutor(4) as pool:
        scores = list(pool.map(scorer.score, [TEXT] * 50))
    assert all(score == scores[0] for score in scores)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_scorers_travel_to_processes(small, method):
    scorer = Scorer(small)
    expected = scorer.score(TEXT)
    scorer.score_many([TEXT] * 10, threads=2)
    with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
        assert list(pool.map(scorer.score, [TEXT] * 4)) == [expected] * 4


def test_a_lexicon_tells_what_it_holds(small):
    assert (small.name, small.version, small.language, small.description) == (
        "small",
        "1.0",
        "en",
        "For tests",
    )
    assert (small.path, small.newline, small.macros) == (
        "small.toml",
        "auto",
        {"STATE": ("moscow", "tehran")},
    )
    sanction, conflict = small.dimensions
    assert (sanction.name, sanction.label, sanction.exclude) == (
        "sanction",
        "Sanctions",
        ("court sanctioned",),
    )
    assert conflict.veto == ("box office",)
    general, financial = sanction.categories
    assert [(term.text, term.weight) for term in financial.terms] == [
        ("asset freeze*", 2.0),
        ("[freez*|froze*] ~3 assets", 0.5),
    ]
    assert general.terms[1].text == "embargo* @near(STATE, 5)"
    assert len(small.sha256) == 64


def test_terms_are_a_sequence(small):
    terms = small.dimensions[0].categories[1].terms
    as_tuple = (Term("asset freeze*", 2.0), Term("[freez*|froze*] ~3 assets", 0.5))
    assert (terms, tuple(terms), terms[:1], terms[-1]) == (as_tuple, as_tuple, as_tuple[:1], as_tuple[1])
    assert (hash(terms), len(terms), terms.index(as_tuple[1])) == (hash(as_tuple), 2, 1)
    assert terms != as_tuple[:1]
    assert repr(terms) == "Terms(2)"
    for place in (2, -3):
        with pytest.raises(IndexError):
            terms[place]
    assert pickle.loads(pickle.dumps(small.dimensions)) == small.dimensions


def test_a_large_lexicon_makes_few_objects():
    """Its terms are the core's: only those that are asked for become Python's."""
    listed = ", ".join(f"'term {number}'" for number in range(20_000))
    head = "[lexicon]\nname = 't'\nversion = '1'\n[dimensions.d.categories.c]\n"
    scorer = Scorer(Lexicon.parse(f"{head}terms = [{listed}]"))
    tracemalloc.start()
    assert scorer.score("a term 19999")["d"].hits == 1
    assert [hit.term for hit in scorer.hits("a term 777")] == ["term 777"]
    assert "20000 terms" in repr(scorer)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


def test_lexicons_are_equal_by_what_they_say(small, tmp_path):
    path = tmp_path / "copy.toml"
    path.write_text(
        "\ufeff# A comment does not count.\r\n" + SMALL.replace("\n", "\r\n"), encoding="utf-8", newline=""
    )
    twin = Lexicon.load(path)
    assert twin == small
    assert hash(twin) == hash(small)
    assert twin.path == str(path)
    assert Lexicon.parse(SMALL.replace('"strike*"', '"strikes"')) != small


def test_the_built_in_lexicon():
    lexicon = Lexicon.builtin("geopolitics")
    assert [dimension.name for dimension in lexicon.dimensions] == ["sanction", "leverage", "conflict"]
    assert Lexicon.find("geopolitics") == lexicon
    score = Scorer(lexicon).score("The EU imposed new sanctions on Russian banks and froze their assets.")
    assert score["sanction"].hits >= 2


def test_reprs_help(small, scorer):
    assert repr(small).startswith("Lexicon('small', version 1.0, 6 terms: sanction, conflict; sha256 ")
    assert repr(Scorer(small, overlap="none")).endswith("overlap='none', engine='native')")
    assert repr(scorer.score(TEXT)) == (
        "Score(tokens=29, sanction=3 hits at 120.690, conflict=1 hit at 34.483 per 1,000 tokens)"
    )
    table = scorer.score_many([TEXT, None])
    assert repr(table).startswith("ScoreTable(2 rows, ")
    assert "120.7" in repr(table)
    assert "null" in repr(table)


def test_notebooks_get_html_without_live_markup(scorer):
    text = "<script>alert(1)</script> sanctions & \x1b[31m\u202e asset freeze"
    hits = scorer.hits(text, rejected=True)
    for html in (
        hits._repr_html_(),
        scorer.score(text)._repr_html_(),
        scorer.score_many([text])._repr_html_(),
    ):
        assert "<script" not in html
        assert "\x1b" not in html
        assert "\u202e" not in html
    assert "&lt;script&gt;" in hits._repr_html_()
    assert "sanctions</mark>" in hits._repr_html_()


def test_the_import_is_light():
    code = "import sys, pressgauge; print(sorted(m for m in sys.modules if m.split('.')[0] in sys.argv[1:]))"
    heavy = ["rich", "click", "pyarrow", "pandas", "polars", "regex"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text(
        "".join(json.dumps({"id": str(n), "text": TEXT}) + "\n" for n in range(3)), encoding="utf-8"
    )
    return path


def test_score_files_is_what_the_command_line_calls(small, news, tmp_path):
    output, evidence = tmp_path / "scores.parquet", tmp_path / "hits.jsonl"
    summary = score_files(news, output, lexicon=small, hits=evidence, keep=("title",), threads=2)
    assert (summary.documents, summary.scored, summary.rejected, summary.tokens) == (3, 3, 0, 87)
    assert dict(summary.hits) == {"sanction": 9, "conflict": 3}
    assert summary.complete
    assert json.loads(json.dumps(summary.to_dict()))["files"] == 1
    assert polars.read_parquet(output)["sanction_hits"].to_list() == [3, 3, 3]
    assert len(evidence.read_text(encoding="utf-8").splitlines()) == 12
    with pytest.raises(OptionError, match="exists"):
        score_files(news, output, lexicon=small)


def test_score_files_counts_without_an_output(small, news):
    assert score_files([str(news)] * 2, lexicon=small).documents == 6
    assert score_files(news, lexicon=small, head=1).documents == 1
    assert score_files(news).hits["sanction"] > 0


def test_score_files_tells_its_progress_and_can_be_stopped(small, news):
    news.write_text(news.read_text(encoding="utf-8") * 30000, encoding="utf-8")
    seen = []
    score_files(news, lexicon=small, progress=seen.append)
    assert all(one.total_bytes == news.stat().st_size for one in seen)
    assert [one.bytes for one in seen] == sorted(one.bytes for one in seen)

    def stop(_):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        score_files(news, lexicon=small, threads=1, progress=stop)


def test_score_files_judges_what_it_could_not_read(small, news):
    with news.open("a", encoding="utf-8") as file:
        file.write("broken\n")
    summary = score_files(news, lexicon=small)
    assert not summary.complete
    assert summary.faults == ["1 of 4 records were rejected, more than max_reject_rate 0.01 allows"]
    assert dict(summary.rejects) == {"invalid-json": 1}
    assert score_files(news, lexicon=small, max_reject_rate=0.5).complete
    with pytest.raises(InputError) as caught:
        score_files(news, lexicon=small, on_error="fail")
    assert caught.value.line == 4


def test_score_files_refuses_what_it_does_not_know(small, news, tmp_path):
    with pytest.raises(OptionError, match="did you mean text_field"):
        score_files(news, lexicon=small, text_feld="body")
    with pytest.raises(InputError, match="nothing"):
        score_files(tmp_path / "nothing.jsonl", lexicon=small)
    with pytest.raises(OptionError, match="format"):
        score_files(news, tmp_path / "out.csv", lexicon=small, format="xlsx")


def test_missing_values_of_pandas_are_null_texts(scorer: Scorer):
    pandas = pytest.importorskip("pandas")
    table = scorer.score_many([TEXT, float("nan"), pandas.NA, None, pandas.Series([None, "a"]).iloc[0]])
    assert table.column("tokens") == [29, None, None, None, None]
    for wrong in (1.5, 7, b"text", pandas.Timestamp(0)):
        with pytest.raises(TypeError, match=r"texts\[1\] must be a str or None"):
            scorer.score_many([TEXT, wrong])
