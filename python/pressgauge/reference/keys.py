"""Owns the keys of SPEC 3: what a token, or a word of a pattern, is compared by."""

from unicodedata import normalize

from .chars import APOSTROPHES, DIGIT, compiled

# Within a token a stop before a digit joins digits (SPEC 2.2b); every other one joins letters (SPEC 2.2c).
_ACRONYM_STOP = compiled(rf"\.(?!{DIGIT})")
_APOSTROPHE = compiled(f"[{APOSTROPHES}]")


def is_dotted_acronym(surface: str) -> bool:
    """Tell whether SPEC 2.2c joined a stop in this token."""
    return _ACRONYM_STOP.search(surface) is not None


def cased_key(surface: str) -> str:
    """Make the key that keeps upper and lower case, of a surface without ignorables."""
    key = normalize("NFKC", _ACRONYM_STOP.sub("", surface))
    key = _APOSTROPHE.sub("'", key)
    return key[:-2] if key.endswith(("'s", "'S")) and len(key) > 2 else key


def folded(cased: str) -> str:
    """Make the key from the cased key."""
    return normalize("NFKC", cased.casefold())
