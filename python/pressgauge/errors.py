"""The errors of the package: one tree, each with its place and what to do about it."""

from collections.abc import Callable
from typing import Any


class PressgaugeError(Exception):
    """The root: one sentence, with the file, line and column that it is about and a hint, as far as known."""

    errno: int | None

    def __init__(
        self,
        message: str,
        *,
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        errno: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.hint = hint
        self.errno = errno

    def __str__(self) -> str:
        """Give `path:line:column: message (hint)`, with what is known of it."""
        place = [str(part) for part in (self.path, self.line, self.column) if part is not None]
        if self.path is None and self.line is not None:
            place = [
                f"line {self.line}" if self.column is None else f"line {self.line}, column {self.column}"
            ]
        where = ":".join(place) + ": " if place else ""
        return f"{where}{self.message}" + (f" ({self.hint})" if self.hint else "")

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Pickle by the constructor's arguments: keywords would be lost otherwise."""
        known = {name: getattr(self, name) for name in ("path", "line", "column", "hint", "errno")}
        return _rebuild, (type(self), self.message, known)


class LexiconError(PressgaugeError, ValueError):
    """A lexicon, or a pattern in it, is wrong."""


class OptionError(PressgaugeError, ValueError):
    """An option of a call is wrong, or contradicts another."""


class InputError(PressgaugeError):
    """An input cannot be found, read or understood."""


class OutputError(PressgaugeError, OSError):
    """An output cannot be written."""


class LimitError(PressgaugeError):
    """A limit was reached that stops the run."""


class InternalError(PressgaugeError):
    """A fault of this program."""


class MissingExtraError(PressgaugeError, ImportError):
    """An optional dependency is not installed."""


def _rebuild(kind: type[PressgaugeError], message: str, known: dict[str, Any]) -> PressgaugeError:
    return kind(message, **known)
