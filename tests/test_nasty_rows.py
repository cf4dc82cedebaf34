"""Files that nobody here wrote, made to break readers: each has its verdict in `data/nasty_rows.tsv`.

A folder of them is no part of the project; without it there is nothing to test. To write the verdicts anew,
after looking at each of them: `python tests/test_nasty_rows.py`.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from conftest import ROOT, SHARED

VERDICTS = ROOT / "tests" / "data" / "nasty_rows.tsv"
FOLDERS = ("nasty/JSONTestSuite", "nasty/csvkit", "nasty/warcio", "nasty/blns", "nasty/arrow-testing", "warc")

# What says that a file was refused, in part at least.
REFUSED = ("invalid-json", "nested-too-deep", "not-an-object", "no text field", "not read", "unclosed")


def files() -> list[Path]:
    """List the files, those in columns left out: they are for another test."""
    found = (path for folder in FOLDERS for path in sorted((SHARED / folder).rglob("*")))
    return [path for path in found if path.is_file() and "parquet" not in path.parts]


@cache
def judged() -> tuple[dict[str, str], float, int]:
    """Give the verdicts, the longest time that one took, and the peak of memory in MiB."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder is not here")
    names = "\n".join(map(str, files()))
    command = [sys.executable, ROOT / "tests" / "nasty_rows.py"]
    done = subprocess.run(command, input=names, capture_output=True, text=True, check=True, timeout=300)
    *lines, peak = done.stdout.splitlines()
    found = [json.loads(line) for line in lines]
    told = {str(Path(name).relative_to(SHARED)): verdict for name, verdict, _ in found}
    return told, max(seconds for *_, seconds in found), int(peak)


def recorded() -> dict[str, str]:
    lines = VERDICTS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def test_every_file_has_its_verdict():
    told, _, _ = judged()
    assert told == recorded()


def test_none_takes_long_or_much():
    _, seconds, peak = judged()
    assert seconds < 50
    assert peak <= 512


def test_json_is_read_or_refused_as_the_suite_says():
    told, _, _ = judged()
    for name, verdict in told.items():
        case = Path(name).name
        if case.startswith("y_"):
            assert "invalid-json" not in verdict, name
            assert "unclosed" not in verdict, name
        if case.startswith("n_") and case != "n_single_space.json":
            assert any(word in verdict for word in REFUSED), name


if __name__ == "__main__":
    VERDICTS.write_text(
        "".join(f"{name}\t{verdict}\n" for name, verdict in judged()[0].items()), encoding="utf-8"
    )
