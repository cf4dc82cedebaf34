"""Hyperscan: a call for each document, one call over all of them, and literals alone.

Each pattern is an expression of its own and reports every match at its end, so no starts are asked for. Texts
are UTF-8 beforehand, which is not timed.
"""

from collections.abc import Callable
from typing import Any

from bench.patterns import BETWEEN, NARROW, expression, literals
from bench.protocol import (
    EVERY_LITERAL,
    EVERY_NARROW,
    EVERY_WORD,
    Engine,
    Race,
    UnableError,
    Wanted,
    rival,
    simple,
)
from bench.terms import UNSPACED

# Between two documents, so that no phrase reaches from one into the next.
BORDER = b"\n\0\n"
OUTSIDE = r"[^\pL\pM\pN]"


def database(expressions: list[str], literal: bool = False) -> Any:  # noqa: ANN401 - rivals ship no types
    """Compile the patterns; Unicode's letters only where a pattern has some, since they cost speed."""
    hyperscan = rival("hyperscan")
    flags = hyperscan.HS_FLAG_CASELESS
    if not (literal or all(map(str.isascii, expressions))):
        flags |= hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP
    compiled = hyperscan.Database()
    try:
        compiled.compile([one.encode() for one in expressions], flags=flags, literal=literal)
    except hyperscan.error as error:
        raise UnableError(f"does not compile: {error}") from None
    return compiled


def scanner(
    compiled: Any,  # noqa: ANN401 - rivals ship no types
    blocks: list[bytes],
) -> Callable[[], int]:
    """Give a function that counts the matches in all blocks."""

    def run() -> int:
        found = 0

        def on_match(_id: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            nonlocal found
            found += 1

        scan = compiled.scan
        for block in blocks:
            scan(block, match_event_handler=on_match)
        return found

    return run


def bounded(wanted: Wanted, between: str = BETWEEN) -> list[str]:
    """Give an expression for each pattern; `between` stands between the words of a phrase."""
    patterns = simple(wanted)
    bind = ascii_bounds if all(map(str.isascii, patterns)) else unicode_bounds
    return [bind(pattern, between) for pattern in patterns]


def ascii_bounds(pattern: str, between: str) -> str:
    """Bind a pattern to the beginnings and ends of words."""
    return rf"\b{expression(pattern, between)}"


def unicode_bounds(pattern: str, between: str) -> str:
    r"""Bind a pattern where `\b` does not compile, which is with Unicode's properties."""
    body = expression(pattern, between).removesuffix(r"\b")
    if UNSPACED.search(pattern):
        return body
    end = "" if pattern.endswith("*") else rf"(?:$|{OUTSIDE})"
    return rf"(?:^|{OUTSIDE}){body}{end}"


def prepare(wanted: Wanted, texts: list[str], between: str = BETWEEN) -> Race:
    """Scan each document."""
    compiled = database(bounded(wanted, between))
    return Race(scanner(compiled, [text.encode() for text in texts]))


def prepare_narrow(wanted: Wanted, texts: list[str]) -> Race:
    """Scan each document for phrases with one character between their words."""
    return prepare(wanted, texts, NARROW)


def prepare_whole(wanted: Wanted, texts: list[str]) -> Race:
    """Scan all documents as one block."""
    compiled = database(bounded(wanted))
    return Race(scanner(compiled, [BORDER.join(text.encode() for text in texts)]))


def prepare_literals(wanted: Wanted, texts: list[str]) -> Race:
    """Scan each document for literals."""
    compiled = database(literals(simple(wanted)), literal=True)
    return Race(scanner(compiled, [text.encode() for text in texts]))


ENGINES = [
    Engine("hyperscan", "hyperscan", EVERY_WORD, prepare),
    Engine("hyperscan-narrow", "hyperscan", EVERY_NARROW, prepare_narrow),
    Engine("hyperscan-whole", "hyperscan", EVERY_WORD, prepare_whole),
    Engine("hyperscan-literals", "hyperscan", EVERY_LITERAL, prepare_literals),
]
