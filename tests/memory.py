"""Measures the peak of memory of runs over pipes of two lengths: `python tests/memory.py`.

The longer pipe is ten times the shorter one (1 GB and 10 GB unless `--size` says otherwise). Its peak must
lie within 5 % of the shorter one's, and both under 512 MiB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from folders import lines

LIMIT = 512 << 20


def peak(size: int, output: str, *options: str) -> int:
    """Score a pipe of so many bytes; give the peak of memory in bytes."""
    block = lines(1, 5_000)
    command = [sys.executable, "-m", "pressgauge", "score", "-", "-o", output, "-q", "--overwrite", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        for _ in range(-(-size // len(block))):
            process.stdin.write(block)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 3), process.returncode
    return usage.ru_maxrss << 10


def faults(size: int) -> list[str]:
    """Measure runs into a file and into a folder; give what is above the bounds."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for output in (f"{Path(folder) / 'scores.parquet'}", f"{folder}/scores/"):
            short, long = peak(size, output), peak(10 * size, output)
            told = (
                f"{short >> 20} MiB for {size:.0e} bytes, {long >> 20} MiB for ten times that, into {output}"
            )
            print(told, flush=True)
            if long > 1.05 * short or max(short, long) > LIMIT:
                found.append(told)
    return found


def main() -> int:
    """Measure, and fail if a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=10**9, help="bytes of the shorter pipe")
    return bool(faults(parser.parse_args().size))


if __name__ == "__main__":
    sys.exit(main())
