"""Every cell of the table container x coding x format in docs/FORMATS.md, with files made by other tools.

A format is added by one entry in `FORMATS`: it is then tested plain, under every coding, and as a member of
every archive. One that needs seeking is read as a plain file only; every other cell must refuse it.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest

from packing import CODINGS, tar, zipped
from pressgauge import Scorer, score_files

Documents = list[dict[str, str]]

DOCUMENTS: Documents = [
    {"id": "a", "text": "Moscow faces new sanctions and an asset freeze."},
    {"id": "b", "text": 'An air strike followed; "sanctions", they said,\nwill follow \u2013 \u5236\u88c1.'},
    {"id": "c", "text": "Nothing of the kind."},
]


@dataclass(frozen=True)
class Format:
    """How documents are written in a format by another tool than ours."""

    name: str
    suffix: str
    write: Callable[[Documents], bytes]
    """Gives a file of these documents."""
    seeks: bool = False
    """Whether it can be read as a plain file only."""
    single: bool = False
    """Whether a file holds one document, which has no id."""


def _jsonl(documents: Documents) -> bytes:
    return "".join(json.dumps(document) + "\n" for document in documents).encode()


def _table(delimiter: str) -> Callable[[Documents], bytes]:
    def write(documents: Documents) -> bytes:
        out = io.StringIO(newline="")
        rows = csv.DictWriter(out, ["id", "text"], delimiter=delimiter)
        rows.writeheader()
        rows.writerows(documents)
        return out.getvalue().encode()

    return write


def _arrow(documents: Documents) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    table, out = pyarrow.Table.from_pylist(documents), io.BytesIO()
    with pyarrow.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue()


def _feather(documents: Documents) -> bytes:
    feather, out = pytest.importorskip("pyarrow.feather"), io.BytesIO()
    feather.write_feather(pytest.importorskip("pyarrow").Table.from_pylist(documents), out, "uncompressed")
    return out.getvalue()


def _parquet(documents: Documents) -> bytes:
    parquet, out = pytest.importorskip("pyarrow.parquet"), io.BytesIO()
    parquet.write_table(pytest.importorskip("pyarrow").Table.from_pylist(documents), out)
    return out.getvalue()


def _sgml(documents: Documents) -> bytes:
    parts = (f'<DOC id="{one["id"]}">\n<TEXT>{escape(one["text"])}</TEXT>\n</DOC>\n' for one in documents)
    return "".join(parts).encode()


def _wet(documents: Documents) -> bytes:
    """Write texts as the standard has them: no tool that makes them is at hand."""
    records = []
    for one in documents:
        body = one["text"].encode()
        head = (
            "WARC/1.0",
            "WARC-Type: conversion",
            f"WARC-Record-ID: {one['id']}",
            f"Content-Length: {len(body)}",
        )
        records.append("\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n\r\n")
    return b"".join(records)


FORMATS = [
    Format("jsonl", "jsonl", _jsonl),
    Format("json array", "json", lambda documents: json.dumps(documents, indent=1).encode()),
    Format("sgml", "sgml", _sgml),
    Format("warc", "warc.wet", _wet),
    Format("csv", "csv", _table(",")),
    Format("tsv", "tsv", _table("\t")),
    Format("arrow stream", "arrows", _arrow),
    Format("arrow file", "arrow", _feather),
    Format("parquet", "parquet", _parquet, seeks=True),
    Format("text", "txt", lambda documents: documents[0]["text"].encode(), single=True),
]

CONTAINERS = ["file", "tar", "zip", "packed tar", "member"]
CELLS = [
    (container, coding, form)
    for container in CONTAINERS
    for coding in ["plain", *CODINGS]
    for form in FORMATS
    if container not in ("packed tar", "member") or coding != "plain"
]


def _pack(container: str, coding: str, name: str, data: bytes) -> tuple[str, bytes, str | None]:
    """Give the name, the bytes and the member of a file in this cell."""
    pack = CODINGS.get(coding, lambda plain: plain)
    packed = name if coding == "plain" else f"{name}.{coding}"
    match container:
        case "file":
            return packed, pack(data), None
        case "tar":
            return "news.tar", tar((packed, pack(data))), packed
        case "zip":
            return "news.zip", zipped((packed, pack(data))), packed
        case "packed tar":
            return f"news.tar.{coding}", pack(tar((name, data))), name
        case _:
            return f"news.tar.{coding}", pack(tar((packed, pack(data)))), packed


@pytest.mark.parametrize(
    ("container", "coding", "form"), CELLS, ids=[f"{cell[0]}-{cell[1]}-{cell[2].name}" for cell in CELLS]
)
def test_cell(container: str, coding: str, form: Format, tmp_path: Path, small) -> None:
    documents = DOCUMENTS[:1] if form.single else DOCUMENTS
    name, data, member = _pack(container, coding, f"news.{form.suffix}", form.write(documents))
    path = tmp_path / name
    path.write_bytes(data)
    out = tmp_path / "rows.jsonl"
    summary = score_files(path, out, lexicon=small, threads=2)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    if form.seeks and (container, coding) != ("file", "plain"):
        assert rows == []
        assert len(summary.damaged) == 1
        assert "which is read from its end" in str(summary.damaged[0]["reason"])
        return
    assert summary.complete, summary.faults
    assert not summary.unverified
    assert (summary.members, summary.documents) == (int(member is not None), len(documents))
    expected = [Scorer(small).score(document["text"]) for document in documents]
    for i, (row, document, score) in enumerate(zip(rows, documents, expected, strict=True), 1):
        place = str(path) if member is None else f"{path}!{member}"
        assert row["id"] == (f"{place}#{i}" if form.single else document["id"])
        assert (row["path"], row["member"], row["record"]) == (str(path), member, i)
        assert row["tokens"] == score.tokens
        assert row["sanction_hits"] == score["sanction"].hits
        assert row["conflict_hits"] == score["conflict"].hits
