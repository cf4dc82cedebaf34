"""A compiled lexicon for texts in memory: scores, hits and tables, by either engine."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from . import _native
from .errors import MissingExtraError, OptionError
from .hit import CategoryScore, Hit, Hits, Score, ScoreDimension
from .lexicon import Dimension, Lexicon, Newline
from .table import Columns, ScoreTable, arrow_columns

Overlap: TypeAlias = Literal["dimension", "category", "none"]
EngineName: TypeAlias = Literal["native", "reference"]

# Hits, distinct terms, weight.
_Tally: TypeAlias = tuple[int, int, float]
# Tokens, a tally for each dimension, one for each category of all dimensions, the hash of the keys, and for
# each dimension how many hits have each tag.
_Tallies: TypeAlias = tuple[int, list[_Tally], list[_Tally], str | None, list[int]]

_CHOICES = {
    "overlap": ("dimension", "category", "none"),
    "newline": (None, "auto", "space", "paragraph"),
    "engine": ("native", "reference"),
}


@runtime_checkable
class _ArrowStream(Protocol):
    """A column that comes as a stream of Arrow arrays."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@runtime_checkable
class _ArrowArray(Protocol):
    """A column that is one Arrow array."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


Texts: TypeAlias = Iterable[str | None] | _ArrowStream | _ArrowArray


class _Engine(Protocol):
    """What both engines do alike."""

    def score(self, text: str, text_hash: bool = False) -> _Tallies: ...

    def hits(
        self, text: str, rejected: bool = False
    ) -> Sequence[tuple[int, int, int, str, int, int, int, int, int, int, list[str]]]: ...


class Scorer:
    """Scores texts with a lexicon. Immutable: share it between threads, pickle it to other processes."""

    def __init__(
        self,
        lexicon: Lexicon,
        overlap: Overlap = "dimension",
        newline: Newline | None = None,
        drop: Iterable[str] = (),
        engine: EngineName = "native",
    ) -> None:
        """Compile a lexicon.

        `overlap` says how matches that share tokens are resolved, `newline` how a single line break is
        read (None: as the lexicon says). `drop` names tags of the lexicon whose hits do not
        count: they get the status `dropped`.
        `engine="reference"` computes the same in plain Python, slowly (extra `reference`).
        """
        if not isinstance(lexicon, Lexicon):
            raise TypeError(
                f"lexicon must be a Lexicon, not {_kind(lexicon)}; see Lexicon.builtin and Lexicon.load"
            )
        _check(overlap=overlap, newline=newline, engine=engine)
        self._lexicon = lexicon
        self._overlap: Overlap = overlap
        self._newline: Newline | None = newline
        self._drop = _names(drop)
        self._name: EngineName = engine
        self._core = _native.Engine(lexicon.core, overlap, newline, self._drop)
        self._engine: _Engine = self._core if engine == "native" else self._reference()

    def _reference(self) -> _Engine:
        try:
            from .reference import ReferenceEngine
        except ModuleNotFoundError as error:
            if error.name != "regex":
                raise
            message = 'engine="reference" needs regex, which is not installed'
            raise MissingExtraError(message, hint="pip install 'pressgauge[reference]'") from None
        return ReferenceEngine(self._lexicon.source, self._overlap, self._newline, self._drop)

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon that it scores with."""
        return self._lexicon

    @property
    def engine(self) -> EngineName:
        """The engine that computes."""
        return self._name

    @property
    def overlap(self) -> Overlap:
        """Within what matches that share tokens compete."""
        return self._overlap

    @property
    def drop(self) -> tuple[str, ...]:
        """The tags whose hits do not count."""
        return self._drop

    @property
    def newline(self) -> Newline:
        """How a single line break is read."""
        return self._newline or self._lexicon.newline

    @property
    def core(self) -> _native.Engine:
        """The native engine, for runs over files."""
        return self._core

    def score(self, text: str) -> Score:
        """Score one text."""
        return self._scored(*self._engine.score(_text(text)))

    def _scored(
        self, tokens: int, dimensions: list[_Tally], categories: list[_Tally], _: str | None, tags: list[int]
    ) -> Score:
        leaves, counts = iter(categories), iter(tags)
        scored = {
            dimension.name: _dimension_score(
                dimension, tally, tokens, leaves, dict(zip(self._lexicon.tags, counts, strict=False))
            )
            for dimension, tally in zip(self._lexicon.dimensions, dimensions, strict=True)
        }
        return Score(tokens, scored)

    def hits(self, text: str, rejected: bool = False) -> Hits:
        """Find the hits in one text, in order; with `rejected` the fallen matches too, with their status."""
        found = self._engine.hits(_text(text), rejected)
        return Hits(
            (self._hit(text, *row) for row in found),
            text,
            [dimension.name for dimension in self._lexicon.dimensions],
        )

    def _hit(self, text: str, d: int, c: int, t: int, status: str, start: int, end: int, *rest: Any) -> Hit:
        dimension = self._lexicon.dimensions[d]
        category = dimension.categories[c]
        term = category.terms[t]
        byte_start, byte_end, sentence_start, sentence_end, tags = rest
        return Hit(
            dimension=dimension.name,
            category=category.name,
            term=term.text,
            surface=text[start:end],
            start=start,
            end=end,
            byte_start=byte_start,
            byte_end=byte_end,
            sentence_start=sentence_start,
            sentence_end=sentence_end,
            status=status,
            tags=tuple(tags),
            weight=term.weight,
        )

    def score_many(
        self,
        texts: Texts,
        threads: int = 1,
        categories: bool = False,
        tags: bool = False,
        text_hash: bool = False,
    ) -> ScoreTable:
        """Score many texts into a table, one row a text; a null text gives a row of nulls.

        `texts` is a column of strings of any library that speaks Arrow (pyarrow, polars, pandas, a table
        of one column), read where it lies, or any iterable of str; None, NaN and pandas.NA are null there.
        Of each str that is not all ASCII, CPython makes a copy in UTF-8 and keeps it as long as the str
        lives: for large texts an Arrow column is faster and takes no memory. Bytes of a column that are no
        UTF-8 are read as U+FFFD.

        `threads` work inside the call, without the GIL; the table is the same for any number. `categories`
        adds hits and weight of each category, `tags` counts of each tag, `text_hash` a hash that copies of a
        text share.
        """
        read = _readable(texts)
        if not isinstance(threads, int) or threads < 1:
            raise OptionError(f"threads must be a whole number from 1, not {threads!r}")
        if self._name == "native":
            return ScoreTable(self._core.score_many(read, threads, categories, tags, text_hash))
        pattern: Columns = self._core.score_many([], 1, categories, tags, text_hash)
        rows = [self._row(text, text_hash) for text in _native.texts(read)]
        return ScoreTable(arrow_columns(pattern, rows))

    def _row(self, text: str | None, text_hash: bool) -> Mapping[str, Any]:
        """Make the reference engine's row; cells without a column in the table are left out by it."""
        if text is None:
            return {}
        found = self._engine.score(text, text_hash)
        score = self._scored(*found)
        row: dict[str, Any] = {"tokens": score.tokens, "text_hash": found[3]}
        for name, one in score.items():
            row |= {f"{name}_{key}": getattr(one, key) for key in ("hits", "distinct", "weight", "rate")}
            for leaf, tally in one.categories.items():
                row |= {f"{name}_cat_{leaf}_hits": tally.hits, f"{name}_cat_{leaf}_weight": tally.weight}
            row |= {f"{name}_tag_{tag}": count for tag, count in one.tags.items()}
        return row

    def __repr__(self) -> str:
        options = "" if self._overlap == "dimension" else f", overlap={self._overlap!r}"
        options += "" if self._newline is None else f", newline={self._newline!r}"
        options += f", drop={self._drop!r}" if self._drop else ""
        return f"Scorer({self._lexicon!r}{options}, engine={self._name!r})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self._lexicon, self._overlap, self._newline, self._drop, self._name)


def _dimension_score(
    dimension: Dimension, tally: _Tally, tokens: int, leaves: Iterator[_Tally], tags: dict[str, int]
) -> ScoreDimension:
    hits, distinct, weight = tally
    mine = islice(leaves, len(dimension.categories))
    categories = {
        category.name: CategoryScore(count, summed)
        for category, (count, _, summed) in zip(dimension.categories, mine, strict=True)
    }
    return ScoreDimension(
        hits=hits,
        weight=weight,
        rate=1000.0 * weight / tokens if tokens else None,
        distinct=distinct,
        tags=tags,
        categories=categories,
    )


def _names(drop: Iterable[str]) -> tuple[str, ...]:
    if isinstance(drop, str):
        raise TypeError(f"drop takes a list of tags: [{drop!r}]")
    return tuple(drop)


def _check(**chosen: str | None) -> None:
    for name, value in chosen.items():
        if value not in _CHOICES[name]:
            known = ", ".join(f'"{choice}"' for choice in _CHOICES[name] if choice)
            raise OptionError(f"{name} cannot be {value!r}", hint=f"one of {known}")


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {_kind(text)}")
    return text


def _readable(texts: Texts) -> object:
    """Give what the core reads: an Arrow column as it is, everything else as a list."""
    if isinstance(texts, str | bytes):
        raise TypeError("texts is one text; score it with score(text), or put it into a list")
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(texts, pandas.Series | pandas.Index):
        return _pandas_column(texts, pandas)
    if isinstance(texts, list | _ArrowStream | _ArrowArray):
        return texts
    return list(texts)


def _pandas_column(texts: Any, pandas: Any) -> object:  # noqa: ANN401 - pandas ships no types
    """Give the Arrow column that strings of pandas stand on; where there is none, one would be a copy."""

    def is_arrow(dtype: object) -> bool:
        return isinstance(dtype, pandas.ArrowDtype) or getattr(dtype, "storage", "") == "pyarrow"

    if is_arrow(texts.dtype):
        return texts.array.__arrow_array__()
    # The texts of a categorical column are its categories.
    is_dictionary = isinstance(texts.dtype, pandas.CategoricalDtype) and is_arrow(
        texts.dtype.categories.dtype
    )
    return texts if is_dictionary and isinstance(texts, _ArrowStream) else list(texts)


def _kind(value: object) -> str:
    return type(value).__name__
