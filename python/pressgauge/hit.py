"""What scoring one text gives: scores, and hits with their place.

Plain frozen values, equal whichever engine made them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from .display import clipped, line, safe, segments


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """What a category scores."""

    hits: int
    weight: float


@dataclass(frozen=True, slots=True)
class ScoreDimension:
    """What a dimension scores: hits, their summed weight, the weight per 1,000 tokens, distinct terms."""

    hits: int
    weight: float
    rate: float | None
    distinct: int
    tags: Mapping[str, int] = field(hash=False)
    categories: Mapping[str, CategoryScore] = field(hash=False)


@dataclass(frozen=True, slots=True, repr=False)
class Score(Mapping[str, ScoreDimension]):
    """What a text scores: its tokens, and a mapping from each dimension's name to its scores."""

    tokens: int
    dimensions: Mapping[str, ScoreDimension] = field(hash=False)

    def __getitem__(self, name: str) -> ScoreDimension:
        """Give a dimension's scores."""
        try:
            return self.dimensions[name]
        except KeyError:
            raise KeyError(f"no dimension {name!r}; there are {', '.join(self.dimensions)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.dimensions)

    def __len__(self) -> int:
        return len(self.dimensions)

    def __contains__(self, name: object) -> bool:
        return name in self.dimensions

    def __repr__(self) -> str:
        parts = [
            f"{name}={one.hits} {'hit' if one.hits == 1 else 'hits'} at {rate_text(one.rate)}"
            for name, one in self.dimensions.items()
        ]
        return f"Score(tokens={self.tokens}, {', '.join(parts)} per 1,000 tokens)"

    def _repr_html_(self) -> str:
        heads = ["dimension", "hits", "distinct", "weight", "rate per 1,000"]
        rows = [
            [name, str(one.hits), str(one.distinct), f"{one.weight:g}", rate_text(one.rate)]
            for name, one in self.dimensions.items()
        ]
        return f"{html_table(heads, rows)}<p>{self.tokens:,} tokens</p>"


@dataclass(frozen=True, slots=True)
class Hit:
    """A match of a term in a text, and what became of it. Places are code points unless they say bytes."""

    dimension: str
    category: str
    term: str
    surface: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    sentence_start: int
    sentence_end: int
    status: str
    tags: tuple[str, ...]
    weight: float

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the text: `text[start:end]` is the surface."""
        return self.start, self.end


class Hits(list[Hit]):
    """The hits of one text, in order; a notebook shows them marked in the text."""

    def __init__(self, hits: Iterable[Hit], text: str, dimensions: Sequence[str]) -> None:
        """Keep the text beside its hits, and the names of all dimensions for their colours."""
        super().__init__(hits)
        self.text = text
        self.dimensions = tuple(dimensions)

    def __reduce__(self) -> tuple[type["Hits"], tuple[list[Hit], str, tuple[str, ...]]]:
        return type(self), (list(self), self.text, self.dimensions)

    def _repr_html_(self) -> str:
        pieces = [self._marked(piece, hits) for piece, hits in segments(self.text, self)]
        return f'<div style="white-space: pre-wrap; max-width: 50em">{"".join(pieces)}</div>'

    def _marked(self, piece: str, hits: list[Hit]) -> str:
        """Mark a piece of the text with the hits that cover it; all of the text is escaped."""
        shown = escape(safe(piece))
        if not hits:
            return shown
        names = dict.fromkeys(
            f"{hit.dimension} / {hit.category} / {hit.term} ({', '.join((hit.status, *hit.tags))})"
            for hit in hits
        )
        style = "text-decoration: line-through"
        for hit in hits:
            if hit.status == "hit":
                number = self.dimensions.index(hit.dimension) % len(_BACKGROUNDS)
                style = f"background: {_BACKGROUNDS[number]}; color: #111"
                break
        return f'<mark title="{escape(safe("; ".join(names)))}" style="{style}">{shown}</mark>'


# Light backgrounds for the dimensions in their order; a fallen match is struck through.
_BACKGROUNDS = ("#cfe8ff", "#ffe3b3", "#ffd0d0", "#e3d0ff", "#c9f0d5", "#e6e6c8")


def rate_text(rate: float | None) -> str:
    """Show a rate with three places; a text without tokens has none."""
    return "none" if rate is None else f"{rate:.3f}"


def html_table(heads: list[str], rows: Iterable[list[str]]) -> str:
    """Build a small table; every cell is clipped, made safe and escaped."""

    def cells(tag: str, texts: list[str]) -> str:
        return "".join(f"<{tag}>{escape(clipped(line(text), 60))}</{tag}>" for text in texts)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells('th', heads)}</tr></thead><tbody>{body}</tbody></table>"
