"""pressgauge: on lists of str with one thread and two, on new strings, on columns, with every match kept."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from bench.protocol import EVERY, LAW, Counts, Engine, Race, UnableError, Wanted, rival
from pressgauge import Lexicon, Scorer, ScoreTable


def columns_of(lexicon: Lexicon) -> list[str]:
    """Name the columns that hold hits."""
    return [f"{dimension.name}_hits" for dimension in lexicon.dimensions]


def counter(lexicon: Lexicon) -> Callable[[ScoreTable], Counts]:
    """Count what a table holds."""
    columns = columns_of(lexicon)

    def count(table: ScoreTable) -> Counts:
        hits = sum(sum(table.column(name)) for name in columns)
        return {"matches": hits, "tokens": sum(table.column("tokens"))}

    return count


def prepare(
    wanted: Wanted,
    texts: Iterable[str],
    threads: int = 1,
    overlap: Literal["dimension", "none"] = "dimension",
) -> Race:
    """Score a list or a column in one call."""
    lexicon = Lexicon.parse(wanted.source)
    scorer = Scorer(lexicon, overlap=overlap)
    return Race(lambda: scorer.score_many(texts, threads=threads), counter(lexicon))


def fresh(wanted: Wanted, texts: list[str]) -> Race:
    """Score strings that nobody has asked for their UTF-8 before, as they come from a parser."""
    lexicon = Lexicon.parse(wanted.source)
    scorer = Scorer(lexicon)
    encoded = [text.encode() for text in texts]
    new: list[str] = []

    def before() -> None:
        new[:] = [text.decode() for text in encoded]

    return Race(lambda: scorer.score_many(new), counter(lexicon), before)


def column(wanted: Wanted, texts: Sequence[str]) -> Race:
    """Score a column, if this version takes columns."""
    try:
        Scorer(Lexicon.parse(wanted.source)).score_many(texts[:1])
    except TypeError:
        raise UnableError("score_many does not take this column") from None
    return prepare(wanted, texts)


def polars_column(wanted: Wanted, texts: list[str]) -> Race:
    """Score a polars Series."""
    return column(wanted, rival("polars").Series(texts, dtype=rival("polars").String))


def arrow_column(wanted: Wanted, texts: list[str]) -> Race:
    """Score a pyarrow array."""
    return column(wanted, rival("pyarrow").array(texts, "large_string"))


ENGINES = [
    Engine("pressgauge", "pressgauge", LAW, prepare),
    Engine("pressgauge-2", "pressgauge", LAW, lambda wanted, texts: prepare(wanted, texts, threads=2)),
    Engine("pressgauge-fresh", "pressgauge", LAW, fresh),
    Engine("pressgauge-polars", "pressgauge", LAW, polars_column),
    Engine("pressgauge-arrow", "pressgauge", LAW, arrow_column),
    Engine("pressgauge-every", "pressgauge", EVERY, lambda wanted, texts: prepare(wanted, texts, 1, "none")),
]
