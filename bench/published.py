"""Holds the lexicon gpr, scored over speeches, beside the published annual index.

    python -m bench.published

Owns the correlations and the table of years in docs/published-indices.md.
"""

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import correlation

from pressgauge import Lexicon, index, score_files

SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", Path(__file__).parents[2] / "shared"))
SPEECHES = Path("corpora") / "speeches_en.jsonl.zst"
PUBLISHED = Path("reference_index") / "gpr_annual.csv"
# Each of our dimensions with the published series that asks for the same.
PAIRS = {"gpr": "GPR", "threats": "GPRHT", "acts": "GPRHA"}


def published(file: Path, column: str) -> dict[str, float]:
    """Read a series of the published file: year to value; years that are not complete are left out."""
    with file.open(encoding="utf-8", newline="") as rows:
        return {
            row["year"]: float(row[column])
            for row in csv.DictReader(rows)
            if row[column] and row["months"] == "12"
        }


def without_veto() -> Lexicon:
    """Give gpr without its excluded words."""
    lines = iter(Lexicon.builtin("gpr").source.splitlines())
    kept: list[str] = []
    for line in lines:
        if line.startswith("veto = ["):
            while next(lines) != "]":
                pass
        else:
            kept.append(line)
    return Lexicon.parse("\n".join(kept))


def measured(lexicon: Lexicon, speeches: Path) -> Iterator[tuple[str, str, dict[str, tuple[int, float]]]]:
    """Score the speeches; of each dimension and measure give year to (documents, value)."""
    with tempfile.TemporaryDirectory() as folder:
        scores = Path(folder) / "scores.parquet"
        score_files(speeches, scores, lexicon=lexicon)
        rows = index(scores, by="year").to_dicts()
    for dimension in PAIRS:
        for measure in ("share", "intensity"):
            mine = {
                row["period"]: (row["documents"], row[measure])
                for row in rows
                if row["dimension"] == dimension and row["documents"]
            }
            yield dimension, measure, mine


def compared(ours: Mapping[str, tuple[int, float]], theirs: Mapping[str, float]) -> tuple[int, float, float]:
    """Give the number of years, the correlation of levels, and that of changes from year to year."""
    years = sorted(ours.keys() & theirs.keys())
    pairs = [(ours[year][1], theirs[year]) for year in years]
    changes = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(pairs)]
    return len(years), correlation(*zip(*pairs, strict=True)), correlation(*zip(*changes, strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    made = argparse.ArgumentParser(
        prog="python -m bench.published", description=(__doc__ or "").split("\n")[0]
    )
    made.add_argument("--shared", type=Path, default=SHARED, metavar="DIR", help="the folder with corpora/")
    shared = made.parse_args(arguments).shared
    if not (shared / SPEECHES).is_file() or not (shared / PUBLISHED).is_file():
        print(f"bench.published: no {SPEECHES} or {PUBLISHED} in {shared}", file=sys.stderr)
        return 2
    print("| lexicon | dimension | measure | beside | years | r of levels | r of changes |")
    print("|---|---|---|---|---|---|---|")
    table: dict[str, dict[str, tuple[int, float]]] = {}
    for name, lexicon in (("gpr", Lexicon.builtin("gpr")), ("gpr without veto", without_veto())):
        for dimension, measure, ours in measured(lexicon, shared / SPEECHES):
            years, levels, changes = compared(ours, published(shared / PUBLISHED, PAIRS[dimension]))
            beside = PAIRS[dimension]
            print(f"| {name} | {dimension} | {measure} | {beside} | {years} | {levels:.2f} | {changes:.2f} |")
            table.setdefault(f"{dimension} {measure}", ours)
    print("\n| year | speeches | gpr, % | acts, % | GPR | GPRHA |\n|---|---|---|---|---|---|")
    gpr, acts = (published(shared / PUBLISHED, PAIRS[one]) for one in ("gpr", "acts"))
    for year, (documents, share) in table["gpr share"].items():
        if year in gpr:
            mine = table["acts share"][year][1]
            print(f"| {year} | {documents} | {share:.1f} | {mine:.1f} | {gpr[year]:.0f} | {acts[year]:.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
