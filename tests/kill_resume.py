"""Kills runs at random moments and goes on with them: `python tests/kill_resume.py --tries 100`.

A run into a folder is killed with SIGKILL, gone on with, killed again, and so on to its end; then the folder
must hold, byte for byte, what an undisturbed run gives.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from folders import contents, left_over, lines

SHAPES = ("files", "one")
_COMPLETE = (0, 3)


class Trial:
    """Runs over 20 files, or over one large file."""

    def __init__(self, folder: Path, shape: str, size: int) -> None:
        """Write the inputs, so many lines in each of 20, and run over them undisturbed."""
        self.folder = folder
        (folder / "in").mkdir()
        data = [lines(seed, size) for seed in range(20)]
        if shape == "one":
            (folder / "in" / "all.jsonl").write_bytes(b"".join(data))
        else:
            for number, text in enumerate(data):
                (folder / "in" / f"{number:02}.jsonl").write_bytes(text)
        self.part = max(1, sum(map(len, data)) // 40)
        began = time.monotonic()
        self._start("whole").wait()
        self.seconds = time.monotonic() - began
        self.whole = contents(folder / "whole")

    def repeat(self, tries: int, seed: int) -> list[str]:
        """Kill so many runs; give what was wrong."""
        return [
            fault
            for number in range(tries)
            for fault in self._one(f"out{number}", random.Random(seed + number))
        ]

    def _one(self, out: str, rng: random.Random) -> Iterator[str]:
        killed = 0
        while True:
            process = self._start(out)
            try:
                code = process.wait(rng.uniform(0.05, self.seconds) if killed < 5 else None)
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
        if code not in _COMPLETE:
            yield f"{out}: after {killed} kills the run ends with {code}"
        found = contents(self.folder / out)
        if found != self.whole:
            differing = sorted(
                name for name in found.keys() | self.whole.keys() if found.get(name) != self.whole.get(name)
            )
            yield f"{out}: after {killed} kills these differ: {', '.join(differing)}"
        if left := left_over(self.folder / out):
            yield f"{out}: after {killed} kills these are left: {', '.join(left)}"

    def _start(self, out: str) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-m",
            "pressgauge",
            "score",
            "in",
            "-o",
            f"{out}/",
            "--hits",
            f"{out}/hits/",
        ]
        options = ["--rejects", f"{out}/rejects/", "--resume", "-q", "--part-bytes", str(self.part)]
        return subprocess.Popen(
            [*command, *options], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


def main() -> int:
    """Try as often as asked, half of the times over many files and half over one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=100)
    parser.add_argument("--size", type=int, default=4_000, help="lines in each of 20 files")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    faults = []
    for shape in SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial(Path(folder), shape, asked.size)
            print(f"{shape}: {len(trial.whole)} files in {trial.seconds:.1f} s undisturbed", flush=True)
            faults += trial.repeat(asked.tries, asked.seed)
            print(f"{shape}: {asked.tries} runs were killed and gone on with", flush=True)
    print(*faults, sep="\n")
    print(f"{len(faults)} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
