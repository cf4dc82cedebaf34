"""The Parquet files that broke others, from the shared folder: each has its recorded verdict, and none of
them may crash, hang or take more memory than is promised."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "data" / "nasty_columnar.json").read_text("utf-8"))

# 5 s are promised for a file; ten times as much is a test's limit.
LIMIT = 50
PEAK = 512


def test_each_file_has_its_verdict(shared: Path):
    folders = ("nasty/parquet-testing/bad_data", "nasty/arrow-testing/data/parquet")
    files = sorted(
        path
        for folder in folders
        for path in (shared / folder).rglob("*")
        if path.is_file() and path.suffix not in (".txt", ".md")
    )
    if not files:
        pytest.skip("the nasty files are not here")
    done = subprocess.run(
        [sys.executable, HERE / "nasty_columns.py", *files], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["slowest"] < LIMIT
    assert told["peak"] < PEAK
    assert told["verdicts"] == {name: RECORDED[name] for name in told["verdicts"]}
