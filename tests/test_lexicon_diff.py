"""Owns the promises of `lexicon diff`: every change is told, what moves is exact, memory is bounded."""

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from conftest import Run
from pressgauge import Lexicon, Scorer
from pressgauge.lexicon.changes import changes
from pressgauge.review import compare

BEFORE = """
[lexicon]
name = "sea"
version = "1"
[macros]
SHIP = ["boat*", "tug"]
OLD = ["x"]
[dimensions.water]
exclude = ["tide pool"]
[dimensions.water.categories.flow]
terms = ["tide*", "ebb", { pattern = "wave", weight = 2 }, "swell"]
[dimensions.water.categories.salt]
terms = ["brine", "foam"]
[dimensions.wind.categories.storm]
terms = ["gale @near(SHIP, 5)", "squall @near(OLD, 3)"]
[modifiers.negated]
before = 3
cues = ["no", "not"]
"""
AFTER = """
[lexicon]
name = "sea"
version = "2"
newline = "space"
[macros]
SHIP = ["boat*", "barge"]
[dimensions.water]
veto = ["bath"]
[dimensions.water.categories.flow]
terms = ["tide*", "wave", "surge"]
[dimensions.water.categories.salt]
terms = ["brine", { pattern = "ebb", weight = 0.5 }]
[dimensions.water.categories.ice]
terms = ["floe*"]
[dimensions.sky.categories.cloud]
terms = ["cloud*"]
[modifiers.negated]
before = 4
cues = ["no", "never"]
[modifiers.hoped]
cues = ["hope"]
"""


@pytest.fixture(scope="module")
def pair() -> tuple[Lexicon, Lexicon]:
    return Lexicon.parse(BEFORE), Lexicon.parse(AFTER)


def test_every_change_is_told(pair: tuple[Lexicon, Lexicon]) -> None:
    assert [(one.sign, one.place, one.text) for one in changes(*pair)] == [
        ("~", "lexicon", "version: 1 -> 2"),
        ("~", "lexicon", "newline: auto -> space"),
        ("-", "macro SHIP", "`tug`"),
        ("+", "macro SHIP", "`barge`"),
        ("-", "macro OLD", "the whole macro"),
        ("-", "macro OLD", "`x`"),
        ("-", "water.exclude", "`tide pool`"),
        ("+", "water.veto", "`bath`"),
        ("~", "water.flow", "`wave` weight 2 -> 1"),
        ("-", "water.flow", "`swell`"),
        ("+", "water.flow", "`surge`"),
        ("-", "water.salt", "`foam`"),
        (">", "water.salt", "`ebb` from flow, weight 1 -> 0.5"),
        ("+", "water.ice", "the whole category"),
        ("+", "water.ice", "`floe*`"),
        ("-", "wind", "the whole dimension"),
        ("-", "wind.storm", "`gale @near(SHIP, 5)`"),
        ("-", "wind.storm", "`squall @near(OLD, 3)`"),
        ("+", "sky", "the whole dimension"),
        ("+", "sky.cloud", "`cloud*`"),
        ("~", "modifier negated", "before: 3 -> 4"),
        ("-", "modifier negated.cues", "`not`"),
        ("+", "modifier negated.cues", "`never`"),
        ("+", "modifier hoped", "the whole modifier"),
    ]


@pytest.mark.parametrize("source", [BEFORE, AFTER])
def test_a_lexicon_and_itself(source: str) -> None:
    lexicon = Lexicon.parse(source)
    assert changes(lexicon, Lexicon.parse(source)) == []


WORDS = [
    "tide",
    "tides",
    "ebb",
    "wave",
    "swell",
    "brine",
    "foam",
    "gale",
    "boat",
    "cloud",
    "floe",
    "surge",
    "a",
    "bath",
]


def corpus(folder: Path, count: int) -> list[str]:
    draw = random.Random(7)
    texts = [" ".join(draw.choices(WORDS, k=draw.randint(0, 12))) for _ in range(count)]
    rows = [json.dumps({"id": f"d{number}", "text": text}) for number, text in enumerate(texts)]
    (folder / "news.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return texts


def test_what_moves_is_exact(pair: tuple[Lexicon, Lexicon], tmp_path: Path) -> None:
    """Hold the figures to scores of each text by itself."""
    texts = corpus(tmp_path, 300)
    found = compare(*pair, [str(tmp_path / "news.jsonl")], top=5)
    scorers = [Scorer(one) for one in pair]
    scores = [[scorer.score(text) for text in texts] for scorer in scorers]

    def hits(side: int, number: int, name: str) -> int:
        one = scores[side][number]
        return one[name].hits if name in one else 0

    names = ["water", "wind", "sky"]
    assert list(found.dimensions) == names
    for name in names:
        pairs = [(hits(0, number, name), hits(1, number, name)) for number in range(len(texts))]
        moved = found.dimensions[name]
        assert (moved.before, moved.after) == tuple(sum(one[side] > 0 for one in pairs) for side in (0, 1))
        assert (moved.hits_before, moved.hits_after) == tuple(
            sum(one[side] for one in pairs) for side in (0, 1)
        )
        assert moved.gained == sum(one == 0 < other for one, other in pairs)
        assert moved.lost == sum(other == 0 < one for one, other in pairs)
        assert moved.changed == sum(one != other for one, other in pairs)
    sizes = [
        sum(abs(hits(0, number, name) - hits(1, number, name)) for name in names)
        for number in range(len(texts))
    ]
    assert found.moved == sum(size > 0 for size in sizes)
    expected = sorted(range(len(texts)), key=lambda number: (-sizes[number], number))[:5]
    assert [mover.number for mover in found.movers] == expected
    assert [mover.id for mover in found.movers] == [f"d{number}" for number in expected]
    terms: Counter[tuple[str, str, str]] = Counter()
    for sign, scorer in zip((-1, 1), scorers, strict=True):
        for hit in (hit for text in texts for hit in scorer.hits(text)):
            terms[hit.dimension, hit.category, hit.term] += sign
    assert found.terms == {key: count for key, count in terms.items() if count}


def test_words_that_come_and_go(pair: tuple[Lexicon, Lexicon], tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text('{"text": "Swell, swell, ebb. Surge! Clouds."}\n', encoding="utf-8")
    (mover,) = compare(*pair, [str(tmp_path / "news.jsonl")]).movers
    assert mover.hits == {"water": (3, 2), "sky": (0, 1)}
    assert mover.came == {("water", "surge"): 1, ("sky", "clouds"): 1}
    assert mover.went == {("water", "swell"): 2}


def test_on_the_command_line(cli: Run, tmp_path: Path) -> None:
    corpus(tmp_path, 50)
    for name, source in (("a.toml", BEFORE), ("b.toml", AFTER)):
        (tmp_path / name).write_text(source, encoding="utf-8")
    done = cli("lexicon diff a.toml b.toml --corpus news.jsonl --top 2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("--- sea 1, 8 terms, sha256 ")
    assert lines[1].startswith("+++ sea 2, 7 terms, sha256 ")
    assert "water.flow  +1  -1  ~1" in lines
    assert "  > `ebb` from flow, weight 1 -> 0.5" in lines
    assert any(line.startswith("corpus: 50 documents, ") for line in lines)
    assert sum("(document " in line for line in lines) == 2
    brief = cli("lexicon diff a.toml b.toml --brief").stdout.splitlines()
    assert not [line for line in brief if line.startswith("  ")]
    assert cli("lexicon diff a.toml a.toml").stdout.splitlines()[-1] == "they say the same"
    assert cli("lexicon diff a.toml absent.toml").returncode == 2


def test_dictionaries_of_other_programs(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a.dic").write_text("%\n1\tsea\n%\ntide\t1\nebb\t1\n", encoding="utf-8")
    assert cli("lexicon convert a.dic b.toml").returncode == 0
    assert cli("lexicon diff a.dic b.toml").stdout.splitlines()[-1] == "they say the same"


PEAK = """
import re, sys
from pathlib import Path
from pressgauge import Lexicon
from pressgauge.review import compare
before, after = (Lexicon.load(path) for path in sys.argv[1:3])
found = compare(before, after, [sys.argv[3]], threads=1)
status = Path("/proc/self/status").read_text()
print(found.summary.documents, re.search(r"VmHWM:\\s+(\\d+)", status)[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak is read from /proc")
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    """Sixteen times the documents: buffers and a group of rows fill, nothing else is kept."""
    for name, source in (("a.toml", BEFORE), ("b.toml", AFTER)):
        (tmp_path / name).write_text(source, encoding="utf-8")
    peaks = []
    for count in (20_000, 320_000):
        corpus(tmp_path, count)
        typed = [
            sys.executable,
            "-c",
            PEAK,
            *(str(tmp_path / name) for name in ("a.toml", "b.toml", "news.jsonl")),
        ]
        documents, peak = subprocess.run(typed, capture_output=True, text=True, check=True).stdout.split()
        assert int(documents) == count
        peaks.append(int(peak))
    assert peaks[1] < peaks[0] + 60_000, peaks
