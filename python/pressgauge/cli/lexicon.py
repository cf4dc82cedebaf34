"""`pressgauge lexicon`: the built-in lexicons listed and shown, and the group of its other commands."""

import json

import click

from pressgauge.display import line
from pressgauge.lexicon import Dimension, Lexicon, builtin_names

from .lexicon_check import check_command
from .lexicon_convert import convert_command
from .lexicon_diff import diff_command
from .lexicon_new import new_command
from .wording import examples, number_of


@click.group(
    epilog=examples(
        "pressgauge lexicon list",
        "pressgauge lexicon show geopolitics",
        "pressgauge lexicon new mine.toml",
        "pressgauge lexicon check mine.toml --corpus news.jsonl",
        "pressgauge lexicon convert moral.dic moral.toml",
    ),
)
def command() -> None:
    """List, show, begin, check, compare and convert lexicons."""


for one in (new_command, check_command, diff_command, convert_command):
    command.add_command(one)


@command.command(
    "list",
    epilog=examples(
        "pressgauge lexicon list",
    ),
)
def list_command() -> None:
    """List the built-in lexicons."""
    for name in builtin_names():
        lexicon = Lexicon.builtin(name)
        click.echo(f"{name} {line(lexicon.version)}  {line(lexicon.description or '')}".rstrip())


@command.command(
    "show",
    epilog=examples(
        "pressgauge lexicon show geopolitics",
        "pressgauge lexicon show geopolitics --terms",
        "pressgauge lexicon show geopolitics --source > mine.toml",
    ),
)
@click.argument("lexicon", metavar="NAME|FILE")
@click.option("--terms", is_flag=True, help="Show every term with its weight.")
@click.option("--source", is_flag=True, help="Print the TOML file itself, to start a lexicon of your own.")
@click.option("--json", "as_json", is_flag=True, help="Print the dimensions, categories and terms as JSON.")
def show_command(lexicon: str, terms: bool, source: bool, as_json: bool) -> None:
    """Show a lexicon: its dimensions, categories and number of terms."""
    found = Lexicon.find(lexicon)
    if source:
        click.echo(found.source, nl=False)
        return
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
        return
    click.echo(f"{found.name} {line(found.version)}  sha256 {found.sha256}")
    if found.description:
        click.echo(line(found.description))
    for dimension in found.dimensions:
        _show(dimension, terms)


def _show(dimension: Dimension, terms: bool) -> None:
    label = f"  {line(dimension.label)}" if dimension.label else ""
    click.echo(f"\n{dimension.name}{label}  (exclude {len(dimension.exclude)}, veto {len(dimension.veto)})")
    width = max((len(category.name) for category in dimension.categories), default=0)
    for category in dimension.categories:
        label = line(category.label or "")
        click.echo(
            f"  {category.name:<{width}}  {number_of(len(category.terms), 'term'):>10}  {label}".rstrip()
        )
        for term in category.terms if terms else ():
            click.echo(f"      {term.weight:<5g} {line(term.text)}")


def _plain(lexicon: Lexicon) -> dict[str, object]:
    return {
        "name": lexicon.name,
        "version": lexicon.version,
        "sha256": lexicon.sha256,
        "language": lexicon.language,
        "description": lexicon.description,
        "dimensions": [
            {
                "name": dimension.name,
                "label": dimension.label,
                "exclude": dimension.exclude,
                "veto": dimension.veto,
                "categories": [
                    {
                        "name": category.name,
                        "label": category.label,
                        "cite": category.cite,
                        "terms": [{"text": term.text, "weight": term.weight} for term in category.terms],
                    }
                    for category in dimension.categories
                ],
            }
            for dimension in lexicon.dimensions
        ],
    }
