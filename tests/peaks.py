"""Starts programs so that the peak of their memory is known.

What the kernel tells of a child begins with the peak of the program that started it, and pytest is large by
then: so a small program stands between, and writes down what it is told.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

BETWEEN = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w") as report:
    report.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
"""


class Peak:
    """A place for the peak of one program."""

    def __init__(self) -> None:
        """Make the place; it is gone with this object."""
        self._folder = tempfile.TemporaryDirectory()
        self._report = Path(self._folder.name) / "peak"

    def of(self, command: Sequence[str | Path]) -> list[str]:
        """Give the command that starts this one and writes its peak down."""
        return [sys.executable, "-S", "-c", BETWEEN, str(self._report), *map(str, command)]

    @property
    def bytes(self) -> int:
        """The peak, once the program has ended."""
        return int(self._report.read_text()) << 10

    @property
    def mebibytes(self) -> int:
        """The same in MiB."""
        return self.bytes >> 20
