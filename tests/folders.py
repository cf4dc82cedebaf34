"""What tests of runs into folders share: inputs of several kinds, and a folder as the bytes that count."""

import gzip
import hashlib
import json
import random
from collections.abc import Mapping
from pathlib import Path

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


def write_inputs(folder: Path, files: int = 6, count: int = 60) -> Path:
    """Write files of JSON lines, some of them packed, one of them damaged, one empty."""
    folder.mkdir()
    for number in range(files):
        data = lines(number, count)
        if number % 3 == 1:
            (folder / f"{number:03}.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
        else:
            (folder / f"{number:03}.jsonl").write_bytes(data)
    (folder / "damaged.jsonl.gz").write_bytes(gzip.compress(lines(99, count), mtime=0)[:-300])
    (folder / "empty.jsonl").write_bytes(b"")
    return folder


def contents(folder: Path) -> Mapping[str, str]:
    """Give what a reader finds in a folder: every visible file with its hash."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def left_over(folder: Path) -> list[str]:
    """Name the hidden files that are not the journal: what a run has begun and not removed."""
    hidden = (path.name for path in folder.rglob(".*") if path.is_file())
    return [name for name in hidden if name != ".pressgauge-journal"]
