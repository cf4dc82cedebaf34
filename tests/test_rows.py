"""Files of rows in every format, made by other tools than ours, come in as the documents that they hold."""

import gzip
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from conftest import SMALL
from pressgauge import InputError, Lexicon, OptionError, Summary, score_files

STORIES = [
    {
        "id": f"n{n}",
        "date": f"2024-01-{n + 1:02}",
        "title": f"Nr. {n}",
        "text": f'Café {n}: «sanctions»\nand {{[ ]}}, "quotes" \\ 制裁',
    }
    for n in range(20)
]


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon.parse(SMALL)


def scored(path: Path, lexicon: Lexicon, **options) -> tuple[Summary, list[dict]]:
    """Score a file; give the summary and the rows."""
    out = path.with_name("scores.jsonl")
    summary = score_files(path, out, lexicon=lexicon, overwrite=True, keep=["title", "url"], **options)
    assert summary.documents == summary.scored + summary.rejected + summary.filtered
    return summary, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    "layout", [{}, {"indent": 1}, {"indent": 0}, {"separators": (",", ":")}, {"ensure_ascii": False}]
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_json_arrays(tmp_path, lexicon, layout, pack):
    path = write(tmp_path / "a.json", pack(json.dumps(STORIES, **layout).encode()))
    summary, rows = scored(path, lexicon)
    assert [row["id"] for row in rows] == [story["id"] for story in STORIES]
    assert summary.mappings[0]["format"] == "json"
    assert summary.mappings[0]["fields"]["text"] == ["text"]
    assert rows[3]["sanction_hits"] == 1
    assert (summary.complete, summary.rejected, summary.text_bytes) == (
        True,
        0,
        sum(len(s["text"].encode()) for s in STORIES),
    )


def test_one_object_a_file_and_one_after_the_other(tmp_path, lexicon):
    folder = tmp_path / "news"
    folder.mkdir()
    for story in STORIES:
        write(folder / f"{story['id']}.json", json.dumps(story, indent=4))
    assert len(scored(folder, lexicon)[1]) == len(STORIES)
    path = write(tmp_path / "all", "\n".join(json.dumps(story, indent=2) for story in STORIES))
    summary, rows = scored(path, lexicon)
    assert [row["record"] for row in rows] == list(range(1, 21))
    assert summary.mappings[0]["format"] == "json"


def test_a_broken_element_costs_itself_only(tmp_path, lexicon):
    whole = [json.dumps(story) for story in STORIES]
    for gap in (", ", ",\n", ",\n  "):
        broken = [*whole[:5], '{"id": "x", "text": "never closed}', *whole[5:], whole[0][:-1], *whole[6:]]
        path = write(tmp_path / "a.json", f"[{gap.join(broken)}]")
        summary, rows = scored(path, lexicon, rejects=tmp_path / "rejects.jsonl")
        assert summary.rejects == {"invalid-json": 2}
        assert len(rows) == len(broken) - 2
        assert not summary.damaged


def test_an_array_that_never_ends_is_damaged_and_keeps_its_elements(tmp_path, lexicon):
    text = json.dumps(STORIES)
    summary, rows = scored(write(tmp_path / "a.json", text[:-30]), lexicon)
    assert len(rows) == len(STORIES) - 1
    assert "the array never closes" in summary.damaged[0]["reason"]
    assert summary.rejects == {"invalid-json": 1}


def test_lines_of_text(tmp_path, lexicon):
    path = write(tmp_path / "a.txt", "Sanctions, one.\r\n\n  \nTwo, no final break")
    summary, rows = scored(path, lexicon, input_format="lines")
    assert [(row["record"], row["sanction_hits"]) for row in rows] == [(1, 1), (4, 0)]
    assert rows[1]["id"].endswith("#4")
    assert summary.repairs == {"CRLF": 1, "no final newline": 1}
    assert len(scored(path, lexicon)[1]) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_tell_the_encoding(tmp_path, lexicon, encoding):
    lines = "".join(json.dumps(story, ensure_ascii=False) + "\n" for story in STORIES)
    summary, rows = scored(write(tmp_path / "a.jsonl", lines.encode(encoding)), lexicon)
    assert summary.text_bytes == sum(len(story["text"].encode()) for story in STORIES)
    assert list(summary.repairs) == ["byte order mark" if encoding == "utf-8-sig" else "UTF-16 or UTF-32"]
    assert len(rows) == len(STORIES)


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("latin1", "Bürgermeister"),
        ("windows-1251", "санкции"),
        ("gb18030", "制裁"),
        ("utf-16-be", "é"),
        ("utf-32-le", "é"),
    ],
)
def test_encodings_by_name(tmp_path, lexicon, encoding, word):
    name = {"utf-16-be": "utf-16be", "utf-32-le": "utf-32le"}.get(encoding, encoding)
    path = write(tmp_path / "a.csv", f"id;text;title\r\n1;{word}, sanctions;{word}\r\n".encode(encoding))
    _, rows = scored(path, lexicon, encoding=name)
    assert (rows[0]["title"], rows[0]["sanction_hits"]) == (word, 1)


def test_an_unknown_encoding_is_a_mistake_of_the_user(tmp_path, lexicon):
    path = write(tmp_path / "a.csv", "text\nx\n")
    with pytest.raises(OptionError, match='no encoding "klingon"'):
        scored(path, lexicon, encoding="klingon")


def warc(kind: str, block: bytes, **headers: str) -> bytes:
    """Write a record as the standard has it."""
    head = {"WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:1>", "WARC-Date": "2024-03-01T10:00:00Z"}
    head |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def page(html: bytes, headers: str = "Content-Type: text/html") -> bytes:
    answer = f"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n".encode() + html
    return warc("response", answer, WARC_Target_URI="http://news.example/a")


def test_pages_of_web_archives(tmp_path, lexicon):
    head = "<html><head><title>Caf&eacute;</title></head>"
    html = f"{head}<body><nav>sanctions</nav><p>New <b>sanctions</b>: \u0431.</body>"
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (html[:9].encode(), html[9:].encode(), b"")
    )
    packed = gzip.compress(html.encode())
    records = [
        warc("warcinfo", b"software: none"),
        page(html.encode(), "Content-Type: text/html; charset=utf-8"),
        page(html.encode("koi8-r"), 'Content-Type: text/html; charset="KOI8-R"'),
        page(chunks, "Content-Type: text/html\r\nTransfer-Encoding: chunked"),
        page(packed, "Content-Type: text/html\r\nContent-Encoding: gzip"),
        page(zlib.compress(html.encode()), "Content-Type: text/html\r\ncontent-encoding: deflate"),
        page(b"\x89PNG", "Content-Type: image/png"),
        warc("request", b"GET / HTTP/1.1\r\n\r\n"),
    ]
    path = write(tmp_path / "a.warc.gz", b"".join(map(gzip.compress, records)))
    summary, rows = scored(path, lexicon)
    assert [row["sanction_hits"] for row in rows] == [1] * 5
    assert {(row["title"], row["url"], row["tokens"]) for row in rows} == {
        ("Café", "http://news.example/a", 3)
    }
    assert (rows[0]["date"], rows[0]["date_kind"], rows[0]["id"]) == (
        "2024-03-01T10:00:00Z",
        "crawl",
        "<urn:uuid:1>",
    )
    assert (summary.skipped, summary.rejected) == (3, 0)
    assert summary.mappings[0]["fields"]["text"] == ["visible text of HTML", "plain text"]


def test_wet_is_text(tmp_path, lexicon):
    path = write(tmp_path / "a.wet", warc("warcinfo", b"") + warc("conversion", "Sanctions é\n<p>".encode()))
    summary, rows = scored(path, lexicon)
    assert (rows[0]["tokens"], summary.skipped) == (3, 1)


def test_a_wrong_length_costs_one_page(tmp_path, lexicon):
    good, text = page(b"<p>sanctions"), b"<p>broken, sanctions"
    for length in (b"1", b"99", b"99999999", b"99999999999999999999", b"x"):
        broken = page(text).replace(b"Content-Length: ", b"Content-Length: " + length + b"\r\nX: ")
        path = write(tmp_path / "a.warc", good + broken + good * 3)
        summary, rows = scored(path, lexicon, rejects=tmp_path / "rejects.jsonl")
        assert (len(rows), summary.rejected) == (4, 1), length


def test_newswire(tmp_path, lexicon):
    text = "<TEXT>\n<P>\nSanctions\nfall.\n</P>\n</TEXT>\n"
    doc = '<DOC id="AFP_ENG_202401{:02}.0001" type="story">\n<HEADLINE>\nR&AMP;D &amp; X\n</HEADLINE>\n'
    doc += text + "{}"
    docs = [doc.format(n, "" if n == 2 else "</DOC>\n") for n in range(1, 5)]
    path = write(tmp_path / "afp_eng_202401.gz", gzip.compress("".join(docs).encode()))
    summary, rows = scored(path, lexicon)
    assert [row["date"] for row in rows] == [f"2024-01-0{n}" for n in range(1, 5)]
    assert {(row["title"], row["tokens"], row["sanction_hits"]) for row in rows} == {("R&D & X", 2, 1)}
    assert summary.mappings[0]["format"] == "sgml"


def test_without_a_text_the_keys_are_listed(tmp_path, lexicon):
    for data, keys in [
        ('[{"story": "x", "meta": {"a": 1}}]', "story, meta, meta.a"),
        ('<DOC id="1"><BODYTEXT>x</BODYTEXT></DOC>', "id, bodytext"),
        ('{\n"story": "x"\n}', "story"),
    ]:
        with pytest.raises(InputError, match=keys):
            scored(write(tmp_path / "a", data), lexicon)


@pytest.mark.parametrize("head", [b"{\\rtf1", b"%PDF-1.4", b"<mediawiki>", b"1\t20240101" + b"\tx" * 57])
def test_kinds_to_convert_are_named(tmp_path, lexicon, head):
    summary, _ = scored(write(tmp_path / "a", head + b"\n"), lexicon)
    assert "convert to CSV first" in summary.damaged[0]["reason"]


FLOOD = """
import sys
from nasty_rows import peak
from pressgauge import Lexicon, score_files
begin, unit, end = sys.argv[2].encode(), sys.argv[3].encode(), sys.argv[4].encode()
import os
read, write = os.pipe()
if not os.fork():
    os.close(read)
    block = unit * (1 << 20)
    with os.fdopen(write, "wb") as out:
        out.write(begin)
        for _ in range((1 << 30) // len(block)):
            out.write(block)
        out.write(end)
    os._exit(0)
os.close(write)
os.dup2(read, 0)
summary = score_files("-", lexicon=Lexicon.load(sys.argv[1]), threads=2)
print(summary.scored, dict(summary.rejects), peak())
"""


@pytest.mark.parametrize(
    ("begin", "unit", "end", "scored_rows"),
    [
        ('{"text": "', "a ", '"}\n{"text": "b"}\n', 1),
        ('[{"text": "', "a ", '"}, {"text": "b"}]', 1),
    ],
    ids=["line", "element"],
)  # fmt: skip
def test_a_record_of_a_gibibyte_is_a_reject(tmp_path, begin, unit, end, scored_rows):
    lexicon = write(tmp_path / "small.toml", SMALL)
    done = subprocess.run(
        [sys.executable, "-c", FLOOD, lexicon, begin, unit, end],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
    )
    said, peak = done.stdout.strip().rsplit(" ", 1)
    assert said == f"{scored_rows} {{'record-too-long': 1}}"
    assert int(peak) <= 512
