"""Names of categories as identifiers, which name columns."""

import re
import unicodedata
from collections.abc import Container

_LONGEST = 40
# A sign before a name often tells two categories apart.
_SIGNS = {"+": "plus ", "=": "equal ", "-": "minus "}


def identifier(name: str, taken: Container[str] = (), fallback: str = "category") -> str:
    """Make a lower-case identifier of a name, with a number behind it where it is taken."""
    text = name.strip()
    text = _SIGNS.get(text[:1], text[:1]) + text[1:]
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not made:
        made = fallback
    elif not made[0].isalpha():
        made = f"{fallback}_{made}"
    made = made[:_LONGEST].rstrip("_")
    number, found = 1, made
    while found in taken:
        number += 1
        found = f"{made[: _LONGEST - len(str(number)) - 1]}_{number}"
    return found
