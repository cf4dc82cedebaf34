"""Owns random documents: patterns of a lexicon as texts have them, or nearly so, between other things."""

import unicodedata

from random_lexicons import LETTERS, WORDS, Ingredients
from source import CATEGORIES, KNOWN, VOCABULARY, Source, weighted

NEXT = -1
BETWEEN = VOCABULARY["between"]


# How a word may be dressed


def _plain(_: Source, word: str) -> str:
    return word


def _title(_: Source, word: str) -> str:
    return word[:1].upper() + word[1:]


def _upper(_: Source, word: str) -> str:
    return word.upper()


def _dotted(source: Source, word: str) -> str:
    stop = source.pick((".", ".", "\u0301.", ".\u00ad"))
    return stop.join(word.upper()) + source.pick((".", "", "s", "\u0323.", ".'s"))


def _possessive(source: Source, word: str) -> str:
    return word + source.pick(LETTERS["apostrophes"]) + source.pick("ssS\u017f")


def _broken(source: Source, word: str) -> str:
    at = source.below(len(word) + 1)
    return word[:at] + source.pick(LETTERS["ignorables"]) * (1 + source.below(2)) + word[at:]


def _marred(source: Source, word: str) -> str:
    at = source.below(len(word))
    return word[:at] + source.pick(LETTERS["blots"]) + word[at + source.below(2) :]


def _compatible(source: Source, word: str) -> str:
    form = source.pick(("NFD", "NFKD", "NFC"))
    return unicodedata.normalize(form, word).replace("fi", "ﬁ").replace("ss", "ß")


def _wide(_: Source, word: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)


def _curly(source: Source, word: str) -> str:
    return word.replace("'", source.pick(LETTERS["apostrophes"]))


def _longer(source: Source, word: str) -> str:
    return word + source.pick(LETTERS["endings"])


DRESS = weighted(
    [
        *((_plain, 40), (_title, 14), (_upper, 7), (_possessive, 5), (_longer, 5), (_broken, 4), (_curly, 4)),
        *((_marred, 3), (_compatible, 2), (_dotted, 4), (_wide, 1)),
    ]
)
DRESS_CASED = weighted(
    [(_plain, 30), (_possessive, 3), (_broken, 3), (_dotted, 3), (_marred, 2), (_curly, 2), (_upper, 1)]
)


# What a text is made of


def _filled(source: Source, glob: str) -> str:
    """A key that a glob accepts."""
    letters = []
    for char in glob:
        if char == "*":
            letters += source.some("esdaéz\u0301制9", 3) if source.chance(40) else ""
        else:
            letters.append(source.pick("eaxé1\u0301") if char == "?" else char)
    return "".join(letters) or "any"


def _phrase(source: Source, ingredients: Ingredients) -> str:
    """A pattern with the gaps that it asks for, or nearly those."""
    words, links = source.pick(ingredients.patterns)
    text = ""
    for (glob, cased), link in zip(words, [*links, None], strict=True):
        text += source.pick(DRESS_CASED if cased else DRESS)(source, _filled(source, glob))
        if link == NEXT:
            text += source.pick(BETWEEN["words"])
        elif link is not None:
            for _ in range(min(source.below(link + 2), 6)):
                text += source.pick(BETWEEN["skipped"]) + source.pick(ingredients.words)
            text += source.pick(BETWEEN["skipped"])
    return text


def _word(source: Source, ingredients: Ingredients) -> str:
    return source.pick(DRESS)(source, source.pick(ingredients.words))


def _abbreviation(source: Source, _: Ingredients) -> str:
    name = source.pick(LETTERS["abbreviations"]) + source.pick((" ", " ", "", "-"))
    return name + source.pick(LETTERS["after_abbreviations"])


def _number(source: Source, _: Ingredients) -> str:
    return source.pick(LETTERS["numbers"])


def _stranger(source: Source, _: Ingredients) -> str:
    return source.pick(source.pick(WORDS))


CHUNKS = weighted([(_phrase, 11), (_word, 7), (_stranger, 3), (_abbreviation, 1), (_number, 1)])
SIZES = weighted([(2, 4), (4, 8), (8, 12), (12, 8), (20, 4), (60, 1)])


def _body(source: Source, ingredients: Ingredients) -> str:
    text, begins = "", True
    for _ in range(1 + source.below(source.pick(SIZES))):
        chunk = source.pick(CHUNKS)(source, ingredients)
        text += _title(source, chunk) if begins and source.chance(75) else chunk
        between = source.pick(BETWEEN["phrases"])
        begins = between[:1] in (*".!?…\n", "")
        text += between
    return text


def _stretched(source: Source, text: str) -> str:
    """Break lines, and bring the last one near the length that decides how line breaks are read."""
    for _ in range(1 + source.below(3)):
        text = text.replace(" ", "\n", 1) if source.below(2) else "\n".join(text.rsplit(" ", 1))
    missing = source.pick(BETWEEN["longest_lines"]) - len(text.rsplit("\n", 1)[-1])
    return text + (source.pick(BETWEEN["filling"]) * 163)[: max(0, missing)]


def _with_strangers(source: Source, text: str) -> str:
    """Put strange characters where nobody expects them."""
    for _ in range(1 + source.below(4)):
        at = source.below(len(text) + 1)
        kinds = (
            LETTERS["strange"],
            LETTERS["strange"],
            LETTERS["strange_spaces"],
            LETTERS["ignorables"],
            None,
        )
        strange = source.pick(source.pick(kinds) or KNOWN[source.pick(CATEGORIES)])
        text = text[:at] + strange + text[at + source.below(2) :]
    return text


def text(source: Source, ingredients: Ingredients) -> str:
    """A document; half of them are padded so that anything may straddle the borders of 64-byte blocks."""
    made = _body(source, ingredients)
    if source.chance(50):
        made = (
            source.pick(BETWEEN["padding"]) * source.below(70) + source.pick(BETWEEN["after_padding"]) + made
        )
    if source.chance(15):
        made = _stretched(source, made)
    return _with_strangers(source, made) if source.chance(33) else made
