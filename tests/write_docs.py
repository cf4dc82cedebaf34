"""Writes docs/cli.md from the help pages of all commands, and runs the commands that the README shows."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pressgauge.cli.main import group

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "cli.md"
README = ROOT / "README.md"

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


def pictures(text: str) -> str:
    """Run each `$ pressgauge` of a text and put as many lines of what it prints as stood there before."""
    return re.sub(r"(?<=```\n)\$ pressgauge (.*)\n((?:.*\n)*?)(\.\.\.\n)?(?=```)", _picture, text)


def _picture(block: re.Match[str]) -> str:
    command = [sys.executable, "-m", "pressgauge", *shlex.split(block[1])]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.rstrip().split("\n")
    kept = said[: block[2].count("\n")] if block[3] else said
    return "\n".join([f"$ pressgauge {block[1]}", *kept, block[3] or ""]).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    README.write_text(pictures(README.read_text(encoding="utf-8")), encoding="utf-8")
