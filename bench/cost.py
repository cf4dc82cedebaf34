"""What compiling costs: seconds and the peak of memory, in a fresh process that does nothing else.

Owns that process. An engine that takes too long, or more memory than it may, is left out of the suite.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.protocol import UnableError, Wanted

SECONDS = 150
MEMORY = 8 << 30
ROOT = Path(__file__).parent.parent


def cost(engine: str, wanted: Wanted) -> dict[str, Any]:
    """Compile for an engine in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wanted.json"
        path.write_text(json.dumps(asdict(wanted)), encoding="utf-8")
        command = [sys.executable, "-m", "bench.cost", engine, str(path)]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise UnableError(f"compiling took more than {SECONDS} s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise UnableError(f"does not compile: {lines[-1] if lines else f'signal {-done.returncode}'}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def peak() -> int:
    """Give the most memory that this process had, in MiB.

    The kernel's own figure comes first: what getrusage says includes the parent, up to the exec.
    """
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (20 if sys.platform == "darwin" else 10)


def main(name: str, path: str) -> None:
    """Compile, and print what it cost; memory is that of the whole process."""
    from bench.engines import ENGINES

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    keys = json.loads(Path(path).read_text(encoding="utf-8"))
    wanted = Wanted(keys["name"], keys["source"], tuple(keys["patterns"]))
    before = peak()
    start = time.perf_counter()
    race = ENGINES[name].prepare(wanted, [])
    seconds = time.perf_counter() - start
    del race
    print(json.dumps({"seconds": round(seconds, 3), "mebibytes": peak(), "before": before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
