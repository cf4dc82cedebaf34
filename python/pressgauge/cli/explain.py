"""`pressgauge explain`: one text with its hits marked, the sums behind its scores, why other matches fell."""

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
    text = data.decode("utf-8-sig", errors="replace")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        warn(f"{file}: invalid UTF-8 was replaced")
    return text
