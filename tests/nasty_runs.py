"""Owns running over files that somebody else made to break readers: a verdict each, as a line of JSON.

Runs as a process of its own, so that its peak of memory can be measured, and that a crash is seen.
"""

import json
import sys
import time
from pathlib import Path

from pressgauge import Lexicon, score_files
from pressgauge.errors import PressgaugeError
from small import LEXICON


def verdict(path: Path, lexicon: Lexicon) -> str:
    """Say what became of a file: `read`, `damaged` or `refused`, and how many rows came out."""
    try:
        summary = score_files(path, lexicon=lexicon, threads=2)
    except PressgaugeError as error:
        return f"refused: {error.message}"
    return f"{'damaged' if summary.damaged else 'read'} {summary.scored} {summary.rejected}"


def main() -> None:
    lexicon = Lexicon.parse(LEXICON)
    for name in sys.stdin.read().splitlines():
        begun = time.monotonic()
        said = verdict(Path(name), lexicon)
        print(json.dumps([name, said, time.monotonic() - begun]), flush=True)


if __name__ == "__main__":
    main()
