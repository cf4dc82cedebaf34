"""What every importer makes: categories by their path, terms as written, and notes on what was left out."""

from dataclasses import dataclass, field
from typing import TypeAlias

from pressgauge.errors import LexiconError

# Names from the top of the tree down.
Path: TypeAlias = tuple[str, ...]

# Between the names of levels, where they stand in one string.
BELOW = " > "

MAX_ENTRIES = 2_000_000
MAX_CATEGORIES = 10_000
MAX_DEPTH = 32
MAX_NAME = 200
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as its file writes it; `native` if it is in our own syntax."""

    text: str
    weight: float | None = None
    line: int | None = None
    native: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the file that the lexicon does not have, or has in another way."""

    text: str
    line: int | None = None

    def __str__(self) -> str:
        return self.text if self.line is None else f"line {self.line}: {self.text}"


@dataclass(slots=True)
class Dictionary:
    """A dictionary of another program. Categories are in the order in which they first appear.

    `count` terms were read, and `kept` of them are in the lexicon.
    """

    name: str
    path: str
    categories: dict[Path, list[Entry]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    description: str | None = None
    count: int = 0
    kept: int = 0

    def declare(self, path: Path, line: int | None = None) -> Path:
        """Make a category known, with its name cut and on one line; it may stay empty."""
        if len(path) > MAX_DEPTH:
            raise self.error(f"categories are nested more than {MAX_DEPTH} deep", line)
        clean = tuple(" ".join(name.split())[:MAX_NAME] or "unnamed" for name in path)
        self.categories.setdefault(clean, [])
        if len(self.categories) > MAX_CATEGORIES:
            raise self.error(f"there are more than {MAX_CATEGORIES:,} categories", line)
        return clean

    def add(self, path: Path, entry: Entry) -> None:
        """Add a term to a category, and make that known."""
        self.count += 1
        if self.count > MAX_ENTRIES:
            raise self.error(f"there are more than {MAX_ENTRIES:,} terms", entry.line)
        self.categories[self.declare(path, entry.line)].append(entry)

    def note(self, text: str, line: int | None = None) -> None:
        """List something that is left out or read in another way."""
        self.notes.append(Note(text if len(text) <= MAX_NOTE else f"{text[:MAX_NOTE]}...", line))

    def error(self, message: str, line: int | None = None, hint: str | None = None) -> LexiconError:
        """Word a fault of the file."""
        return LexiconError(message, path=self.path, line=line, hint=hint)
