"""Text files that are written whole or not at all."""

import os
from pathlib import Path

from .errors import OutputError


def write_text(target: Path, text: str, *, overwrite: bool) -> None:
    """Write a text file under another name first, so that nobody ever sees half of it."""
    if target.exists() and not overwrite:
        raise OutputError("exists already", path=str(target), hint="ask to overwrite it")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(
            error.strerror or "cannot be written", path=str(target), errno=error.errno
        ) from None
