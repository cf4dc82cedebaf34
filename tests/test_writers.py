"""Runs over files: what lands in the outputs, how it reads back, and what is left when a run fails."""

import csv
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from accounts import accounted
from pressgauge import _native
from pressgauge.errors import InputError, LexiconError, OptionError, OutputError
from small import LEXICON

ROWS = [
    {"id": "a", "text": "An embargo on the US.", "date": "2024-05-01", "title": "=HYPERLINK(1)", "url": "u"},
    {"text": 'War, "war", \u5236\u88c1.\nNo embargo.', "title": 'two\nlines, "quoted"'},
    {"id": "c", "text": ""},
]


@pytest.fixture(scope="module")
def engine():
    return _native.Engine(_native.Lexicon.parse(LEXICON))


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in" / "news.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def run(engine, source, progress=None, **options):
    summary = engine.run({"inputs": [str(source)], **options}, progress)
    named = (options.get(name) for name in ("output", "rejects"))
    files = (Path(name) if name and Path(name).is_file() else None for name in named)
    return accounted(summary, *files)


def test_parquet(engine, source, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    summary = run(engine, source, output=str(tmp_path / "a.parquet"), keep=["title", "url"], categories=True)
    table = parquet.read_table(tmp_path / "a.parquet")
    assert (summary["documents"], summary["scored"], table.num_rows) == (3, 3, 3)
    assert table.column("id").to_pylist() == ["a", f"{source}#2", "c"]
    assert table.column("record").to_pylist() == [1, 2, 3]
    assert table.column("title").to_pylist() == [row.get("title") for row in ROWS]
    assert table.column("tokens").to_pylist()[2] == 0
    assert table.column("sanction_rate").to_pylist()[2] is None
    assert "sanction_cat_trade_weight" in table.column_names
    assert (
        table.schema.metadata[b"pressgauge.lexicon_sha256"].decode()
        == summary["about"]["pressgauge.lexicon_sha256"]
    )
    options = json.loads(table.schema.metadata[b"pressgauge.options"])
    assert options["keep"] == ["title", "url"]
    assert "threads" not in options
    group = parquet.ParquetFile(tmp_path / "a.parquet").metadata.row_group(0)
    assert group.column(0).compression == "ZSTD"
    assert group.column(group.num_columns - 1).is_stats_set


def test_parquet_in_duckdb(engine, source, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    summary = run(engine, source, output=str(tmp_path / "a.parquet"), hits=str(tmp_path / "h.parquet"))
    with duckdb.connect() as connection:
        read = connection.read_parquet(str(tmp_path / "a.parquet"))
        assert read.aggregate("count(*), sum(tokens)").fetchall() == [(3, summary["tokens"])]
        keys = "select key from parquet_kv_metadata(?)"
        keys = {key for (key,) in connection.execute(keys, [str(tmp_path / "a.parquet")]).fetchall()}
        assert b"pressgauge.version" in keys
        found = connection.read_parquet(str(tmp_path / "h.parquet")).aggregate("count(*)").fetchall()
    assert found == [(sum(summary["hits"].values()),)]


def test_arrow_is_a_file_for_all_its_readers(engine, source, tmp_path):
    ipc = pytest.importorskip("pyarrow.ipc")
    told = run(engine, source, output=str(tmp_path / "a.arrow"), hits=str(tmp_path / "h.feather"))
    with ipc.open_file(tmp_path / "a.arrow") as file:
        table = file.read_all()
    assert table.column("record").to_pylist() == [1, 2, 3]
    assert (
        table.schema.metadata[b"pressgauge.lexicon_sha256"].decode()
        == told["about"]["pressgauge.lexicon_sha256"]
    )
    polars = pytest.importorskip("polars")
    assert polars.read_ipc(tmp_path / "a.arrow")["tokens"].sum() == told["tokens"]
    duckdb = pytest.importorskip("duckdb")
    with ipc.open_file(tmp_path / "h.feather") as file, duckdb.connect() as connection:
        connection.register("hits", file.read_all())
        counted = connection.execute("select count(*) from hits where status = 'hit'").fetchall()
    assert counted == [(sum(told["hits"].values()),)]
    run(engine, source, output=str(tmp_path / "a.parquet"))
    assert polars.read_parquet(tmp_path / "a.parquet").equals(polars.from_arrow(table))


def test_arrow_into_a_pipe_is_a_stream(source):
    ipc = pytest.importorskip("pyarrow.ipc")
    command = [sys.executable, "-m", "pressgauge", "score", source, "-o", "-", "--format", "arrow", "-q"]
    done = subprocess.run(command, capture_output=True, check=True)
    with ipc.open_stream(done.stdout) as stream:
        assert stream.read_all().column("record").to_pylist() == [1, 2, 3]


def test_csv_has_no_live_formulas(engine, source, tmp_path):
    run(engine, source, output=str(tmp_path / "a.csv"), keep=["title"])
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == ["'=HYPERLINK(1)", ROWS[1]["title"], ""]
    assert rows[2]["sanction_rate"] == ""
    assert float(rows[2]["sanction_weight"]) == 0.0
    assert b"\r" not in (tmp_path / "a.csv").read_bytes()


def test_jsonl_evidence_and_scores_in_one_pass(engine, source, tmp_path):
    run(engine, source, output=str(tmp_path / "a.jsonl"), hits=str(tmp_path / "h.jsonl"), rejected=True)
    scores = [json.loads(line) for line in (tmp_path / "a.jsonl").open(encoding="utf-8")]
    assert [row["id"] for row in scores] == ["a", f"{source}#2", "c"]
    assert scores[1]["date"] is None
    texts = {row["id"]: made["text"] for row, made in zip(scores, ROWS, strict=True)}
    for line in (tmp_path / "h.jsonl").open(encoding="utf-8"):
        hit = json.loads(line)
        text = texts[hit["id"]]
        assert hit["surface"] == text[hit["start"] : hit["end"]]
        assert hit["surface"].encode() == text.encode()[hit["byte_start"] : hit["byte_end"]]
        assert "\n" not in hit["left"] + hit["right"]
        assert hit["tags"] == []


def test_rejects_are_written_and_counted(engine, source, tmp_path):
    with source.open("a", encoding="utf-8") as file:
        file.write('{"text": "cut\n{"id": "d", "text": "War."}\n')
    summary = run(engine, source, output=str(tmp_path / "a.csv"), rejects=str(tmp_path / "r"))
    assert (summary["documents"], summary["scored"], summary["rejects"]) == (5, 4, {"invalid-json": 1})
    (reject,) = [json.loads(line) for line in (tmp_path / "r").open(encoding="utf-8")]
    assert list(reject) == ["path", "member", "record", "offset", "code", "reason", "excerpt"]
    assert (reject["path"], reject["record"], reject["code"]) == (str(source), 4, "invalid-json")
    with pytest.raises(InputError, match="invalid-json") as caught:
        run(engine, source, output=str(tmp_path / "b.csv"), on_error="fail")
    assert caught.value.line == 4
    assert not (tmp_path / "b.csv").exists()


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "arrow"])
def test_the_same_bytes_for_any_number_of_threads(engine, tmp_path, suffix):
    source = tmp_path / "many.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for i in range(20_000):
            file.write(
                json.dumps({"id": str(i), "text": "The embargo and the war go on. " * (i % 23)}) + "\n"
            )
    written = set()
    for threads in (1, 2, 4, 8):
        output, hits = tmp_path / f"{threads}.{suffix}", tmp_path / f"{threads}-hits.{suffix}"
        summary = run(engine, source, output=str(output), hits=str(hits), threads=threads, text_hash=True)
        assert summary["scored"] == 20_000
        written.add((output.read_bytes(), hits.read_bytes()))
    assert len(written) == 1


def test_what_exists_is_replaced_only_when_asked(engine, source, tmp_path):
    output = tmp_path / "a.csv"
    output.write_text("old")
    output.chmod(0o600)
    with pytest.raises(OptionError, match="exists") as caught:
        run(engine, source, output=str(output))
    assert caught.value.path == str(output)
    assert output.read_text() == "old"
    run(engine, source, output=str(output), overwrite=True)
    assert output.read_text().startswith("path,member,record,id,")
    assert stat.S_IMODE(output.stat().st_mode) == 0o600


def test_nothing_is_left_of_a_failed_run(engine, source, tmp_path):
    source.write_text('{"words": "no text field"}\n')
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(InputError):
        run(engine, source, output=str(folder / "a.csv"), hits=str(folder / "h.parquet"))
    with pytest.raises(InputError):
        run(engine, tmp_path / "missing.jsonl", output=str(folder / "a.csv"))
    assert list(folder.iterdir()) == []


def test_outputs_and_inputs_are_kept_apart(engine, source, tmp_path):
    with pytest.raises(OptionError, match="one of the inputs"):
        run(engine, source, output=str(source), overwrite=True)
    relative = os.path.relpath(tmp_path / "a.csv")
    with pytest.raises(OptionError, match="two tables"):
        run(engine, source, output=str(tmp_path / "a.csv"), hits=relative)
    with pytest.raises(OptionError, match="two tables"):
        run(engine, source, output="-", hits="-")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert len(source.read_text(encoding="utf-8").splitlines()) == len(ROWS)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_a_full_disk_is_told(engine, source, tmp_path, form):
    with pytest.raises(OutputError) as caught:
        run(engine, source, output="/dev/full", format=form, hits=str(tmp_path / "h.csv"))
    assert caught.value.errno == 28
    assert isinstance(caught.value, OSError)
    assert not (tmp_path / "h.csv").exists()


PRINT = """
import sys
from pressgauge import _native
engine = _native.Engine(_native.Lexicon.parse(sys.argv[1]))
try:
    engine.run({"inputs": [sys.argv[2]], "output": sys.argv[3], "format": "csv"}, None)
except OSError as error:
    sys.exit(error.errno)
"""


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output(source, tmp_path, name):
    command = [sys.executable, "-c", PRINT, LEXICON, str(source), name]
    piped = subprocess.run(command, capture_output=True, check=True)
    assert piped.stdout.startswith(b"path,member,record,id,")
    log = tmp_path / "log.csv"
    log.write_bytes(b"before\n")
    with log.open("ab") as file:
        subprocess.run(command, stdout=file, check=True)
    assert log.read_bytes() == b"before\n" + piped.stdout


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe")
def test_a_closed_pipe_is_an_error_of_its_own(tmp_path):
    source = tmp_path / "many.jsonl"
    source.write_text('{"text": "War."}\n' * 50_000)
    command = [sys.executable, "-c", PRINT, LEXICON, str(source), "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == 32


def test_a_named_pipe_is_written_through(engine, source, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        run(engine, source, output=str(pipe), format="jsonl")
        assert len(reader.stdout.readlines()) == 3
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_progress_is_told_and_can_stop_the_run(engine, tmp_path):
    source = tmp_path / "many.jsonl"
    line = json.dumps({"text": "The embargo and the war go on. " * 20_000}) + "\n"
    source.write_text(line * 400)
    seen = []

    def stop(figures):
        seen.append(figures)
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        run(engine, source, stop, output=str(tmp_path / "a.csv"))
    assert len(seen) == 1
    assert seen[0]["total_bytes"] == source.stat().st_size
    assert {"bytes", "documents", "rejects", "tokens", "text_bytes", "seconds"} < set(seen[0])
    assert [path.name for path in tmp_path.iterdir()] == ["many.jsonl"]


def test_mistakes_in_options_are_named(engine, source):
    for options, message in [
        ({"treads": 2}, "no option treads"),
        ({"threads": "many"}, "threads cannot be 'many'"),
        ({"threads": 0}, "threads cannot be 0"),
        ({"output": "a.xlsx"}, "suffix"),
        ({"output": "a.csv", "format": "xlsx"}, "unknown format"),
        ({"keep": ["tokens"], "output": "a.csv"}, '"tokens"'),
        ({"where": ["date>soon"]}, "`soon` is no date"),
        ({"keep": ["url", "url"], "output": "a.csv"}, '"url"'),
        ({"on_error": "stop"}, "on_error cannot be"),
        ({"input_format": "docx"}, "input_format cannot be"),
    ]:
        with pytest.raises(OptionError, match=message):
            run(engine, source, **options)


def test_columns_that_clash_are_refused(source, tmp_path):
    twins = LEXICON.replace("[dimensions.conflict.", "[dimensions.sanction_cat_trade.")
    try:
        engine = _native.Engine(_native.Lexicon.parse(twins))
    except LexiconError:
        return
    with pytest.raises(OptionError, match="sanction_cat_trade_hits"):
        run(engine, source, output=str(tmp_path / "a.csv"), categories=True)
