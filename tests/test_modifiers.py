"""Modifiers from the outside: tags in files of every format, in Python, on the command line; dropping."""

import csv
import json
from pathlib import Path

import pytest

from conftest import SMALL, Run
from pressgauge import Lexicon, Scorer, score_files
from pressgauge.hit import Hit

MODIFIED = (
    SMALL
    + """
[modifiers.negated]
before = 3
cues = ["no", "not"]
cancel = ["no doubt"]

[modifiers.relief]
before = 4
after = 4
cues = ["lift*", "eas[e|es|ed|ing]"]
block = ["refus*"]
block_within = 3
blocked_tag = "maintained"
"""
)
TEXTS = {
    "a": "Moscow said no sanctions were lifted. Tehran refused to ease sanctions.",
    "b": "No doubt an air strike. No strike came.",
    "c": "Nothing at all.",
}
TAGS = {
    "a": [["negated", "relief"], ["maintained"]],
    "b": [[], ["negated"]],
    "c": [],
}
COLUMNS = [
    f"{dimension}_tag_{tag}"
    for dimension in ("sanction", "conflict")
    for tag in ("negated", "relief", "maintained")
]
COUNTS = {"a": [1, 1, 1, 0, 0, 0], "b": [0, 0, 0, 1, 0, 0], "c": [0] * 6}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.parse(MODIFIED)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "news.jsonl"
    rows = [{"id": name, "date": "2024-05-01", "text": text} for name, text in TEXTS.items()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "modified.toml").write_text(MODIFIED, "utf-8")
    return file


def rows_of(file: Path) -> list[dict]:
    """The rows of a file of any format, cells as they stand there."""
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    if file.suffix == ".csv":
        return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    if file.suffix == ".parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(file).to_pylist()
    arrow = pytest.importorskip("pyarrow")
    with arrow.OSFile(str(file)) as data, arrow.ipc.open_file(data) as batches:
        return batches.read_all().to_pylist()


def tags_of(cell: str | list[str]) -> list[str]:
    return [tag for tag in cell.split("|") if tag] if isinstance(cell, str) else cell


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "arrow"])
def test_files_of_every_format_have_tags(lexicon: Lexicon, source: Path, suffix: str) -> None:
    scores, hits = source.with_name(f"scores.{suffix}"), source.with_name(f"hits.{suffix}")
    score_files(source, scores, lexicon=lexicon, hits=hits, tags=True)
    found = rows_of(scores)
    assert {row["id"]: [int(row[column]) for column in COLUMNS] for row in found} == COUNTS
    assert [name for name in found[0] if "_tag_" in name] == COLUMNS
    tags: dict[str, list] = {name: [] for name in TEXTS}
    for row in rows_of(hits):
        tags[row["id"]].append(tags_of(row["tags"]))
    assert tags == TAGS


def test_columns_are_as_ever_for_who_does_not_ask(lexicon: Lexicon, source: Path) -> None:
    out = source.with_name("scores.csv")
    score_files(source, out, lexicon=lexicon)
    modified = out.read_bytes()
    score_files(source, out, lexicon=Lexicon.parse(SMALL), overwrite=True)
    assert modified == out.read_bytes()
    assert b"_tag_" not in modified


@pytest.mark.parametrize("threads", [1, 3])
def test_tables_of_both_engines_are_the_same(lexicon: Lexicon, threads: int) -> None:
    pytest.importorskip("pyarrow")
    texts = [*TEXTS.values(), None, ""]
    native = Scorer(lexicon).score_many(texts, threads=threads, tags=True, categories=True)
    reference = Scorer(lexicon, engine="reference").score_many(texts, tags=True, categories=True)
    assert native.to_dicts() == reference.to_dicts()
    assert [[row[column] for column in COLUMNS] for row in native.to_dicts()] == [
        *COUNTS.values(),
        [None] * 6,
        [0] * 6,
    ]


def test_hits_and_scores_have_tags(lexicon: Lexicon, engine_name: str) -> None:
    scorer = Scorer(lexicon, engine=engine_name)
    assert [list(hit.tags) for hit in scorer.hits(TEXTS["a"])] == TAGS["a"]
    assert scorer.score(TEXTS["a"])["sanction"].tags == {"negated": 1, "relief": 1, "maintained": 1}
    assert lexicon.tags == ("negated", "relief", "maintained")
    assert Lexicon.parse(SMALL).tags == ()


def test_dropped_hits_do_not_count(lexicon: Lexicon, engine_name: str) -> None:
    scorer = Scorer(lexicon, drop=["negated", "maintained"], engine=engine_name)
    assert scorer.hits(TEXTS["a"]) == []
    fallen: list[Hit] = list(scorer.hits(TEXTS["a"], rejected=True))
    assert [(hit.status, list(hit.tags)) for hit in fallen] == [("dropped", tags) for tags in TAGS["a"]]
    score = scorer.score(TEXTS["a"])["sanction"]
    assert (score.hits, score.distinct, score.weight, sum(score.tags.values())) == (0, 0, 0.0, 0)
    assert score.categories["general"].hits == 0


def test_the_command_line_drops(cli: Run, source: Path) -> None:
    rows = list(csv.DictReader(cli(f"score {source} -l modified.toml --tags --drop negated").stdout.split()))
    assert [[int(row[column]) for column in COLUMNS] for row in rows] == [
        [0, 0, 1, 0, 0, 0],
        [0] * 6,
        [0] * 6,
    ]
    assert [row["sanction_hits"] for row in rows] == ["1", "0", "0"]
    done = cli(f"hits {source} -l modified.toml --drop negated --rejected")
    statuses = [row["status"] for row in csv.DictReader(done.stdout.splitlines())]
    assert statuses.count("dropped") == 2
    shown = cli(f"kwic {source} -l modified.toml --drop negated").stdout
    assert "2 hits" in shown
    told = cli("explain -l modified.toml --drop negated --text", TEXTS["a"]).stdout
    assert "dropped: it is negated, and such hits are dropped" in told
    assert "of them 1 maintained" in told


@pytest.mark.parametrize("command", ["score", "hits", "kwic", "score --dry-run"])
def test_a_wrong_tag_is_a_wrong_option(cli: Run, source: Path, command: str) -> None:
    done = cli(f"{command} {source} -l modified.toml --drop negate")
    assert done.returncode == 2
    assert "did you mean `negated`" in done.stderr


def test_an_index_has_series_of_tags(cli: Run, source: Path) -> None:
    straight = cli(f"index {source} -l modified.toml --tags --by year -o -").stdout
    cli(f"score {source} -l modified.toml --tags --text-hash -o scores.parquet")
    table = cli("index scores.parquet --by year -o -").stdout
    for text in (straight, table):
        shares = {row["dimension"]: float(row["share"]) for row in csv.DictReader(text.splitlines())}
        assert shares["sanction#relief"] == pytest.approx(100 / 3, abs=0.01)
        assert shares["conflict#negated"] == pytest.approx(100 / 3, abs=0.01)
        assert shares["conflict#relief"] == 0
    dropped = cli(f"index {source} -l modified.toml --drop maintained --drop negated --by year -o -").stdout
    shares = {row["dimension"]: float(row["share"]) for row in csv.DictReader(dropped.splitlines())}
    assert shares == {"sanction": 0.0, "conflict": pytest.approx(100 / 3, abs=0.01)}
