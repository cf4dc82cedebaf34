"""`pressgauge lexicon convert`: dictionaries of other programs into lexicons, and back."""

from pathlib import Path

import click

from pressgauge.display import line
from pressgauge.files import write_text
from pressgauge.lexicon import Lexicon, builtin_names
from pressgauge.lexicon.exporters import export
from pressgauge.lexicon.importers import FORMATS, convert, format_of

from .terminal import say
from .wording import examples, number_of


@click.command(
    "convert",
    epilog=examples(
        "pressgauge lexicon convert moral.dic moral.toml",
        "pressgauge lexicon convert old.cat new.toml --encoding cp1251",
        "pressgauge lexicon convert geopolitics terms.csv",
    ),
)
@click.argument("source", metavar="A")
@click.argument("target", metavar="B")
@click.option(
    "--from", "given", type=click.Choice(list(FORMATS)), help="Format of A.  [default: told by its content]"
)
@click.option(
    "--to", "wanted", type=click.Choice(list(FORMATS)), help="Format of B.  [default: told by its suffix]"
)
@click.option("--encoding", metavar="NAME", help="Encoding of A.  [default: told by its content]")
@click.option("--overwrite", is_flag=True, help="Replace B if it exists.")
@click.option("-q", "--quiet", is_flag=True, help="Do not list what was left out.")
def command(
    source: str,
    target: str,
    given: str | None,
    wanted: str | None,
    encoding: str | None,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Convert the dictionary A into B; what B cannot hold is listed on standard error.

    Formats: LIWC (.dic), WordStat (.cat), Yoshikoder and Lexicoder (.ykd, .lcd, .lc3), quanteda's YAML
    (.yml), tables with term, category and weight (.csv, .tsv), a term a line (.txt), and our own (.toml).
    A may be a built-in lexicon, and B - for standard output. docs/lexicon.md says what becomes of what.
    """
    lexicon, notes = _opened(source, given, encoding)
    kind = wanted or ("toml" if target == "-" else _kind_of(target))
    text, lost = export(lexicon, kind)
    if target == "-":
        click.echo(text, nl=False)
    else:
        write_text(Path(target), text, overwrite=overwrite)
    if quiet:
        return
    for note in [*notes, *lost]:
        say(f"{source}: {line(note)}")
    categories = sum(len(dimension.categories) for dimension in lexicon.dimensions)
    counted = f"{number_of(lexicon.term_count, 'term')} in {number_of(categories, 'category', 'categories')}"
    say(f"{source}: {counted} of {number_of(len(lexicon.dimensions), 'dimension')}, sha256 {lexicon.sha256}")


def _opened(source: str, given: str | None, encoding: str | None) -> tuple[Lexicon, list[str]]:
    is_ours = given in (None, "toml") and (source in builtin_names() or source.endswith(".toml"))
    if is_ours or not Path(source).exists():
        return Lexicon.find(source), []
    found = convert(source, encoding, given)
    return found.lexicon, [str(note) for note in found.notes]


def _kind_of(target: str) -> str:
    kind = format_of(target)
    if kind is None:
        raise click.UsageError(
            f"the suffix of {target} names no format that is known; --to names one",
            click.get_current_context(),
        )
    return kind
