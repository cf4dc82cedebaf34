"""Owns what stands between two neighbouring tokens: its class (SPEC 4)."""

from itertools import pairwise

from .chars import DIGIT, HYPHENS, LINE_BREAK, MARK, WHITE_SPACE, compiled, without_ignorables
from .keys import is_dotted_acronym
from .tokens import Token, tokenize

NEWLINES = ("auto", "space", "paragraph")
_LONGEST_WRAPPED_LINE = 160

_ABBREVIATIONS = """
    mr mrs ms mme dr prof rev hon msgr gov sen sens rep reps pres amb gen lt col maj capt cmdr adm sgt cpl pvt
    brig st mt ft jan feb mar apr jun jul aug sep sept oct nov dec vs al rs"""
_ABBREVIATIONS_BEFORE_DIGIT = "no nos art arts fig figs para paras sec ch vol vols p pp"

_ONE_CAPITAL = compiled(rf"\p{{Lu}}{MARK}*")
_DIGIT = compiled(DIGIT)
_LOWERCASE = compiled(r"\p{Ll}")
_BLANK = compiled(f"{WHITE_SPACE}*")
_TERMINATOR = r".!?\u2026\u061f\u06d4\u0964"
_WRAPPER = r"\p{Quotation_Mark}`()\[\]\{\}*_"
_STOPPED = rf"[{_TERMINATOR}][{_TERMINATOR}{_WRAPPER}]*{WHITE_SPACE}+"
_SENTENCE_END = compiled(_STOPPED)
_SENTENCE_END_ANYWAY = compiled(rf"{_STOPPED}[{_WRAPPER}]|[\u3002\uff01\uff1f\uff61]")
_HYPHEN = compiled(f"[{HYPHENS}]")
_HYPHEN_AND_SPACE = compiled(f"[{HYPHENS}]{WHITE_SPACE}+")
_DECOR = compiled(rf"[{WHITE_SPACE}\p{{Quotation_Mark}}`*_\[\]]+")


def breaks_end_paragraphs(text: str, newline: str) -> bool:
    """Tell whether a single line break ends a paragraph in this document."""
    longest = max(map(len, LINE_BREAK.split(without_ignorables(text))))
    return newline == "paragraph" or (newline == "auto" and longest > _LONGEST_WRAPPED_LINE)


def _holds_blank_line(gap: str) -> bool:
    between_breaks = LINE_BREAK.split(gap)[1:-1]
    return "\u2029" in gap or any(_BLANK.fullmatch(piece) for piece in between_breaks)


def _owns_stop(before: Token, after: Token) -> bool:
    """Tell whether a full stop directly after a token belongs to that token."""
    word = before.surface.casefold()
    if word in _ABBREVIATIONS_BEFORE_DIGIT.split() and _DIGIT.match(after.surface):
        return True
    if word in _ABBREVIATIONS.split() or _ONE_CAPITAL.fullmatch(before.surface):
        return True
    return is_dotted_acronym(before.surface)


def _ends_sentence(gap: str, after: Token) -> bool:
    if _SENTENCE_END_ANYWAY.search(gap):
        return True
    return _SENTENCE_END.search(gap) is not None and not _LOWERCASE.match(after.surface)


def gap_class(gap: str, before: Token, after: Token, breaks_end: bool) -> str:
    """Give the first class that applies to the text between two neighbouring tokens."""
    gap = without_ignorables(gap)
    if gap.startswith(".") and _owns_stop(before, after):
        gap = gap[1:]
    has_break = LINE_BREAK.search(gap) is not None
    if _holds_blank_line(gap) or (breaks_end and has_break):
        return "PARA"
    if _ends_sentence(gap, after):
        return "SENT"
    if _BLANK.fullmatch(gap):
        return "SPACE"
    if _HYPHEN.fullmatch(gap) or (has_break and _HYPHEN_AND_SPACE.fullmatch(gap)):
        return "HYPHEN"
    return "DECOR" if _DECOR.fullmatch(gap) else "PUNCT"


def gap_classes(text: str, found: list[Token], newline: str) -> list[str]:
    """Class all gaps between the tokens found in a text."""
    breaks_end = breaks_end_paragraphs(text, newline)
    return [gap_class(text[one.end : two.start], one, two, breaks_end) for one, two in pairwise(found)]


def gaps(text: str, newline: str = "auto") -> list[str]:
    """Class all gaps of a text; they are one fewer than its tokens."""
    return gap_classes(text, tokenize(text), newline)
