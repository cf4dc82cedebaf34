"""A term of another program in our syntax, or the reason why there is none."""

from pressgauge import _native
from pressgauge.errors import LexiconError

# What has a meaning of its own with us, and none in the formats that are read.
_OURS = "[]|~"


def our_term(text: str) -> tuple[str | None, str]:
    """Give the term, or None and what stands against it. Underscores join words in those formats."""
    words = text.replace("_", " ").split()
    for mark in _OURS:
        if mark in text:
            return None, f"`{mark}` would mean something else"
    if any(word[0] in "=@" for word in words):
        return None, "a word that begins with `=` or `@` would mean something else"
    return checked(" ".join(words))


def checked(term: str) -> tuple[str | None, str]:
    """Give a term in our syntax if it can be read, else None and the reason."""
    try:
        _native.parse_term(term)
    except LexiconError as error:
        return None, error.message
    return term, ""
