"""Lexicoder 3 dictionaries (.lc3): `+CATEGORY`, then its terms, one a line."""

from .model import BELOW, Dictionary, Entry, Path


def read(text: str, into: Dictionary) -> None:
    """Read a Lexicoder dictionary. White space around terms is not kept: our terms are whole words."""
    category: Path | None = None
    open_ended = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("+"):
            category = tuple(line[1:].split(BELOW))
            into.declare(category, number)
        elif line.strip():
            if category is None:
                raise into.error("a term stands before the first category", number, "begin with +CATEGORY")
            open_ended += not line.endswith(" ")
            into.add(category, Entry(line.strip(), line=number))
    if not into.count:
        raise into.error("this is no Lexicoder dictionary: there is no term under a line of +CATEGORY")
    if open_ended:
        into.note(
            f"terms without a blank at their end, {open_ended} of them, match whole words here; "
            "end a term with * where longer words are meant"
        )
