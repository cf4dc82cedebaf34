"""How fast texts in memory are scored: `score_many` with the built-in lexicon beside a bare split into words.

    python -m bench.throughput news.jsonl.zst --rounds 7

Owns the loop: contestants in turn, several rounds, medians with their spread, ratios from one run. The count
of each round (tokens and hits) must be that of the first one.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pressgauge import Lexicon, Scorer, ScoreTable

Count = tuple[int, ...]
Result = int | ScoreTable


def texts_of(path: Path) -> list[str]:
    """Read the texts of a JSONL file, compressed by zstd or not."""
    command = ["zstd", "-dc", str(path)]
    data = (
        subprocess.run(command, check=True, capture_output=True).stdout
        if path.suffix == ".zst"
        else path.read_bytes()
    )
    return [json.loads(line)["text"] for line in data.splitlines()]


def contestants(texts: list[str], lexicon: Lexicon) -> dict[str, Callable[[], Result]]:
    """Give each contestant as a function."""
    scorer = Scorer(lexicon)
    return {
        "pressgauge score_many, 1 thread": lambda: scorer.score_many(texts, threads=1),
        "pressgauge score_many, 2 threads": lambda: scorer.score_many(texts, threads=2),
        "len(text.split()), words only": lambda: sum(len(text.split()) for text in texts),
    }


def count_of(result: Result, lexicon: Lexicon) -> Count:
    """Add up what a contestant gave; not part of the time."""
    if isinstance(result, int):
        return (result,)
    names = ["tokens", *(f"{dimension.name}_hits" for dimension in lexicon.dimensions)]
    return tuple(sum(result.column(name)) for name in names)


def measure(
    racers: dict[str, Callable[[], Result]], lexicon: Lexicon, rounds: int
) -> tuple[dict[str, list[float]], dict[str, Count]]:
    """Run the contestants in turn; the first round warms up and gives the counts of all others."""
    counts = {name: count_of(race(), lexicon) for name, race in racers.items()}
    seconds: dict[str, list[float]] = {name: [] for name in racers}
    for _ in range(rounds):
        for name, race in racers.items():
            start = time.perf_counter()
            result = race()
            seconds[name].append(time.perf_counter() - start)
            if count_of(result, lexicon) != counts[name]:
                raise SystemExit(f"{name} counted {count_of(result, lexicon)}, before {counts[name]}")
    return seconds, counts


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--lexicon", default="geopolitics", help="a built-in name or a file")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    is_file = Path(options.lexicon).is_file()
    lexicon = Lexicon.load(options.lexicon) if is_file else Lexicon.builtin(options.lexicon)
    texts = texts_of(options.corpus)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    seconds, counts = measure(contestants(texts, lexicon), lexicon, options.rounds)
    first = statistics.median(next(iter(seconds.values())))
    print(f"{options.corpus.name}: {len(texts)} texts, {megabytes:.1f} MB of UTF-8, lexicon {lexicon.name}")
    for name, times in seconds.items():
        middle = statistics.median(times)
        spread = f"{megabytes / max(times):.0f}-{megabytes / min(times):.0f}"
        speed = f"{megabytes / middle:6.0f} MB/s ({spread})  {first / middle:4.2f}x"
        print(f"{name:34} {speed}  counts {counts[name]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
