"""`pressgauge lexicon new`: a commented lexicon to begin with."""

import re
from pathlib import Path

import click

from pressgauge.files import write_text
from pressgauge.lexicon import Lexicon, starter
from pressgauge.lexicon.written import quoted

from .terminal import say
from .wording import examples


@click.command(
    "new",
    epilog=examples(
        "pressgauge lexicon new mine.toml",
    ),
)
@click.argument("file", metavar="FILE")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
def command(file: str, overwrite: bool) -> None:
    """Write a small lexicon with comments into FILE: it works, and says how to change it.

    To begin with the built-in one: pressgauge lexicon show geopolitics --source > mine.toml
    """
    target = Path(file)
    if target.suffix.lower() != ".toml":
        raise click.UsageError(f"name the file {target.stem or 'mine'}.toml", click.get_current_context())
    text = starter().replace("starter.toml", target.name)
    text = re.sub(
        r'^name = "starter" {0,8}', lambda _: f"name = {quoted(target.stem)}", text, flags=re.MULTILINE
    )
    Lexicon.parse(text, path=file)
    write_text(target, text, overwrite=overwrite)
    say(f"{file}: written; next: pressgauge lexicon check {file}")
