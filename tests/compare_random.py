"""Compares the native engine with the reference on seeded random lexicons and documents (SPEC, all of it).

    python tests/compare_random.py --pairs 100000 --seed 7

Owns the count of pairs, the seeds and the report of the first difference; `strategies` makes the pairs.
"""

import argparse
import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from pressgauge import Lexicon, _native
from pressgauge.reference import ReferenceEngine
from strategies import random_pair

OVERLAPS = ("dimension", "category", "none")
NEWLINES = (None, "auto", "space", "paragraph")


def tags_to_drop(lexicon: str, number: int) -> list[str]:
    """One of the tags that a lexicon gives, or none of them."""
    tags = [None, *Lexicon.parse(lexicon).tags]
    chosen = tags[number % len(tags)]
    return [chosen] if chosen else []


def difference(
    lexicon: str, text: str, overlap: str, newline: str | None, drop: int = 0
) -> tuple[str | None, Counter[str]]:
    """Return what differs between the engines, if anything, and how often each status and tags occurred."""
    dropped = tags_to_drop(lexicon, drop)
    oracle = ReferenceEngine(lexicon, overlap, newline, dropped)
    native = _native.Engine(_native.Lexicon.parse(lexicon), overlap, newline, dropped)
    evidence = oracle.hits(text, True)
    for what, found, expected in (
        ("evidence", native.hits(text, True), evidence),
        ("hits", native.hits(text, False), [line for line in evidence if line[3] == "hit"]),
        ("score", native.score(text, True), oracle.score(text, True)),
    ):
        if found != expected:
            return f"{what}: native {found}, reference {expected}", Counter()
    statuses = Counter(line[3] for line in evidence)
    return None, statuses + Counter("tagged" for line in evidence if line[10])


def run(seed: int, pairs: int) -> tuple[int, Counter[str], str | None]:
    """Compare so many pairs; stop at the first difference."""
    rng = random.Random(seed)
    statuses: Counter[str] = Counter()
    for number in range(pairs):
        lexicon, text = random_pair(rng)
        overlap, newline = rng.choice(OVERLAPS), rng.choice(NEWLINES)
        drop = rng.randrange(5)
        found, seen = difference(lexicon, text, overlap, newline, drop)
        statuses += seen
        if found:
            place = f"pair {number} of seed {seed}, overlap {overlap}, newline {newline}, drop {drop}"
            return number, statuses, f"{place}\n--- lexicon\n{lexicon}\n--- text\n{text!r}\n--- {found}"
    return pairs, statuses, None


def main() -> int:
    """Run the comparison on all cores and print one line, or the first difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    share = -(-options.pairs // options.jobs)
    seeds = [options.seed * 1_000_003 + job for job in range(options.jobs)]
    total, statuses = 0, Counter[str]()
    with ProcessPoolExecutor(options.jobs) as pool:
        for pairs, seen, found in pool.map(run, seeds, repeat(share)):
            total, statuses = total + pairs, statuses + seen
            if found:
                sys.stdout.write(found + "\n")
                return 1
    shown = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    sys.stdout.write(f"{total} pairs, seed {options.seed}: 0 differences in {shown}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
