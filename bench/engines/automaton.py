"""pyahocorasick: an automaton over lower-case texts, which were made lower-case beforehand."""

from bench.patterns import literals
from bench.protocol import EVERY_LITERAL, Engine, Race, Wanted, rival, simple


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Find literals in each text."""
    automaton = rival("ahocorasick").Automaton()
    for pattern in literals(simple(wanted)):
        automaton.add_word(pattern, pattern)
    automaton.make_automaton()
    lowered = [text.lower() for text in texts]
    return Race(lambda: sum(sum(1 for _ in automaton.iter(text)) for text in lowered))


ENGINES = [Engine("pyahocorasick", "pyahocorasick", EVERY_LITERAL, prepare)]
