"""DuckDB: `regexp_extract_all` (RE2) over a table in memory, with one thread."""

from bench.patterns import alternation
from bench.protocol import RE2, Engine, Race, Wanted, rival, simple


def query(patterns: tuple[str, ...], source: str) -> str:
    """Count the matches of all patterns in a column `text`."""
    quoted = f"(?i){alternation(patterns)}".replace("'", "''")
    return f"SELECT sum(len(regexp_extract_all(text, '{quoted}'))) FROM {source}"


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Put the texts into a table and ask."""
    asked = query(simple(wanted), "texts")
    connection = rival("duckdb").connect(config={"threads": 1})
    connection.register("given", rival("pyarrow").table({"text": texts}))
    connection.execute("CREATE TABLE texts AS SELECT text FROM given")
    return Race(lambda: int(connection.execute(asked).fetchone()[0] or 0))


ENGINES = [Engine("duckdb", "duckdb", RE2, prepare)]
