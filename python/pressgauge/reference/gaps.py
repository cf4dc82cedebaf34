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
_LINE_BREAK = compiled(LINE_BREAK)
_BLANK_LINE = compiled(rf"{LINE_BREAK}{WHITE_SPACE}*{LINE_BREAK}|\u2029")
_TERMINATOR = r".!?\u2026\u061f\u06d4\u0964"
_WRAPPER = r"\p{Quotation_Mark}`()\[\]\{\}*_"
_STOPPED = rf"[{_TERMINATOR}][{_TERMINATOR}{_WRAPPER}]*{WHITE_SPACE}+"
_SENTENCE_END = compiled(_STOPPED)
_SENTENCE_END_ANYWAY = compiled(rf"{_STOPPED}[{_WRAPPER}]|[\u3002\uff01\uff1f\uff61]")
_SPACE = compiled(f"{WHITE_SPACE}*")
_HYPHEN = compiled(f"[{HYPHENS}](?:{WHITE_SPACE}*{LINE_BREAK}{WHITE_SPACE}*)?")
_DECOR = compiled(rf"[{WHITE_SPACE}\p{{Quotation_Mark}}`*_\[\]]+")


def _owns_stop(before: Token, after: Token) -> bool:
    """Tell whether a full stop directly after a token belongs to that token."""
    word = before.surface.casefold()
    if word in _ABBREVIATIONS_BEFORE_DIGIT.split() and _DIGIT.match(after.surface):
        return True
    if word in _ABBREVIATIONS.split():
        return True
    return _ONE_CAPITAL.fullmatch(before.surface) is not None or is_dotted_acronym(before.surface)


def gap_class(gap: str, before: Token, after: Token, breaks_end: bool) -> str:
    """Give the first class that applies to the text between two neighbouring tokens."""
    gap = without_ignorables(gap)
    if gap.startswith(".") and _owns_stop(before, after):
        gap = gap[1:]
    if _BLANK_LINE.search(gap) or (breaks_end and _LINE_BREAK.search(gap)):
        return "PARA"
    lowercase_follows = _LOWERCASE.match(after.surface)
    if _SENTENCE_END_ANYWAY.search(gap) or (_SENTENCE_END.search(gap) and not lowercase_follows):
        return "SENT"
    if _SPACE.fullmatch(gap):
        return "SPACE"
    if _HYPHEN.fullmatch(gap):
        return "HYPHEN"
    return "DECOR" if _DECOR.fullmatch(gap) else "PUNCT"


def gap_classes(text: str, found: list[Token], newline: str) -> list[str]:
    """Class all gaps between the tokens found in a text."""
    longest = max(map(len, _LINE_BREAK.split(without_ignorables(text))))
    breaks_end = newline == "paragraph" or (newline == "auto" and longest > _LONGEST_WRAPPED_LINE)
    return [gap_class(text[one.end : two.start], one, two, breaks_end) for one, two in pairwise(found)]


def gaps(text: str, newline: str = "auto") -> list[str]:
    """Class all gaps of a text; they are one fewer than its tokens."""
    return gap_classes(text, tokenize(text), newline)
