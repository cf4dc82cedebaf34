"""Owns the division of a text, or of a word in a pattern, into tokens (SPEC 2)."""

from typing import NamedTuple

import regex

from .chars import APOSTROPHES, DIGIT, LETTER, MARK, SOLO, WORD, compiled, read_places, without_ignorables
from .keys import cased_key, folded


class Token(NamedTuple):
    """A token: its place in code points of the text, its surface without ignorables, its keys."""

    start: int
    end: int
    surface: str
    key: str
    cased: str


def token_pattern(also_letters: str = "") -> regex.Pattern[str]:
    """Describe a token once ignorables are gone; globs may count as letters (SPEC 5.1)."""
    word = f"[{WORD}{also_letters}]"
    letter = f"[[{LETTER}{also_letters}]--{SOLO}]"
    run = f"[{word}--{SOLO}]+"
    number_stop = rf"(?<={DIGIT})[.,](?={DIGIT})"
    acronym_stop = rf"(?<=(?<!{word}){letter}{MARK}*)\.(?={letter}{MARK}*(?!{word}))"
    return compiled(rf"{SOLO}{MARK}*|{run}(?:(?:[{APOSTROPHES}]|{number_stop}|{acronym_stop}){run})*")


_TOKEN = token_pattern()


def tokenize(text: str) -> list[Token]:
    """Find the tokens of a text; a span begins and ends with a character that is read (SPEC 1.3)."""
    places = read_places(text)
    found = []
    for match in _TOKEN.finditer(without_ignorables(text)):
        start, end = places[match.start()], places[match.end() - 1] + 1
        cased = cased_key(match[0])
        found.append(Token(start, end, match[0], folded(cased), cased))
    return found


def tokens(text: str) -> list[tuple[int, int, str, str]]:
    """Return start, end, key and cased key of each token of a text."""
    return [(token.start, token.end, token.key, token.cased) for token in tokenize(text)]
