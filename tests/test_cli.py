"""The command line as a person meets it: each command, each exit code, what reaches which stream."""

import gzip
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import duckdb
import polars
import pyarrow.parquet
import pytest

from conftest import SMALL, TEXT, Run
from pressgauge import Lexicon, Scorer
from pressgauge.cli.explanation import counted

DOCUMENTS = [
    {"id": "a", "date": "2024-01-05", "source": "The Quay", "title": "Port", "text": TEXT},
    {
        "id": "b",
        "date": "2024-02",
        "source": "Hill Post",
        "title": "Kitchen",
        "text": "The chef embargoed the salt.",
    },
    {"id": "c", "date": "None", "source": None, "title": "Empty", "text": ""},
]
COLOUR = "\x1b["


@pytest.fixture
def news(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in DOCUMENTS), encoding="utf-8")
    return path


def rows_of(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_score_writes_parquet(cli: Run, news: Path, tmp_path: Path):
    done = cli("score news.jsonl -l small.toml -o scores.parquet")
    assert done.returncode == 0
    assert done.stdout == ""
    assert "3 documents" in done.stderr
    table = pyarrow.parquet.read_table(tmp_path / "scores.parquet")
    assert table.column("id").to_pylist() == ["a", "b", "c"]
    assert table.column("tokens").to_pylist() == [29, 5, 0]
    assert table.column("sanction_hits").to_pylist() == [3, 0, 0]
    count = duckdb.sql(f"select count(*) from '{tmp_path / 'scores.parquet'}'").fetchall()
    assert count == [(3,)]
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["pressgauge.lexicon_sha256"] == Lexicon.parse(SMALL).sha256


def test_a_file_scores_as_in_memory(cli: Run, news: Path):
    done = cli("score news.jsonl -l small.toml -o - --format jsonl --categories --text-hash")
    rows = rows_of(done.stdout)
    table = Scorer(Lexicon.parse(SMALL)).score_many(
        [one["text"] for one in DOCUMENTS], categories=True, text_hash=True
    )
    scored = [
        name for name in table.column_names if name.startswith(("tokens", "sanction", "conflict", "text_"))
    ]
    for row, twin in zip(rows, table.to_dicts(), strict=True):
        assert {name: row[name] for name in scored} == {name: twin[name] for name in scored}


def test_a_pipe_gets_csv(cli: Run, news: Path):
    done = cli("score news.jsonl -l small.toml --keep title")
    frame = polars.read_csv(done.stdout.encode())
    assert frame["title"].to_list() == ["Port", "Kitchen", "Empty"]
    assert frame["date_precision"].to_list() == ["day", "month", None]
    assert COLOUR not in done.stdout + done.stderr


def test_standard_input_and_gzip(cli: Run, news: Path):
    plain = cli("score - -l small.toml", stdin=news.read_bytes())
    packed = cli("score - -l small.toml", stdin=gzip.compress(news.read_bytes()))
    assert plain.stdout == packed.stdout
    assert len(plain.stdout.splitlines()) == 4


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_threads_do_not_change_a_byte(cli: Run, news: Path, tmp_path: Path, suffix: str):
    news.write_text(news.read_text(encoding="utf-8") * 2000, encoding="utf-8")
    for threads in ("1", "2", "4"):
        done = cli(f"score news.jsonl -l small.toml -j {threads} -o {threads}.{suffix}")
        assert done.returncode == 0
    one, two, four = ((tmp_path / f"{threads}.{suffix}").read_bytes() for threads in "124")
    assert one == two == four


def test_several_tables_in_one_pass(cli: Run, news: Path, tmp_path: Path):
    with news.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    options = "--hits hits.csv --rejects rejects.jsonl --max-reject-rate 1"
    done = cli(f"score news.jsonl -l small.toml -o scores.csv {options}")
    assert done.returncode == 0
    assert polars.read_csv(tmp_path / "hits.csv")["surface"].to_list()[0] == "sanctions"
    (reject,) = rows_of((tmp_path / "rejects.jsonl").read_text(encoding="utf-8"))
    assert (reject["code"], reject["record"], reject["excerpt"]) == ("invalid-json", 4, "{broken")


def test_hits_lists_the_evidence(cli: Run, news: Path):
    done = cli("hits news.jsonl -l small.toml -o - --format jsonl --rejected")
    rows = rows_of(done.stdout)
    assert {row["status"] for row in rows} == {"hit", "context", "excluded", "overlap"}
    for row in rows:
        text = next(one["text"] for one in DOCUMENTS if one["id"] == row["id"])
        assert text[row["start"] : row["end"]] == row["surface"]
    only = rows_of(cli("hits news.jsonl -l small.toml -o - --format jsonl").stdout)
    assert only == [row for row in rows if row["status"] == "hit"]


def test_explain_shows_hits_sums_and_causes(cli: Run, news: Path):
    said = cli("explain --text", TEXT, "-l", "small.toml").stdout
    assert "Moscow faces new [sanctions|sanction] and an [asset freeze|sanction]." in said
    assert "1 x 0.5 = 0.5" in said
    assert "weight 3.5 / 29 tokens x 1000 = rate 120.690" in said
    assert 'excluded: it lies inside "court sanctioned", a match of `court sanctioned`' in said
    assert "context: its guard does not hold: @near(STATE, 5)" in said
    assert 'overlap: it shares words with "air strike", a match of `air strike*`' in said
    vetoed = cli("explain - -l small.toml", stdin="A strike, a box office hit.").stdout
    assert 'veto: the text holds "box office"' in vetoed


def test_explain_sums_count_a_shared_span_once(cli: Run, tmp_path: Path):
    (tmp_path / "two.toml").write_text(
        '[lexicon]\nname = "two"\nversion = "1"\n[dimensions.d.categories.a]\nterms = ["oil ban*"]\n'
        '[dimensions.d.categories.b]\nweight = 3.0\nterms = ["oil bans"]\n',
        encoding="utf-8",
    )
    said = cli("explain --text 'Oil bans.' -l two.toml").stdout
    assert "1 x 1 = 1" in said
    assert "x 3" not in said
    assert "weight 1 / 2 tokens x 1000 = rate 500.000" in said


def test_explain_wants_one_text(cli: Run, news: Path):
    for typed in ("explain", "explain news.jsonl --text x"):
        done = cli(typed)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(b"a text"), "gzip"),
        (b"\x28\xb5\x2f\xfd\x04", "Zstandard"),
        (b"PK\x03\x04", "zip"),
        (b"PAR1\x15", "Parquet"),
        (b"ARROW1\0\0", "Arrow"),
        (b"%PDF-1.7", "PDF"),
        ("a text".encode("utf-16"), "UTF-8"),
        (b' {"text": "a"}\n{"text": "b"}\n', "JSON Lines"),
        (b'[\n  {"text": "a"}\n]\n', "JSON"),
    ],
)
def test_explain_takes_no_file_of_documents(cli: Run, data: bytes, said: str):
    done = cli("explain -", stdin=data)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert "`pressgauge score`" in done.stderr


@pytest.mark.parametrize("text", ["[Moscow] Sanctions fell.", "{sic} sanctions", "[1]\nSanctions", ""])
def test_explain_takes_texts_with_brackets(cli: Run, text: str):
    assert cli("explain -", stdin=text).returncode == 0


def test_control_characters_are_made_harmless(cli: Run, news: Path, tmp_path: Path):
    evil = "Sanctions \x1b[2J\x07 \u202e strike \x9b and \x01 more\r\n"
    (tmp_path / "evil.txt").write_text(evil, encoding="utf-8", newline="")
    said = cli("explain evil.txt -l small.toml").stdout
    assert "␛[2J␇" in said
    assert "\\u202e" in said
    assert not set("\x1b\x07\u202e\x9b\x01\r") & set(said)
    (tmp_path / "evil.toml").write_text(
        SMALL.replace('"1.0"', '"\\u001b[31m"').replace('"For tests"', '"\\u202e"'), encoding="utf-8"
    )
    for typed in ("explain --text x -l evil.toml", "lexicon show evil.toml", "lexicon check evil.toml"):
        assert not set("\x1b\u202e") & set(cli(typed).stdout)
    done = cli("score", "evil\x1b[31m.jsonl")
    assert "\x1b" not in done.stderr


def test_check_warns_of_what_is_hardly_meant(cli: Run, news: Path, tmp_path: Path):
    assert cli("lexicon check small.toml geopolitics").stderr == ""
    doubtful = SMALL.replace("[macros]", '[macros]\nPORT = ["quay"]').replace(
        '"strike*"]', '"strike*", "strike*"]'
    )
    (tmp_path / "doubtful.toml").write_text(doubtful, encoding="utf-8")
    done = cli("lexicon check doubtful.toml")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "warning: doubtful.toml:9: no guard names the macro PORT (unused)",
        "warning: doubtful.toml:28: `strike*` is written 2 times in conflict.force (duplicate)",
    ]


def test_dates_that_were_not_understood_are_told(cli: Run, tmp_path: Path):
    (tmp_path / "news.jsonl").write_text('{"text": "a", "date": "03/04/2020"}\n', encoding="utf-8")
    done = cli("score news.jsonl -o out.csv")
    assert "repaired: dates not understood: 1 (left empty; see --date-format)" in done.stderr
    assert "1 document, 1 token in" in done.stderr


def test_lexicon_commands(cli: Run, news: Path, tmp_path: Path):
    names = [line.split()[0] for line in cli("lexicon list").stdout.splitlines()]
    assert names == ["epu", "geopolitics", "gpr"]
    shown = cli("lexicon show small.toml --terms").stdout
    assert "asset freeze*" in shown
    assert Lexicon.parse(SMALL).sha256 in shown
    assert cli("lexicon show small.toml --source").stdout == SMALL
    plain = json.loads(cli("lexicon show small.toml --json").stdout)
    assert [one["name"] for one in plain["dimensions"]] == ["sanction", "conflict"]
    assert cli("lexicon check small.toml geopolitics").returncode == 0
    (tmp_path / "bad.toml").write_text(SMALL.replace("~3 assets", "~ assets"), encoding="utf-8")
    done = cli("lexicon check bad.toml")
    assert done.returncode == 2
    assert done.stderr.startswith("pressgauge: bad.toml:21:")
    assert "~3" in done.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("score nothing.jsonl", "nothing.jsonl"),
        ("score news.jsonl -l nothing.toml", "nothing.toml"),
        ("score news.jsonl --text-field body", "--text-field"),
        ("score news.jsonl -o news.jsonl", "news.jsonl"),
        ("score news.jsonl -o news.jsonl --overwrite", "input"),
        ("score news.jsonl -o out.xyz", "--format"),
        ("score news.jsonl -o small.toml --format csv", "--overwrite"),
        ("explain news.jsonl", "`pressgauge hits`"),
        ("score news.jsonl -o ''", "output format"),
        ("score news.jsonl -o no/folder/out.csv", "no/folder/out.csv"),
        ("score news.jsonl --date-format %Q", "%Q"),
        ("score news.jsonl --threads 0", "--threads"),
        ("score news.jsonl --colour", "--colour"),
        ("score", "input"),
        ("scor", "scor"),
        ("explain nothing.txt", "nothing.txt"),
        ("hits news.jsonl -l geopolitic", "geopolitics"),
    ],
)
def test_a_mistake_gets_one_sentence(cli: Run, news: Path, typed: str, said: str):
    before = sorted(news.parent.iterdir())
    done = cli(typed)
    assert done.returncode == (4 if "no/folder" in typed else 2)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("pressgauge: ")
    assert said.lower() in done.stderr.lower()
    assert sorted(news.parent.iterdir()) == before


def test_an_empty_file_is_a_warning(cli: Run, tmp_path: Path):
    (tmp_path / "empty.jsonl").touch()
    done = cli("score empty.jsonl -o out.parquet")
    assert done.returncode == 0
    assert "warning: empty.jsonl" in done.stderr
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").num_rows == 0


def test_rejects_are_counted_and_may_fail_the_run(cli: Run, news: Path):
    with news.open("ab") as file:
        file.write(b'broken\n["list"]\n{"id": "d"}\n{"text": 7}\n{"text": "caf\xe9"}\n')
    done = cli("score news.jsonl -l small.toml -o out.csv")
    assert done.returncode == 3
    assert "rejected: 4 of 8 records" in done.stderr
    for code in ("invalid-json 1", "not-an-object 1", "no-text 1", "text-not-a-string 1"):
        assert code in done.stderr
    assert "invalid UTF-8 1" in done.stderr
    assert "fault: 4 of 8 records were rejected, more than --max-reject-rate 0.01 allows" in done.stderr
    assert cli("score news.jsonl -o 2.csv --max-reject-rate 0.5").returncode == 0
    failed = cli("score news.jsonl -o 3.csv --on-error fail")
    assert failed.returncode == 3
    assert "news.jsonl:4" in failed.stderr
    assert "--on-error skip" in failed.stderr
    assert not (news.parent / "3.csv").exists()


def test_a_damaged_file_keeps_its_good_records(cli: Run, news: Path):
    whole = gzip.compress(news.read_bytes() * 500)
    (news.parent / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    done = cli("score cut.jsonl.gz -l small.toml -o out.csv -q")
    assert done.returncode == 3
    assert "cut.jsonl.gz" in done.stderr
    assert len((news.parent / "out.csv").read_text(encoding="utf-8").splitlines()) > 1


def test_the_summary_as_json(cli: Run, news: Path):
    done = cli("score news.jsonl -l small.toml -o out.csv --json")
    summary = json.loads(done.stdout)
    assert (summary["documents"], summary["tokens"], summary["hits"]) == (
        3,
        34,
        {"sanction": 3, "conflict": 1},
    )
    assert done.stderr == ""
    piped = cli("score news.jsonl -l small.toml --json")
    assert piped.stdout.startswith("path,")
    assert json.loads(piped.stderr)["documents"] == 3


def test_quiet_says_nothing(cli: Run, news: Path):
    assert cli("score news.jsonl -o out.csv -q").stderr == ""


def test_outputs_are_replaced_on_request_only(cli: Run, news: Path, tmp_path: Path):
    (tmp_path / "out.csv").write_text("precious", encoding="utf-8")
    assert cli("score news.jsonl -o out.csv").returncode == 2
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "precious"
    assert cli("score news.jsonl -o out.csv --overwrite").returncode == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("path,")


def test_a_full_disk_is_an_output_error(cli: Run, news: Path):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = cli("score news.jsonl -o /dev/full --format csv")
    assert done.returncode == 4
    assert "/dev/full" in done.stderr
    (news.parent / "long.txt").write_text("Sanctions. " * 9000, encoding="utf-8")
    for typed in ("score news.jsonl", "lexicon show geopolitics --terms", "explain long.txt"):
        command = [sys.executable, "-m", "pressgauge", *typed.split()]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(command, cwd=news.parent, stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 4
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_do_no_harm(news: Path, closed: str):
    command = f'"{sys.executable}" -m pressgauge score news.jsonl -l small.toml -o out.csv {closed}'
    done = subprocess.run(["sh", "-c", command], cwd=news.parent, capture_output=True, text=True)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    lines = (news.parent / "out.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["path", *["news.jsonl"] * 3]


def test_a_csv_reject_names_its_line(cli: Run, tmp_path: Path):
    (tmp_path / "a.csv").write_text('id,text\n1,"two\nlines"\n2,a,b\n', encoding="utf-8")
    said = cli("score a.csv -o out.csv").stderr
    assert "  a.csv:4: wrong-column-count" in said
    assert "1 document, 2 tokens" in said
    assert "a.csv:4: wrong-column-count" in cli("score a.csv -o 2.csv --on-error fail").stderr


def test_a_closed_pipe_is_silent(news: Path):
    news.write_text(news.read_text(encoding="utf-8") * 20000, encoding="utf-8")
    text = news.with_name("long.txt")
    text.write_text(f"{TEXT}\n" * 20000, encoding="utf-8")
    for arguments in (
        ["score", str(news), "-q"],
        ["lexicon", "show", "geopolitics", "--terms"],
        ["explain", str(text)],
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "pressgauge", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        process.stdout.close()
        assert process.wait(60) == 141
        assert process.stderr.read() == b""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_stop_a_run_and_leave_nothing(tmp_path: Path, number: int, code: int):
    process = subprocess.Popen(
        [sys.executable, "-m", "pressgauge", "score", "-", "-o", "out.csv"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(b'{"text": "a"}\n' * 1000)
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    begun = time.monotonic()
    assert process.wait(30) == code
    assert time.monotonic() - begun < 2
    assert b"Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "typed", ["score pipe -o out.csv", "score news.jsonl -o pipe --format csv", "score big -q"]
)
def test_a_silent_pipe_does_not_hold_a_stopped_run(news: Path, typed: str):
    os.mkfifo(news.parent / "pipe")
    (news.parent / "big").write_bytes(news.read_bytes() * 2000)
    names = {path.name for path in news.parent.iterdir()}
    process = subprocess.Popen(
        [sys.executable, "-m", "pressgauge", *typed.split()],
        cwd=news.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    assert process.wait(30) == 130
    assert time.monotonic() - begun < 2
    assert process.stderr.read() == b"stopped\n"
    assert {path.name for path in news.parent.iterdir()} == names


def test_our_own_fault_asks_for_a_report(news: Path):
    code = (
        "import pressgauge.run, pressgauge.cli.running as r, sys\n"
        "def broken(*a, **k): raise ZeroDivisionError('secret')\n"
        "r.score_files = broken\n"
        "from pressgauge.cli import main\nmain(['score', sys.argv[1]])"
    )
    for debug in ("", "1"):
        environment = os.environ | {"PRESSGAUGE_DEBUG": debug}
        done = subprocess.run(
            [sys.executable, "-c", code, str(news)], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 70
        assert "ZeroDivisionError" in done.stderr
        assert "report" in done.stderr
        assert ("Traceback" in done.stderr) == bool(debug)


def on_terminal(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run the command line as on a terminal of 100 columns."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update({"COLUMNS": "100", "LINES": "40", "TERM": "xterm-256color"} | environment)
        os.execv(sys.executable, [sys.executable, "-m", "pressgauge", *arguments])
    said = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode()


def test_a_terminal_gets_a_table(news: Path):
    code, said = on_terminal(news.parent, "score", "news.jsonl", "-l", "small.toml")
    assert code == 0
    assert "The Quay" in said
    assert "3 rows of the first 3 records" in said
    assert sorted(path.name for path in news.parent.iterdir()) == ["news.jsonl", "small.toml"]
    code, said = on_terminal(news.parent, "hits", "news.jsonl", "-l", "small.toml", "-q")
    assert code == 0
    assert "asset freeze*" in said


@pytest.mark.parametrize("columns", ["40", "80", "100"])
def test_a_preview_cuts_no_number(tmp_path: Path, columns: str):
    sample = files("pressgauge") / "sample" / "news.jsonl"
    _, said = on_terminal(tmp_path, "score", str(sample), "-q", "--keep", "title", COLUMNS=columns)
    rows = [row for row in said.splitlines() if " 123 " in f" {row} "]
    numbers = ["123", "5", "40.65", "0", "0.00", "2", "16.26"]
    assert [row.split()[-len(numbers) :] for row in rows] == [numbers]
    assert columns == "40" or max(map(len, re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines())) <= int(columns)


@pytest.mark.parametrize("columns", ["80", "100"])
def test_a_preview_of_hits_names_document_and_term(tmp_path: Path, columns: str):
    sample = files("pressgauge") / "sample" / "news.jsonl"
    _, said = on_terminal(tmp_path, "hits", str(sample), "-q", COLUMNS=columns, NO_COLOR="1", TERM="dumb")
    (row,) = (row for row in said.splitlines() if "arms embargo*" in row)
    assert row.split()[:2] == ["wire-001", "sanction"]
    assert "extended an  arms embargo on" in row
    assert max(map(len, said.splitlines())) <= int(columns)


def test_colours_are_for_terminals_that_want_them(news: Path):
    arguments = ("explain", "--text", "sanctions", "-l", "small.toml")
    assert COLOUR in on_terminal(news.parent, *arguments)[1]
    assert COLOUR not in on_terminal(news.parent, *arguments, NO_COLOR="1")[1]
    assert COLOUR not in on_terminal(news.parent, *arguments, TERM="dumb")[1]


def test_the_demo_shows_the_sample(cli: Run, tmp_path: Path):
    done = cli("demo")
    assert done.returncode == 0
    assert done.stderr == ""
    assert COLOUR not in done.stdout
    for part in (
        "period",
        "strongest in sanction",
        "strongest in leverage",
        "strongest in conflict",
        "next:",
    ):
        assert part in done.stdout
    picture, _, following = done.stdout.partition("next:")
    assert len(picture.splitlines()) < 40
    assert max(map(len, picture.splitlines())) <= 100
    command = shlex.split(following.strip().splitlines()[0])
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    assert (tmp_path / "evidence.csv").is_file()


def test_the_demo_takes_a_file(cli: Run, news: Path):
    done = cli("demo --input news.jsonl -l small.toml")
    assert done.returncode == 0
    assert "2024-01" in done.stdout
    assert "[sanctions]" in done.stdout
    assert "and 1 document without a date" in done.stdout


@pytest.mark.parametrize("overlap", ["dimension", "category", "none"])
def test_the_sums_of_explain_are_those_of_the_scores(overlap: str):
    scorer = Scorer(Lexicon.builtin("geopolitics"), overlap=overlap)
    with (files("pressgauge") / "sample" / "news.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    for text in texts:
        score, hits = scorer.score(text), scorer.hits(text)
        for dimension in scorer.lexicon.dimensions:
            mine = counted([hit for hit in hits if hit.dimension == dimension.name], dimension, overlap)
            one = score[dimension.name]
            assert len(mine) == one.hits
            assert len({(hit.category, hit.term) for hit in mine}) == one.distinct
            assert sum(hit.weight for hit in mine) == pytest.approx(one.weight)
