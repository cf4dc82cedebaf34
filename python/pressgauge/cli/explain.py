"""`pressgauge explain`: one text with its hits marked, the sums behind its scores, why other matches fell."""

import json
import sys
from pathlib import Path

import click

from pressgauge.errors import InputError
from pressgauge.lexicon import Lexicon
from pressgauge.scorer import Scorer

from .explanation import explanation
from .options import lexicon_option, newline_option, overlap_option
from .terminal import has_colours, warn
from .wording import examples

# What the first bytes of a file tell.
_MAGIC = {
    b"\x1f\x8b": "packed with gzip",
    b"\x28\xb5\x2f\xfd": "packed with Zstandard",
    b"PK\x03\x04": "a zip archive",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"%PDF-": "a PDF",
}


@click.command(
    epilog=examples(
        "pressgauge explain article.txt",
        'pressgauge explain --text "The EU froze the assets of two banks."',
        "pbpaste | pressgauge explain -",
    ),
)
@click.argument("file", required=False)
@click.option("--text", help="Explain this text instead of a file.")
@lexicon_option
@newline_option
@overlap_option
def command(file: str | None, text: str | None, lexicon: str, newline: str | None, overlap: str) -> None:
    """Show the hits of one text, the sums behind its scores, and why other matches fell.

    FILE is a plain text in UTF-8, - is standard input.
    """
    if (file is None) == (text is None):
        raise click.UsageError("give a FILE, or - for standard input, or --text", click.get_current_context())
    scorer = Scorer(Lexicon.find(lexicon), overlap=overlap, newline=newline)  # type: ignore[arg-type]
    shown = text if text is not None else _read(file or "-")
    for part in explanation(scorer, shown, has_colours(sys.stdout)):
        click.echo(part)


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", path=file, errno=error.errno) from None
    if kind := _no_text(data):
        raise InputError(
            f"explain takes one plain text, and this is {kind}",
            path=file,
            hint="for files of documents there are `pressgauge score` and `pressgauge hits`",
        )
    text = data.decode("utf-8-sig", errors="replace")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        warn(f"{file}: invalid UTF-8 was replaced")
    return text


def _no_text(data: bytes) -> str | None:
    """Say what a file is that is no plain text."""
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    if b"\x00" in data:
        return "a binary file, or a text that is not in UTF-8"
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return (
            "JSON Lines" if _is_records(start.partition(b"\n")[0]) else "JSON" if _is_records(start) else None
        )
    return None


def _is_records(data: bytes) -> bool:
    """Tell JSON that holds records from a text that merely begins with a bracket, `[1]` too."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) or any(isinstance(one, dict | list) for one in value)
