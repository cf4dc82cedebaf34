"""The record of a run: one JSON file with the machine, the versions, every time measured and every count.

Owns its schema, which `check` states. Numbers are rounded to what a clock can mean.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine, versions
from bench.measure import Racer, Spread
from bench.suites import Field

FORMAT = 1
FOLDER = Path(__file__).parent / "record"
KEYS = {"format": int, "when": str, "machine": dict, "versions": dict, "rounds": int, "suites": list}
SUITE_KEYS = {"suite": str, "about": str, "texts": dict, "checked": str, "rows": list, "left_out": list}
ROW_KEYS = {
    "engine": str, "lexicon": str, "asks": str, "items": int, "bytes": int, "sampled": bool, "seconds": list,
    "speed": list, "counts": dict,
}  # fmt: skip


def row(racer: Racer, base: Racer | None) -> dict[str, Any]:
    """Describe one contestant."""
    made = {
        "engine": racer.engine,
        "lexicon": racer.lexicon,
        "asks": racer.asks,
        "items": racer.items,
        "bytes": racer.bytes,
        "sampled": racer.sampled,
        "seconds": [round(one, 6) for one in racer.seconds],
        "speed": rounded(racer.speed()),
        "ratio": None if base is None else rounded(racer.ratio(base)),
        "counts": racer.counts,
    }
    if racer.cost:
        made["compile"] = racer.cost
    if racer.memory:
        made["memory"] = racer.memory
    if racer.doubled and base:
        made["slower"] = rounded(base.ratio(racer))
        made["doubling"] = rounded(racer.doubling())
    return made


def rounded(spread: Spread) -> list[float]:
    """Keep four digits: median, least, most."""
    return [float(f"{one:.4g}") for one in spread]


def suite(ready: Field, checked: str) -> dict[str, Any]:
    """Describe a suite that ran."""
    texts = ready.texts
    return {
        "suite": ready.definition.name,
        "about": ready.definition.about,
        "texts": {"name": texts.name, "items": len(texts.list), "bytes": texts.bytes, "digest": texts.digest},
        "base": None if ready.base is None else ready.base.name,
        "checked": checked,
        "rows": [row(racer, ready.base) for racer in ready.racers],
        "left_out": [list(pair) for pair in ready.left_out],
    }


def record(suites: list[dict[str, Any]], rounds: int) -> dict[str, Any]:
    """Put a run together."""
    engines = {one["engine"] for part in suites for one in part["rows"]} | {"hyperscan"}
    return {
        "format": FORMAT,
        "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": machine(),
        "versions": versions(sorted(engines)),
        "rounds": rounds,
        "suites": suites,
    }


def write(run: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Write a run into a file of its own, named after the time."""
    check(run)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run['when'].replace(':', '').replace('-', '')}.json"
    lines = json.dumps(run, indent=1, ensure_ascii=False)
    flat = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", lines)
    path.write_text(flat + "\n", encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Any]:
    """Read a run."""
    run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    check(run)
    return run


def check(run: dict[str, Any]) -> None:
    """Check that a record has what a record has."""
    hold(run, KEYS, "record")
    for part in run["suites"]:
        hold(part, SUITE_KEYS, f"suite {part.get('suite')}")
        for one in part["rows"]:
            hold(one, ROW_KEYS, f"row {one.get('engine')}")


def hold(found: dict[str, Any], keys: Mapping[str, type], where: str) -> None:
    """Check the keys of one part."""
    for key, kind in keys.items():
        if not isinstance(found.get(key), kind):
            raise ValueError(f"{where}: {key} must be a {kind.__name__}")
