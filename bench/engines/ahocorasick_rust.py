"""ahocorasick_rs: a DFA over lower-case texts, which were made lower-case beforehand."""

from bench.patterns import literals
from bench.protocol import LITERALS, Engine, Race, Wanted, rival, simple

# A DFA of more patterns than this takes gigabytes; the library's own choice is taken then.
MOST_FOR_A_DFA = 20_000


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Find literals in each text."""
    module = rival("ahocorasick_rs")
    patterns = literals(simple(wanted))
    kind = module.Implementation.DFA if len(patterns) <= MOST_FOR_A_DFA else None
    find = module.AhoCorasick(patterns, implementation=kind).find_matches_as_indexes
    lowered = [text.lower() for text in texts]
    return Race(lambda: sum(len(find(text)) for text in lowered))


ENGINES = [Engine("ahocorasick_rs", "ahocorasick_rs", LITERALS, prepare)]
