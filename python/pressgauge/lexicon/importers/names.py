"""Names of categories as identifiers, which name columns."""

import re
import unicodedata

_LONGEST = 40
# A sign before a name often tells two categories apart.
_SIGNS = {"+": "plus ", "=": "equal ", "-": "minus "}


class Names:
    """Gives identifiers, so that no two names get the same one."""

    def __init__(self, fallback: str) -> None:
        """Begin without names; the fallback is for names without a letter."""
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}
        self._fallback = fallback

    def give(self, name: str) -> str:
        """Make an identifier that was not given before."""
        made = found = identifier(name, self._fallback)
        while found in self._taken:
            self._next[made] = number = self._next.get(made, 1) + 1
            found = f"{made[: _LONGEST - len(str(number)) - 1]}_{number}"
        self._taken.add(found)
        return found


def identifier(name: str, fallback: str = "category") -> str:
    """Make a lower-case identifier of a name."""
    text = name.strip()
    text = _SIGNS.get(text[:1], text[:1]) + text[1:]
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not made:
        made = fallback
    elif not made[0].isalpha():
        made = f"{fallback}_{made}"
    return made[:_LONGEST].rstrip("_")
