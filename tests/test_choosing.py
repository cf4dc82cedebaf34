"""Choosing rows by --where and columns by --keep, for every format of input."""

import csv
import json

import pytest

from accounts import accounted
from pressgauge import Lexicon, OptionError, score_files
from small import LEXICON

LEX = Lexicon.parse(LEXICON)
ROWS = [
    {"id": "a", "text": "War.", "date": "2019-12-31", "language": "en", "source": "Reuters.com", "n": 1.50},
    {"id": "b", "text": "War.", "date": "2020-01-01", "language": "en-GB", "source": "paper", "n": True},
    {"id": "c", "text": None, "date": "2020", "language": "de", "source": "paper", "n": None},
    {"id": "d", "text": 7, "date": "2020-06-01", "language": "en", "source": "paper", "n": "=1+1"},
    {"id": "e", "text": "An embargo.", "n": {"deep": [1, "x"]}},
]


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ([], "abce"),
        (["date>=2020-01-01"], "bc"),
        (["date>=2020", "date<2021 and source=paper"], "bc"),
        (["language=en"], "ab"),
        (["language!=en"], "c"),
        (["source='reuters.com'"], "a"),
        ("date=2019", "a"),
        (["date>2030"], ""),
    ],
)
def test_filtered_documents_are_counted(news, tmp_path, where, ids):
    output, rejects = tmp_path / "a.jsonl", tmp_path / "r.jsonl"
    summary = score_files(news, output, lexicon=LEX, where=where, rejects=rejects, max_reject_rate=1)
    accounted(summary.to_dict(), output, rejects)
    assert (summary.documents, summary.rejected, summary.filtered) == (5, 1, 4 - len(ids))
    assert [json.loads(line)["id"] for line in output.open()] == list(ids)
    options = json.loads(summary.about["pressgauge.options"])
    assert options["where"] == ([where] if isinstance(where, str) else where)


def test_the_command_line_says_what_was_filtered(cli, news):
    done = cli("score news.jsonl -o a.csv --where date>=2020 --where language=de --max-reject-rate 1")
    assert done.returncode == 0
    assert "1 document (1 without text) of 4 (3 filtered)" in done.stderr
    done = cli(
        "score news.jsonl -o b.csv --json --max-reject-rate 1", "--where", "source=paper and date<2020-06"
    )
    assert (done.returncode, json.loads(done.stdout)["filtered"]) == (0, 2)
    done = cli("hits news.jsonl -o h.jsonl --max-reject-rate 1 --where source=reuters.com -q")
    assert done.returncode == 0
    done = cli("score news.jsonl -o c.csv --where titel=x")
    assert done.returncode == 2
    assert "`titel` cannot be asked for (date, language and source can)" in done.stderr


def test_kept_fields_are_as_the_input_writes_them(news, tmp_path):
    output = tmp_path / "a.jsonl"
    score_files(news, output, lexicon=LEX, keep=["n", "n.deep", "title"], max_reject_rate=1)
    rows = [json.loads(line) for line in output.open()]
    assert [row["n"] for row in rows] == ["1.5", "true", None, '{"deep": [1, "x"]}']
    assert [row["n.deep"] for row in rows] == [None, None, None, '[1, "x"]']
    assert {row["title"] for row in rows} == {None}
    assert list(rows[0]).index("n") == list(rows[0]).index("language") + 1


def test_kept_cells_of_csv_stay_strings_and_no_formula_lives(tmp_path):
    (tmp_path / "a.csv").write_text('text,status,amount\nWar.,=1+1,1.50\n"War, ""again""",,"a,b"\n')
    score_files(tmp_path / "a.csv", tmp_path / "b.csv", lexicon=LEX, keep=["amount", "status", "text"])
    with (tmp_path / "b.csv").open(newline="") as file:
        one, two = csv.DictReader(file)
    assert (one["status"], one["amount"], one["text"]) == ("'=1+1", "1.50", "War.")
    assert (two["status"], two["amount"], two["text"]) == ("", "a,b", 'War, "again"')


def test_names_that_clash_are_refused(news, tmp_path):
    for keep in (["tokens"], ["n", "n"], ["id"], ["title", "title"], ["conflict_hits"]):
        with pytest.raises(OptionError, match="two columns would be called") as caught:
            score_files(news, tmp_path / "a.csv", lexicon=LEX, keep=keep)
        assert f'"{keep[0]}"' in str(caught.value)
    assert not (tmp_path / "a.csv").exists()
