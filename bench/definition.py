"""Definitions of suites: `definitions/*.toml`, and the counts that they expect.

Owns their keys. Counts are expected for certain texts and a certain lexicon, each told by a digest, so that a
change of the generator or of a lexicon shows as what it is.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.protocol import Counts

FOLDER = Path(__file__).parent / "definitions"
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}
EXPECTED = "\n# Counts of the default texts; `python -m bench --accept` writes them anew.\n"


@dataclass(frozen=True)
class Definition:
    """One suite.

    `base` is an engine of the suite, or H: hyperscan on `plain` and the news texts. `sampled` are engines
    that are slow here, beside those that always are.
    """

    name: str
    about: str
    texts: str
    lexicons: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    size: int = 16_000_000
    sample: int = 400_000
    sampled: tuple[str, ...] = ()
    base: str = "H"
    compile: bool = False
    expected: Mapping[str, Any] = field(default_factory=dict)


def size_of(text: str) -> int:
    """Read a size: `16MB`, `1GB`, `500000`."""
    found = re.fullmatch(r"(\d+) *([KMG]?)B?", text.strip(), re.IGNORECASE)
    if not found:
        raise ValueError(f"{text!r} is no size such as 16MB")
    return int(found[1]) * UNITS[found[2].upper()]


def path_of(name: str) -> Path:
    """Where a suite is defined."""
    return FOLDER / f"{name}.toml"


def names() -> list[str]:
    """All suites, in the order in which they run."""
    known = [path.stem for path in FOLDER.glob("*.toml")]
    first = ("plain", "builtin", "short", "long", "dense", "multilingual")
    last = ("terms-10k", "terms-100k", "terms-1M", "program", "hostile")
    ordered = [*first, *sorted(set(known) - {*first, *last}), *last]
    return [name for name in ordered if name in known]


def load(name: str) -> Definition:
    """Read a suite."""
    keys = tomllib.loads(path_of(name).read_text(encoding="utf-8"))
    for listed in ("lexicons", "engines", "sampled"):
        keys[listed] = tuple(keys.get(listed, ()))
    if "size" in keys:
        keys["size"] = size_of(keys["size"])
    return Definition(name=name, **keys)


def accept(name: str, texts: str, counts: Mapping[str, tuple[str, Mapping[str, Counts]]]) -> None:
    """Write what is expected: digest of the texts, then for each lexicon its digest and counts by engine."""
    lines = [EXPECTED, "[expected]\n", f'texts = "{texts}"\n']
    for lexicon, (digest, engines) in counts.items():
        lines += [f'\n[expected."{lexicon}"]\n', f'lexicon = "{digest}"\n']
        lines += [f'"{engine}" = {inline(one)}\n' for engine, one in engines.items()]
    path = path_of(name)
    head = path.read_text(encoding="utf-8").partition(EXPECTED)[0]
    path.write_text(head + "".join(lines), encoding="utf-8")


def inline(counts: Counts) -> str:
    """Write counts as TOML."""
    return "{ " + ", ".join(f"{key} = {value}" for key, value in counts.items()) + " }"
