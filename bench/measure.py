"""The loop: racers in turn, several rounds, and the count of each round is that of the first.

Owns the clock. The first round warms up and is not timed. Garbage is collected before a turn, not during it.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bench.protocol import Counts, Race


class CountError(Exception):
    """A count differs from that of the round before: nothing measured here means anything."""


class Spread(NamedTuple):
    """A median with the least and the most."""

    median: float
    least: float
    most: float


@dataclass
class Racer:
    """An engine on its texts, with what it measured."""

    engine: str
    lexicon: str
    asks: str
    race: Race
    items: int
    bytes: int
    sampled: bool = False
    cost: dict[str, Any] | None = None
    doubled: "Racer | None" = None
    seconds: list[float] = field(default_factory=list)
    memory: int = 0
    counts: Counts = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name it in messages."""
        return f"{self.engine} on {self.lexicon}"

    def speed(self) -> Spread:
        """Give megabytes a second."""
        return spread([self.bytes / 1e6 / one for one in self.seconds])

    def ratio(self, base: "Racer") -> Spread:
        """Give how many times as fast as the base it was, byte for byte, round by round."""
        paired = zip(self.seconds, base.seconds, strict=True)
        return spread([(self.bytes / mine) / (base.bytes / other) for mine, other in paired])

    def doubling(self) -> Spread:
        """Give how many times as long twice the text took, as if it were exactly twice as many bytes."""
        other = self.doubled
        assert other is not None
        exact = 2 * self.bytes / other.bytes
        return spread([exact * two / one for one, two in zip(self.seconds, other.seconds, strict=True)])


def spread(values: Sequence[float]) -> Spread:
    """Give the median, the least and the most."""
    return Spread(statistics.median(values), min(values), max(values))


def turn(racer: Racer) -> float:
    """Run once; check the count."""
    if racer.race.before is not None:
        racer.race.before()
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        result = racer.race.run()
        seconds = time.perf_counter() - start
    finally:
        gc.enable()
    if racer.race.clock is not None:
        seconds, memory = racer.race.clock(result)
        racer.memory = max(racer.memory, memory)
    counts = racer.race.count(result)
    if racer.counts and counts != racer.counts:
        raise CountError(f"{racer.name} counted {counts}, before {racer.counts}")
    racer.counts = counts
    return seconds


def measure(racers: Sequence[Racer], rounds: int, tell: Callable[[str], None] = lambda _: None) -> None:
    """Run all racers in turn, so many rounds; one on twice the text directly after its half."""
    pairs = ((racer, racer.doubled) for racer in racers)
    everyone = [racer for pair in pairs for racer in pair if racer is not None]
    for number in range(rounds + 1):
        for racer in everyone:
            tell(f"round {number} of {rounds}: {racer.name}")
            seconds = turn(racer)
            if number:
                racer.seconds.append(seconds)


def agreement_faults(racers: Sequence[Racer]) -> Iterator[str]:
    """Name the racers that differ though they have one question and the same texts."""
    first: dict[tuple[str, str, int], Racer] = {}
    for racer in racers:
        other = first.setdefault((racer.asks, racer.lexicon, racer.bytes), racer)
        if other.counts != racer.counts:
            yield f"{racer.name} counted {racer.counts}, {other.name} {other.counts}"
