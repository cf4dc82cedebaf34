"""Owns what dictionaries that are wrong lead to: one clear sentence with file and line, and bounded work."""

import re
from pathlib import Path

import pytest

from pressgauge import LexiconError, MissingExtraError
from pressgauge.lexicon.importers import convert
from pressgauge.lexicon.importers.decode import decoded
from test_importers import LEXICODER, LIWC, WORDSTAT, YAML, YOSHIKODER, made, notes

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
