"""Gives the verdict on each file that it is asked about, a line of JSON each, then its own peak in MiB."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pressgauge import Lexicon, PressgaugeError, score_files
from small import LEXICON

# What a fault of a file is told by, and how the verdict names it.
_FAULTS = {
    "never closes": "unclosed",
    "not read": "not read",
    "convert to CSV": "to convert",
    "cut short": "cut short",
    "garbage": "garbage",
    "name says": "misnamed",
}


def verdict(path: Path, lexicon: Lexicon) -> str:
    """Say in a few words what becomes of a file."""
    try:
        summary = score_files(path, lexicon=lexicon, threads=1)
    except PressgaugeError as error:
        return "no text field" if "no text field" in str(error) else f"error: {error.message}"
    assert summary.documents == summary.scored + summary.rejected
    return "; ".join(_parts(summary.to_dict())) or "nothing"


def _parts(summary: dict) -> Iterator[str]:
    if summary["scored"]:
        yield f"scored {summary['scored']}"
    for code, count in summary["rejects"].items():
        yield f"{code} {count}"
    if summary["skipped"]:
        yield f"left out {summary['skipped']}"
    for damage in summary["damaged"]:
        yield next((name for said, name in _FAULTS.items() if said in damage["reason"]), damage["reason"])


def peak() -> int:
    """Give the peak of this program's memory; what getrusage says may be that of the one that started it."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(said.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    """Judge the files named on standard input."""
    lexicon = Lexicon.parse(LEXICON)
    for name in sys.stdin.read().splitlines():
        begun = time.monotonic()
        said = verdict(Path(name), lexicon)
        print(json.dumps([name, said, time.monotonic() - begun]), flush=True)
    print(peak())


if __name__ == "__main__":
    main()
