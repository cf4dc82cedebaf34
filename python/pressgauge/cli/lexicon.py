"""`pressgauge lexicon`: list the built-in lexicons, show one, check a file; and the group of what else."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import click

from pressgauge.display import line
from pressgauge.lexicon import Dimension, Lexicon, builtin_names

from .lexicon_convert import convert_command
from .terminal import warn
from .wording import examples, number_of

# The macro that a guard names.
_MACRO = re.compile(r"@(?:near|not)\(\s*(\w+)")


@click.group(
    epilog=examples(
        "pressgauge lexicon list",
        "pressgauge lexicon show geopolitics",
        "pressgauge lexicon check mine.toml",
        "pressgauge lexicon convert moral.dic moral.toml",
    ),
)
def command() -> None:
    """List, show, check and convert lexicons."""


command.add_command(convert_command)


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


@command.command(
    "check",
    epilog=examples(
        "pressgauge lexicon check mine.toml",
    ),
)
@click.argument("files", metavar="NAME|FILE...", nargs=-1, required=True)
def check_command(files: tuple[str, ...]) -> None:
    """Check lexicons: exit with 0 if all are good, else say what is wrong, where, and what to do.

    Terms written twice in a category and macros that no guard names are warnings.
    """
    for file in files:
        found = Lexicon.find(file)
        terms = sum(
            len(category.terms) for dimension in found.dimensions for category in dimension.categories
        )
        about = f"{found.name} {line(found.version)}, {number_of(terms, 'term')}, sha256 {found.sha256}"
        click.echo(f"{line(file)}: good: {about}")
        for text in _doubts(found):
            warn(f"{file}: {text}")


def _doubts(lexicon: Lexicon) -> Iterator[str]:
    """Say what is allowed and hardly meant: a term twice in a category, a macro that no guard names."""
    guarded: list[str] = []
    for dimension in lexicon.dimensions:
        guarded += [*dimension.exclude, *dimension.veto]
        for category in dimension.categories:
            counts = Counter(term.text for term in category.terms)
            guarded += (term for term in counts if "@" in term)
            for term, count in counts.items():
                if count > 1:
                    yield f"`{term}` is written {count} times in {dimension.name}.{category.name}"
    used = set(_MACRO.findall("\n".join(guarded)))
    yield from (f"no guard names the macro {name}" for name in lexicon.macros if name not in used)


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
