"""Archives and packed files that others made to break readers: each ends in its verdict, in time and memory.

`data/nasty_packing.tsv` holds the verdicts. To record them anew: python tests/test_nasty_files.py SHARED.
"""

import json
import subprocess
import sys
from pathlib import Path

from peaks import Peak

TESTS = Path(__file__).parent
RECORD = TESTS / "data" / "nasty_packing.tsv"
# Those of formats rather than of packing have their own tests.
FOLDERS = ["libarchive", "zstd", "cpython"]
OTHERS = {"", ".txt", ".toml", ".json", ".warc"}
SECONDS = 50
MEBIBYTES = 512


def verdicts(shared: Path) -> tuple[dict[str, tuple[str, float]], int]:
    """Run over all files; give the verdict and the seconds of each, and the peak of memory in MiB."""
    nasty = shared / "nasty"
    paths = (path for folder in FOLDERS for path in (nasty / folder).rglob("*"))
    files = sorted(path for path in paths if path.suffix not in OTHERS and path.is_file())
    peak = Peak()
    command = peak.of([sys.executable, TESTS / "nasty_runs.py"])
    names = "".join(f"{path}\n" for path in files)
    done = subprocess.run(command, input=names, stdout=subprocess.PIPE, text=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"died at {files[len(told)]}"
    assert len(told) == len(files)
    return {
        Path(name).relative_to(nasty).as_posix(): (said, seconds) for name, said, seconds in told
    }, peak.mebibytes


def test_every_file_ends_in_its_verdict(shared: Path) -> None:
    told, peak = verdicts(shared)
    expected = dict(line.split("\t") for line in RECORD.read_text("utf-8").splitlines())
    assert {name: said for name, (said, _) in told.items()} == expected
    assert max(seconds for _, seconds in told.values()) < SECONDS
    assert peak < MEBIBYTES


if __name__ == "__main__":
    found, _ = verdicts(Path(sys.argv[1]))
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text("".join(f"{name}\t{said}\n" for name, (said, _) in found.items()), "utf-8")
