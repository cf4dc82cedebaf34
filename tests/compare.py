"""Compares the native engine with the reference on real news with the built-in lexicon (`make compare`).

Reads news_multilingual whole and news_en as far as `--english` says, from the shared folder beside the
project or from PRESSGAUGE_SHARED. Owns nothing but the loop: the engines' outputs are compared as they are.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

from pressgauge import Lexicon, _native
from pressgauge.reference import ReferenceEngine

SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", Path(__file__).parents[2] / "shared"))


def documents(name: str) -> Iterator[tuple[str, str]]:
    """Yield the id and text of each document of a corpus."""
    command = ["zstd", "-dc", str(SHARED / "corpora" / f"{name}.jsonl.zst")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            record = json.loads(line)
            yield record["id"], record["text"]


class Engines:
    """The engines of a worker process, compiled once."""

    pair: tuple[_native.Engine, ReferenceEngine] | None = None

    @classmethod
    def get(cls) -> tuple[_native.Engine, ReferenceEngine]:
        if cls.pair is None:
            source = Lexicon.builtin("geopolitics").source
            cls.pair = _native.Engine(_native.Lexicon.parse(source)), ReferenceEngine(source)
        return cls.pair


def differs(document: tuple[str, str]) -> tuple[str | None, Counter[str]]:
    """Return how the engines differ on a document, if they do, and the statuses seen."""
    name, text = document
    native, oracle = Engines.get()
    evidence = oracle.hits(text, True)
    same = native.hits(text, True) == evidence and native.score(text, True) == oracle.score(text, True)
    statuses = Counter(line[3] for line in evidence)
    return (None if same else f"{name}: native {native.hits(text, True)}, reference {evidence}"), statuses


def main() -> int:
    """Compare on all cores; print a line for each corpus and every document that differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--english", type=int, default=3_000, help="documents of news_en")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if not SHARED.is_dir():
        sys.stdout.write(f"skipped: no corpora at {SHARED}\n")
        return 0
    failed = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for corpus, limit in (("news_multilingual", None), ("news_en", options.english)):
            count, statuses = 0, Counter[str]()
            for found, seen in pool.map(differs, islice(documents(corpus), limit), chunksize=20):
                count, statuses = count + 1, statuses + seen
                if found:
                    failed += 1
                    sys.stdout.write(found + "\n")
            shown = ", ".join(f"{n} {status}" for status, n in sorted(statuses.items()))
            sys.stdout.write(f"{corpus}: {count} documents, {failed} differences, {shown}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
