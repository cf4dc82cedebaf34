"""The bench's command line.

    python -m bench --suite plain builtin --rounds 7 --corpus news.jsonl.zst

Owns options, and the order in which suites run.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status

from bench import definition, expected, record, suites, table
from bench.definition import Definition
from bench.engines import ENGINES
from bench.measure import CountError, measure
from bench.suites import Options


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    made = argparse.ArgumentParser(
        prog="python -m bench", description="Measures pressgauge beside its rivals."
    )
    add = made.add_argument
    add("--suite", nargs="+", choices=definition.names(), metavar="NAME", help="default: all but terms-1M")
    add("--corpus", nargs="+", type=Path, default=[], metavar="FILE", help="JSONL, may be .zst or .gz")
    add("--multilingual", type=Path, metavar="FILE", help="the corpus of the suite multilingual")
    add("--lexicon", metavar="FILE|NAME", help="instead of the lexicons of the suites")
    add("--engines", nargs="+", choices=list(ENGINES), default=[], metavar="NAME", help=", ".join(ENGINES))
    add("--rounds", type=int, default=5)
    add("--size", type=definition.size_of, help="of the texts, such as 16MB; default: as each suite says")
    add("--record", type=Path, metavar="DIR", help="write the record there, as a file of its own")
    add("--accept", action="store_true", help="write the counts of this run into the definitions")
    return made


def run_suite(options: Options, one: Definition, accept: bool, console: Console) -> list[dict[str, Any]]:
    """Run a suite on each corpus and show it."""
    parts = []
    with Status("", console=console) as status:
        for ready in suites.fields(options, one, status.update):
            measure(ready.racers, options.rounds, lambda what: status.update(f"{one.name}: {what}"))
            if accept:
                expected.accept(ready)
            parts.append(record.suite(ready, expected.checked(ready)))
            table.show(parts[-1], console)
    return parts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suites, print, write the record."""
    given = parser().parse_args(arguments)
    options = Options(
        corpus=tuple(given.corpus),
        multilingual=given.multilingual,
        lexicon=given.lexicon,
        engines=tuple(given.engines),
        rounds=given.rounds,
        size=given.size,
    )
    console = Console(width=None if sys.stdout.isatty() else 160)
    parts: list[dict[str, Any]] = []
    is_wrong = False
    for name in given.suite or [one for one in definition.names() if one != "terms-1M"]:
        try:
            parts += run_suite(options, definition.load(name), given.accept, console)
        except CountError as error:
            print(f"bench: {name}: {error}", file=sys.stderr)
            is_wrong = True
    if given.record and parts:
        print(f"\nrecord: {record.write(record.record(parts, given.rounds), given.record).name}")
    return int(is_wrong or any(part["checked"].startswith(expected.WRONG) for part in parts))
