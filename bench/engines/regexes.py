"""`re` and `regex`: one alternation, on a sample, since they are slow."""

from collections.abc import Callable

from bench.patterns import alternation
from bench.protocol import WORDS, Engine, Race, UnableError, Wanted, rival, simple

# An alternation of more patterns than this takes hours.
MOST = 2_000


def prepare_with(module: str) -> Callable[[Wanted, list[str]], Race]:
    """Give the engine of a module."""

    def prepare(wanted: Wanted, texts: list[str]) -> Race:
        patterns = simple(wanted)
        if len(patterns) > MOST:
            raise UnableError(f"no alternation of more than {MOST:,} terms")
        library = rival(module)
        find = library.compile(alternation(patterns), library.IGNORECASE).finditer
        return Race(lambda: sum(sum(1 for _ in find(text)) for text in texts))

    return prepare


ENGINES = [
    Engine("re", "python", WORDS, prepare_with("re"), slow=True),
    Engine("regex", "regex", WORDS, prepare_with("regex"), slow=True),
]
