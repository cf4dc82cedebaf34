"""The lexicon as Python sees it: frozen, comparable, pickled by its source."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias

from pressgauge import _native
from pressgauge.errors import LexiconError

from .builtin import builtin_file, builtin_names
from .terms import Term, Terms, texts

Newline: TypeAlias = Literal["auto", "space", "paragraph"]


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf of a dimension."""

    name: str
    label: str | None
    cite: str | None
    terms: Sequence[Term]

    def __repr__(self) -> str:
        return f"Category({self.name!r}, {len(self.terms)} terms)"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What is measured: sanction, leverage, conflict."""

    name: str
    label: str | None
    categories: tuple[Category, ...]
    exclude: tuple[str, ...]
    veto: tuple[str, ...]

    def __repr__(self) -> str:
        terms = sum(len(category.terms) for category in self.categories)
        return f"Dimension({self.name!r}, {len(self.categories)} categories, {terms} terms)"


class Lexicon:
    """A parsed lexicon, frozen. Equal lexicons have equal canonical forms, whatever file they came from."""

    def __init__(self, core: _native.Lexicon, source: str, path: str | None) -> None:
        """Wrap what the core parsed; use `builtin`, `load` or `parse` instead."""
        self._core = core
        self._source = source
        self._path = path

    @classmethod
    def builtin(cls, name: str) -> Self:
        """Open a lexicon that comes with the package."""
        if name not in builtin_names():
            raise LexiconError(f'there is no built-in lexicon called "{name}"', hint=_suggestion(name))
        return cls.parse(builtin_file(name).read_text(encoding="utf-8"), path=f"{name}.toml")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a lexicon from a TOML file."""
        name = os.fspath(path)
        return cls.parse(_decoded(Path(name).read_bytes(), name), path=name)

    @classmethod
    def parse(cls, text: str, path: str | None = None) -> Self:
        """Read a lexicon from the text of a TOML file; the path is for messages only."""
        return cls(_native.Lexicon.parse(text, path), text, path)

    @classmethod
    def find(cls, name: str | os.PathLike[str]) -> Self:
        """Open a built-in lexicon by its name, or else a file by its path."""
        if isinstance(name, str) and name in builtin_names():
            return cls.builtin(name)
        if not Path(name).is_file():
            text = os.fspath(name)
            raise LexiconError(
                "no such lexicon: neither built in nor a file", path=text, hint=_suggestion(text)
            )
        return cls.load(name)

    @property
    def core(self) -> _native.Lexicon:
        """What the native engine is compiled from."""
        return self._core

    @property
    def source(self) -> str:
        """The text of the file."""
        return self._source

    @property
    def path(self) -> str | None:
        """Where it was read from, if from a file."""
        return self._path

    @property
    def name(self) -> str:
        """Its name, as written in the file."""
        return self._core.name

    @property
    def version(self) -> str:
        """Its version, as written in the file."""
        return self._core.version

    @property
    def sha256(self) -> str:
        """The SHA-256 of its canonical form: the same for files that say the same."""
        return self._core.sha256

    @property
    def language(self) -> str | None:
        """The language of its terms, if the file says it."""
        return self._model["language"]  # type: ignore[no-any-return]

    @property
    def description(self) -> str | None:
        """One sentence for people, if the file has it."""
        return self._model["description"]  # type: ignore[no-any-return]

    @property
    def newline(self) -> Newline:
        """How a single line break is read."""
        return self._model["newline"]  # type: ignore[no-any-return]

    @property
    def bound_prefixes(self) -> tuple[str, ...]:
        """Keys that bind the next token to themselves across a hyphen."""
        return tuple(self._model["bound_prefixes"])

    @property
    def macros(self) -> dict[str, tuple[str, ...]]:
        """The named lists that guards speak of."""
        return {one["name"]: texts(one["terms"]) for one in self._model["macros"]}

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The names of the modifiers."""
        return tuple(one["name"] for one in self._model["modifiers"])

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags that the modifiers give to hits, in the order in which the file first gives them."""
        given = (one[key] for one in self._model["modifiers"] for key in ("tag", "blocked_tag"))
        return tuple(dict.fromkeys(tag for tag in given if tag))

    @property
    def canonical(self) -> str:
        """The canonical form, of which `sha256` is the hash."""
        return self._core.canonical()

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions with their categories and terms, in the file's order."""
        return tuple(_dimension(table) for table in self._model["dimensions"])

    @property
    def term_count(self) -> int:
        """How many terms all categories have."""
        return sum(len(category.terms) for dimension in self.dimensions for category in dimension.categories)

    @cached_property
    def _model(self) -> dict[str, Any]:
        return self._core.model()

    def __repr__(self) -> str:
        names = ", ".join(dimension.name for dimension in self.dimensions)
        terms = self.term_count
        counted = f"{terms} term" if terms == 1 else f"{terms} terms"
        about = f"version {self.version}, {counted}: {names}; sha256 {self.sha256[:12]}"
        return f"Lexicon({self.name!r}, {about})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lexicon) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str | None]]:
        return type(self).parse, (self._source, self._path)


def longest_pattern(term: str) -> int:
    """Count the elements, `~N` aside, of the longest pattern that a term expands to (SPEC 7)."""
    patterns, _ = _native.parse_term(term)
    return max(len(words) for words, _ in patterns)


def _dimension(table: dict[str, Any]) -> Dimension:
    return Dimension(
        name=table["name"],
        label=table["label"],
        categories=tuple(_category(category) for category in table["categories"]),
        exclude=texts(table["exclude"]),
        veto=texts(table["veto"]),
    )


def _category(table: dict[str, Any]) -> Category:
    terms = Terms(table["terms"], table["weight"])
    return Category(table["name"], table["label"], table["cite"], terms)


def _decoded(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LexiconError("the file is not UTF-8", path=path, line=line, hint="save it as UTF-8") from None


def _suggestion(name: str) -> str:
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(name, builtin_names(), n=1)
    return f'did you mean "{close[0]}"?' if close else "built in: " + (", ".join(builtin_names()) or "none")
