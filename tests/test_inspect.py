"""`inspect` and `--dry-run`: what is in a file, what would be taken, and nothing of it harms a terminal."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from conftest import SMALL, Run
from packing import tar
from pressgauge import OptionError, inspect_files

EVIL = "\x1b[31mred\x1b[0m \u202eevil\u202c \u2066x\u2069 \x07 \x9b1m"
LINES = [
    {
        "uid": 1,
        "id": "a",
        "Headline": EVIL,
        "maintext": f"Sanctions {EVIL}",
        "date_publish": "2024-01-05",
        "source_domain": "a.example",
    },
    {"id": "b", "maintext": "More\nsanctions.", "date_download": "2024-02-01 10:00:00"},
]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in LINES).encode() + b"broken\n"))
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    return path


def test_inspect_tells_packing_format_and_fields(cli: Run, news: Path):
    done = cli("inspect news.jsonl.gz")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "news.jsonl.gz"
    assert lines[1].endswith("bytes; jsonl under gzip; 2 documents")
    fields = {text.split()[0]: " ".join(text.split()[1:]) for text in lines[2:]}
    assert fields["id"] == "id a"
    assert fields["source"] == "source_domain a.example"
    assert "date_publish 2024-01-05" in fields["date"]
    assert "rejected: invalid-json 1; the first in line 3" in done.stdout


def test_inspect_names_the_archive_and_its_members(cli: Run, tmp_path: Path):
    members = [(f"{number}.jsonl", b'{"text": "New sanctions."}\n') for number in range(7)]
    (tmp_path / "news.tar.gz").write_bytes(gzip.compress(tar(*members)))
    lines = cli("inspect news.tar.gz").stdout.splitlines()
    assert lines[1].endswith("bytes; tar under gzip with 7 members; jsonl; 7 documents")
    assert lines[2] == "  members: 0.jsonl, 1.jsonl, 2.jsonl, 3.jsonl, 4.jsonl, ..."
    look = json.loads(cli("inspect news.tar.gz --json").stdout)
    assert (look["archives"], look["members"]) == (["tar under gzip"], 7)


@pytest.mark.parametrize(
    "typed",
    ["inspect news.jsonl.gz", "score news.jsonl.gz -l small.toml --dry-run", "inspect news.jsonl.gz --json"],
)
def test_nothing_of_a_document_reaches_the_terminal_raw(cli: Run, news: Path, typed: str):
    said = cli(typed).stdout
    assert "red" in said
    assert not set(said) & set("\x1b\x07\x9b\u202e\u202c\u2066\u2069")


def test_inspect_as_json_is_one_object_an_input(cli: Run, news: Path):
    (news.parent / "b.csv").write_text("id;text\n1;x\n", encoding="utf-8")
    looks = [json.loads(text) for text in cli("inspect news.jsonl.gz b.csv --json").stdout.splitlines()]
    assert [look["path"] for look in looks] == ["news.jsonl.gz", "b.csv"]
    assert looks[0]["mappings"][0]["packing"] == "gzip"
    assert (looks[1]["documents"], looks[1]["whole"], looks[1]["samples"][0]["text"]) == (1, True, "x")


def test_a_dry_run_shows_the_mapping_and_three_rows_and_writes_nothing(cli: Run, news: Path):
    before = sorted(news.parent.iterdir())
    done = cli("score news.jsonl.gz -l small.toml -o out.csv --rejects r.jsonl --dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    table = done.stdout.split("\n\n")[1].splitlines()
    assert table[0].split() == ["id", "date", "source", "title", "text"]
    assert len(table) == 3
    assert "More sanctions." in table[2]
    assert sorted(news.parent.iterdir()) == before


def test_without_a_text_both_stop_with_the_keys(cli: Run, tmp_path: Path):
    (tmp_path / "a.jsonl").write_text('{"story": "x"}\n' * 3, encoding="utf-8")
    done = cli("inspect a.jsonl")
    assert done.returncode == 2
    assert "no text field, only: story" in done.stdout
    done = cli("score a.jsonl --dry-run")
    assert done.returncode == 2
    assert "no text field, only: story" in done.stderr
    assert cli("inspect a.jsonl --text-field story").returncode == 0


def test_a_stray_file_ends_a_run_only_if_it_is_the_first(cli: Run, tmp_path: Path):
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    for name, key in (("a.jsonl", "text"), ("b.jsonl", "story"), ("c.jsonl", "text")):
        (tmp_path / name).write_text(json.dumps({key: "Sanctions were eased."}) + "\n", encoding="utf-8")
    typed = "score a.jsonl b.jsonl c.jsonl -l small.toml"
    for command in (f"{typed} -o out.csv", f"{typed} --dry-run", "inspect a.jsonl b.jsonl c.jsonl"):
        done = cli(command)
        assert done.returncode == 3, command
        assert "no text field, only: story" in done.stdout + done.stderr, command
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 3
    typed = "score b.jsonl a.jsonl -l small.toml"
    for command in (f"{typed} -o new.csv", f"{typed} --dry-run", "inspect b.jsonl a.jsonl"):
        assert cli(command).returncode == 2, command
    assert not (tmp_path / "new.csv").exists()


@pytest.mark.parametrize("pack", ["gztar", "zip"])
def test_a_stray_file_after_an_archive_does_not_end_a_run(cli: Run, tmp_path: Path, pack: str):
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    for folder, key in (("packed", "text"), (".", "story")):
        (tmp_path / folder).mkdir(exist_ok=True)
        line = json.dumps({key: "Sanctions were eased."}) + "\n"
        (tmp_path / folder / "a.jsonl").write_text(line, encoding="utf-8")
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), pack, tmp_path / "packed")).name
    for command in (f"score {packed} a.jsonl -l small.toml -o out.csv", f"inspect {packed} a.jsonl"):
        done = cli(command)
        assert done.returncode == 3, command
        assert "no text field, only: story" in done.stdout + done.stderr, command
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_files_that_are_not_looked_at_are_counted(cli: Run, tmp_path: Path):
    for number in range(103):
        (tmp_path / f"{number:03}.txt").write_text("x", encoding="utf-8")
    done = cli("inspect .")
    assert "warning: 3 more files were not looked at" in done.stderr


def test_a_damaged_file_and_a_missing_one(cli: Run, news: Path):
    news.write_bytes(news.read_bytes()[:-9])
    done = cli("inspect news.jsonl.gz")
    assert done.returncode == 3
    assert "fault: " in done.stdout
    assert cli("inspect none.jsonl").returncode == 2


def test_a_look_ends_after_the_first_megabytes(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    line = json.dumps({"text": "a " * 5000}) + "\n"
    path.write_text(line * 1000, encoding="utf-8")
    (look,) = inspect_files(path, samples=1)
    assert not look["whole"]
    assert look["documents"] < 900
    assert len(look["samples"][0]["text"]) == 400
    with pytest.raises(OptionError, match="no option output"):
        inspect_files(path, output="x")
