"""Bytes of a dictionary into text: a byte order mark goes first, then UTF-8, then what else it can be."""

import codecs
import os
import re
from pathlib import Path

from pressgauge.errors import LexiconError

MAX_BYTES = 64 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Hiragana and Katakana of full width: only Japanese text decodes to them.
_KANA = re.compile("[\u3041-\u30ff]")
_NAMES = {"cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp1252": "Windows-1252"}


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a file whole, unless it is larger than a lexicon may be."""
    with Path(path).open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise LexiconError(f"the file is larger than {MAX_BYTES // 2**20} MiB", path=os.fspath(path))
    return data


def decoded(data: bytes, path: str, encoding: str | None = None) -> tuple[str, str | None]:
    """Give the text, and a note where its encoding was guessed."""
    if encoding is not None:
        return _named(data, path, encoding), None
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _named(data, path, name), None
    if b"\x00" in data:
        raise LexiconError("this is no text: it holds zero bytes", path=path)
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return _guessed(data, path)


def _guessed(data: bytes, path: str) -> tuple[str, str]:
    """Take the first Japanese encoding that gives kana, else that of Windows for western Europe."""
    for name in ("euc_jp", "cp932", "cp1252"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "cp1252" or _is_japanese(text):
            return text, f"no UTF-8: read as {_NAMES[name]}; name another with --encoding if words look wrong"
    raise LexiconError(
        "the file is no UTF-8, and its encoding cannot be told", path=path, hint="name it with --encoding"
    )


def _is_japanese(text: str) -> bool:
    beyond = [char for char in text if char > "\x7f"]
    return len(_KANA.findall(text)) * 4 > len(beyond)


def _named(data: bytes, path: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise LexiconError(f"there is no encoding {encoding!r}", path=path) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"the file is not {encoding}", path=path, line=line) from None
