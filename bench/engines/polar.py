"""polars on a column: `str.extract_many` (an automaton of literals), `str.count_matches` (an expression)."""

import os

from bench.patterns import alternation, literals
from bench.protocol import LITERALS_ASCII, WORDS, Engine, Race, Wanted, rival, simple

os.environ.setdefault("POLARS_MAX_THREADS", "1")


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Extract literals; lower-case is its own option, so the texts stay as they are."""
    polars = rival("polars")
    patterns = literals(simple(wanted))
    column = polars.Series(texts, dtype=polars.String)
    return Race(
        lambda: int(column.str.extract_many(patterns, ascii_case_insensitive=True).list.len().sum() or 0)
    )


def prepare_expression(wanted: Wanted, texts: list[str]) -> Race:
    """Count the matches of one expression."""
    polars = rival("polars")
    asked = f"(?i){alternation(simple(wanted))}"
    column = polars.Series(texts, dtype=polars.String)
    return Race(lambda: int(column.str.count_matches(asked).sum() or 0))


ENGINES = [
    Engine("polars", "polars", LITERALS_ASCII, prepare),
    Engine("polars-regex", "polars", WORDS, prepare_expression, slow=True),
]
