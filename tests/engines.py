"""Owns the engines that the tests speak to: one adapter each, all with the same face."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import canonical_form
from pressgauge import _native, reference
from pressgauge.errors import LexiconError


@dataclass(frozen=True)
class Adapter:
    """An engine's functions; `build` takes a lexicon as TOML, an overlap, a newline and tags to drop.

    What it makes has `score(text, text_hash)` and `hits(text, rejected)`; a bad lexicon raises `refusal`.
    """

    name: str
    tokens: Callable[[str], list[tuple[int, int, str, str]]]
    gaps: Callable[[str, str], list[str]]
    parse_term: Callable[[str], tuple[list[Any], list[Any]]]
    canonical: Callable[[str], str]
    digest: Callable[[str], str]
    build: Callable[[str, str, str | None, list[str]], Any]
    refusal: type[Exception]


def plain_term(term: str) -> tuple[list[Any], list[Any]]:
    """A term as the reference reads it, in plain lists."""
    patterns, guards = reference.parse_term(term)
    return [([*words], [*links]) for words, links in patterns], guards


def reference_adapter() -> Adapter:
    return Adapter(
        name="reference",
        tokens=reference.tokens,
        gaps=reference.gaps,
        parse_term=plain_term,
        canonical=canonical_form.canonical,
        digest=canonical_form.digest,
        build=reference.ReferenceEngine,
        refusal=reference.PatternError,
    )


def native_adapter() -> Adapter:
    return Adapter(
        name="native",
        tokens=_native.tokens,
        gaps=_native.gaps,
        parse_term=_native.parse_term,
        canonical=lambda lexicon: _native.Lexicon.parse(lexicon).canonical(),
        digest=lambda lexicon: _native.Lexicon.parse(lexicon).sha256,
        build=lambda lexicon, overlap, newline, drop: _native.Engine(
            _native.Lexicon.parse(lexicon), overlap, newline, drop
        ),
        refusal=LexiconError,
    )


ENGINES = [reference_adapter(), native_adapter()]
