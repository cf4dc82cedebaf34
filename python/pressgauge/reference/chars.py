"""Owns the classes of characters that SPEC 1 to 4 speak of, and the text as those sections read it."""

import regex

# The properties that `regex` brings are those of Unicode 18.0. NFKC and case folding come from Python, whose
# own tables may be older; Unicode never changes either for a character once it is assigned.

APOSTROPHES = "'\u2019\u02bc\uff07"
HYPHENS = "-\u2010\u2011"

# Sets in the syntax of `regex`; they nest.
WHITE_SPACE = r"\p{White_Space}"
MARK = r"\p{M}"
DIGIT = r"\p{Nd}"
WORD = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[{APOSTROPHES}]]"
LETTER = rf"[\p{{L}}--[{APOSTROPHES}]]"
_SCRIPTS = ("Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar")
_UNSPACED = "".join(rf"\p{{Script={script}}}" for script in _SCRIPTS)
SOLO = rf"[[[[{_UNSPACED}]&&[\p{{L}}\p{{N}}]]--{DIGIT}]\u30fc\uff70]"
# One break is not two, hence the atomic group.
LINE_BREAK = r"(?>\r\n|[\n\r\u2028\u2029])"


def compiled(pattern: str) -> regex.Pattern[str]:
    """Compile a pattern whose sets may nest."""
    return regex.compile(pattern, regex.V1)


_IGNORABLE = compiled(r"\p{Default_Ignorable_Code_Point}")


def without_ignorables(text: str) -> str:
    """Return the characters of a text that are read (SPEC 1.3)."""
    return _IGNORABLE.sub("", text)


def read_places(text: str) -> list[int]:
    """Return where each character that is read stands in the text."""
    return [place for place, char in enumerate(text) if not _IGNORABLE.match(char)]
