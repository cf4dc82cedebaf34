"""Texts and lexicons that defeat a shortcut each, and twice as much of the same text.

Owns the families. A text of a family is one document of about `size` bytes; twice the size is twice the
work if, and only if, the engine is linear there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle

from bench.patterns import one_dimension

GUARDED = """
[lexicon]
name = "guarded"
version = "1"
[macros]
NEAR = ["near"]
[dimensions.all]
exclude = {exclude}
veto = {veto}
[dimensions.all.categories.all]
terms = {terms}
"""


@dataclass(frozen=True)
class Family:
    """A lexicon, and a text of a size."""

    name: str
    source: str
    text: Callable[[int], str]


def repeated(unit: str) -> Callable[[int], str]:
    """Give a text of one unit, again and again, about so many bytes of UTF-8."""
    return lambda size: unit * max(1, size // len(unit.encode()))


def row(words: Iterable[str]) -> Callable[[int], str]:
    """Give a text that goes round these words."""
    return repeated("".join(f"{word} " for word in words))


def wide(word: str) -> str:
    """Write a word in full-width letters, which are the same letters by compatibility."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in word)


def guarded(terms: list[str], exclude: Iterable[str] = (), veto: Iterable[str] = ()) -> str:
    """Write a lexicon with guards, exclusions or vetoes."""
    return GUARDED.format(terms=terms, exclude=list(exclude), veto=list(veto))


def halves(first: str, second: str) -> Callable[[int], str]:
    """Give one sentence: first the one word, then the other."""
    return lambda size: f"{repeated(first)(size // 2)}{repeated(second)(size // 2)}"


def beginnings(terms: Iterable[str]) -> Iterator[str]:
    """Make words that begin as terms do and are none."""
    for term in terms:
        first = term.split()[0].rstrip("*")
        yield (first[:-1] if term.endswith("*") else first) + "q"


def families(plain: str, terms: tuple[str, ...], builtin: str) -> list[Family]:
    """Give all families; `plain` and `terms` are the plain lexicon, `builtin` the built-in one."""
    return [
        *of_filters(plain, terms),
        *of_rules(),
        *of_letters(plain, builtin),
        *dense(plain, terms, builtin),
    ]


def of_filters(plain: str, terms: tuple[str, ...]) -> list[Family]:
    """Defeat the looks before a comparison."""
    tails = [f"{a}{b}" for a in "bcdfghklmn" for b in "aeiou"]
    same = one_dimension("same", [f"internat{tail}x" for tail in tails])
    inner = one_dimension("inner", [f"{one}bo tribunal {one}di" for one in tails])
    globs = one_dimension("globs", ["*ababac*", "*aab*aab*c", "ab*ab*ab*ab*c"])
    return [
        Family("beginnings of terms", plain, row(beginnings(terms))),
        Family("same first eight letters", same, row(f"internat{tail}y" for tail in tails)),
        Family("anchors, neighbours fail", inner, row(f"{one}bo tribunal" for one in tails)),
        Family("anchors alone", inner, repeated("tribunal ")),
        Family("globs inside words", globs, row(["ab" * 12, "aab" * 9, "abaabaab" * 4])),
        Family("globs over one token", globs, repeated("ab")),
    ]


def of_rules() -> list[Family]:
    """Defeat gaps, guards, exclusions, overlaps."""
    gaps = one_dimension("gaps", ["aa ~50 bb", "aa ~50 cc ~50 dd", "cc ~50 aa ~50 aa ~50 ee"])
    nested = one_dimension("nested", [" ".join(["aa"] * count) for count in range(1, 25)])
    near = guarded(["aa @near(NEAR, 1000)", "bb @near(NEAR, sentence, after)", "cc @not(NEAR, document)"])
    excluded = guarded(["aa", "bb*", "cc dd"], exclude=["aa ~50 cc", "bb ~50 cc", "[aa|bb|cc|dd] ~5 dd"])
    vetoed = guarded(["aa", "bb"], veto=["aa ~50 bb ~50 zz", "bb @near(NEAR, sentence)"])
    return [
        Family("gaps that never close", gaps, row(["aa", "cc", "aa"])),
        Family("gaps that close late", gaps, row(["aa"] + ["x"] * 49 + ["dd"])),
        Family("near, alternating", near, row(["aa", "near", "bb", "cc"])),
        Family("near, all pairs", near, halves("aa bb ", "near ")),
        Family("near, none", near, halves("near ", "bb cc ")),
        Family("exclusions everywhere", excluded, row(["aa", "bb", "cc", "dd"])),
        Family("veto that fails", vetoed, row(["aa", "bb"])),
        Family("overlaps everywhere", nested, repeated("aa ")),
    ]


def of_letters(plain: str, builtin: str) -> list[Family]:
    """Defeat what is quick about letters."""
    acronyms = one_dimension("acronyms", ["us", "un", "u", "eu troops"])
    han = one_dimension("han", ["制裁", "制裁措", "裁制裁措", "裁制裁制施"])
    accents = one_dimension("accents", ["éa*", "aé bé", "ñandú", "é"])
    return [
        Family("one token", plain, repeated("a")),
        Family("one number", plain, repeated("1,000.")),
        Family("one token of marks", plain, lambda size: "e" + "\u0301" * (size // 2)),
        Family("punctuation", plain, repeated(".,;:!? -\"' ")),
        Family("apostrophes", plain, repeated("\u2019")),
        Family("joined words", plain, repeated("war\u2019s war\u2019")),
        Family("every other letter not ASCII", accents, row(["aé", "éa", "bébé", "aéaéa"])),
        Family("acronyms", acronyms, row(["U.S.", "U.N.", "E.U.", "u.s.a."])),
        Family("no spaces", han, repeated("制裁制裁")),
        Family("soft hyphens", plain, row(["sanc\u00adtions", "\u00adem\u00adbargo", "w\u00adar"])),
        Family("compatibility letters", plain, row(map(wide, ["sanctions", "fire", "WAR"]))),
        Family("hyphens", plain, repeated("war-cease-fire-de-")),
        Family("abbreviations", builtin, row(["Mr.", "J.", "No.", "Gen.", "sanctions"])),
        Family("paragraphs", builtin, repeated("sanctions\n\nwar\n\n")),
        Family("capitals", builtin, row(["SANCTIONS", "WAR", "TROOPS", "US"])),
    ]


def dense(plain: str, terms: tuple[str, ...], builtin: str) -> list[Family]:
    """Put a hit everywhere."""
    words = [term.replace("*", "s") for term in terms]
    fill = cycle(["the", "of", "minister", "and", "in", "report", "year"])
    mixed = [part for word in words for part in (next(fill), word, next(fill))]
    return [
        Family("terms alone", plain, row(words)),
        Family("dense", plain, row(mixed)),
        Family("dense, built-in lexicon", builtin, row(mixed)),
    ]
