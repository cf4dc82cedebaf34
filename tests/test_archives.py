"""Members of archives that other tools made: named, nested, linked, hidden, cut, encrypted, overlapping."""

import gzip
import io
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from packing import tar, zipped, zstd
from pressgauge import Lexicon, Summary, score_files

Scored = Callable[..., tuple[list[tuple[str | None, str]], Summary]]

LINE = b'{"id": "x", "text": "New sanctions."}\n'
NASTY = [
    "../up.jsonl",
    "/etc/absolute.jsonl",
    "a/../b.jsonl",
    "C:\\windows.jsonl",
    "new\nline.jsonl",
    "\x1b[31mred.jsonl",
    "\u5236\u88c1/\u202erts.jsonl",
    "l" * 150 + "/" + "o" * 150 + "ng.jsonl",
    "same.jsonl",
    "same.jsonl",
]


@pytest.fixture
def scored(tmp_path: Path, small: Lexicon) -> Scored:
    """Score these bytes as a file; give member and id of the rows, and the summary."""

    def run(name: str, data: bytes, **options: object) -> tuple[list[tuple[str | None, str]], Summary]:
        path, out = tmp_path / name, tmp_path / "rows.jsonl"
        path.write_bytes(data)
        summary = score_files(path, out, lexicon=small, threads=1, overwrite=True, **options)
        rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        return [(row["member"], row["id"]) for row in rows], summary

    return run


def _reasons(summary: Summary) -> list[tuple[str | None, str | None]]:
    return [(damage["member"], damage["reason"]) for damage in summary.damaged]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT], ids=["pax", "gnu"])
def test_nasty_names_in_tar(scored: Scored, form: int) -> None:
    rows, summary = scored("a.tar", tar(*((name, LINE) for name in NASTY), form=form))
    assert rows == [(name, "x") for name in NASTY]
    assert (summary.complete, summary.members) == (True, len(NASTY))


def test_nasty_names_in_zip(scored: Scored, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(*((name, LINE) for name in NASTY))
    rows, summary = scored("a.zip", data)
    assert rows == [(name, "x") for name in NASTY]
    assert (summary.complete, summary.members) == (True, len(NASTY))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "rows.jsonl"]


def test_members_are_sources_of_their_own(scored: Scored, cli) -> None:
    members = [
        ("a.csv", b"text;id\nwar;1\npeace;2\n"),
        ("b.jsonl", LINE * 2),
        ("c.txt", b"A strike."),
        ("d.jsonl", b"{broken\n" + LINE),
        ("e.png", b"\x89PNG\r\n\x1a\n"),
        ("f.csv", b"a,b\n1,2\n"),
        ("g.jsonl.gz", gzip.compress(LINE)[:-3]),
    ]
    for name, data in ("a.tar", tar(*members)), ("a.zip", zipped(*members)):
        rows, summary = scored(name, data)
        members_of_rows = [member for member, _ in rows]
        assert members_of_rows == ["a.csv"] * 2 + ["b.jsonl"] * 2 + ["c.txt", "d.jsonl", "g.jsonl.gz"]
        assert rows[4][1].endswith(f"{name}!c.txt#1")
        assert {mapping["format"] for mapping in summary.mappings} == {"csv", "jsonl", "text"}
        assert summary.first_rejects[0]["member"] == "d.jsonl"
        assert [member for member, _ in _reasons(summary)] == ["e.png", "f.csv", "g.jsonl.gz"]
        assert "no text field, only: a, b" in str(_reasons(summary)[1][1])
        told = cli(f"score {name} -o out.csv --overwrite").stderr
        assert f"{name}!d.jsonl:1: invalid-json" in told
        assert f"fault: {name}!e.png: it is an image, which is not read" in told


def test_hidden_members_folders_and_links(scored: Scored, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("a.jsonl", ".hidden.jsonl", "__MACOSX/._a.jsonl", "deep/.DS_Store", "deep/b.jsonl"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(LINE)
    (folder / "to_a.jsonl").symlink_to("a.jsonl")
    (folder / "out.jsonl").symlink_to("/etc/passwd")
    os.link(folder / "a.jsonl", folder / "z_hard.jsonl")
    os.mkfifo(folder / "pipe")
    programs = {"tar": ["tar", "--sort=name", "-cf", "../a.tar", "."]}
    if shutil.which("zip"):
        programs["zip"] = ["zip", "-q", "-r", "-y", "../a.zip", ".", "-x", "pipe"]
    for kind, command in programs.items():
        subprocess.run(command, cwd=folder, check=True)
        rows, summary = scored(f"a.{kind}", (tmp_path / f"a.{kind}").read_bytes())
        members = sorted(str(member).removeprefix("./") for member, _ in rows)
        assert members == ["a.jsonl", "deep/b.jsonl"] + ["z_hard.jsonl"] * (kind == "zip")
        assert summary.complete
        assert [text.rpartition(": ")[2] for text in summary.warnings] == [
            f"{4 if kind == 'tar' else 2} members that are links, devices or the like are left out"
        ]


def test_archives_within_archives_and_documents(scored: Scored) -> None:
    inner = zipped(("a.jsonl", LINE))
    rows, summary = scored("a.tar", tar(("in.zip", inner), ("in.tar.gz", gzip.compress(tar(("a", LINE))))))
    assert rows == []
    assert [reason for _, reason in _reasons(summary)] == [
        f"it is a {kind} archive within an archive, which is not read; unpack it first"
        for kind in ("zip", "tar")
    ]
    rows, summary = scored("a.docx", zipped(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")))
    assert _reasons(summary) == [
        (None, "it is an office document, which is not read; convert it to CSV first")
    ]


def test_from_standard_input(cli) -> None:
    done = cli("score - --format jsonl -q", stdin=gzip.compress(tar(("a.jsonl", LINE))))
    assert (done.returncode, json.loads(done.stdout)["member"]) == (0, "a.jsonl")
    done = cli("score - --format csv", stdin=zipped(("a.jsonl", LINE)))
    assert done.returncode == 3
    assert "it is read only as a plain file" in done.stderr


def test_limit_of_members(scored: Scored) -> None:
    members = [(f"{n}.jsonl", LINE) for n in range(10)]
    for name, data in ("a.tar", tar(*members)), ("a.zip", zipped(*members)):
        rows, summary = scored(name, data, max_members=7)
        assert len(rows) == 7
        assert "more than the 7 members that max_members allows" in str(_reasons(summary)[0][1])


def test_every_cut_of_a_tar_is_flagged(scored: Scored) -> None:
    whole = tar(("a.jsonl", LINE * 20), ("b.jsonl", LINE * 3), ("d/", b""), ("c.jsonl", LINE))
    end = whole.rindex(LINE) + 512 - 512 % len(LINE)
    for cut in range(1, end, 97):
        rows, summary = scored("a.tar", whole[:cut])
        assert summary.damaged, cut
        assert len(rows) >= min(20, (cut - 512) // len(LINE)), cut
    rows, summary = scored("a.tar.gz", gzip.compress(whole)[:-30])
    assert summary.damaged
    for padding in (0, 100, 512, 513):
        marked = whole[: whole.rindex(LINE) // 512 * 512 + 512] + bytes(512) + bytes(padding)
        rows, summary = scored("a.tar", marked)
        assert (len(rows), summary.complete) == (24, True)


def test_a_damaged_tar_goes_on_at_the_next_header(scored: Scored) -> None:
    members = [(f"{n}.jsonl", LINE) for n in range(20)]
    whole = bytearray(tar(*members))
    whole[5 * 1024 + 150] ^= 1
    rows, summary = scored("a.tar", bytes(whole))
    assert [member for member, _ in rows] == [name for name, _ in members if name != "5.jsonl"]
    assert _reasons(summary) == [(None, "a header of the archive is damaged")]
    parts = [gzip.compress(bytes(whole[n * 1024 : n * 1024 + 1024])) for n in range(20)]
    parts[9] = parts[9][: len(parts[9]) // 2]
    rows, summary = scored("a.tar.gz", b"".join(parts) + gzip.compress(bytes(1024)))
    assert len(rows) == 18
    assert len(summary.damaged) == 2 or "one more fault" in str(_reasons(summary)[0][1])


def test_joined_and_sparse_tars(scored: Scored, tmp_path: Path) -> None:
    rows, summary = scored("a.tar", tar(("a.jsonl", LINE)) + tar(("b.jsonl", LINE)))
    assert ([member for member, _ in rows], summary.complete) == (["a.jsonl", "b.jsonl"], True)
    rows, summary = scored("a.tar", tar(("a.jsonl", LINE)) + b"garbage" * 200)
    assert (len(rows), _reasons(summary)) == (1, [(None, "there is garbage after the end of the archive")])
    with (tmp_path / "holes.txt").open("wb") as file:
        file.seek(1 << 20)
        file.write(b"end")
    (tmp_path / "b.jsonl").write_bytes(LINE)
    for form in ("gnu", "posix"):
        command = ["tar", f"--format={form}", "-Scf", "s.tar", "holes.txt", "b.jsonl"]
        subprocess.run(command, cwd=tmp_path, check=True)
        rows, summary = scored("t.tar", (tmp_path / "s.tar").read_bytes())
        assert [member for member, _ in rows] == ["b.jsonl"]
        assert "sparse member" in str(_reasons(summary)[0][1])


@pytest.mark.skipif(not shutil.which("zip"), reason="the zip program is not here")
def test_an_encrypted_member(scored: Scored, tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(LINE)
    subprocess.run(["zip", "-q", "-P", "secret", "e.zip", "a.jsonl"], cwd=tmp_path, check=True)
    subprocess.run(["zip", "-q", "e.zip", "b.jsonl"], cwd=tmp_path, check=True)
    rows, summary = scored("f.zip", (tmp_path / "e.zip").read_bytes())
    assert (rows, _reasons(summary)) == ([("b.jsonl", "x")], [("a.jsonl", "it is encrypted")])


def test_methods_of_zip(scored: Scored) -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        rows, summary = scored("a.zip", zipped(("a.jsonl", LINE * 9), method=method))
        assert (len(rows), summary.complete) == (9, True)
    rows, summary = scored("a.zip", zipped(("a.jsonl", LINE), method=zipfile.ZIP_LZMA))
    assert "packed in a way that is not read" in str(_reasons(summary)[0][1])
    packed = zstd(LINE * 9)
    data = bytearray(zipped(("a.jsonl", packed), method=zipfile.ZIP_STORED))
    rows, summary = scored("a.zip", bytes(data))
    assert (len(rows), summary.complete) == (9, True)


def test_damaged_zips(scored: Scored) -> None:
    members = [(f"{n}.jsonl", LINE * 50) for n in range(4)]
    whole = zipped(*members)
    for cut in range(4, len(whole), 23):
        rows, summary = scored("a.zip", whole[:cut])
        assert (rows, len(summary.damaged)) == ([], 1), cut
        assert "the list of its members cannot be read" in str(_reasons(summary)[0][1])
    flipped = bytearray(whole)
    flipped[60] ^= 0x40
    rows, summary = scored("a.zip", bytes(flipped))
    assert {member for member, _ in rows} >= {"1.jsonl", "2.jsonl", "3.jsonl"}
    assert [member for member, _ in _reasons(summary)] == ["0.jsonl"]


def test_overlapping_members(scored: Scored) -> None:
    """Two entries of the list point to the same bytes, as in the bombs that this makes possible."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jsonl", LINE)
        archive.writestr("b.jsonl", LINE)
        archive.infolist()[1].header_offset = 0
        archive.writestr("c.jsonl", LINE)
    rows, summary = scored("a.zip", out.getvalue())
    assert rows == [("c.jsonl", "x")]
    assert [reason for _, reason in _reasons(summary)] == [
        "it shares bytes with another member of the archive"
    ] * 2


def test_patterns_and_lists(cli, tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl", "deep/c.jsonl", "not this.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(LINE)

    def paths(typed: str, stdin: str = "") -> list[str]:
        done = cli(f"score {typed} --format jsonl -q", stdin=stdin)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["path"] for line in done.stdout.splitlines()]

    assert paths("'*.jsonl'") == ["a.jsonl", "b.jsonl"]
    assert paths("'**/*.jsonl'") == ["a.jsonl", "b.jsonl", "deep/c.jsonl"]
    (tmp_path / "list").write_text("b.jsonl\n\nnot this.txt\r\ndeep\n")
    assert paths("a.jsonl --files-from list") == ["a.jsonl", "b.jsonl", "not this.txt", "deep/c.jsonl"]
    assert paths("--files-from -", "a.jsonl\n") == ["a.jsonl"]
    for typed, said in {
        "'*.gz'": "pressgauge: *.gz: no file matches the pattern\n",
        "--files-from none": "pressgauge: none: this list cannot be read: No such file or directory\n",
        "- --files-from -": "pressgauge: standard input cannot be both an input and the list of inputs\n",
    }.items():
        done = cli(f"score {typed}")
        assert (done.returncode, done.stderr) == (2, said)
    assert cli("hits '*.jsonl' -q --format csv").stdout.count("sanction,") == 2
