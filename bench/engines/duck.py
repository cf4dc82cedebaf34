"""DuckDB: `regexp_extract_all` (RE2) over a table in memory, with one thread."""

from bench.patterns import alternation
from bench.protocol import RE2, Engine, Race, Wanted, rival, simple


def matches(patterns: tuple[str, ...]) -> str:
    """Write what counts the matches of all patterns in a column `text`."""
    quoted = f"(?i){alternation(patterns)}".replace("'", "''")
    return f"len(regexp_extract_all(text, '{quoted}'))"


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Put the texts into a table and ask."""
    asked = f"SELECT sum({matches(simple(wanted))}) FROM texts"
    connection = rival("duckdb").connect(config={"threads": 1})
    connection.register("given", rival("pyarrow").table({"text": texts}))
    connection.execute("CREATE TABLE texts AS SELECT text FROM given")
    return Race(lambda: int(connection.execute(asked).fetchone()[0] or 0))


ENGINES = [Engine("duckdb", "duckdb", RE2, prepare)]
