"""The command group and the way out: every error becomes one sentence and an exit code (RELIABILITY)."""

import os
import signal
import sys
from collections.abc import Sequence
from errno import EPIPE
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

import pressgauge
from pressgauge.errors import InternalError, LimitError, OutputError, PressgaugeError

from .terminal import say
from .wording import examples, in_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

USAGE, DAMAGED, OUTPUT_FAILED, LIMIT, OUR_BUG = 2, 3, 4, 5, 70
INTERRUPTED, CLOSED_PIPE, TERMINATED = 130, 141, 143

_REPORT = (
    "set PRESSGAUGE_DEBUG=1 to see where, and report it with the steps that led here in the project's issues"
)

# Each is a module beside this one, with its line in the help and in the order of that.
_COMMANDS = {
    "score": "Score documents: one row each, in the order of the inputs.",
    "hits": "List every hit with its term, its place and the words around it.",
    "kwic": "Show the words around each hit, aligned.",
    "terms": "Count how often each term fires, and compare groups.",
    "audit": "Draw a sample to code by hand, and score it.",
    "index": "Make series over time, with intervals and spikes.",
    "report": "Write a page of HTML about a score table.",
    "plot": "Draw series as PNG, SVG or PDF.",
    "inspect": "Show what inputs are, and how they would be read.",
    "explain": "Show the hits of one text and the sums behind its scores.",
    "lexicon": "List, show, begin, check, compare and convert lexicons.",
    "demo": "Score a sample and show it.",
}


class Commands(click.Group):
    """The commands, each imported when it is run: to list them takes no more than this file."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the shape of click's method
        """List the commands in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"pressgauge.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands into the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete the name of a command, or an option."""
        from click.shell_completion import CompletionItem  # only a shell asks for it

        names = [
            CompletionItem(name, help=said) for name, said in _COMMANDS.items() if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"pressgauge {pressgauge.__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "pressgauge demo",
        "pressgauge score news.jsonl.zst -o scores.parquet",
        "pressgauge explain article.txt",
    ),
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def group() -> None:
    """Score news archives for sanction, leverage and conflict language."""


class Terminated(KeyboardInterrupt):
    """SIGTERM came: stop as for Ctrl-C, but say so to who waits."""


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    signal.signal(signal.SIGTERM, _terminate)
    _open_standard_streams()
    if "_PRESSGAUGE_COMPLETE" in os.environ:
        group.main(prog_name="pressgauge")
    sys.exit(_exit_code(sys.argv[1:] if args is None else list(args)))


def _open_standard_streams() -> None:
    """Let nothing that a document brings fail to be shown; put the null device where a stream is closed.

    A file opened later would take a closed stream's number, and what is said to the stream would land in it;
    the null device, opened first and in this order, takes it instead.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole run
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _terminate(_: int, __: FrameType | None) -> None:
    raise Terminated


def _exit_code(args: list[str]) -> int:
    try:
        code = _run(args)
        sys.stdout.flush()
    except KeyboardInterrupt as interrupt:
        say("stopped")
        return TERMINATED if isinstance(interrupt, Terminated) else INTERRUPTED
    except Exception as error:
        return _explain(error)
    return code


def _run(args: list[str]) -> int:
    """Run a command; what it returns is its exit code, nothing is success."""
    try:
        with group.make_context("pressgauge", args) as context:
            return group.invoke(context) or 0
    except click.exceptions.Exit as leave:
        return leave.exit_code


def _explain(error: Exception) -> int:
    """Say in one sentence what went wrong; give the exit code."""
    if os.environ.get("PRESSGAUGE_DEBUG"):
        import traceback  # slow to import, and nobody else needs it

        traceback.print_exception(error)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return USAGE
    if isinstance(error, OSError) and error.errno == EPIPE:
        return _abandon_stdout()
    code, sentence = _verdict(error)
    say(f"pressgauge: {sentence}")
    return code


def _verdict(error: Exception) -> tuple[int, str]:
    """Give the exit code that an error stands for, and its sentence."""
    match error:
        case click.ClickException():
            return USAGE, _usage(error)
        case InternalError():
            return OUR_BUG, f"{error}; {_REPORT}"
        case OutputError():
            return OUTPUT_FAILED, in_options(str(error))
        case LimitError():
            return LIMIT, str(error)
        case PressgaugeError():
            return USAGE, in_options(str(error))
        case OSError(filename=None):
            _abandon_stdout()
            return OUTPUT_FAILED, f"standard output: {error.strerror}"
        case OSError():
            return USAGE, f"{error.filename}: {error.strerror}"
        case _:
            return OUR_BUG, f"a fault of pressgauge itself: {type(error).__name__}: {error}; {_REPORT}"


def _usage(error: click.ClickException) -> str:
    """Word a mistake in the command line, with the command whose help to read."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "pressgauge"
    message = error.format_message().rstrip(".")
    return f"{message[:1].lower()}{message[1:]} (see {command} --help)"


def _abandon_stdout() -> int:
    """Let go of standard output: what is still in its buffer shall not fail at the interpreter's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED_PIPE
