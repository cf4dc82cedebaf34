"""`pressgauge explain`: one text with its hits marked, the sums behind its scores, why other matches fell."""

import json
import sys
from html import escape
from pathlib import Path

import click

from pressgauge.display import line
from pressgauge.errors import InputError
from pressgauge.lexicon import Lexicon
from pressgauge.scorer import Scorer

from .explanation import explanation
from .options import drop_option, lexicon_option, newline_option, overlap_option
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
        "pressgauge explain article.txt --html > article.html",
        "pbpaste | pressgauge explain -",
    ),
)
@click.argument("file", required=False)
@click.option("--text", help="Explain this text instead of a file.")
@click.option("--html", "as_html", is_flag=True, help="Print a page of HTML instead.")
@lexicon_option
@newline_option
@overlap_option
@drop_option
def command(
    file: str | None,
    text: str | None,
    as_html: bool,
    lexicon: str,
    newline: str | None,
    overlap: str,
    drop: tuple[str, ...],
) -> None:
    """Show the hits of one text, the sums behind its scores, and why other matches fell.

    FILE is a plain text in UTF-8, - is standard input.
    """
    if (file is None) == (text is None):
        raise click.UsageError("give a FILE, or - for standard input, or --text", click.get_current_context())
    scorer = Scorer(Lexicon.find(lexicon), overlap=overlap, newline=newline, drop=drop)  # type: ignore[arg-type]
    shown = text if text is not None else _read(file or "-")
    if as_html:
        click.echo(_page(scorer, shown))
        return
    for part in explanation(scorer, shown, has_colours(sys.stdout)):
        click.echo(part)


def _page(scorer: Scorer, text: str) -> str:
    """Give the scores and the marked text as a page; point at a mark to see its term."""
    about = escape(line(f"{scorer.lexicon.name} {scorer.lexicon.version} ({scorer.lexicon.sha256[:12]})"))
    scores = scorer.score(text)._repr_html_()
    marked = scorer.hits(text, rejected=True)._repr_html_()
    return _HTML.format(about=about, scores=scores, marked=marked)


_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Explanation</title>
<style>:root {{ color-scheme: light dark }} body {{ font: 16px/1.6 system-ui, sans-serif; margin: 1.5rem }}
td, th {{ padding: .2rem .8rem; text-align: left }}</style></head>
<body><h1>Explanation</h1><p>Lexicon {about}; struck through is what does not count.</p>
{scores}{marked}</body></html>"""


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
