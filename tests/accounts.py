"""Owns the promise that nothing vanishes: documents = scored + rejected + filtered, in the files as well."""

import csv
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

# Texts in one cell may be long.
csv.field_size_limit(1 << 28)


def accounted(
    summary: Mapping[str, Any], output: Path | None = None, rejects: Path | None = None
) -> Mapping[str, Any]:
    """Hold the sums of a run to the promise, and its files to the sums; give the summary back."""
    parts = {name: summary[name] for name in ("scored", "rejected", "filtered")}
    assert summary["documents"] == sum(parts.values()), (summary["documents"], parts)
    assert sum(summary["rejects"].values()) == summary["rejected"]
    if output is not None:
        assert rows_of(output) == summary["scored"], output
    if rejects is not None:
        assert rows_of(rejects) == summary["rejected"], rejects
    return summary


def rows_of(table: Path) -> int:
    """Count the rows of a table that a run has written."""
    match table.suffix:
        case ".parquet" | ".pq":
            from pyarrow import parquet

            return int(parquet.ParquetFile(table).metadata.num_rows)
        case ".arrow" | ".feather" | ".ipc":
            from pyarrow import ipc

            with ipc.open_file(table) as file:
                return sum(file.get_batch(at).num_rows for at in range(file.num_record_batches))
        case ".csv":
            with table.open(encoding="utf-8", newline="") as file:
                return sum(1 for _ in csv.reader(file)) - 1
        case _:
            with table.open(encoding="utf-8", newline="\n") as file:
                return sum(1 for _ in file)


def summary_of(stdout: str, stderr: str) -> dict[str, Any] | None:
    """Find the summary that --json prints, on either stream."""
    for line in (stdout + "\n" + stderr).splitlines():
        if line.startswith("{"):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if {"documents", "scored", "rejected", "filtered"} <= found.keys():
                return dict(found)
    return None


def check_command(typed: list[str], folder: Path, stdout: str, stderr: str) -> None:
    """Hold a command as typed to the promise, where it has told its sums."""
    if not typed or typed[0] != "score" or "--json" not in typed:
        return
    if (summary := summary_of(stdout, stderr)) is not None:
        files = [_file_after(typed, folder, names) for names in (("-o", "--output"), ("--rejects",))]
        accounted(summary, *files)


def _file_after(typed: list[str], folder: Path, names: tuple[str, ...]) -> Path | None:
    for name, value in pairwise(typed):
        if name in names and (folder / value).is_file():
            return folder / value
    return None
