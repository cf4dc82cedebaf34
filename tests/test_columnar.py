"""Parquet and Arrow as inputs, made by pyarrow, DuckDB and polars: the same documents as from JSON lines,
refusals in a sentence, damage told and the good rows kept."""

import datetime as dt
import gzip
import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from accounts import accounted
from pressgauge import InputError, Lexicon, _native, score_files
from small import LEXICON

pa = pytest.importorskip("pyarrow")
from pyarrow import feather, ipc, parquet  # noqa: E402 - only where there is pyarrow

LEX = Lexicon.parse(LEXICON)
ROWS = [
    {
        "id": f"n{n}",
        "text": None if n % 17 == 3 else f"The embargo and the war go on, r\u00e9sum\u00e9 {n}. " * (n % 5),
        "date": f"2020-01-{n % 28 + 1:02}",
        "language": ["en", "de", None][n % 3],
        "source": f"paper {n % 4}",
        "words": n,
    }
    for n in range(500)
]


def scores(path: Path, tmp_path: Path, **options) -> list[dict]:
    """The rows that a run gives, without those columns that name the file."""
    output = tmp_path / "scores.jsonl"
    summary = score_files(path, output, lexicon=LEX, overwrite=True, **options)
    accounted(summary.to_dict(), output)
    assert summary.complete, summary.faults
    rows = [json.loads(line) for line in output.open(encoding="utf-8")]
    assert [row.pop("record") for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row.pop("path") == str(path)
    return rows


def failed(path: Path, tmp_path: Path, **options):
    """The summary of a run that was not complete, and the ids that it gave."""
    output = tmp_path / "scores.jsonl"
    summary = score_files(path, output, lexicon=LEX, overwrite=True, **options)
    accounted(summary.to_dict(), output)
    assert not summary.complete
    return summary, [json.loads(line)["id"] for line in output.open(encoding="utf-8")]


@pytest.fixture
def expected(tmp_path):
    lines = tmp_path / "rows.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return scores(lines, tmp_path, keep=["words"])


def by_pyarrow(folder: Path):
    table = pa.Table.from_pylist(ROWS)
    for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
        parquet.write_table(table, folder / f"pa-{codec}.parquet", compression=codec, row_group_size=120)
    for version in ("1.0", "2.0"):
        parquet.write_table(
            table, folder / f"pa-v{version}.parquet", data_page_version=version, use_dictionary=False,
            data_page_size=1000, write_page_index=True,
        )  # fmt: skip
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int16(), pa.string()), pa.binary()):
        texts = table.column("text")
        texts = texts.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else texts.cast(kind)
        other = table.set_column(1, "text", texts)
        name = str(kind).split("<")[0]
        if kind != pa.string_view():
            parquet.write_table(other, folder / f"pa-{name}.parquet")
        feather.write_feather(other, folder / f"pa-{name}.arrow", compression="uncompressed", chunksize=99)
    for codec in ("lz4", "zstd"):
        feather.write_feather(table, folder / f"pa-{codec}.feather", compression=codec, chunksize=50)
    with ipc.new_stream(folder / "pa-stream", table.schema) as stream:
        stream.write_table(table, max_chunksize=70)


def by_polars(folder: Path):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(ROWS)
    for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4"):
        frame.write_parquet(folder / f"pl-{codec}.parquet", compression=codec, row_group_size=200)
    for codec in ("uncompressed", "lz4", "zstd"):
        frame.write_ipc(folder / f"pl-{codec}.arrow", compression=codec)
    frame.write_ipc_stream(folder / "pl-stream.arrow")


def by_duckdb(folder: Path):
    duckdb = pytest.importorskip("duckdb")
    rows = pa.Table.from_pylist(ROWS)
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        for codec in ("uncompressed", "snappy", "gzip", "zstd", "lz4_raw"):
            name = folder / f"duck-{codec}.parquet"
            connection.execute(f"copy (select * from rows) to '{name}' (format parquet, codec '{codec}')")


@pytest.mark.parametrize("make", [by_pyarrow, by_polars, by_duckdb])
def test_the_same_documents_whoever_wrote_the_file(tmp_path, expected, make):
    folder = tmp_path / "made"
    folder.mkdir()
    make(folder)
    for file in sorted(folder.iterdir()):
        assert scores(file, tmp_path, keep=["words"]) == expected, file.name


def test_types_of_ids_dates_and_kept_columns(tmp_path):
    moment = dt.datetime(2020, 3, 1, 10, 11, 12, 987654)
    columns = {
        "id": pa.array([7, None], pa.uint64()),
        "text": pa.array(["War.", ""]),
        "meta": pa.array([{"date": moment, "tags": ["a"]}, None], pa.struct([
            ("date", pa.timestamp("us")), ("tags", pa.list_(pa.string()))
        ])),
        "day": pa.array([dt.date(2020, 3, 1), None]),
        "zoned": pa.array([moment, None], pa.timestamp("ns", "Europe/Berlin")),
        "year": pa.array([2020, 99], pa.int32()),
        "price": pa.array([Decimal("1.50"), None], pa.decimal128(5, 2)),
        "good": pa.array([True, None]),
        "half": pa.array([0.5, None], pa.float32()),
    }  # fmt: skip
    table = pa.table(columns)
    kept = ["day", "zoned", "price", "good", "half", "meta.date"]
    parquet.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, tmp_path / "a.arrow")
    for file in (tmp_path / "a.parquet", tmp_path / "a.arrow"):
        one, two = scores(file, tmp_path, date_field="meta.date", keep=kept)
        assert (one["id"], two["id"]) == ("7", f"{file}#2")
        assert (one["date"], one["date_precision"]) == ("2020-03-01T10:11:12", "second")
        assert (two["date"], two["tokens"]) == (None, 0)
        assert [one[name] for name in kept] == [
            "2020-03-01", "2020-03-01T10:11:12Z", "1.50", "true", "0.5", "2020-03-01T10:11:12",
        ]  # fmt: skip
        assert {two[name] for name in kept} == {None}
        for name, written in [("day", "2020-03-01"), ("zoned", "2020-03-01T10:11:12Z"), ("year", "2020")]:
            one, two = scores(
                file, tmp_path, date_field=name, date_format="%d/%m/%Y" if name == "day" else None
            )
            assert (one["date"], two["date"]) == (written, None)
        summary = score_files(file, lexicon=LEX, keep=["meta", "nothing"])
        assert "meta" in summary.warnings[-1] + summary.warnings[-2]
        assert any("no field `nothing` to keep" in warning for warning in summary.warnings)


def test_text_columns_that_are_none_end_the_run(tmp_path):
    for columns, said in [
        ({"headline": ["a"], "words": [1]}, "the file has no text field, only: headline, words"),
        ({"text": [1]}, "the column `text` holds no text but Int64"),
        ({"text": [["a"]]}, "the column `text` holds no text but List"),
    ]:
        parquet.write_table(pa.table(columns), tmp_path / "a.parquet")
        feather.write_feather(pa.table(columns), tmp_path / "a.arrow")
        for file in ("a.parquet", "a.arrow"):
            with pytest.raises(InputError) as caught:
                score_files(tmp_path / file, lexicon=LEX)
            assert said in str(caught.value)
            assert caught.value.path == str(tmp_path / file)


def test_parquet_must_lie_there_plain_and_arrow_need_not(tmp_path, cli, expected):
    table = pa.Table.from_pylist(ROWS)
    parquet.write_table(table, tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet.gz").write_bytes(gzip.compress(whole))
    done = cli("score a.parquet.gz -o a.csv")
    assert done.returncode == 3
    assert (
        "it is Parquet, which is read from its end, but is packed with gzip; unpack it first" in done.stderr
    )
    done = cli("score - -o b.csv", stdin=whole)
    assert done.returncode == 3
    assert "comes through a pipe; save it to a file first" in done.stderr
    stream = io.BytesIO()
    with ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table, max_chunksize=64)
    (tmp_path / "a.arrow.gz").write_bytes(gzip.compress(stream.getvalue()))
    assert scores(tmp_path / "a.arrow.gz", tmp_path, keep=["words"]) == expected
    done = cli("score - -o c.csv --json", stdin=stream.getvalue())
    assert (done.returncode, json.loads(done.stdout)["scored"]) == (0, 500)


def test_what_is_not_read_is_named(tmp_path):
    table = pa.Table.from_pylist(ROWS)
    parquet.write_table(table, tmp_path / "a.parquet", compression={"text": "brotli", "id": "zstd"})
    summary, _ = failed(tmp_path / "a.parquet", tmp_path)
    assert "its column `text` is packed with Brotli, which is not read" in summary.faults[0]
    parquet.write_table(table, tmp_path / "b.parquet", compression={"words": "brotli"})
    assert (
        len(scores(tmp_path / "b.parquet", tmp_path)) == 500
    )  # a column that nobody asks for is not decoded
    (tmp_path / "c.jsonl").write_text('{"text": "War."}')
    summary, _ = failed(tmp_path / "c.jsonl", tmp_path, input_format="parquet")
    assert "does not begin as parquet does" in summary.faults[0]


def test_a_bad_page_costs_its_rows_only(tmp_path):
    table = pa.Table.from_pylist([{"id": f"n{n}", "text": f"War {n} " * 40} for n in range(1000)])
    file = tmp_path / "a.parquet"
    parquet.write_table(table, file, row_group_size=250, write_page_checksum=True, compression="zstd")
    column = parquet.ParquetFile(file).metadata.row_group(2).column(1)
    data = bytearray(file.read_bytes())
    data[column.dictionary_page_offset + column.total_compressed_size // 2] ^= 1
    file.write_bytes(data)
    summary, ids = failed(file, tmp_path)
    assert ids == [f"n{n}" for n in (*range(500), *range(750, 1000))]
    assert len(summary.faults) == 1
    assert "rows 501 to 750 are lost: row group 3 is damaged: " in summary.faults[0]


def test_every_cut_is_told(tmp_path):
    table = pa.Table.from_pylist(ROWS[:40])
    parquet.write_table(table, tmp_path / "whole.parquet", row_group_size=10)
    feather.write_feather(table, tmp_path / "whole.arrow", chunksize=10)
    with ipc.new_stream(tmp_path / "whole.stream", table.schema) as stream:
        stream.write_table(table, max_chunksize=10)
    for name in ("whole.parquet", "whole.arrow", "whole.stream"):
        whole = (tmp_path / name).read_bytes()
        most = 0
        for cut in (*range(12, len(whole), 61), len(whole) - 1):
            (tmp_path / "cut").write_bytes(whole[:cut])
            summary, ids = failed(tmp_path / "cut", tmp_path)
            assert ids == [row["id"] for row in ROWS[: len(ids)]]
            assert "cut short" in summary.faults[0], (cut, summary.faults)
            most = max(most, len(ids))
        assert most == (0 if name == "whole.parquet" else 40)


def test_flipped_bits_never_crash(tmp_path):
    table = pa.Table.from_pylist([{"id": f"n{n}", "text": f"War {n} " * 9} for n in range(60)])
    parquet.write_table(table, tmp_path / "whole.parquet", row_group_size=20)
    feather.write_feather(table, tmp_path / "whole.arrow", chunksize=20, compression="lz4")
    for name in ("whole.parquet", "whole.arrow"):
        whole = (tmp_path / name).read_bytes()
        for bit in range(0, len(whole) * 8, 8 * len(whole) // 150):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            (tmp_path / "flipped").write_bytes(flipped)
            try:
                summary = score_files(tmp_path / "flipped", tmp_path / "a.csv", lexicon=LEX, overwrite=True)
            except InputError:
                continue
            accounted(summary.to_dict(), tmp_path / "a.csv")


def test_a_large_row_group_is_read_by_all_threads_in_order(tmp_path):
    text = ["The embargo and the war go on. " * (n % 40) for n in range(40_000)]
    table = pa.table({"id": [str(n) for n in range(40_000)], "text": text})
    parquet.write_table(table, tmp_path / "a.parquet", use_dictionary=False)
    feather.write_feather(table, tmp_path / "a.arrow", chunksize=100_000)
    for file in ("a.parquet", "a.arrow"):
        written = set()
        for threads in (1, 2, 5):
            output = tmp_path / f"{threads}.csv"
            summary = score_files(tmp_path / file, output, lexicon=LEX, threads=threads, overwrite=True)
            assert (summary.scored, summary.bytes) == (40_000, (tmp_path / file).stat().st_size)
            written.add(output.read_bytes())
        assert len(written) == 1
        summary = score_files(
            tmp_path / file, tmp_path / "head.csv", lexicon=LEX, head=20_001, overwrite=True
        )
        assert accounted(summary.to_dict(), tmp_path / "head.csv")["scored"] == 20_001


def test_bad_bytes_in_texts_are_put_right(tmp_path):
    data = b"War.An \xff embargo.\xe2\x82"
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 4, 17, 19)))
    texts = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(data)])
    for dictionary in (False, True):
        parquet.write_table(pa.table({"text": texts}), tmp_path / "a.parquet", use_dictionary=dictionary)
        summary = score_files(tmp_path / "a.parquet", tmp_path / "a.csv", lexicon=LEX, overwrite=True)
        assert accounted(summary.to_dict(), tmp_path / "a.csv")["scored"] == 3
        assert (summary.complete, summary.repairs, summary.hits["sanction"]) == (
            True,
            {"invalid UTF-8": 2},
            1,
        )


def test_more_than_is_allowed_is_refused_in_a_sentence(tmp_path):
    long = pa.table({"id": ["a", "b"], "text": ["War.", "a" * (140 << 20)]})
    parquet.write_table(long, tmp_path / "a.parquet", compression="zstd", data_page_size=1 << 30)
    summary, _ = failed(tmp_path / "a.parquet", tmp_path)
    assert "a page of 140 MiB is over the limit of 128 MiB" in summary.faults[0]
    wide = pa.table({"text": ["War."], **{f"c{n}": [n] for n in range(4_000)}})
    parquet.write_table(wide, tmp_path / "b.parquet")
    summary, _ = failed(tmp_path / "b.parquet", tmp_path)
    assert "its table has 4002 columns, more than the limit of 4000" in summary.faults[0]
    large = pa.table({"text": pa.array(["a" * (1 << 20)] * 401)})
    feather.write_feather(large, tmp_path / "c.arrow", compression="zstd", chunksize=1000)
    summary, _ = failed(tmp_path / "c.arrow", tmp_path)
    assert (
        "a batch of 401 MiB is over the limit of 400 MiB; write it in batches of fewer" in summary.faults[0]
    )


@pytest.mark.parametrize("depth", [58, 100, 1500])
def test_columns_that_lie_deep_never_crash(tmp_path, cli, depth):
    deep = pa.array([None], pa.string())
    for _ in range(depth):
        deep = pa.StructArray.from_arrays([deep], ["s"])
    table = pa.table({"text": ["War."], "deep": deep})
    parquet.write_table(table, tmp_path / "a.parquet", store_schema=False)
    done = cli("score a.parquet -o a.csv")
    assert done.returncode == (0 if depth < 60 else 3), done.stderr
    assert depth < 60 or "its columns lie in each other more than 60 deep" in done.stderr


def test_memory_is_bounded_whatever_the_size_of_a_row_group(tmp_path):
    peak = (
        "import sys; from pressgauge import score_files; score_files(sys.argv[1], threads=4);"
        "status = open('/proc/self/status').read();"
        "print(int(status.partition('VmHWM:')[2].split()[0]) >> 10)"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("nobody tells the peak here")
    table = pa.table({"text": [f"{n} The embargo and the war go on. " * 130 for n in range(30_000)]})
    parquet.write_table(table, tmp_path / "a.parquet", use_dictionary=False)
    feather.write_feather(table, tmp_path / "a.arrow", chunksize=30_000, compression="uncompressed")
    for file, limit in (("a.parquet", 120), ("a.arrow", 300)):
        command = [sys.executable, "-c", peak, tmp_path / file]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert int(done.stdout) < limit, file


def test_records_over_the_limit_are_rejected(tmp_path):
    table = pa.table({"id": ["a", "b"], "text": ["War " * 300_000, "War."]})
    parquet.write_table(table, tmp_path / "a.parquet")
    engine = _native.Engine(_native.Lexicon.parse(LEXICON))
    told = engine.run({"inputs": [str(tmp_path / "a.parquet")], "max_record": 1_000_000}, None)
    assert (accounted(told)["scored"], told["rejects"]) == (1, {"record-too-long": 1})
