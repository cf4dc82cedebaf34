"""Owns a second reading of dictionaries, written another way than the importers: what a test holds them to.

Each gives {category path: [(term, weight)]} with terms in lower case, categories without terms left out.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

import yaml

Reading: TypeAlias = dict[tuple[str, ...], list[tuple[str, float]]]

ENCODINGS = {"euc-jp": "euc_jp", "shift-jis": "shift_jis", "windows-1252": "cp1252"}


def text_of(path: Path) -> str:
    return path.read_bytes().decode(ENCODINGS.get(path.stem, "utf-8")).replace("\r\n", "\n")


def liwc(path: Path) -> Reading:
    """Cut at the bars; a path of a category is found by looking back for each smaller indent."""
    _, head, body = re.split(r"^%[ \t]*$", text_of(path), maxsplit=2, flags=re.MULTILINE)
    rows = [re.match(r"(\t*)\s*(\d*)\s*(.*?)\s*$", row).groups() for row in head.split("\n") if row.strip()]
    paths = {}
    for at, (tabs, code, name) in enumerate(rows):
        path_, depth = [name], len(tabs)
        for before, _, above in reversed(rows[:at]):
            if len(before) < depth:
                path_.insert(0, above)
                depth = len(before)
        if code:
            paths[int(code)] = tuple(path_)
    found = defaultdict(list)
    for row in filter(str.strip, body.split("\n")):
        plain = re.sub(r"<\w+>\S+|\([^)]*\)\S+", " ", row)
        term, codes = re.fullmatch(r"\s*(\S+)((?:\s+\d+)*)\s*", plain).groups()
        for code in map(int, codes.split()):
            if code in paths:
                found[paths[code]].append((term.lower(), 1.0))
    return found


def wordstat(path: Path) -> Reading:
    """Turn the tree into paths by replacing each line's tabs with what stood above."""
    found, above = defaultdict(list), {}
    for row in filter(str.strip, text_of(path).split("\n")):
        depth = row.count("\t")
        term = re.search(r"^\t*(.*?) *\(([\d.]+)\)$", row)
        if term:
            found[tuple(above[at] for at in range(depth))].append((term[1].lower(), float(term[2])))
        else:
            above[depth] = row.strip()
    return found


def xml(path: Path) -> Reading:
    """Walk the tree of ElementTree; a root around everything names the dictionary."""
    found = defaultdict(list)

    def walk(node: ElementTree.Element, above: tuple[str, ...]) -> None:
        for one in node:
            if one.tag == "cnode":
                walk(one, (*above, one.get("name")))
            else:
                found[above].append((one.get("name").lower(), 1.0))

    top = ElementTree.parse(path).getroot()
    is_rooted = len(top) == 1 and not top.findall("cnode/pnode") and top.findall("cnode/cnode/cnode")
    walk(top[0] if is_rooted else top, ())
    return found


def lexicoder(path: Path) -> Reading:
    found = defaultdict(list)
    for block in text_of(path).split("+")[1:]:
        name, *terms = block.split("\n")
        found[(name.strip(),)] += [(term.strip().lower(), 1.0) for term in terms if term.strip()]
    return found


def quanteda(path: Path) -> Reading:
    def walk(node: object, above: tuple[str, ...]) -> None:
        if isinstance(node, dict):
            for name, one in node.items():
                walk(one, (*above, name))
        elif isinstance(node, list):
            for one in node:
                walk(one, above)
        else:
            found[above].append((str(node).lower(), 1.0))

    found = defaultdict(list)
    walk(yaml.safe_load(text_of(path)), ())
    return found


def read(path: Path) -> Reading:
    """Read a file by its content."""
    head = path.read_bytes()[:200].lstrip()
    if head.startswith(b"<?xml"):
        return xml(path)
    if head.startswith(b"%"):
        return liwc(path)
    return {".cat": wordstat, ".lc3": lexicoder, ".yml": quanteda}[path.suffix](path)
