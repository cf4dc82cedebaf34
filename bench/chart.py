"""The chart of the README: speeds of the suite `plain`, drawn from a record as SVG.

    python -m bench.chart bench/record/20250101T120000Z.json -o docs/bench.svg

Owns the drawing. It follows the reader's dark or light page; its labels and numbers are those of the record.
"""

import argparse
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from bench import record
from bench.protocol import EVERY_WORD, LAW, RE2, WORDS
from bench.table import number

WIDTH = 760
LABEL = 210
BAR = 16
STEP = 25
SUITE = "plain"
SAME = {LAW, EVERY_WORD, WORDS, RE2}
TITLES = ("the same question", "a smaller question: no word boundaries, no wildcards, or no terms at all")
# Rows of pressgauge and hyperscan that would say the same thing again.
HIDDEN = {"pressgauge-fresh", "pressgauge-polars", "pressgauge-arrow", "reference"}
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600 }
.bar { fill: #afb8c1 }
.ours { fill: #0969da }
.spread { stroke: #57606a; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 }
  .bar { fill: #484f58 }
  .ours { fill: #4493f8 }
  .spread { stroke: #9198a1 }
}
"""


def groups(part: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give the rows that are drawn, by question, the fastest first."""
    rows = [row for row in part["rows"] if row["engine"] not in HIDDEN]
    for title, is_same in zip(TITLES, (True, False), strict=True):
        mine = [row for row in rows if (row["asks"] in SAME) == is_same]
        if mine:
            yield title, sorted(mine, key=lambda row: row["speed"][0], reverse=True)


def bar(row: dict[str, Any], y: int, scale: float) -> str:
    """Draw one bar with its spread, its name and its speed."""
    middle, least, most = row["speed"]
    kind = "bar ours" if row["engine"].startswith("pressgauge") else "bar"
    line = y + BAR // 2
    start, end, after = (LABEL + one * scale for one in (least, most, max(middle, most)))
    return (
        f'<text x="{LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(label(row))}</text>'
        f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{max(middle * scale, 1):.1f}" height="{BAR}"/>'
        f'<path class="spread" d="M{start:.1f} {line}H{end:.1f}"/>'
        f'<text x="{after + 8:.1f}" y="{y + 13}">{number(middle)}</text>'
    )


def label(row: dict[str, Any]) -> str:
    """Name a row."""
    threads = {"pressgauge-2": "pressgauge, 2 threads", "hyperscan-whole": "hyperscan, one call"}
    return threads.get(row["engine"], str(row["engine"]))


def draw(run: dict[str, Any]) -> str:
    """Draw the chart."""
    part = next(one for one in run["suites"] if one["suite"] == SUITE)
    shown = list(groups(part))
    scale = (WIDTH - LABEL - 70) / max(row["speed"][2] for _, rows in shown for row in rows)
    lines, y = [], 8
    for title, rows in shown:
        lines.append(f'<text class="title" x="{LABEL}" y="{y + 14}">{title}</text>')
        for row in rows:
            y += STEP
            lines.append(bar(row, y, scale))
        y += STEP + 10
    lines.append(f'<text x="{LABEL}" y="{y + 12}">{escape(caption(run, part))}</text>')
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 26}" width="{WIDTH}">'
    return "\n".join([frame, f"<style>{STYLE}</style>", *lines, "</svg>\n"])


def caption(run: dict[str, Any], part: dict[str, Any]) -> str:
    """Say what was measured, and where."""
    texts = part["texts"]
    return f"MB/s, {texts['bytes'] / 1e6:.0f} MB of news, 160 terms; {run['machine']['cpu']}"


def latest() -> Path:
    """Find the last record that has the suite."""
    found = sorted(record.FOLDER.glob("*.json"), reverse=True)
    for path in found:
        if any(part["suite"] == SUITE for part in record.read(path)["suites"]):
            return path
    raise SystemExit(f"bench.chart: no record of {SUITE}; `make bench` makes one")


def main() -> None:
    """Draw the chart of a record into a file."""
    parser = argparse.ArgumentParser(prog="python -m bench.chart", description="Draws the chart of a record.")
    parser.add_argument("record", type=Path, nargs="?", help="default: the last one in bench/record")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/bench.svg"))
    options = parser.parse_args()
    options.output.write_text(draw(record.read(options.record or latest())), encoding="utf-8")


if __name__ == "__main__":
    main()
