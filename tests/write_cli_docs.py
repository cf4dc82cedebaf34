"""Writes docs/cli.md from the help pages of all commands."""

from collections.abc import Iterator
from pathlib import Path

import click

from pressgauge.cli.main import group

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"

HEAD = """# Command line

Every command's `--help`, written by `make docs`. Exit codes are in [FORMATS.md](FORMATS.md). Data goes
to standard output, everything else to standard error; `NO_COLOR` is honoured.
"""


def pages(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[str]:
    """Give the help of a command and of those under it."""
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=100, **command.context_settings
    )
    yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from pages(found, below, context)


def page() -> str:
    """Give the whole page."""
    return "\n".join([HEAD, *pages(group, "pressgauge")])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
