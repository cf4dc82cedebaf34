"""Packed files that other tools made, and what is left of them after cuts, flipped bits and lost members."""

import bz2
import gzip
import json
import lzma
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from packing import CODINGS, Pack, tar, zipped, zstd
from peaks import Peak
from pressgauge import Lexicon, Summary, score_files
from pressgauge.errors import InputError, OptionError

Scored = Callable[..., tuple[list[str], Summary]]

_WORDS = ["minister", "sanctions", "embargo", "market", "summit", "strike", "border", "Tehran", "vote"]


def _record(n: int) -> dict[str, str]:
    words = random.Random(n)
    return {"id": f"d{n}", "text": " ".join(words.choice(_WORDS) for _ in range(12))}


def _lines(first: int, count: int) -> bytes:
    return "".join(json.dumps(_record(n)) + "\n" for n in range(first, first + count)).encode()


@pytest.fixture
def scored(tmp_path: Path, small: Lexicon) -> Scored:
    """Score these bytes as a file; give the rows without their path, and the summary."""

    def run(name: str, data: bytes, **options: object) -> tuple[list[str], Summary]:
        path, out = tmp_path / name, tmp_path / "rows.jsonl"
        path.write_bytes(data)
        summary = score_files(path, out, lexicon=small, threads=1, overwrite=True, **options)
        rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        return [f"{row['id']} {row['tokens']} {row['sanction_hits']}" for row in rows], summary

    return run


CODING = pytest.mark.parametrize(("suffix", "pack"), CODINGS.items(), ids=CODINGS)


@CODING
def test_all_members_and_padding(scored: Scored, suffix: str, pack: Pack) -> None:
    parts = [_lines(10 * part, 10) for part in range(3)]
    expected, _ = scored("a.jsonl", b"".join(parts))
    rows, summary = scored(f"a.jsonl.{suffix}", b"".join(map(pack, parts)))
    assert (rows, summary.complete) == (expected, True)
    rows, summary = scored(f"a.jsonl.{suffix}", b"".join(map(pack, parts)) + bytes(4096))
    assert (rows, summary.complete) == (expected, True)
    assert summary.repairs == {"zero padding": 1}
    zeros_between = pack(parts[0]) + bytes(512) + pack(parts[1]) + pack(parts[2])
    rows, summary = scored(f"a.jsonl.{suffix}", zeros_between)
    assert (rows, summary.complete) == (expected, suffix == "xz")


@CODING
def test_every_cut_is_flagged(scored: Scored, suffix: str, pack: Pack) -> None:
    first, second = pack(_lines(0, 4)), pack(_lines(4, 3))
    whole, _ = scored("a.jsonl", _lines(0, 7))
    for cut in range(len(first) + 1, len(first + second)):
        rows, summary = scored(f"a.jsonl.{suffix}", (first + second)[:cut])
        assert rows[:4] == whole[:4], cut
        assert rows == whole[: len(rows)], cut
        assert summary.damaged, cut
    for cut in range(1, len(first)):
        rows, summary = scored(f"a.jsonl.{suffix}", first[:cut])
        assert rows == whole[: len(rows)], cut
        assert summary.damaged, cut


@pytest.mark.parametrize("coding", [*CODINGS, "zst without checksum"])
def test_flipped_bits_are_flagged_or_harmless(scored: Scored, coding: str) -> None:
    suffix = coding.split(" ")[0]
    pack = CODINGS[suffix] if suffix == coding else lambda data: zstd(data, "--no-check")
    packed = pack(_lines(0, 5)) + pack(_lines(5, 5))
    whole, _ = scored("a.jsonl", _lines(0, 10))
    bits = random.Random(4)
    # The tests of the crate flip every bit of what is not tried often here.
    for _ in range(1000 if coding in ("xz", "zst without checksum") else 100):
        bit = bits.randrange(8 * len(packed))
        flipped = bytearray(packed)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            rows, summary = scored(f"a.jsonl.{suffix}", bytes(flipped))
        except InputError as error:  # a key has changed, which its checksum tells later
            flagged = "no text field" in error.message
        else:
            flagged = bool(summary.damaged or summary.unverified)
        assert flagged or rows == whole, bit


@CODING
def test_a_corrupt_member_among_a_thousand(scored: Scored, suffix: str, pack: Pack) -> None:
    if suffix == "zst":  # the program takes too long to be called for each of them
        many = [zstd(_lines(n, 1)) for n in range(40)]
        parts = (many * 25)[:1000]
    else:
        parts = [pack(_lines(n, 1)) for n in range(1000)]
    zeroed = [] if suffix == "xz" else [lambda part: bytes(len(part))]
    for damage in (lambda part: part[: len(part) // 2], _flipped, *zeroed):
        damaged = [*parts[:500], damage(parts[500]), *parts[501:]]
        rows, summary = scored(f"a.jsonl.{suffix}", b"".join(damaged))
        assert len(rows) >= 998
        assert len(summary.damaged) == 1
        reason = summary.damaged[0]["reason"]
        assert reason is not None
        assert "reading went on at the next" in reason


def _flipped(part: bytes) -> bytes:
    half = len(part) // 2
    return part[:half] + bytes([part[half] ^ 0x10]) + part[half + 1 :]


def test_rows_behind_lost_bytes_are_whole(scored: Scored) -> None:
    """Rows cut by the loss are dropped, even where line breaks stand within quotes."""
    rows = "".join(f'r{n},"two lines\nof sanctions, and ""more"" {n}",x\n' for n in range(300))
    table = ("id,text,other\n" + rows).encode()
    third = len(table) // 3
    packed = [gzip.compress(table[i : i + third], mtime=0) for i in range(0, len(table), third)]
    kept, summary = scored("a.csv.gz", packed[0] + packed[1][:200] + packed[2], strict=True)
    whole, _ = scored("a.csv", table)
    assert set(kept) < set(whole)
    assert len(kept) > 190
    assert summary.rejected == 0
    assert "the records that this cuts are dropped" in str(summary.damaged[0]["reason"])
    assert summary.faults[0].startswith(str(summary.damaged[0]["path"]))


def test_a_lost_beginning(scored: Scored) -> None:
    bad = _flipped(gzip.compress(_lines(0, 1)))[:30]
    rows, summary = scored("a.jsonl.gz", bad + gzip.compress(_lines(1, 5)))
    assert (len(rows), len(summary.damaged)) == (5, 1)
    table = gzip.compress(b"id,text\n")[:10] + b"\xff" * 10 + gzip.compress(b"1,war\n2,peace\n")
    rows, summary = scored("a.csv.gz", table)
    assert rows == []
    assert "member 1 of the gzip file is damaged" in str(summary.damaged[0]["reason"])


def test_without_checksums(scored: Scored) -> None:
    expected, _ = scored("a.jsonl", _lines(0, 3))
    for name, data in {
        "a.jsonl.zst": zstd(_lines(0, 3), "--no-check"),
        "a.jsonl.xz": lzma.compress(_lines(0, 3), check=lzma.CHECK_NONE),
    }.items():
        rows, summary = scored(name, data)
        assert (rows, summary.complete) == (expected, True)
        assert [found["reason"] for found in summary.unverified] == ["1 part of it has no checksum"]


def test_names_that_promise_something_else(scored: Scored) -> None:
    for name, data in {
        "a.jsonl.gz": bz2.compress(_lines(0, 3)),
        "b.jsonl.xz": _lines(0, 3),
        "c.tar.gz": gzip.compress(_lines(0, 3)),
        "d.zip": gzip.compress(_lines(0, 3)),
    }.items():
        rows, summary = scored(name, data)
        assert (len(rows), len(summary.damaged)) == (3, 1)
        assert "its bytes do not; read as it is" in str(summary.damaged[0]["reason"])
    rows, summary = scored("no_suffix", lzma.compress(_lines(0, 3)))
    assert (len(rows), summary.complete) == (3, True)


def test_windows(scored: Scored) -> None:
    long = zstd(_lines(0, 3), "--long=28")
    rows, summary = scored("a.jsonl.zst", long)
    assert rows == []
    assert "a window of more than 128 MiB, which max_window allows" in str(summary.damaged[0]["reason"])
    rows, summary = scored("a.jsonl.zst", long, max_window=28)
    assert (len(rows), summary.complete) == (3, True)
    rows, summary = scored("a.jsonl.xz", lzma.compress(_lines(0, 3)), max_window=20)
    assert rows == []
    assert "a dictionary of more than 1 MiB" in str(summary.damaged[0]["reason"])
    with pytest.raises(OptionError, match="max_window"):
        scored("a.jsonl.xz", b"", max_window=32)


@CODING
def test_strict_drops_a_damaged_member(scored: Scored, suffix: str, pack: Pack) -> None:
    parts = [pack(_lines(10 * part, 10)) for part in range(3)]
    expected, _ = scored("a.jsonl", _lines(0, 10) + _lines(20, 10))
    last = 9 if suffix == "xz" else 5
    bad = parts[1][:-last] + bytes([parts[1][-last] ^ 1]) + parts[1][-last + 1 :]
    for at_fault in (bad, parts[1][:-20]):
        rows, summary = scored(f"a.jsonl.{suffix}", parts[0] + at_fault + parts[2], strict=True)
        assert rows == expected
        assert len(summary.damaged) == 1
        rows, summary = scored(f"a.jsonl.{suffix}", parts[0] + parts[2] + at_fault, strict=True)
        assert rows == expected
        assert len(summary.damaged) == 1


def test_strict_in_archives_and_pipes(scored: Scored, cli) -> None:
    broken = bytearray(zipped(("a.jsonl", _lines(0, 5)), ("b.jsonl", _lines(5, 5))))
    at = broken.index(b"PK\x01\x02") + 16
    broken[at] ^= 1
    rows, summary = scored("a.zip", bytes(broken), strict=True)
    assert [row.split()[0] for row in rows] == ["d5", "d6", "d7", "d8", "d9"]
    assert summary.damaged[0]["member"] == "a.jsonl"
    rows, summary = scored("a.zip", bytes(broken))
    assert (len(rows), len(summary.damaged)) == (10, 1)
    members = ("a.jsonl.gz", gzip.compress(_lines(0, 5))), ("b.jsonl", _lines(5, 5))
    rows, summary = scored("a.tar", tar(*members), strict=True)
    assert len(rows) == 5
    assert "read only once" in str(summary.damaged[0]["reason"])
    done = cli("score - --strict", stdin=_lines(0, 5))
    assert done.returncode == 2
    assert done.stderr.startswith("pressgauge: -: --strict reads every file twice")


def _peak(arguments: list[str]) -> tuple[int, int]:
    """Run the command line; give its exit code and its peak of memory in MiB."""
    peak = Peak()
    done = subprocess.run(peak.of([sys.executable, "-m", "pressgauge", *arguments]), capture_output=True)
    return done.returncode, peak.mebibytes


def test_bombs_stay_within_the_bound(tmp_path: Path) -> None:
    zeros = gzip.compress(bytes(64 << 20), 1)
    line = gzip.compress(b'{"text":"') + gzip.compress(b"a " * (32 << 20), 1) * 16
    bombs = {
        "zeros.gz": zeros * 8,
        "line.jsonl.gz": line,
        "bomb.tar.gz": gzip.compress(tar(("a.jsonl", b"a " * (32 << 20))), 1),
        "bomb.zip": zipped(("a.txt", b"a " * (32 << 20))),
    }
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
        code, peak = _peak(["score", str(tmp_path / name), "-o", str(tmp_path / f"{name}.csv"), "-q"])
        assert (code, name) == (3, name)
        assert peak < 512, name
