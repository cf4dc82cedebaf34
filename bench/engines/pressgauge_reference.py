"""pressgauge's reference engine, in plain Python; the native one is held to its counts on the same texts."""

from bench.engines import pressgauge_native
from bench.engines.pressgauge_native import counter
from bench.measure import CountError
from bench.protocol import LAW, Counts, Engine, Race, Wanted, rival
from pressgauge import Lexicon, Scorer, ScoreTable


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Score a list in one call."""
    rival("regex")
    lexicon = Lexicon.parse(wanted.source)
    scorer = Scorer(lexicon, engine="reference")
    native = pressgauge_native.prepare(wanted, texts)
    found = native.count(native.run())
    counted = counter(lexicon)

    def count(table: ScoreTable) -> Counts:
        counts = counted(table)
        if counts != found:
            raise CountError(f"reference on {wanted.name} counted {counts}, pressgauge {found}")
        return counts

    return Race(lambda: scorer.score_many(texts), count)


ENGINES = [Engine("reference", "pressgauge", LAW, prepare, slow=True)]
