"""Which reader takes a file: told by its content, then by its name."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pressgauge.errors import LexiconError
from pressgauge.lexicon.model import Lexicon

from . import draft, lexicoder, liwc, quanteda, table, wordstat, yoshikoder
from .build import lexicon_text
from .decode import decoded, read_bytes
from .model import Dictionary, Note

# Each format with the ends of names that it goes by.
FORMATS = {
    "liwc": (".dic",),
    "wordstat": (".cat",),
    "yoshikoder": (".ykd", ".lcd"),
    "lexicoder": (".lc3",),
    "yaml": (".yml", ".yaml"),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "list": (".txt", ".lst"),
    "toml": (".toml",),
}
_SUFFIXES = {suffix: name for name, suffixes in FORMATS.items() for suffix in suffixes}
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|dictionary)", re.IGNORECASE)
_READERS: dict[str, Callable[[str, Dictionary], None]] = {
    "liwc": liwc.read,
    "wordstat": wordstat.read,
    "lexicoder": lexicoder.read,
    "csv": lambda text, into: table.read(text, into, None),
    "tsv": lambda text, into: table.read(text, into, "\t"),
    "list": table.read_list,
}


@dataclass(frozen=True, slots=True)
class Converted:
    """A lexicon made of a dictionary, the format that it had, and what was left out or read otherwise."""

    lexicon: Lexicon
    format: str
    notes: tuple[Note, ...]


def format_of(path: str | os.PathLike[str]) -> str | None:
    """Tell a format by the end of a name alone."""
    return _SUFFIXES.get(Path(path).suffix.lower())


def read_any(path: str | os.PathLike[str]) -> Lexicon:
    """Open a built-in lexicon by its name, a TOML file, or a dictionary of another program."""
    is_foreign = format_of(path) not in (None, "toml") and Path(path).is_file()
    return convert(path).lexicon if is_foreign else Lexicon.find(path)


def convert(
    path: str | os.PathLike[str], encoding: str | None = None, format: str | None = None
) -> Converted:
    """Read a dictionary of another program into a lexicon.

    The format is one of FORMATS; it is told by the content and the name unless given. The encoding is told
    by a byte order mark, then UTF-8 is tried, then what it may be otherwise. Files have at most 64 MiB.
    Raises LexiconError with file and line for what is broken. YAML needs the extra `lexicons`.
    """
    name = os.fspath(path)
    data = read_bytes(path)
    into = Dictionary(Path(name).stem or "lexicon", name)
    if not data.strip():
        raise into.error("the file is empty")
    if format == "yoshikoder" or (format is None and _XML.match(data[:200])):
        kind, text = "yoshikoder", None
    else:
        text, guess = decoded(data, name, encoding)
        if guess:
            into.note(guess)
        kind = format or _kind(text, Path(name).suffix.lower(), into)
    _told(kind, format, Path(name).suffix.lower(), into)
    source = _source(kind, text, data, into, encoding)
    try:
        lexicon = Lexicon.parse(source)
    except LexiconError as error:
        raise into.error(f"what it says makes no lexicon: {error.message}", hint=error.hint) from None
    return Converted(lexicon, kind, tuple(into.notes))


def _kind(text: str, suffix: str, into: Dictionary) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.strip() == "%":
        return "liwc"
    kind = _SUFFIXES.get(suffix)
    if kind == "liwc" and any(map(wordstat.is_term, text.splitlines())):
        return "wordstat"
    if kind == "wordstat" and first.startswith("+"):
        return "lexicoder"
    if kind is None:
        known = ", ".join(_SUFFIXES)
        raise into.error(f"the format of this file cannot be told; known are {known}", hint="name it: --from")
    return kind


def _told(kind: str, chosen: str | None, suffix: str, into: Dictionary) -> None:
    if chosen is None and _SUFFIXES.get(suffix) != kind:
        into.note(f"named {suffix or 'without a suffix'}, but its content is that of {kind}: read as that")


def _source(kind: str, text: str | None, data: bytes, into: Dictionary, encoding: str | None) -> str:
    """Give the text of the lexicon file."""
    if kind == "toml":
        return text or ""
    if kind == "yoshikoder" or text is None:
        yoshikoder.read(data, into, encoding)
    elif kind == "yaml":
        root = quanteda.parse(text, into)
        if draft.is_draft(root):
            return draft.text_of(root, into)
        quanteda.read(root, into)
    else:
        _READERS[kind](text.removeprefix("\ufeff"), into)
    return lexicon_text(into)
