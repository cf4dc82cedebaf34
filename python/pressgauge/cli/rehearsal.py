"""`score --dry-run`: which fields a run would take, and three documents as it would read them."""

import json
import sys
from typing import Any

import click

from pressgauge.errors import InputError
from pressgauge.lexicon import Lexicon
from pressgauge.run import inspect_files
from pressgauge.scorer import Scorer

from .looks import look_lines, sample_lines
from .terminal import width

_SAMPLES = 3
_DAMAGED = 3

# What of the options of a run says how to read.
_READING = (
    *("input_format", "encoding", "max_record", "date_format", "where"),
    *("text_field", "id_field", "date_field", "title_field", "url_field", "source_field", "language_field"),
)


def rehearse(inputs: tuple[str, ...], as_json: bool, **options: Any) -> int:
    """Show the mapping and the first documents; a lexicon that is wrong is told as in a run."""
    Scorer(Lexicon.find(options["lexicon"]), drop=options["drop"])
    reading = {name: options[name] for name in _READING if name in options}
    (look,) = inspect_files(inputs, samples=_SAMPLES, apart=False, **reading)
    if look["error"]:
        raise InputError(look["error"])
    code = _DAMAGED if look["damaged"] else 0
    if as_json:
        click.echo(json.dumps(look, ensure_ascii=True))
        return code
    for text in look_lines(look, width(sys.stdout)):
        click.echo(text)
    click.echo()
    for text in sample_lines(look["samples"], width(sys.stdout)):
        click.echo(text)
    return code
