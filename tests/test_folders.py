"""A folder as output: parts, manifest, and a run that goes on after whatever has stopped it."""

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet
import pytest

import kill_resume
import memory
from conftest import SMALL, Run
from folders import contents, left_over, lines, write_inputs
from packing import tar, zipped
from pressgauge import Lexicon
from pressgauge.errors import InternalError, OptionError, OutputError
from pressgauge.run import Summary, score_files

FAULT = "PRESSGAUGE_TEST_FAULT"
LEXICON = Lexicon.parse(SMALL)
PART = 12_000


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    return write_inputs(tmp_path / "in")


def run(inputs: Path, folder: Path, **options: object) -> Summary:
    """Score into a folder, with evidence and rejects in folders of their own within."""
    options = {"lexicon": LEXICON, "part_bytes": PART, "format": "jsonl"} | options
    return score_files(inputs, f"{folder}/", hits=f"{folder}/hits/", rejects=f"{folder}/rejects/", **options)


def manifest(folder: Path) -> dict:
    return json.loads((folder / "_manifest.json").read_text(encoding="utf-8"))


def test_parts_hold_what_one_file_would(inputs: Path, tmp_path: Path):
    out, whole = tmp_path / "out", tmp_path / "whole.jsonl"
    summary = run(inputs, out)
    alone = score_files(inputs, whole, lexicon=LEXICON, rejects=tmp_path / "rejects.jsonl")
    parts = sorted(out.glob("part-*.jsonl"))
    assert len(parts) > 5
    assert b"".join(part.read_bytes() for part in parts) == whole.read_bytes()
    rejects = b"".join(part.read_bytes() for part in sorted(out.glob("rejects/part-*.jsonl")))
    assert rejects == (tmp_path / "rejects.jsonl").read_bytes()
    for name in ("documents", "scored", "rejects", "first_rejects", "tokens", "hits", "files"):
        assert getattr(summary, name) == getattr(alone, name), name
    assert (summary.damaged, summary.warnings, summary.mappings, summary.repairs) == (
        alone.damaged,
        alone.warnings,
        alone.mappings,
        alone.repairs,
    )


def test_a_folder_is_read_as_one_table(inputs: Path, tmp_path: Path):
    summary = score_files(inputs, f"{tmp_path / 'out'}/", lexicon=LEXICON, part_bytes=PART)
    assert pyarrow.parquet.read_table(tmp_path / "out").num_rows == summary.scored


def test_the_manifest_tells_what_is_there(inputs: Path, tmp_path: Path):
    out = tmp_path / "out"
    summary = run(inputs, out)
    told = manifest(out)
    assert told["documents"] == told["scored"] + told["rejected"] + told["filtered"] == summary.documents
    assert sum(part["documents"] for part in told["parts"]) == told["documents"]
    assert told["about"]["lexicon_sha256"] == LEXICON.sha256
    assert told["about"]["options"]["categories"] is False
    assert [one["path"] for one in told["inputs"]] == [str(path) for path in sorted(inputs.iterdir())]
    for one in told["inputs"]:
        assert one["size"] == Path(one["path"]).stat().st_size
        assert one["bytes"] == one["size"]
    places = {"scores": out, "hits": out / "hits", "rejects": out / "rejects"}
    assert {name: table["folder"] for name, table in told["tables"].items()} == {
        "scores": ".",
        "hits": "hits",
        "rejects": "rejects",
    }
    seen = set()
    for part in told["parts"]:
        for table, file in part["files"].items():
            path = places[table] / file["name"]
            data = path.read_bytes()
            seen.add(path)
            assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
            assert file["rows"] == data.count(b"\n")
    assert seen == set(out.rglob("part-*"))
    assert [damage["path"] for damage in told["damaged"]] == [str(inputs / "damaged.jsonl.gz")]
    spots = [(part["from"], part["to"]) for part in told["parts"]]
    for (_, before), (after, _) in pairwise(spots):
        assert (before["path"], before["record"]) < (after["path"], after["record"])


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl", "arrow"])
def test_the_bytes_do_not_depend_on_threads(inputs: Path, tmp_path: Path, form: str):
    for threads in (1, 2, 4, 7):
        run(inputs, tmp_path / f"out{threads}", threads=threads, format=form)
    first = contents(tmp_path / "out1")
    assert all(contents(tmp_path / f"out{threads}") == first for threads in (2, 4, 7))


def test_an_empty_input_gives_one_empty_part(tmp_path: Path):
    (tmp_path / "in.jsonl").write_text("\n")
    score_files(tmp_path / "in.jsonl", f"{tmp_path}/out/", lexicon=LEXICON)
    table = pyarrow.parquet.read_table(tmp_path / "out" / "part-00000.parquet")
    assert table.num_rows == 0
    assert "sanction_hits" in table.column_names


def test_head_ends_the_same_in_parts(inputs: Path, tmp_path: Path):
    run(inputs, tmp_path / "out", head=100)
    assert manifest(tmp_path / "out")["documents"] == 100


@pytest.mark.parametrize("step", range(1, 51))
def test_whatever_write_fails_the_run_goes_on(inputs: Path, tmp_path: Path, monkeypatch, step: int):
    run(inputs, tmp_path / "whole")
    whole = contents(tmp_path / "whole")
    monkeypatch.setenv(FAULT, f"write={step}")
    with pytest.raises(OutputError):
        run(inputs, tmp_path / "out")
    for name, digest in contents(tmp_path / "out").items():
        assert whole[name] == digest, "a file is whole or not there"
    assert left_over(tmp_path / "out") == []
    monkeypatch.delenv(FAULT)
    run(inputs, tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == whole


def test_a_write_that_fails_is_four(cli: Run, inputs: Path):
    done = cli("score in -l geopolitics -o out/ --part-bytes 12000", **{FAULT: "write=9"})
    assert (done.returncode, "no storage space" in done.stderr) == (4, True)
    assert cli("score in -o out/ --part-bytes 12000 --resume").returncode == 3


def test_finished_parts_are_not_done_again(inputs: Path, tmp_path: Path, monkeypatch):
    out = tmp_path / "out"
    monkeypatch.setenv(FAULT, "write=60")
    with pytest.raises(OutputError):
        run(inputs, out)
    monkeypatch.delenv(FAULT)
    done = {path: path.stat().st_mtime_ns for path in out.glob("part-*")}
    assert len(done) > 2
    run(inputs, out, resume=True)
    assert all(path.stat().st_mtime_ns == when for path, when in done.items())


def test_what_is_complete_stays(inputs: Path, tmp_path: Path):
    out = tmp_path / "out"
    first = run(inputs, out, resume=True)
    before = contents(out)
    again = run(inputs, out, resume=True)
    assert contents(out) == before
    assert (again.documents, again.hits, again.bytes) == (first.documents, first.hits, first.bytes)


def test_what_is_there_is_not_touched_unasked(inputs: Path, tmp_path: Path):
    out = tmp_path / "out"
    run(inputs, out)
    before = contents(out)
    with pytest.raises(OptionError, match="not empty"):
        run(inputs, out)
    assert contents(out) == before
    run(inputs, out, overwrite=True, part_bytes=100 * PART)
    assert len(list(out.glob("part-*"))) == 1 < len(before)


def begun(inputs: Path, out: Path, monkeypatch) -> None:
    monkeypatch.setenv(FAULT, "write=60")
    with pytest.raises(OutputError):
        run(inputs, out)
    monkeypatch.delenv(FAULT)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"categories": True}, "categories was false and is true"),
        ({"lexicon": Lexicon.parse(SMALL + "\n[modifiers.m]\ncues = ['lift*']\n")}, "the lexicon is another"),
        ({"part_bytes": 5_000}, "part_bytes was 12000 and is 5000"),
        ({"format": "csv"}, "the outputs or their formats differ"),
        ({"head": 7}, "head was null and is 7"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_another_run_is_not_gone_on_with(inputs: Path, tmp_path: Path, monkeypatch, change, reason):
    begun(inputs, tmp_path / "out", monkeypatch)
    with pytest.raises(OptionError, match=reason):
        run(inputs, tmp_path / "out", resume=True, **change)
    run(inputs, tmp_path / "out", resume=True, threads=1)


def test_other_inputs_are_not_gone_on_with(inputs: Path, tmp_path: Path, monkeypatch):
    out = tmp_path / "out"
    begun(inputs, out, monkeypatch)
    first = inputs / "000.jsonl"
    stat = first.stat()
    os.utime(first, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    with pytest.raises(OptionError, match=r"000.jsonl has changed"):
        run(inputs, out, resume=True)
    os.utime(first, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (inputs / "zzz.jsonl").write_bytes(lines(7, 3))
    with pytest.raises(OptionError, match="there were 10, and there are 11"):
        run(inputs, out, resume=True)
    (inputs / "zzz.jsonl").unlink()
    part = out / "part-00000.jsonl"
    data = part.read_bytes()
    part.write_bytes(data[:-1])
    with pytest.raises(OptionError, match=r"part-00000.jsonl is not as it was written"):
        run(inputs, out, resume=True)
    part.write_bytes(data)
    run(inputs, out, resume=True)


def test_mixups_are_refused(cli: Run, inputs: Path):
    for typed, reason in {
        "-o out.csv --resume": "only a run into a folder can be resumed",
        "-o out/ --resume --overwrite": "cannot both",
        "-o out/ --hits hits.csv": "is a file, and another one a folder",
        "-o out/ --rejects out/": "two tables cannot have one folder",
        "-o in/": "not empty",
        "-o in/out/": "lies in a folder that is read",
        "-o no/out/": "create the folder above it first",
    }.items():
        done = cli(f"score in {typed}")
        assert reason in done.stderr
        assert done.returncode == (4 if "above" in reason else 2), typed


def test_standard_input_cannot_be_gone_on_with(cli: Run, inputs: Path):
    data = lines(1, 500)
    typed = "score - -o out/ --part-bytes 9000"
    assert cli(typed, stdin=data, **{FAULT: "write=20"}).returncode == 4
    done = cli(f"{typed} --resume", stdin=data)
    assert done.returncode == 2
    assert "- cannot be read from its beginning again" in done.stderr


def test_two_runs_do_not_share_a_folder(inputs: Path, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "pressgauge", "score", "pipe", "-o", "out/"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as first:
        wait_for(lambda: (tmp_path / "out" / ".pressgauge-journal").exists())
        for options in ({}, {"resume": True}, {"overwrite": True}):
            with pytest.raises(OptionError, match="another run writes here"):
                score_files(inputs, f"{tmp_path}/out/", lexicon=LEXICON, **options)
        first.kill()
    score_files(inputs, f"{tmp_path}/out/", lexicon=LEXICON, overwrite=True)


def wait_for(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.005)


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_soon_and_the_run_goes_on(tmp_path: Path, sign: signal.Signals, code: int):
    (tmp_path / "in.jsonl").write_bytes(lines(1, 4_000))
    typed = ["score", *["in.jsonl"] * 40, "--part-bytes", "4000000", "-q"]
    command = [sys.executable, "-m", "pressgauge", *typed]
    subprocess.run([*command, "-o", "whole/"], cwd=tmp_path, stderr=subprocess.DEVNULL)
    with subprocess.Popen(
        [*command, "-o", "out/"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as stopped:
        wait_for(lambda: (tmp_path / "out" / "part-00001.parquet").exists())
        stopped.send_signal(sign)
        sent = time.monotonic()
        said = stopped.communicate()[1]
        assert time.monotonic() - sent < 2
    assert (stopped.returncode, "--resume" in said) == (code, True), said
    assert left_over(tmp_path / "out") == []
    assert "_manifest.json" not in contents(tmp_path / "out")
    subprocess.run([*command, "-o", "out/", "--resume"], cwd=tmp_path, stderr=subprocess.DEVNULL)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_panic_costs_one_document(inputs: Path, tmp_path: Path, monkeypatch):
    whole = run(inputs, tmp_path / "whole", threads=1)
    monkeypatch.setenv(FAULT, "document=100")
    broken = run(inputs, tmp_path / "out", threads=1)
    assert broken.rejects == {**whole.rejects, "panic": 1}
    assert broken.scored == whole.scored - 1
    assert broken.documents == whole.documents


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("batch", [1, 2, 5])
def test_a_thread_that_dies_ends_the_run(inputs: Path, tmp_path: Path, monkeypatch, threads: int, batch: int):
    monkeypatch.setenv(FAULT, f"worker={batch}")
    began = time.monotonic()
    with pytest.raises(InternalError):
        run(inputs, tmp_path / "out", threads=threads)
    assert time.monotonic() - began < 10
    monkeypatch.delenv(FAULT)
    run(inputs, tmp_path / "whole")
    run(inputs, tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_thread_that_dies_is_our_fault(cli: Run, inputs: Path):
    done = cli("score in -o out.csv", **{FAULT: "worker=1"})
    assert done.returncode == 70
    assert "report it" in done.stderr
    assert cli("score in -o out.csv", **{FAULT: "nonsense"}).returncode == 2


def test_a_full_disk_leaves_no_half_file(inputs: Path, tmp_path: Path, cli: Run):
    small = tmp_path / "small"
    small.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=48k", "tmpfs", small], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        typed = "score in --part-bytes 6000 --format csv -o"
        assert cli(f"{typed} whole/").returncode == 3
        done = cli(f"{typed} small/out/")
        assert (done.returncode, "space" in done.stderr) == (4, True), done.stderr
        whole, found = contents(tmp_path / "whole"), contents(small / "out")
        assert len(found) > 1
        assert all(whole[name] == digest for name, digest in found.items())
        assert left_over(small / "out") == []
        assert subprocess.run([mount, "-o", "remount,size=4m", small]).returncode == 0
        assert cli(f"{typed} small/out/ --resume").returncode == 3
        assert contents(small / "out") == whole
    finally:
        subprocess.run(["umount", "-l", small])


@pytest.mark.parametrize("shape", ["files", "one"])
def test_killed_runs_go_on(tmp_path: Path, shape: str):
    faults = kill_resume.Trial(tmp_path, shape, size=600).repeat(tries=5, seed=1)
    assert faults == []


def test_every_step_can_be_the_last(tmp_path: Path):
    """End the process at each of the first steps on the disk, and go on with each folder that is left."""
    write_inputs(tmp_path / "in", files=3, count=20)
    command = [sys.executable, "-m", "pressgauge", "score", "in", "--part-bytes", "3000", "-q"]

    def score(out: str, *more: str, **environment: str) -> int:
        done = subprocess.run(
            [*command, "-o", out, *more],
            cwd=tmp_path,
            env=os.environ | environment,
            stderr=subprocess.DEVNULL,
        )
        return done.returncode

    assert score("whole/") == 3
    whole = contents(tmp_path / "whole")
    for step in range(1, 40, 3):
        out = f"out{step}"
        assert score(f"{out}/", **{FAULT: f"abort={step}"}) == -signal.SIGABRT
        assert score(f"{out}/", "--resume") == 3
        assert contents(tmp_path / out) == whole, step
        assert left_over(tmp_path / out) == []


def test_memory_does_not_grow_with_a_pipe():
    assert memory.faults(15_000_000, warmth=32 << 20) == []


def test_packed_inputs_go_on_in_the_middle(tmp_path: Path, monkeypatch):
    (tmp_path / "in").mkdir()
    packed = b"".join(gzip.compress(lines(seed, 300)) for seed in range(4))
    (tmp_path / "in" / "big.jsonl.gz").write_bytes(packed)
    run(tmp_path / "in", tmp_path / "whole")
    begun(tmp_path / "in", tmp_path / "out", monkeypatch)
    run(tmp_path / "in", tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_archives_go_on_in_the_middle(tmp_path: Path, monkeypatch, kind: str):
    members = [(f"{seed}.jsonl.gz", gzip.compress(lines(seed, 60), mtime=0)) for seed in range(12)]
    members[3] = (members[3][0], members[3][1][:-300])
    (tmp_path / "in").mkdir()
    packed = tar(*members) if kind == "tar" else zipped(*members)
    (tmp_path / "in" / f"news.{kind}").write_bytes(packed)
    (tmp_path / "in" / "z.jsonl").write_bytes(lines(99, 60))
    whole = run(tmp_path / "in", tmp_path / "whole")
    begun(tmp_path / "in", tmp_path / "out", monkeypatch)
    assert len(list((tmp_path / "out").glob("part-*"))) > 2
    summary = run(tmp_path / "in", tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert (summary.documents, summary.members, summary.damaged) == (whole.documents, 12, whole.damaged)
    read = manifest(tmp_path / "out")["inputs"][0]
    assert (read["bytes"], read["size"]) == (len(packed), len(packed))
