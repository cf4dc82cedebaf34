"""Owns what dictionaries that are wrong lead to: one clear sentence with file and line, and bounded work."""

import contextlib
import random
import re
import time
from pathlib import Path

import pytest

from pressgauge import LexiconError, MissingExtraError
from pressgauge.lexicon.importers import convert
from pressgauge.lexicon.importers.decode import decoded
from test_importers import LEXICODER, LIWC, SAMPLES, WORDSTAT, YAML, YOSHIKODER, made, notes

BOMB = "<!DOCTYPE d [" + "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 40)) + "]>"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.dic", "tide\t1\n", "1: this is no LIWC dictionary"),
        ("a.dic", "%\n1\tsea\ntide\t1\n", "3: the list of categories has no end"),
        ("a.dic", "%\n1\tsea\n1\tland\n%\ntide\t1\n", "3: the category number 1 is given twice"),
        ("a.dic", "%\n1\tsea\n\t\t2\tdeep\n%\ntide\t1\n", "3: this category stands deeper"),
        ("a.dic", "%\nsea\n%\ntide\t1\n", "no category has a number"),
        ("a.cat", "SEA\n\ttide\n", "this is no WordStat dictionary"),
        ("a.cat", "SEA\n\t\ttide (1)\n", "2: this line stands deeper"),
        ("a.ykd", '<dictionary><cnode name="a"></dictionary>', "1: this XML is broken: mismatched tag"),
        ("a.ykd", "<dictionary><cnode/></dictionary>", "1: this <cnode> has no name"),
        ("a.ykd", "<html></html>", "its first element is <html>"),
        ("a.ykd", f"<?xml version='1.0'?>{BOMB}<dictionary>&e39;</dictionary>", "declares a document type"),
        ("a.ykd", '<!DOCTYPE d SYSTEM "http://x.invalid/d"><dictionary/>', "declares a document type"),
        ("a.ykd", "<dictionary>" + "<cnode name='a'>" * 100, "nested more than"),
        ("a.ykd", '<?xml version="1.0" encoding="x-y"?><dictionary/>', "this XML is broken"),
        ("a.ykd", '<dictionary><pnode name="a" score="inf"/></dictionary>', "no finite number"),
        ("a.lc3", "tide\n+SEA\n", "1: a term stands before the first category"),
        ("a.yml", "sea: [tide\n", "this YAML is broken"),
        ("a.yml", "- tide\n", "this YAML is no dictionary"),
        ("a.yml", "a: &x [tide]\nb: *x\n", "2: aliases"),
        ("a.yml", "a: " + "[" * 500 + "]" * 500, "nested too deep"),
        ("a.yml", "[a]: tide\n", "no plain name"),
        ("a.yml", "sea: []\n", "holds no terms"),
        ("a.csv", "a,b,c,d\n1,2,3,4\n", "1: the columns of this table have no names"),
        ("a.csv", 'term\n"tide\n', "this table is broken"),
        ("a.csv", "term,weight\ntide,much\n", "2: the weight 'much' is no finite number"),
        ("a.txt", "# nothing\n", "holds no terms"),
        ("a.txt", ":-)\n", "no term of this file can be read"),
        ("a.txt", "", "the file is empty"),
        ("a.txt", b"a\x00b", "this is no text"),
        ("a.txt", b"\xff\xfe\x00", "the file is not utf-16"),
        ("a.bin", "tide\n", "the format of this file cannot be told"),
    ],
)
def test_faults_are_one_sentence(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    if name.endswith(".yml"):
        pytest.importorskip("yaml")
    with pytest.raises(LexiconError) as caught:
        convert(made(tmp_path, name, content))
    assert said in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.cat", YOSHIKODER),
        ("a.txt", LIWC),
        ("a.dic", WORDSTAT),
        ("a.cat", LEXICODER),
        ("a.csv", YOSHIKODER),
    ],
)
def test_a_wrong_suffix_is_told(tmp_path: Path, name: str, content: str) -> None:
    path = made(tmp_path, name, content)
    (said,) = [note for note in notes(path) if note.startswith("named ")]
    assert re.fullmatch(r"named \.\w+, but its content is that of \w+: read as that", said)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressgauge.lexicon.importers.decode.MAX_BYTES", 2**20)
    with pytest.raises(LexiconError, match="larger than 1 MiB"):
        convert(made(tmp_path, "a.txt", "tide\n" * 2**18))
    monkeypatch.setattr("pressgauge.lexicon.importers.model.MAX_ENTRIES", 2)
    with pytest.raises(LexiconError, match="more than 2 terms"):
        convert(made(tmp_path, "a.txt", "a\nb\nc\n"))


def test_yaml_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pressgauge\[lexicons\]'"):
        convert(made(tmp_path, "a.yml", YAML))


def test_bytes_that_are_nothing_known() -> None:
    with pytest.raises(LexiconError, match="cannot be told"):
        decoded(b"tide \x81\xff", "a.txt")


DRAFT = """macros:
  PORT: "quay; dock*"
modifiers:
  negation: {before: 4, cues: "not; no"}
dimensions:
  SEA:
    categories:
      water:
        terms: "tide; wave @near(PORT,4)"
"""
SEEDS = {**SAMPLES, "draft.yaml": DRAFT}


def torn(data: bytes, draw: random.Random) -> bytes:
    """Cut, double, swap and overwrite bytes."""
    out = bytearray(data)
    for _ in range(draw.randint(1, 6)):
        at, length = draw.randrange(len(out) + 1), draw.randint(0, 12)
        piece = bytes(out[at : at + length])
        other = draw.choice(
            [b"", piece * 3, draw.randbytes(length), b"9" * 5000, b"\t" * 40, b"%\n", b"&", b"("]
        )
        out[at : at + length] = other
    return bytes(out)


@pytest.mark.parametrize("name", SEEDS)
def test_torn_files_never_end_in_a_traceback(tmp_path: Path, name: str) -> None:
    if name.endswith(("yml", "yaml")):
        pytest.importorskip("yaml")
    draw = random.Random(name)
    read, said = 0, []
    for _ in range(300):
        path = made(tmp_path, name, torn(SEEDS[name].encode(), draw))
        try:
            convert(path)
            read += 1
        except LexiconError as error:
            said.append(str(error))
    assert 0 < read < 300
    assert not [text for text in said if "\n" in text]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.dic", "%\n1\tsea\n%\n" + "x" + " " * 500_000 + "y\n"),
        ("a.dic", "%\n1\tsea\n%\ntide\t" + "( " * 200_000 + "1\n"),
        ("a.cat", "SEA\n\ttide" + " " * 500_000 + "(1)\n\t" + "( " * 200_000 + "\n"),
        ("a.cat", "SEA\n" + "\tx\n" * 9_000 + "\ttide (1)\n"),
        ("a.ykd", "<dictionary>" + "<cnode name='a'><pnode name='b'/></cnode>" * 20_000 + "</dictionary>"),
        ("a.ykd", "<dictionary>" + "".join(f"<cnode name='{'é' * (n % 9)}.{n}'/>" for n in range(11_000))),
        ("a.csv", "term\n" + '"' + "x" * 900_000 + '"\n'),
        ("a.txt", "tide\n" + "x" * 5_000_000 + "\n"),
        ("a.txt", "\n".join(f"w{n}" for n in range(100_000))),
    ],
)
def test_large_and_strange_files_take_no_long_time(tmp_path: Path, name: str, content: str) -> None:
    path = made(tmp_path, name, content)
    began = time.process_time()
    with contextlib.suppress(LexiconError):
        assert all(len(str(note)) < 700 for note in convert(path).notes)
    assert time.process_time() - began < 10


def test_yaml_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("yaml")
    monkeypatch.setattr("pressgauge.lexicon.importers.quanteda.MAX_NODES", 100)
    with pytest.raises(LexiconError, match="more than 100 terms"):
        convert(made(tmp_path, "a.yml", f"sea: [{'tide, ' * 200}]"))


def test_a_draft_with_a_word_for_a_number(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    with pytest.raises(LexiconError, match="4: the value of `before` is no whole number"):
        convert(made(tmp_path, "a.yaml", DRAFT.replace("before: 4", "before: four")))
