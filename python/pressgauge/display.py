"""Texts of strangers made safe to show: no control character of a document reaches a terminal."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Protocol, TypeVar

# Controls but tab and line feed, DEL, C1, bidirectional marks and overrides, separators, lone surrogates.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)


class Spanned(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point after the last one."""


S = TypeVar("S", bound=Spanned)


def safe(text: str) -> str:
    """Show harmful characters as pictures (`␛`) or escapes; line feeds and tabs stay."""
    return _HARMFUL.sub(_picture, text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """Show a text on one line: harmful characters as `safe` does, white space as single spaces."""
    return safe(" ".join(text.split()))


def clipped(text: str, width: int) -> str:
    """Cut a line to a width, with an ellipsis for what is left out."""
    return text if len(text) <= width else text[: max(width - 1, 0)].rstrip() + "…"


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def segments(
    text: str, spans: Iterable[S], start: int = 0, end: int | None = None
) -> Iterator[tuple[str, list[S]]]:
    """Cut a stretch of a text where spans begin and end; give each piece with the spans that cover it."""
    end = len(text) if end is None else end
    waiting = sorted(
        (span for span in spans if span.start < end and start < span.end), key=lambda span: span.start
    )
    edges = {
        start,
        end,
        *(max(span.start, start) for span in waiting),
        *(min(span.end, end) for span in waiting),
    }
    active: list[S] = []
    waiting.reverse()
    for left, right in pairwise(sorted(edges)):
        while waiting and waiting[-1].start <= left:
            active.append(waiting.pop())
        active = [span for span in active if span.end > left]
        yield text[left:right], active
