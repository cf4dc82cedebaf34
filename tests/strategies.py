"""The front door to random lexicons, documents and terms: seeded generators and hypothesis strategies."""

from random import Random

from hypothesis import strategies as st

import random_lexicons
import random_texts
from source import VOCABULARY, Source, seeded


def _pair(source: Source) -> tuple[str, str]:
    lexicon, ingredients = random_lexicons.lexicon(source)
    return lexicon, random_texts.text(source, ingredients)


def random_pair(rng: Random) -> tuple[str, str]:
    """A lexicon as TOML and a document that suits it."""
    return _pair(seeded(rng))


def random_term(rng: Random) -> str:
    """A term as written, one that the SPEC may refuse."""
    return random_lexicons.any_term(seeded(rng))


def _drawn(draw: st.DrawFn) -> Source:
    return Source(lambda limit: draw(st.integers(0, limit - 1)))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """As `random_pair`, to be shrunk by hypothesis."""
    return _pair(_drawn(draw))


@st.composite
def terms(draw: st.DrawFn) -> str:
    """As `random_term`, to be shrunk by hypothesis."""
    return random_lexicons.any_term(_drawn(draw))


def texts() -> st.SearchStrategy[str]:
    """Texts of any characters that this Python knows, most of them such as matter."""
    letters = VOCABULARY["letters"]
    known = st.characters(exclude_categories=("Cn", "Cs", "Co"))
    telling = [
        letters[kind] for kind in ("strange", "strange_spaces", "ignorables", "abbreviations", "numbers")
    ]
    pieces = st.one_of(known, *map(st.sampled_from, telling), st.sampled_from(VOCABULARY["words"]["latin"]))
    return st.lists(pieces, max_size=40).map("".join)
