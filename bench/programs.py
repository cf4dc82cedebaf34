"""Whole programs: a file of JSONL in, a Parquet file of scores out, in a process of its own with two threads.

Owns the commands and their input files. Each runs under a small helper that times it and asks the kernel for
its peak of memory. Sizes are those of the plain file, so that codecs compare.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from bench import corpora
from bench.corpora import Texts
from bench.engines.duck import matches
from bench.engines.pressgauge_native import columns_of
from bench.measure import Racer
from bench.patterns import literals
from bench.protocol import LAW, LITERALS_ASCII, RE2, Counts, Race, Wanted, rival, version_of
from pressgauge import Lexicon

# Runs a command; prints its seconds and its peak. It is small, so that what a fork inherits is small.
HELPER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"code": code, "seconds": seconds, "peak": peak}))
"""
CODECS = {".jsonl": None, ".jsonl.zst": ["zstd", "-q", "-3"], ".jsonl.gz": ["gzip", "-6"]}
DUCK = """
import duckdb
database = duckdb.connect(config={{"threads": 2}})
database.execute({query!r})
"""
POLARS = """
import polars
rows = polars.scan_ndjson({path!r}, schema={{"id": polars.String, "text": polars.String}})
found = polars.col("text").str.extract_many({literals!r}, ascii_case_insensitive=True).list.len()
rows.select("id", found.alias("matches")).sink_parquet({out!r})
"""


def files(texts: Texts, size: int) -> dict[str, Path]:
    """Write the input in each codec, once; texts are taken again and again until there are so many bytes."""
    made = {suffix: corpora.KEPT / f"program-{texts.digest}-{size}{suffix}" for suffix in CODECS}
    plain = made[".jsonl"]
    if not plain.exists():
        corpora.write(plain, corpora.up_to(cycle(texts.list), size))
    for suffix, command in CODECS.items():
        if command and not made[suffix].exists():
            with plain.open("rb") as source, made[suffix].open("wb") as target:
                subprocess.run([*command, "-c"], stdin=source, stdout=target, check=True)
    return made


def race(command: list[str], count: Callable[[], Counts], out: Path | None = None) -> Race:
    """Run a command; its own clock and its own memory count."""

    def run() -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-S", "-c", HELPER, *command],
            capture_output=True,
            check=True,
            env=os.environ | {"POLARS_MAX_THREADS": "2"},
        )
        told: dict[str, Any] = json.loads(done.stdout)
        if told["code"]:
            raise RuntimeError(
                f"{shlex.join(command)[:200]}: exit code {told['code']}: {done.stderr.decode()}"
            )
        return told

    before = (lambda: out.unlink(missing_ok=True)) if out else None
    return Race(run, lambda _: count(), before, clock=lambda told: (told["seconds"], told["peak"] >> 10))


def parquet_sum(path: Path, columns: list[str]) -> Callable[[], Counts]:
    """Add up columns of a Parquet file."""

    def count() -> Counts:
        table = rival("pyarrow.parquet").read_table(path)
        total = sum(sum(table.column(name).to_pylist()) for name in columns)
        return {"matches": total, "rows": table.num_rows}

    return count


def score(source: Path, wanted: Wanted) -> Race:
    """Ask pressgauge."""
    out = corpora.KEPT / "program-scores.parquet"
    lexicon = corpora.KEPT / f"{wanted.name}.toml"
    lexicon.write_text(wanted.source, encoding="utf-8")
    command = [sys.executable, "-m", "pressgauge", "score", str(source), "-o", str(out), "-l", str(lexicon)]
    columns = columns_of(Lexicon.parse(wanted.source))
    return race([*command, "-j", "2", "-q", "--overwrite"], parquet_sum(out, columns), out)


def duck(source: Path, wanted: Wanted) -> Race:
    """Ask DuckDB."""
    out = corpora.KEPT / "program-duckdb.parquet"
    columns = "{id: 'VARCHAR', text: 'VARCHAR'}"
    rows = f"read_json('{source}', format='newline_delimited', columns={columns})"
    asked = f"COPY (SELECT id, {matches(wanted.patterns)} AS matches FROM {rows}) TO '{out}' (FORMAT parquet)"
    return race([sys.executable, "-c", DUCK.format(query=asked)], parquet_sum(out, ["matches"]), out)


def polar(source: Path, wanted: Wanted) -> Race:
    """Ask polars."""
    out = corpora.KEPT / "program-polars.parquet"
    code = POLARS.format(path=str(source), literals=literals(wanted.patterns), out=str(out))
    return race([sys.executable, "-c", code], parquet_sum(out, ["matches"]), out)


def floor(*command: str) -> Callable[[Path, Wanted], Race]:
    """Decompress to nowhere."""
    return lambda source, _: race([*command, str(source)], lambda: {"bytes": source.stat().st_size})


PLAIN_FILE, ZSTD, GZIP = CODECS
PROGRAMS: dict[str, tuple[str, str, str, Callable[[Path, Wanted], Race]]] = {
    "pressgauge": ("pressgauge", LAW, PLAIN_FILE, score),
    "pressgauge .zst": ("pressgauge", LAW, ZSTD, score),
    "pressgauge .gz": ("pressgauge", LAW, GZIP, score),
    "duckdb": ("duckdb", RE2, PLAIN_FILE, duck),
    "duckdb .zst": ("duckdb", RE2, ZSTD, duck),
    "polars": ("polars", LITERALS_ASCII, PLAIN_FILE, polar),
    "zstd -dc": ("python", "a floor: zstd alone", ZSTD, floor("zstd", "-dcq")),
    "gzip -dc": ("python", "a floor: gzip alone", GZIP, floor("gzip", "-dc")),
}


def racers(texts: Texts, size: int, lexicons: list[Wanted]) -> Iterator[Racer | tuple[str, str]]:
    """Give each program on each lexicon that it can be asked for, or why not."""
    sources = files(texts, size)
    bytes_read = sources[PLAIN_FILE].stat().st_size
    with sources[PLAIN_FILE].open("rb") as lines:
        items = sum(1 for _ in lines)
    for wanted in lexicons:
        for name, (package, asks, suffix, make) in PROGRAMS.items():
            if asks != LAW and (wanted != lexicons[0] or not wanted.patterns):
                continue
            if version_of(package) is None:
                yield name, "not installed"
                continue
            yield Racer(name, wanted.name, asks, make(sources[suffix], wanted), items, bytes_read)
