"""The command line of the validity bench.

    python -m bench.validity --half even --errors 50 --set "CAMEO 3"

Owns options and the order of what is printed.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.validity import evidence, page, rivals, sets
from bench.validity.measure import asked, questions_of, results
from bench.validity.statistics import ROUNDS
from pressgauge import Lexicon, Scorer
from pressgauge.errors import PressgaugeError

SHARED = Path(os.environ.get("PRESSGAUGE_SHARED", Path(__file__).parents[3] / "shared"))


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    made = argparse.ArgumentParser(
        prog="python -m bench.validity", description="Holds a lexicon to what people labelled."
    )
    add = made.add_argument
    names = [one.name for one in sets.QUESTIONS]
    add("--lexicon", default="geopolitics", metavar="FILE|NAME")
    add("--half", choices=("even", "odd", "all"), default="odd", help="even: to tune on; odd: to report on")
    add("--set", nargs="+", choices=names, default=[], metavar="NAME", help=", ".join(names))
    add("--alone", action="store_true", help="without the bare list, the GPR query and the draft")
    add("--errors", type=int, default=0, metavar="N", help="show misses, false alarms and terms, N of each")
    add("--rounds", type=int, default=ROUNDS, help="of the bootstrap")
    add("--shared", type=Path, default=SHARED, metavar="DIR", help="the folder with labelled/")
    add("--write", action="store_true", help="write the tables into docs/validity.md")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    given = parser().parse_args(arguments)
    if not (given.shared / "labelled").is_dir():
        print(
            f"bench.validity: no labelled/ in {given.shared}: name its folder with --shared", file=sys.stderr
        )
        return 2
    try:
        lexicon = Lexicon.find(given.lexicon)
    except PressgaugeError as error:
        print(f"bench.validity: {error}", file=sys.stderr)
        return 2
    questions = questions_of(given.set)
    if given.errors:
        scorer = Scorer(lexicon)
        for question, texts in asked(given.shared, questions, given.half):
            print("\n".join(evidence.report(scorer, question, texts, given.errors)))
        return 0
    name = f"{lexicon.name} {lexicon.version}"
    lexicons = {name: lexicon, **({} if given.alone else rivals.all_of(given.shared))}
    found = results(lexicons, given.shared, questions, given.half, given.rounds)
    table, aims = list(page.table(found)), list(page.wanted(found, name))
    print(f"{given.half} half\n\n{page.plain(table)}\n\n{page.plain(aims)}")
    if given.write:
        about = f"the {given.half} half of each set, {given.rounds:,} rounds of the bootstrap"
        head = f"`{name}` ({lexicon.sha256[:12]}), {about}."
        page.put("\n".join([head, "", *aims, "", *table]))
    return 0
