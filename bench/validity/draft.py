"""The researched draft, converted as plainly as can be: each of its terms is a term, nothing is mended.

Owns reading its YAML, which is of one fixed shape: two blanks a level, one string a line.
"""

import json
import re
from collections.abc import Iterator

from pressgauge import Lexicon
from pressgauge.errors import LexiconError

LINE = re.compile(r'( *)(\w+):\s*(?:"((?:[^"\\]|\\.)*)")?')
ALONE = '[lexicon]\nname = "x"\nversion = "0"\n'


def lines_of(source: str) -> Iterator[tuple[int, str, str | None]]:
    """Give depth, key and string of each line."""
    for line in source.splitlines():
        if (found := LINE.match(line)) and not line.lstrip().startswith("#"):
            yield len(found[1]) // 2, found[2], found[3]


def terms_of(text: str) -> list[str]:
    """Divide a list of terms at its semicolons."""
    return [" ".join(term.split()) for term in text.split(";") if term.strip()]


def is_readable(term: str, macros: str) -> bool:
    """Tell whether a term can be read alone; one that cannot is left out."""
    try:
        Lexicon.parse(f"{macros}[dimensions.d.categories.c]\nterms = [{json.dumps(term)}]")
    except LexiconError:
        return False
    return True


def readable(text: str, macros: str) -> str:
    """Write the terms of a list that can be read."""
    return json.dumps([one for one in terms_of(text) if is_readable(one, macros)])


def lexicon_of(source: str) -> Lexicon:
    """Convert the draft."""
    head = '[lexicon]\nname = "draft"\nversion = "0"\n[macros]\n'
    body: list[str] = []
    section = dimension = ""
    for depth, key, text in lines_of(source):
        if depth == 0:
            section = key
        elif section == "macros" and text is not None:
            head += f"{key} = {readable(text, ALONE)}\n"
        elif section == "dimensions" and depth == 1:
            dimension = key.lower()
            body.append(f"[dimensions.{dimension}]")
        elif section == "dimensions" and depth == 3:
            body.append(f"[dimensions.{dimension}.categories.{key}]")
        elif section == "dimensions" and key in ("exclude", "terms") and text is not None:
            body.append(f"{key} = {readable(text, head)}")
    return Lexicon.parse(head + "\n".join(body))
