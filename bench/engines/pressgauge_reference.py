"""pressgauge's reference engine, in plain Python."""

from bench.engines.pressgauge_native import counter
from bench.protocol import LAW, Engine, Race, Wanted, rival
from pressgauge import Lexicon, Scorer


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Score a list in one call."""
    rival("regex")
    lexicon = Lexicon.parse(wanted.source)
    scorer = Scorer(lexicon, engine="reference")
    return Race(lambda: scorer.score_many(texts), counter(lexicon))


ENGINES = [Engine("reference", "pressgauge", LAW, prepare, slow=True)]
