"""What tests of runs into folders share: inputs of several kinds, and a folder as the bytes that count."""

import gzip
import hashlib
import json
import random
from collections.abc import Mapping
from pathlib import Path

import pyarrow
import pyarrow.feather
import pyarrow.parquet

WORDS = (
    "sanctions",
    "port",
    "ministry",
    "war",
    "embargo",
    "tea",
    "harbour",
    "strike",
    "asset",
    "freeze",
    "a",
    "of",
)


def lines(seed: int, count: int) -> bytes:
    """Make JSON lines, one in fifty of them broken."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        text = " ".join(rng.choices(WORDS, k=rng.randint(5, 120)))
        line = json.dumps({"id": f"{seed}-{number}", "date": "2024-05-01", "text": text})
        made.append(line[: len(line) // 2] if rng.random() < 0.02 else line)
    return "\n".join(made).encode() + b"\n"


def table(seed: int, count: int) -> pyarrow.Table:
    """Make a table of documents."""
    rng = random.Random(seed)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(5, 120))) for _ in range(count)]
    return pyarrow.table({"id": [f"{seed}-{number}" for number in range(count)], "text": texts})


def write_inputs(folder: Path, files: int = 6, count: int = 60) -> Path:
    """Write files of JSON lines, some of them packed, one of them damaged, one empty, and tables."""
    folder.mkdir()
    for number in range(files):
        data = lines(number, count)
        if number % 3 == 1:
            (folder / f"{number:03}.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
        else:
            (folder / f"{number:03}.jsonl").write_bytes(data)
    (folder / "damaged.jsonl.gz").write_bytes(gzip.compress(lines(99, count), mtime=0)[:-300])
    (folder / "empty.jsonl").write_bytes(b"")
    pyarrow.parquet.write_table(table(100, 2 * count), folder / "table.parquet", row_group_size=25)
    pyarrow.feather.write_feather(table(101, 2 * count), folder / "table.arrow", chunksize=25)
    return folder


def contents(folder: Path) -> Mapping[str, str]:
    """Give what a reader finds in a folder: every visible file with its hash."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def left_over(folder: Path) -> list[str]:
    """Name the hidden files that are not the journal: what a run has begun and not removed."""
    hidden = (path.name for path in folder.rglob(".*") if path.is_file())
    return [name for name in hidden if name != ".pressgauge-journal"]
