"""The documents say what is so: help pages are current, examples run, every code and column has its row."""

import dataclasses
import inspect
import json
import re
from pathlib import Path

import pytest

import pressgauge
from conftest import ROOT, SMALL, TEXT
from pressgauge import Lexicon, Scorer, Summary, score_files
from pressgauge.cli.main import group
from pressgauge.run import RunOptions
from pressgauge.series.result import COLUMNS
from write_docs import PAGE, README, page, pictures

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *(
        f"docs/{name}.md"
        for name in (
            "DESIGN",
            "FORMATS",
            "RELIABILITY",
            "SPEC",
            "cli",
            "index",
            "lexicon",
            "published-indices",
            "python",
        )
    ),
]
FORMATS = (ROOT / "docs" / "FORMATS.md").read_text(encoding="utf-8")


def test_the_help_pages_are_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_command_has_examples():
    sections = page().split("\n## ")[1:]
    assert len(sections) == len(re.findall(r"^  Examples:$", page(), re.MULTILINE))


def test_the_example_of_the_readme_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {})
    assert "2 rows" in capsys.readouterr().out


def test_the_page_on_python_runs(capsys):
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    exec("".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL)), {})
    assert "mine.toml 2 8" in capsys.readouterr().out


def test_the_page_on_python_names_all_that_there_is():
    text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    options = {*RunOptions.__annotations__, *inspect.signature(score_files).parameters}
    errors = {name for name in pressgauge.__all__ if name.endswith("Error")}
    fields = {field.name for field in dataclasses.fields(Summary)}
    names = (options | errors | fields) - {"inputs", "output", "options"}
    assert not [name for name in names if not re.search(rf"\b{name}\b", text)]


def test_the_example_of_a_lexicon_scores():
    text = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    lexicon = Lexicon.parse(source)
    scorer = Scorer(lexicon)
    news = (
        "Dockers began a strike at the port\nand downed their tools. An anti-strike league spoke. "
        "A lightning strike hit the dock. Crews on a go-slow closed the old harbour. A strike in town."
    )
    strikes = (
        "The docks refused to call off the strike. At the docks the strike ended. A dock strike is near."
    )
    assert [hit.tags for hit in scorer.hits(strikes)] == [("lasting",), ("ended",), ()]
    found = [(hit.status, hit.surface) for hit in scorer.hits(news, rejected=True)]
    assert found == [
        ("hit", "strike"),
        ("hit", "downed their tools"),
        ("excluded", "strike"),
        ("hit", "go-slow"),
        ("hit", "closed the old harbour"),
        ("context", "strike"),
    ]
    score = scorer.score(news)["closure"]
    assert (score.categories["labour"].weight, score.categories["blockade"].weight) == (4.5, 1.0)
    assert scorer.score(f"{news} A football transfer.")["closure"].hits == 0


def test_the_ten_minutes_of_a_new_user(cli, tmp_path):
    """Run every command of the section, in its order, on a small archive."""
    section = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
    section = section.partition("## From nothing")[2].partition("### What `check`")[0]
    typed = [
        one.replace("old.toml", "mine.toml").replace("news.jsonl.zst", "news.jsonl").partition(" >")[0]
        for one in re.findall(r"`pressgauge ([^`]*)`", section)
    ]
    assert len(typed) >= 8
    rows = [
        {
            "id": str(day),
            "date": f"2024-01-{day:02}",
            "text": f"The dock strike closed the port. {day} ships.",
        }
        for day in range(1, 31)
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    for one in typed:
        done = cli(one)
        assert done.returncode == 0, (one, done.stderr)
    assert "30 documents" in cli("lexicon check mine.toml --corpus news.jsonl").stdout
    assert cli("index scores.parquet -o -").stdout.count("closure") >= 1


def test_the_page_on_lexicons_names_every_key():
    text = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
    source = (ROOT / "src" / "lexicon" / "file.rs").read_text(encoding="utf-8")
    source += (ROOT / "src" / "lexicon" / "terms.rs").read_text(encoding="utf-8")
    keys = set(re.findall(r'"(\w+)"', " ".join(re.findall(r"check_keys\(&\[(.*?)\]", source, re.DOTALL))))
    assert len(keys) > 15
    assert not [key for key in keys if not re.search(rf"\b{key}\b", text)]


def test_the_pictures_of_the_readme_are_true():
    readme = README.read_text(encoding="utf-8")
    assert "$ pressgauge" in readme
    assert pictures(readme) == readme, "run `make docs`"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / name).parent / target).exists(), target


def test_commands_in_the_documents_exist():
    for name in ("README.md", "CONTRIBUTING.md", "docs/FORMATS.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for command in re.findall(r"^\$? *pressgauge (\w+)", text, re.MULTILINE):
            assert command in group.list_commands(None), command


def test_every_reject_code_has_its_row():
    source = (ROOT / "src" / "document.rs").read_text(encoding="utf-8")
    codes = set(re.findall(r'Code::\w+ => "([a-z-]+)"', source))
    assert codes
    assert codes == set(re.findall(r"^\| ([a-z-]+) \| (?:is|has|opens|met)", FORMATS, re.MULTILINE))


def columns(section: str) -> set[str]:
    """Read the names of the columns in a table of FORMATS.md."""
    table = FORMATS.partition(f"## {section}")[2].partition("\n\n| ")[2].partition("\n\n")[0]
    cells = [
        row.split("|")[1] if row.startswith("|") else row.split("|")[0] for row in table.splitlines()[2:]
    ]
    return {name.strip() for cell in cells for name in cell.split(",")}


TAGGED = SMALL + "[modifiers.negated]\ncues = ['no']\n"


def test_every_column_has_its_row(tmp_path):
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": TEXT}) + "\nbroken\n", encoding="utf-8")
    names = {name: tmp_path / f"{name}.jsonl" for name in ("scores", "hits", "rejects")}
    pressgauge.score_files(
        tmp_path / "in.jsonl",
        names["scores"],
        lexicon=Lexicon.parse(TAGGED),
        hits=names["hits"],
        rejects=names["rejects"],
        keep=["title", "url"],
        categories=True,
        tags=True,
        text_hash=True,
    )
    made = {}
    for name, path in names.items():
        first = path.read_text(encoding="utf-8").splitlines()[0]
        made[name] = set(json.loads(first))
    fixed = {name for name in columns("Score table") if "{" not in name}
    assert fixed == {name for name in made["scores"] if not name.startswith(("sanction_", "conflict_"))}
    kinds = {name for name in columns("Score table") if "{" in name}
    expected = {kind.format(dimension="sanction", category="general", tag="negated") for kind in kinds}
    assert expected == {
        name for name in made["scores"] if name.startswith("sanction_") and "_cat_financial" not in name
    }
    assert columns("Evidence table") == made["hits"]
    assert columns("Reject table") == made["rejects"]


def test_the_page_on_the_index_names_every_column():
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert not [name for name in COLUMNS if not re.search(rf"\b{name.removesuffix('_distinct')}\b", text)]


def test_score_many_takes_the_same_names():
    names = Scorer(Lexicon.parse(SMALL)).score_many([], categories=True, text_hash=True).column_names
    kinds = columns("Score table") - {"path", "member", "record", "title", "url"}
    assert {name for name in names if not name.startswith(("sanction_", "conflict_"))} == {
        kind for kind in kinds if "{" not in kind
    }


def test_versions_agree():
    cargo = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.*)"', cargo, re.MULTILINE)[1]
    assert pressgauge.__version__ == version
    assert f"\nversion: {version}\n" in citation
    assert f"\n## {version} " in changes


def test_files_open_by_saying_what_they_own():
    for path in [*(ROOT / "python").rglob("*.py"), *(ROOT / "tests").glob("*.py")]:
        assert path.read_text(encoding="utf-8").startswith(('"""', "#!")), path
    for path in (ROOT / "src").rglob("*.rs"):
        assert path.read_text(encoding="utf-8").startswith("//!"), path


def test_nothing_names_a_machine():
    tracked = [path for folder in ("python", "src", "tests", "docs") for path in (ROOT / folder).rglob("*")]
    pages = [ROOT / name for name in ("README.md", "Makefile", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run")]
    for path in [*tracked, *pages]:
        if path.suffix in {".py", ".rs", ".md", ".toml", ".pyi", ""} and path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/(?:home|Users|root)/\w", text), path


def test_the_wheel_carries_its_data():
    package = Path(pressgauge.__file__).parent
    for name in (
        "py.typed",
        "_native.pyi",
        "lexicons/epu.toml",
        "lexicons/geopolitics.toml",
        "lexicons/gpr.toml",
        "lexicon/starter.toml",
        "sample/news.jsonl",
        "report/page.html",
    ):
        assert (package / name).is_file(), name
