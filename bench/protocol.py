"""What an engine of the bench is, and what it is asked.

Owns the small protocol that all engines follow. An engine takes what is wanted and texts, and gives a race: a
function that is timed, and one that counts what it found, which is not timed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeAlias

Counts: TypeAlias = dict[str, int]

# The questions, as the table names them. Engines with one question must have one count.
LAW = "the law: hits, tokens"
EVERY = "the law, every match; tokens"
WORDS = "bounded words and phrases, one by one"
RE2 = "the same, ASCII boundaries"
EVERY_WORD = "bounded words and phrases, every match"
EVERY_NARROW = "the same, one character between the words of a phrase"
LITERALS = "literals without boundaries, one by one"
LITERALS_ASCII = "the same, case of ASCII only"
EVERY_LITERAL = "literals without boundaries, every match"
WHOLE = "whole words without wildcards"
SPLIT = "white space only: a count of words"


class UnableError(Exception):
    """An engine is not here, or cannot be asked this; the message says why in a few words."""


@dataclass(frozen=True)
class Wanted:
    """A lexicon: the source for pressgauge, and its plain patterns for rivals (none if it has others)."""

    name: str
    source: str
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Race:
    """What is timed, and how its result is counted."""

    run: Callable[[], Any]
    count: Callable[[Any], Counts] = lambda result: {"matches": result}
    before: Callable[[], object] | None = None
    # For a program with a clock of its own: seconds and MiB out of its result.
    clock: Callable[[Any], tuple[float, int]] | None = None


@dataclass(frozen=True)
class Engine:
    """One contestant. A slow one runs on a sample of the texts."""

    name: str
    package: str
    asks: str
    prepare: Callable[[Wanted, list[str]], Race]
    slow: bool = False

    @property
    def version(self) -> str | None:
        """The version installed, None if it is not there; Python's own modules have Python's."""
        return version_of(self.package)


def version_of(package: str) -> str | None:
    """Give the version of a package, None if it is not installed."""
    if package == "python":
        import platform

        return platform.python_version()
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def rival(module: str) -> Any:  # noqa: ANN401 - rivals ship no types, or need not be there
    """Import a rival."""
    try:
        return import_module(module)
    except ImportError:
        raise UnableError("not installed") from None


def simple(wanted: Wanted) -> tuple[str, ...]:
    """Give the patterns that a rival can be asked."""
    if not wanted.patterns:
        raise UnableError("cannot ask for guards, gaps and exclusions")
    return wanted.patterns
