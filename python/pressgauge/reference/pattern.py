"""Owns the syntax of terms: alternation, elements and guards become patterns (SPEC 5, 6)."""

from itertools import pairwise, product
from math import prod
from typing import NamedTuple, TypeAlias

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


# A text with brackets: alternatives, each a row of plain texts and of further alternatives.
Alternatives: TypeAlias = "list[list[str | Alternatives]]"

_SPACE = compiled(f"{WHITE_SPACE}+")
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


def parse(text: str) -> tuple[list[Pattern], list[Guard]]:
    """Read a term: its distinct patterns, in order of first appearance, and its guards."""
    body, *guards = _GUARD_BEGINS.split(without_ignorables(text))
    patterns = [_parse_pattern(form) for form in _expand(body)]
    return list(dict.fromkeys(patterns)), [_parse_guard(guard) for guard in guards]


def parse_term(text: str) -> tuple[list[tuple[list[tuple[str, bool]], list[int]]], list[Guard]]:
    """Read a term into plain lists: patterns as words and links; guards as macro, scope, side, negative."""
    patterns, guards = parse(text)
    return [([(*word,) for word in pattern.words], [*pattern.links]) for pattern in patterns], guards


def _expand(text: str) -> list[str]:
    """Write out all forms of a text with alternations, the leftmost bracket varying slowest."""
    alternatives, _ = _parse_alternatives(text, 0, 0)
    if len(alternatives) > 1:
        raise PatternError("`|` outside brackets")
    if _count(alternatives) > MOST_PATTERNS:
        raise PatternError(f"the term expands to more than {MOST_PATTERNS:,} patterns")
    return _forms(alternatives)


def _parse_alternatives(text: str, at: int, depth: int) -> tuple[Alternatives, int]:
    """Read alternatives up to the bracket that closes them, or the end; returns where it stopped."""
    if depth > DEEPEST_BRACKETS:
        raise PatternError(f"brackets nested deeper than {DEEPEST_BRACKETS}")
    alternatives: Alternatives = [[]]
    while at < len(text) and text[at] != "]":
        if text[at] == "[":
            inner, at = _parse_alternatives(text, at + 1, depth + 1)
            alternatives[-1].append(inner)
        elif text[at] == "|":
            alternatives.append([])
        else:
            alternatives[-1].append(text[at])
        at += 1
    if (at < len(text)) != (depth > 0):
        raise PatternError("unbalanced bracket: every `[` needs its `]`")
    return alternatives, at


def _count(alternatives: Alternatives) -> int:
    return sum(prod(1 if isinstance(part, str) else _count(part) for part in row) for row in alternatives)


def _forms(alternatives: Alternatives) -> list[str]:
    forms = []
    for row in alternatives:
        choices = [[part] if isinstance(part, str) else _forms(part) for part in row]
        forms += ["".join(choice) for choice in product(*choices)]
    return forms


def _parse_pattern(form: str) -> Pattern:
    """Read one expanded form: words, and the gaps written between them."""
    words: list[Word] = []
    links: list[int] = []
    gap = NEXT
    for hyphen in HYPHENS:
        form = form.replace(hyphen, " ")
    for element in filter(None, _SPACE.split(form)):
        if element.startswith("~"):
            gap = _add_gap(gap, element, at_start=not words)
            continue
        for word, link in _parse_word(element):
            if words:
                links.append(gap if link is None else link)
            words.append(word)
            gap = NEXT
    if gap != NEXT:
        raise PatternError("`~N` at an end of the pattern: it stands between two words")
    if not words:
        raise PatternError("empty pattern")
    if not any(_literals(word.glob) for word in words):
        raise PatternError("no literal character in the pattern")
    return Pattern(tuple(words), tuple(links))


def _add_gap(gap: int, element: str, at_start: bool) -> int:
    number = _GAP.fullmatch(element)
    if number is None:
        raise PatternError("`~` needs a number and white space around it: `~3`")
    if at_start:
        raise PatternError("`~N` at an end of the pattern: it stands between two words")
    total = int(number[1]) + max(gap, 0)
    if total > LARGEST_GAP:
        raise PatternError(f"a gap of more than {LARGEST_GAP} tokens")
    return total


def _parse_word(element: str) -> list[tuple[Word, int | None]]:
    """Divide a written word into tokens, each with its link to the one before it in this word."""
    cased = element.startswith("=")
    text = element[cased:].strip("." + APOSTROPHES)
    if "~" in text:
        raise PatternError("`~` needs a number and white space around it: `~3`")
    found = list(_WORD_TOKEN.finditer(text))
    if not text:
        raise PatternError(f"no word in `{element}`")
    if not found or found[0].start() > 0 or found[-1].end() < len(text):
        raise PatternError(f"a character that is no part of a word begins or ends `{element}`")
    if _GLOB_BESIDE_SOLO.search(text):
        raise PatternError(f"`*` or `?` beside a character that is a word of its own in `{element}`")
    links = [None, *(NEXT if one.end() == two.start() else 0 for one, two in pairwise(found))]
    return [(_word(match[0], cased), link) for match, link in zip(found, links, strict=True)]


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
