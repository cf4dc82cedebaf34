"""`pressgauge lexicon`: the built-in lexicons listed and shown, and the group of its other commands."""

import json
from importlib import import_module

import click

from pressgauge.display import line
from pressgauge.lexicon import Dimension, Lexicon, builtin_names

from .wording import examples, number_of

# Each is a module beside this one.
_OTHERS = ("check", "convert", "diff", "new")


class _Commands(click.Group):
    """The group; commands of other modules are imported when they are run, or named in its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands, here and elsewhere."""
        return sorted([*super().list_commands(ctx), *_OTHERS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _OTHERS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"pressgauge.cli.lexicon_{cmd_name}")
        command: click.Command = module.command
        return command


@click.group(
    cls=_Commands,
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
