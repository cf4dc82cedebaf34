"""Owns random terms and lexicons, and what documents that suit them are made of."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from pressgauge.reference import PatternError, parse_term
from pressgauge.reference.pattern import Pattern
from source import VOCABULARY, Source, weighted

LETTERS = VOCABULARY["letters"]
TERMS = VOCABULARY["terms"]
WORDS = weighted(
    [
        (VOCABULARY["words"][kind], weight)
        for kind, weight in (("latin", 6), ("odd", 3), ("short", 2), ("scripts", 2))
    ]
)
MOST_FORMS = 64


class Ingredients(NamedTuple):
    """What a document is made of: the words of a lexicon and all its patterns."""

    words: list[str]
    patterns: list[Pattern]


def vocabulary(source: Source) -> list[str]:
    return [source.pick(source.pick(WORDS)) for _ in range(3 + source.below(5))]


# One word of a term


def _plain(_: Source, word: str) -> str:
    return word


def _prefix(source: Source, word: str) -> str:
    return word[: 1 + source.below(len(word))] + "*"


def _suffix(source: Source, word: str) -> str:
    return "*" + word[source.below(len(word)) :]


def _infix(source: Source, word: str) -> str:
    at = source.below(len(word))
    return word[:at] + "*" + word[at + source.below(len(word) - at) :]


def _question(source: Source, word: str) -> str:
    at = source.below(len(word))
    return word[:at] + "?" + word[at + source.below(2) :]


def _cased(source: Source, word: str) -> str:
    return "=" + source.pick((word, word.upper(), word.title()))


def _upper(_: Source, word: str) -> str:
    return word.upper()


def _bracket(source: Source, word: str) -> str:
    at = source.below(len(word))
    return f"{word[:at]}[{word[at]}|{source.pick(LETTERS['endings'])}]{word[at + 1 :]}"


def _ending(source: Source, word: str) -> str:
    return word + source.pick(LETTERS["term_endings"])


def _lone(source: Source, _: str) -> str:
    return source.pick(TERMS["lone"])


SHAPES = weighted(
    [
        *((_plain, 9), (_prefix, 7), (_suffix, 3), (_infix, 3), (_question, 3)),
        *((_cased, 4), (_upper, 1), (_bracket, 2), (_ending, 3), (_lone, 2)),
    ]
)


# Terms


def _element(source: Source, words: Sequence[str]) -> str:
    if source.chance(14):
        alternatives = [_element(source, words) for _ in range(1 + source.below(3))]
        return "[" + "|".join(alternatives + [""] * source.below(2)) + "]"
    return source.pick(SHAPES)(source, source.pick(words))


def _rivals(source: Source, words: Sequence[str]) -> str:
    """Patterns of one term that may share a span, with different numbers of elements."""
    first, middle, last = (source.pick(words) for _ in range(3))
    forms = [f"{first} ~3 {last}", f"{first} {middle} {last}", f"{first} * {last}"]
    return "[" + "|".join(source.pick(forms) for _ in range(3)) + "]"


def _body(source: Source, words: Sequence[str]) -> str:
    if source.chance(6):
        return _rivals(source, words)
    text = _element(source, words)
    for _ in range(source.pick(TERMS["lengths"]) - 1):
        text += source.pick(TERMS["joints"]) + _element(source, words)
    return text


def _guards(source: Source, macros: Sequence[str]) -> str:
    if not macros or not source.chance(35):
        return ""
    return "".join(
        f" @{source.pick(('near', 'near', 'not'))}"
        f"({source.pick(macros)}, {source.pick(TERMS['scopes'])}{source.pick(TERMS['sides'])})"
        for _ in range(1 + source.below(2))
    )


def _valid(body: str, words: Sequence[str]) -> str:
    """The term, or a plain word where the SPEC refuses it or it has very many forms."""
    try:
        return body if len(parse_term(body)[0]) <= MOST_FORMS else words[0]
    except PatternError:
        return words[0]


def _term(source: Source, words: Sequence[str], macros: Sequence[str]) -> str:
    return _valid(_body(source, words), words) + _guards(source, macros)


def _exclusion(source: Source, words: Sequence[str], macros: Sequence[str], terms: Sequence[str]) -> str:
    """A term that is likely to match around a match of one of these terms."""
    body = source.pick(terms).split(" @")[0]
    before, after = source.pick(
        (("", ""), ("", " *"), ("[*|] ", ""), (source.pick(words) + " ", ""), ("* ~2 ", ""))
    )
    return _valid(before + body + after, words) + _guards(source, macros)


def any_term(source: Source) -> str:
    """A term that may well be refused."""
    text = _body(source, vocabulary(source)) + _guards(source, ("M0", "m", "M_2"))
    for _ in range(source.below(3)):
        at = source.below(len(text) + 1)
        strange = source.pick(
            (LETTERS["syntax"], LETTERS["syntax"], LETTERS["strange"], LETTERS["strange_spaces"])
        )
        text = text[:at] + source.pick(strange) + text[at + source.below(2) :]
    return text


# Lexicons


def quoted(value: object) -> str:
    """A string, number, list or flat table as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {quoted(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(quoted, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _entry(source: Source, term: str) -> str:
    weighty = source.chance(20)
    return quoted({"pattern": term, "weight": source.pick(TERMS["weights"])} if weighty else term)


def _dimension(
    source: Source, name: str, words: Sequence[str], macros: Sequence[str]
) -> tuple[str, list[str]]:
    """A dimension as TOML, and its terms."""
    sizes = [1 + source.below(4) for _ in range(1 + source.below(3))]
    categories = [[_term(source, words, macros) for _ in range(size)] for size in sizes]
    terms = [term for category in categories for term in category]
    exclude = [_exclusion(source, words, macros, terms) for _ in range(source.pick((0, 0, 1, 1, 2)))]
    veto = [_term(source, words, macros)] if source.chance(12) else []
    lines = [f"[dimensions.{name}]", f"exclude = {quoted(exclude)}", f"veto = {quoted(veto)}"]
    for number, category in enumerate(categories):
        lines.append(f"[dimensions.{name}.categories.{name}{number}]")
        if source.chance(20):
            lines.append(f"weight = {source.pick(TERMS['weights'])}")
        lines.append(f"terms = [{', '.join(_entry(source, term) for term in category)}]")
    return "\n".join(lines) + "\n", terms + exclude + veto


def _list_around(source: Source, words: Sequence[str], cues: Sequence[str]) -> list[str]:
    """Terms, or what is likely to match around or beside cues."""
    made = [
        _exclusion(source, words, (), cues) if cues and source.chance(50) else _term(source, words, ())
        for _ in range(source.pick((0, 1, 1, 2)))
    ]
    return [term.split(" @")[0] for term in made]


def _modifier(source: Source, name: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """A modifier as TOML, and its terms."""
    cues = [_term(source, words, ()) for _ in range(1 + source.below(3))]
    stop, cancel, block = (_list_around(source, words, cues) for _ in range(3))
    lines = [f"[modifiers.{name}]", f"cues = {quoted(cues)}"]
    for key, terms in (("stop", stop), ("cancel", cancel), ("block", block)):
        lines += [f"{key} = {quoted(terms)}"] if terms or source.chance(20) else []
    for key in ("before", "after"):
        lines += [f"{key} = {source.pick((1, 2, 3, 5, 9, 1000))}"] if source.chance(80) else []
    if block:
        lines.append(f"block_within = {source.pick((1, 2, 4, 1000))}")
    for key, percent in (("tag", 30), ("blocked_tag", 60)):
        lines += (
            [f"{key} = {quoted(source.pick(('t0', 't1', 'm0', 'm1')))}"] if source.chance(percent) else []
        )
    return "\n".join(lines) + "\n", [*cues, *stop, *cancel, *block]


def _head(source: Source, words: Sequence[str]) -> str:
    lines = ['[lexicon]\nname = "random"\nversion = "1"']
    if source.chance(50):
        lines.append(f"newline = {quoted(source.pick(('auto', 'space', 'paragraph')))}")
    if source.chance(25):
        prefixes = [word for word in source.some(words, 3) if word.isascii() and word.isalpha()]
        lines.append(f"bound_prefixes = {quoted(prefixes)}")
    return "\n".join(lines) + "\n"


def lexicon(source: Source) -> tuple[str, Ingredients]:
    """A valid lexicon as TOML, and what documents for it are made of."""
    words = vocabulary(source)
    names = [f"M{number}" for number in range(source.pick((1, 1, 2, 0)))]
    macros = {name: [_term(source, words, ()) for _ in range(1 + source.below(3))] for name in names}
    dimensions = [_dimension(source, name, words, names) for name in "xyz"[: source.pick((1, 1, 2, 3))]]
    modifiers = [_modifier(source, f"m{number}", words) for number in range(source.pick((0, 0, 1, 1, 2, 3)))]
    lists = [*macros.values(), *(terms for _, terms in [*dimensions, *modifiers])]
    patterns = [pattern for terms in lists for term in terms for pattern in parse_term(term)[0]]
    tables = "".join(f"{name} = {quoted(terms)}\n" for name, terms in macros.items())
    text = (
        _head(source, words) + "[macros]\n" + tables + "".join(text for text, _ in [*dimensions, *modifiers])
    )
    return text, Ingredients(words, patterns)
