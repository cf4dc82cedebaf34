"""Runs every case of tests/cases against every engine (format: tests/cases/README.md)."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from engines import Adapter
from random_lexicons import quoted

NEXT = -1
KINDS = {"tokens", "gaps", "terms", "lexicon", "expand"}
EVIDENCE = ("dimension", "category", "term", "status", "start", "end")


def load() -> list[dict]:
    files = sorted((Path(__file__).parent / "cases").glob("*.toml"))
    return [case for file in files for case in tomllib.loads(file.read_text("utf-8"))["case"]]


CASES = load()
SPEC_SECTIONS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


def of_kind(*kinds: str) -> pytest.MarkDecorator:
    """The cases that hold one of these keys; a lexicon without a text is an error."""
    chosen = [case for case in CASES if any(kind in case for kind in kinds)]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case["name"])


def lexicon_of(case: dict) -> str:
    """The case's lexicon, its short form written out: dimension d, category c."""
    if "lexicon" in case:
        return case["lexicon"]
    prefixes = f"bound_prefixes = {quoted(case['bound_prefixes'])}" if "bound_prefixes" in case else ""
    macros = "".join(f"{name} = {quoted(terms)}\n" for name, terms in case.get("macros", {}).items())
    modifiers = "".join(
        f"[modifiers.{name}]\n" + "".join(f"{key} = {quoted(value)}\n" for key, value in table.items())
        for name, table in case.get("modifiers", {}).items()
    )
    exclude, veto = quoted(case.get("exclude", [])), quoted(case.get("veto", []))
    return (
        f'[lexicon]\nname = "case"\nversion = "1"\n{prefixes}\n[macros]\n{macros}'
        f"[dimensions.d]\nexclude = {exclude}\nveto = {veto}\n"
        f"[dimensions.d.categories.c]\nterms = {quoted(case['terms'])}\n{modifiers}"
    )


def build(engine: Adapter, case: dict) -> object:
    return engine.build(
        lexicon_of(case), case.get("overlap", "dimension"), case.get("newline"), case.get("drop", [])
    )


def named(lexicon: str, text: str, line: tuple) -> dict:
    """A line of evidence with names for numbers and texts for spans."""
    dimensions = tomllib.loads(lexicon)["dimensions"]
    dimension = list(dimensions)[line[0]]
    category = list(dimensions[dimension]["categories"])[line[1]]
    term = dimensions[dimension]["categories"][category]["terms"][line[2]]
    return {
        "dimension": dimension,
        "category": category,
        "term": term if isinstance(term, str) else term["pattern"],
        "status": line[3],
        "start": line[4],
        "end": line[5],
        "surface": text[line[4] : line[5]],
        "sentence": text[line[8] : line[9]],
        "tags": line[10],
    }


def tag_names(lexicon: str) -> list[str]:
    """The tags of a lexicon in their order (SPEC 8.5)."""
    modifiers = tomllib.loads(lexicon).get("modifiers", {}).items()
    tags = [tag for name, table in modifiers for tag in (table.get("tag", name), table.get("blocked_tag"))]
    return list(dict.fromkeys(filter(None, tags)))


def rendered(words: list[tuple[str, bool]], links: list[int]) -> str:
    """A pattern in the notation of the cases."""
    texts = [("=" if cased else "") + glob for glob, cased in words]
    joints = [" " if link == NEXT else f" ~{link} " for link in links]
    return "".join(text + joint for text, joint in zip(texts, [*joints, ""], strict=True))


@of_kind("tokens")
def test_tokens(engine: Adapter, case: dict) -> None:
    text = case["text"]
    found = [[text[start:end], key, cased] for start, end, key, cased in engine.tokens(text)]
    wanted = case["tokens"]
    assert [entry[: len(want)] for entry, want in zip(found, wanted, strict=False)] == wanted
    assert len(found) == len(wanted)


@of_kind("gaps")
def test_gaps(engine: Adapter, case: dict) -> None:
    assert engine.gaps(case["text"], case.get("newline", "auto")) == case["gaps"]


@of_kind("expand")
def test_expansion(engine: Adapter, case: dict) -> None:
    patterns, guards = engine.parse_term(case["expand"])
    assert [rendered(words, links) for words, links in patterns] == case["patterns"]
    assert guards == []


@of_kind("hits")
def test_hits(engine: Adapter, case: dict) -> None:
    lines = build(engine, case).hits(case["text"])
    assert [case["text"][line[4] : line[5]] for line in lines] == case["hits"]


@of_kind("evidence")
def test_evidence(engine: Adapter, case: dict) -> None:
    text = case["text"]
    lines = build(engine, case).hits(text, rejected=True)
    found = [named(lexicon_of(case), text, line) for line in lines]
    assert [(line["status"], line["surface"]) for line in found] == [
        (want["status"], want["surface"]) for want in case["evidence"]
    ]
    for line, want in zip(found, case["evidence"], strict=True):
        assert {key: line[key] for key in want} == want
    for line in lines:
        assert line[6:8] == tuple(len(text[:place].encode()) for place in line[4:6])


def check_tally(found: tuple[int, int, float], want: dict, tokens: int) -> None:
    hits, distinct, weight = found
    rate = 1000.0 * weight / tokens if tokens else "none"
    for key, value in {"hits": hits, "distinct": distinct, "weight": weight, "rate": rate}.items():
        if key in want:
            assert value == (
                pytest.approx(want[key], rel=1e-12) if key == "rate" and tokens else want[key]
            ), key


@of_kind("score", "categories", "text_hash")
def test_score(engine: Adapter, case: dict) -> None:
    tokens, dimensions, categories, text_hash, tags = build(engine, case).score(case["text"], text_hash=True)
    tables = tomllib.loads(lexicon_of(case))["dimensions"]
    counts = iter(tags)
    names_of_tags = tag_names(lexicon_of(case))
    tags_of = {name: {tag: next(counts) for tag in names_of_tags} for name in tables}
    assert tokens == case.get("score", {}).get("tokens", tokens)
    by_dimension = dict(zip(tables, dimensions, strict=True))
    names = [name for table in tables.values() for name in table["categories"]]
    by_category = dict(zip(names, categories, strict=True))
    for name, want in case.get("score", {}).items():
        if name != "tokens":
            check_tally(by_dimension[name], want, tokens)
            assert tags_of[name] == want.get("tags", tags_of[name])
    for name, want in case.get("categories", {}).items():
        check_tally(by_category[name], want, tokens)
    assert text_hash == case.get("text_hash", text_hash)


@of_kind("error")
def test_error(engine: Adapter, case: dict) -> None:
    with pytest.raises(engine.refusal, match=re.escape(case["error"])):
        build(engine, case)


def test_cases_are_many_and_told_apart() -> None:
    names = Counter(case["name"] for case in CASES)
    assert len(CASES) >= 250
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_case_is_of_one_kind() -> None:
    for case in CASES:
        assert len(KINDS & case.keys()) == 1, case["name"]
        asked = (
            {"error"} if "text" not in case else {"tokens", "gaps", "hits", "evidence", "score", "text_hash"}
        )
        assert asked & case.keys() or "expand" in case, case["name"]


@pytest.mark.parametrize("section", SPEC_SECTIONS)
def test_every_section_has_a_case(section: str) -> None:
    assert any(case["spec"].split(".")[0] == section for case in CASES)


def test_every_numbered_rule_has_a_case() -> None:
    """Each numbered rule of sections 1 to 8, as the SPEC's headings and lists count them."""
    spec = (Path(__file__).parent.parent / "docs" / "SPEC.md").read_text("utf-8")
    rules, section = set(), ""
    for line in spec.splitlines():
        if heading := re.match(r"## (\d+) ", line):
            section = heading[1]
        elif section in SPEC_SECTIONS and (rule := re.match(r"(\d+)\. ", line)):
            rules.add(f"{section}.{rule[1]}")
    cited = {re.match(r"\d+(\.\d+)?", case["spec"])[0] for case in CASES}
    assert rules - cited == set()
