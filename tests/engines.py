"""Owns the engines that the tests speak to: one adapter each, all with the same face."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pressgauge import reference


@dataclass(frozen=True)
class Adapter:
    """An engine's functions; `build` takes a lexicon as TOML, an overlap and a newline.

    What it makes has `score(text, text_hash)` and `hits(text, rejected)`; a bad lexicon raises `refusal`.
    """

    name: str
    tokens: Callable[[str], list[tuple[int, int, str, str]]]
    gaps: Callable[[str, str], list[str]]
    parse_term: Callable[[str], tuple[list[Any], list[Any]]]
    canonical: Callable[[str], str]
    digest: Callable[[str], str]
    build: Callable[[str, str, str | None], Any]
    refusal: type[Exception]


def reference_adapter() -> Adapter:
    return Adapter(
        name="reference",
        tokens=reference.tokens,
        gaps=reference.gaps,
        parse_term=reference.parse_term,
        canonical=reference.canonical,
        digest=reference.digest,
        build=reference.ReferenceEngine,
        refusal=reference.PatternError,
    )


ENGINES = [reference_adapter()]
