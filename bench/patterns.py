"""Plain patterns for rivals: a pattern as a regular expression, as a literal, as whole words.

Owns the translation. Plain patterns are words in a row, the last of which may end in `*`. What the
expressions cannot say of the law is listed in docs/bench.md.
"""

import re
from collections.abc import Iterable

from pressgauge import Lexicon

PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*\*?")
# What the law lets stand between two words of a phrase, as far as it is ASCII: white space, quotation marks,
# mark-up, or one hyphen (SPEC 4, 5.4).
BETWEEN = r"""(?:[\s"'`*_\[\]]+|-)"""
# One white space or one hyphen: a smaller question, which hyperscan answers faster.
NARROW = r"[\s-]"


def plain_patterns(lexicon: Lexicon) -> tuple[str, ...]:
    """Give all terms if each is plain and nothing excludes or vetoes, else nothing."""
    exclusions = re.search(r"^(?:exclude|veto) *= *\[[^\]]", lexicon.source, re.MULTILINE)
    categories = [one for dimension in lexicon.dimensions for one in dimension.categories]
    terms = [term.text for category in categories for term in category.terms]
    is_plain = not exclusions and all(PLAIN.fullmatch(term) for term in terms)
    return tuple(terms) if is_plain else ()


def expression(pattern: str, between: str = BETWEEN) -> str:
    r"""Give a pattern without its leading `\b`; a prefix ends where its letters end: the cheapest way."""
    body = between.join(map(re.escape, pattern.rstrip("*").split()))
    return body if pattern.endswith("*") else body + r"\b"


def alternation(patterns: Iterable[str]) -> str:
    """Give one expression for all, longer ones first."""
    longest_first = sorted(patterns, key=len, reverse=True)
    return rf"\b(?:{'|'.join(map(expression, longest_first))})"


def literals(patterns: Iterable[str]) -> list[str]:
    """Give the patterns as lower-case strings without wildcards, each once."""
    return list(dict.fromkeys(pattern.rstrip("*").lower() for pattern in patterns))


def one_dimension(name: str, terms: Iterable[str]) -> str:
    """Write a lexicon of plain terms."""
    lines = ",\n".join(f'"{term}"' for term in terms)
    head = f'[lexicon]\nname = "{name}"\nversion = "1"\nbound_prefixes = []\n'
    return f"{head}[dimensions.all.categories.all]\nterms = [\n{lines}\n]\n"
