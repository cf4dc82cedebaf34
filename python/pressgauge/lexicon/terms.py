"""The terms of a category: a sequence over what the core holds, for there may be a million of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from pressgauge import _native


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a lexicon: the pattern as written and the weight that it counts with."""

    text: str
    weight: float


class Terms(Sequence[Term]):
    """The terms of a category, in the file's order; each is made when it is asked for."""

    __slots__ = ("_core", "_weight")

    def __init__(self, core: _native.Terms, weight: float | None) -> None:
        """Wrap a list of the core; the weight is the category's."""
        self._core = core
        self._weight = 1.0 if weight is None else weight

    def __len__(self) -> int:
        return len(self._core)

    @overload
    def __getitem__(self, place: int) -> Term: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Term, ...]: ...
    def __getitem__(self, place: int | slice) -> Term | tuple[Term, ...]:
        """Make one term, or a tuple of several."""
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        text, own, _ = self._core[range(len(self))[place]]
        return Term(text, self._weight if own is None else own)

    def __eq__(self, other: object) -> bool:
        """Compare with any terms, also with a tuple of them."""
        if not isinstance(other, Terms | tuple):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Terms({len(self)})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[tuple[Term, ...]]]:
        """Become a tuple in another process: there the core is another one."""
        return tuple, (tuple(self),)


def texts(terms: _native.Terms) -> tuple[str, ...]:
    """Give the texts of a list without weights."""
    return tuple(terms[at][0] for at in range(len(terms)))
