"""Measures the peak of memory of runs over pipes of two lengths: `python tests/memory.py`.

The longer pipe is ten times the shorter one (1 GB and 10 GB unless `--size` says otherwise). Its peak must
lie within 5 % of the shorter one's, and both under 512 MiB.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from folders import lines
from peaks import Peak

LIMIT = 512 << 20


def peak_over(size: int, output: str, *options: str) -> int:
    """Score a pipe of so many bytes; give the peak of memory in bytes."""
    block = lines(1, 5_000)
    command = [sys.executable, "-m", "pressgauge", "score", "-", "-o", output, "-q", "--overwrite", *options]
    peak = Peak()
    with subprocess.Popen(peak.of(command), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        for _ in range(-(-size // len(block))):
            process.stdin.write(block)
        process.stdin.close()
    assert process.returncode in (0, 3), process.returncode
    return peak.bytes


def faults(size: int, warmth: int = 0) -> list[str]:
    """Measure runs into a file and into a folder; give what is above the bounds.

    A pipe that is over before all buffers are warm may have so many bytes less than the longer one.
    """
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for output in (f"{Path(folder) / 'scores.parquet'}", f"{folder}/scores/"):
            short, long = peak_over(size, output), peak_over(10 * size, output)
            told = (
                f"{short >> 20} MiB for {size:.0e} bytes, {long >> 20} MiB for ten times that, into {output}"
            )
            print(told, flush=True)
            if long > 1.05 * short + warmth or max(short, long) > LIMIT:
                found.append(told)
    return found


def main() -> int:
    """Measure, and fail if a bound does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=10**9, help="bytes of the shorter pipe")
    return bool(faults(parser.parse_args().size))


if __name__ == "__main__":
    sys.exit(main())
