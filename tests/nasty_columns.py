"""Reads the files of columns that it is given, with every column that they have, and prints what became of
each as JSON: one process for all, so that a crash or a peak of memory is that of the program."""

import json
import re
import sys
import time
from pathlib import Path

from pressgauge import InputError, Lexicon, score_files
from small import LEXICON

LEX = Lexicon.parse(LEXICON)


def verdict(path: Path) -> str:
    """What becomes of a file: the columns that it has are tried as the text, all of them are kept."""
    options: dict = {}
    try:
        summary = score_files(path, lexicon=LEX)
    except InputError as error:
        names = re.findall(r"[\w.]+", str(error).partition("only: ")[2].partition(" (")[0])
        for name in names[:30]:
            options = {"text_field": name, "keep": [other for other in names[:30] if other not in TAKEN]}
            try:
                summary = score_files(path, lexicon=LEX, **options)
                break
            except InputError:
                continue
        else:
            return "no text"
    told = summary.to_dict()
    assert told["documents"] == told["scored"] + told["rejected"] + told["filtered"]
    if summary.complete:
        return "read"
    return "damaged" if told["scored"] else "damaged, nothing read"


TAKEN = ("id", "date", "path", "member", "record", "source", "language", "tokens")

if __name__ == "__main__":
    found, slowest = {}, 0.0
    for name in sys.argv[1:]:
        begun = time.monotonic()
        found[Path(name).name] = verdict(Path(name))
        slowest = max(slowest, time.monotonic() - begun)
    # The peak of this program alone; that of getrusage begins with the peak of whoever started it.
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = max((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")), default=0)
    print(json.dumps({"verdicts": found, "slowest": slowest, "peak": peak}))
