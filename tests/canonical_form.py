"""Owns the canonical form of a lexicon and its SHA-256 (SPEC 11) in plain Python, an oracle for the crate."""

import json
import tomllib
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pressgauge.reference.lexicon import BOUND_PREFIXES


def _written(value: object) -> str:
    """Write a value as JSON; floats without an exponent and with a digit after the point."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_written(key)}:{_written(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, float):
        digits = format(Decimal(repr(value)), "f")
        return digits if "." in digits else digits + ".0"
    return json.dumps(value, ensure_ascii=False)


def canonical(toml: str) -> str:
    """Write a lexicon in its one form: only what the file says counts, not its layout or comments."""
    data = tomllib.loads(toml)
    head = data["lexicon"]
    model = {
        **{key: head.get(key) for key in ("name", "version", "language", "description")},
        "newline": head.get("newline", "auto"),
        "bound_prefixes": head.get("bound_prefixes", list(BOUND_PREFIXES)),
        "macros": [{"name": name, "terms": terms} for name, terms in data.get("macros", {}).items()],
        "dimensions": [_dimension(name, table) for name, table in data.get("dimensions", {}).items()],
        "modifiers": [_modifier(name, table) for name, table in data.get("modifiers", {}).items()],
    }
    return _written(model)


def digest(toml: str) -> str:
    """Give the SHA-256 of a lexicon, 64 hexadecimal digits."""
    return sha256(canonical(toml).encode()).hexdigest()


def _dimension(name: str, table: dict[str, Any]) -> dict[str, Any]:
    lists = {key: table.get(key, []) for key in ("exclude", "veto")}
    categories = [_category(key, category) for key, category in table.get("categories", {}).items()]
    return {"name": name, "label": table.get("label"), **lists, "categories": categories}


def _category(name: str, table: dict[str, Any]) -> dict[str, Any]:
    texts = {"name": name, "label": table.get("label"), "cite": table.get("cite")}
    return {**texts, "weight": _weight(table), "terms": [_term(line) for line in table.get("terms", [])]}


def _term(line: str | dict[str, Any]) -> dict[str, Any]:
    table = {"pattern": line} if isinstance(line, str) else line
    return {"pattern": table["pattern"], "weight": _weight(table)}


def _weight(table: dict[str, Any]) -> float | None:
    return float(table["weight"]) if "weight" in table else None


def _modifier(name: str, table: dict[str, Any]) -> dict[str, Any]:
    tags = {"name": name, "tag": table.get("tag", name), "blocked_tag": table.get("blocked_tag")}
    distances = {key: table.get(key, 0) for key in ("before", "after", "block_within")}
    return {**tags, **distances, **{key: table.get(key, []) for key in ("cues", "stop", "cancel", "block")}}
