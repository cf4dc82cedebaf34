"""Holds both languages to the tables of allowed imports in docs/DESIGN.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "python" / "pressgauge"
CRATE = ROOT / "src"
FRONT_DOORS = {"__init__", "__main__", "lib"}


def allowed(language: str) -> dict[str, set[str]]:
    """Read one table: each layer with what it may use."""
    page = (ROOT / "docs" / "DESIGN.md").read_text(encoding="utf-8")
    section = page.partition("## Allowed imports")[2].partition(f"### {language}")[2].partition("###")[0]
    rows = re.findall(r"^\| *(\w+) *\| *([\w, ]*?) *\|$", section, re.MULTILINE)
    return {layer: set(uses.replace(",", " ").split()) for layer, uses in rows if layer != "layer"}


def layers_of(root: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """Give each source file with its layer: the first part of its path."""
    for file in sorted(root.rglob(f"*{suffix}")):
        layer = file.relative_to(root).parts[0].removesuffix(suffix)
        if layer not in FRONT_DOORS:
            yield layer, file


def python_uses(file: Path) -> set[str]:
    """Find the layers that a Python file imports."""
    module = ["pressgauge", *file.relative_to(PACKAGE).with_suffix("").parts]
    used = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            used |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = module[: len(module) - node.level] if node.level else []
            start = (*base, *(node.module or "").split(".")) if node.module else tuple(base)
            used |= {(*start, alias.name) for alias in node.names}
    return {path[1] for path in used if path[0] == "pressgauge" and len(path) > 1}


def rust_uses(file: Path, layers: set[str]) -> set[str]:
    """Find the layers that a Rust file names, through `crate` or through `super` at the top."""
    code = re.sub(r"//.*", "", file.read_text(encoding="utf-8"))
    used = set(re.findall(r"\bcrate::(\w+)", code))
    for group in re.findall(r"\bcrate::\{(.*?)\};", code, re.DOTALL):
        used |= set(re.findall(r"(?:^|,)\s*(\w+)", re.sub(r"\{[^{}]*\}", "", group)))
    depth = len(file.relative_to(CRATE).with_suffix("").parts) - (file.stem == "mod")
    used |= set(re.findall(rf"\b(?:super::){{{depth},}}(\w+)", code))
    return used & layers


def faults(root: Path, suffix: str, table: dict[str, set[str]], uses) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}: {layer} may not use {used}"
        for layer, file in layers_of(root, suffix)
        for used in sorted(uses(file) - table.get(layer, set()) - {layer})
    ]


def test_the_tables_know_every_layer():
    python = {layer for layer, _ in layers_of(PACKAGE, ".py")}
    rust = {layer for layer, _ in layers_of(CRATE, ".rs")}
    assert python <= set(allowed("Python"))
    assert rust <= set(allowed("Rust"))


@pytest.mark.parametrize("language", ["Rust", "Python"])
def test_the_tables_have_no_circles(language):
    waiting, settled = allowed(language), {"_native"}
    while waiting:
        free = {layer for layer, uses in waiting.items() if uses <= settled}
        assert free, f"these use each other in a circle: {sorted(waiting)}"
        settled |= free
        waiting = {layer: uses for layer, uses in waiting.items() if layer not in free}


def test_python_keeps_its_direction():
    assert faults(PACKAGE, ".py", allowed("Python"), python_uses) == []


def test_rust_keeps_its_direction():
    table = allowed("Rust")
    assert faults(CRATE, ".rs", table, lambda file: rust_uses(file, set(table))) == []


def test_only_these_know_the_core():
    assert {layer for layer, uses in allowed("Python").items() if "_native" in uses} == {
        "lexicon",
        "scorer",
        "run",
        "tables",
    }
    assert allowed("Python")["reference"] == set()


def test_pyo3_lives_in_one_place():
    users = {layer for layer, file in layers_of(CRATE, ".rs") if "pyo3" in file.read_text(encoding="utf-8")}
    assert users <= {"python"}


def test_the_reader_of_imports_sees_them(tmp_path, monkeypatch):
    """A checker that finds nothing proves nothing: show it faults that it must find."""
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    monkeypatch.setitem(globals(), "CRATE", tmp_path)
    (tmp_path / "sub").mkdir()
    python = tmp_path / "sub" / "a.py"
    python.write_text(
        "from .. import hit\nfrom ..scorer import Scorer\nimport pressgauge.run\nfrom pressgauge import cli\n"
    )
    assert python_uses(python) == {"hit", "scorer", "run", "cli"}
    rust = tmp_path / "sub" / "a.rs"
    rust.write_text(
        "use crate::{read::{Batch, Feed}, write};\nuse super::super::engine::E;\nfn f() { crate::table::t() }"
    )
    layers = {"read", "write", "engine", "table", "sink"}
    assert rust_uses(rust, layers) == {"read", "write", "engine", "table"}
