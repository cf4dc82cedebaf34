"""What the command line knows of the terminal: colours, width, and how a sentence reaches standard error."""

import os
import shutil
from contextlib import suppress
from typing import TextIO

import click

from pressgauge.display import line

# One colour for each dimension, in the lexicon's order.
COLOURS = ("cyan", "yellow", "red", "magenta", "green", "blue")

_WIDTH_OF_A_PIPE = 100


def is_terminal(stream: TextIO) -> bool:
    """Tell whether a person reads this stream."""
    return stream.isatty()


def has_colours(stream: TextIO) -> bool:
    """Tell whether to colour: on a terminal, unless NO_COLOR or a dumb terminal says otherwise."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """Tell how many columns to fill."""
    return (
        shutil.get_terminal_size((_WIDTH_OF_A_PIPE, 24)).columns if is_terminal(stream) else _WIDTH_OF_A_PIPE
    )


def style(text: str, colours: bool, **looks: str | bool) -> str:
    """Colour a text, or leave it as it is."""
    return click.style(text, **looks) if colours else text  # type: ignore[arg-type]


def say(text: str) -> None:
    """Write one line for a person to standard error; it may be indented, and nobody may be there."""
    with suppress(OSError):
        click.echo(text[: len(text) - len(text.lstrip(" "))] + line(text), err=True)


def warn(text: str) -> None:
    """Write a warning to standard error."""
    say(f"warning: {text}")


def bar(share: float, width: int, stream: TextIO) -> str:
    """Draw a share of the width: with eighths of a block on a terminal, with # in a pipe."""
    if not is_terminal(stream) or "utf" not in (stream.encoding or "").lower():
        return ("#" * round(share * width)).ljust(width)
    eighths = round(share * width * 8)
    return ("█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8]).rstrip().ljust(width)
