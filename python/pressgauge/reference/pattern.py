"""Owns the syntax of terms: alternation, elements and guards become patterns (SPEC 5, 6)."""

from itertools import pairwise
from typing import NamedTuple

from .chars import APOSTROPHES, HYPHENS, MARK, SOLO, WHITE_SPACE, compiled, without_ignorables
from .keys import cased_key, folded
from .tokens import token_pattern

NEXT = -1
LARGEST_GAP = 50
LARGEST_DISTANCE = 1000
MOST_PATTERNS = 4096
DEEPEST_BRACKETS = 64


class PatternError(ValueError):
    """A term that SPEC 5 or 6 refuses."""


class Word(NamedTuple):
    """One token of a pattern: a glob over the code points of a key."""

    glob: str
    cased: bool


class Pattern(NamedTuple):
    """One form of a term: `links[i]` is NEXT, or the N of `~N`, between `words[i]` and `words[i + 1]`."""

    words: tuple[Word, ...]
    links: tuple[int, ...]


class Guard(NamedTuple):
    """`@near` or `@not`: where a match of a macro must, or must not, stand."""

    macro: str
    scope: str
    side: str
    negative: bool


_SPACE = compiled(f"[{HYPHENS}{WHITE_SPACE}]+")
_GUARD_BEGINS = compiled(f"(?:^|{WHITE_SPACE}+)(?=@)")
_COMMA = f"{WHITE_SPACE}*,{WHITE_SPACE}*"
_GUARD = compiled(
    rf"@(near|not)\({WHITE_SPACE}*([A-Za-z][A-Za-z0-9_]*){_COMMA}([0-9]+|sentence|paragraph|document)"
    rf"(?:{_COMMA}(before|after))?{WHITE_SPACE}*\){WHITE_SPACE}*"
)
_GAP = compiled("~([0-9]+)")
_WORD_TOKEN = token_pattern(also_letters="*?")
_STARS = compiled(r"\*+")
_GLOB_BESIDE_SOLO = compiled(rf"{SOLO}{MARK}*[*?]|[*?]{MARK}*{SOLO}")


def parse_term(text: str) -> tuple[list[Pattern], list[Guard]]:
    """Read a term: its distinct patterns, in order of first appearance, and its guards."""
    body, *guards = _GUARD_BEGINS.split(without_ignorables(text))
    forms, _ = _expand(body, 0, 0)
    patterns = [_parse_pattern(form) for form in forms]
    return list(dict.fromkeys(patterns)), [_parse_guard(guard) for guard in guards]


def _expand(text: str, at: int, depth: int) -> tuple[list[str], int]:
    """Write out the forms of a text up to the bracket that closes it, or its end; say where that is."""
    if depth > DEEPEST_BRACKETS:
        raise PatternError(f"brackets nested deeper than {DEEPEST_BRACKETS}")
    forms: list[str] = []
    # The forms of the alternative that is being read; the leftmost bracket varies slowest.
    current = [""]
    while at < len(text) and text[at] != "]":
        if text[at] == "|":
            if depth == 0:
                raise PatternError("`|` outside brackets")
            forms, current = forms + current, [""]
        else:
            pieces = [text[at]]
            if text[at] == "[":
                pieces, at = _expand(text, at + 1, depth + 1)
            if len(forms) + len(current) * len(pieces) > MOST_PATTERNS:
                raise PatternError(f"the term expands to more than {MOST_PATTERNS:,} patterns")
            current = [form + piece for form in current for piece in pieces]
        at += 1
    if (at < len(text)) != (depth > 0):
        raise PatternError("unbalanced bracket: every `[` needs its `]`")
    return forms + current, at


def _parse_pattern(form: str) -> Pattern:
    """Read one expanded form: words, and the gaps written between them."""
    elements = [element for element in _SPACE.split(form) if element]
    if not elements:
        raise PatternError("empty pattern")
    words: list[Word] = []
    links: list[int] = []
    gap = NEXT
    for element in elements:
        if number := _GAP.fullmatch(element):
            gap = int(number[1]) + max(gap, 0)
            if gap > LARGEST_GAP:
                raise PatternError(f"a gap of more than {LARGEST_GAP} tokens")
        else:
            inner = _parse_word(element)
            # The first word of all has no link before it: that is cut off below.
            links += [gap, *inner.links]
            words += inner.words
            gap = NEXT
    if elements[0].startswith("~") or elements[-1].startswith("~"):
        raise PatternError("`~N` at an end of the pattern: it stands between two words")
    if not any(_literals(word.glob) for word in words):
        raise PatternError("no literal character in the pattern")
    return Pattern(tuple(words), tuple(links[1:]))


def _parse_word(element: str) -> Pattern:
    """Divide a written word into tokens, linked as they stand in it."""
    if "~" in element:
        raise PatternError("`~` needs a number and white space around it: `~3`")
    cased = element.startswith("=")
    text = element[cased:].strip("." + APOSTROPHES)
    found = list(_WORD_TOKEN.finditer(text))
    if not text:
        raise PatternError(f"no word in `{element}`")
    if not found or found[0].start() > 0 or found[-1].end() < len(text):
        raise PatternError(f"a character that is no part of a word begins or ends `{element}`")
    if _GLOB_BESIDE_SOLO.search(text):
        raise PatternError(f"`*` or `?` beside a character that is a word of its own in `{element}`")
    links = tuple(NEXT if one.end() == two.start() else 0 for one, two in pairwise(found))
    return Pattern(tuple(_word(match[0], cased) for match in found), links)


def _word(surface: str, cased: bool) -> Word:
    """Make a token of a pattern a glob; neighbouring stars are one."""
    key = cased_key(surface)
    glob = _STARS.sub("*", key if cased else folded(key))
    if glob.startswith("*") and glob != "*" and _literals(glob) < 3:
        raise PatternError(f"a leading `*` needs at least three literal characters beside it: `{surface}`")
    return Word(glob, cased)


def _literals(glob: str) -> int:
    return len(glob) - glob.count("*") - glob.count("?")


def _parse_guard(text: str) -> Guard:
    parts = _GUARD.fullmatch(text)
    if parts is None:
        raise PatternError(f"not a guard: `{text}`; write `@near(NAME, 10)` or `@not(NAME, sentence)`")
    kind, macro, scope, side = parts.groups()
    if scope.isdigit():
        scope = str(int(scope))
        if not 1 <= int(scope) <= LARGEST_DISTANCE:
            raise PatternError(f"the distance of a guard is 1 to {LARGEST_DISTANCE:,}")
    return Guard(macro, scope, side or "either", kind == "not")
