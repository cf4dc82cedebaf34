"""A lexicon in YAML, its terms in one string and divided by semicolons, as in the project's draft."""

import re
from collections.abc import Iterator
from typing import Any

from pressgauge.lexicon.written import keys, listed, quoted

from .model import Dictionary
from .names import Names
from .terms import checked

# The tags that the names of its modifiers stand for.
_TAGS = {"negation": "negated", "threat_future": "threatened", "attribution": "quoted"}
_PARTS = ("stop", "block")
_MACRO = re.compile(r"@(?:near|not)\(\s*(\w+)")
_WITHIN = 5


def is_draft(root: Any) -> bool:  # noqa: ANN401 - a node of PyYAML
    """Tell whether YAML has this layout: dimensions, each with categories."""
    top = _table(root)
    dimensions = _table(top.get("dimensions"))
    return bool(dimensions) and all("categories" in _table(one) for one in dimensions.values())


def text_of(root: Any, into: Dictionary) -> str:  # noqa: ANN401
    """Write the lexicon; terms that cannot be read are noted, and so are keys without a counterpart."""
    top = _table(root)
    macros = {name: list(_terms(node, into, set())) for name, node in _table(top.get("macros")).items()}
    parts = ["\n".join(["[lexicon]", *keys(name=into.name, version="1", language="en")])]
    if macros:
        parts.append("\n".join(["[macros]", *(listed(name, terms) for name, terms in macros.items())]))
    names = Names("dimension")
    for written, node in _table(top["dimensions"]).items():
        parts += _dimension(names.give(written), _table(node), into, set(macros))
    parts += _modifiers(_table(top.get("modifiers")), into)
    return "\n\n".join(parts) + "\n"


def _dimension(name: str, table: dict[str, Any], into: Dictionary, macros: set[str]) -> Iterator[str]:
    lists = [listed(key, _terms(table[key], into, macros)) for key in ("exclude", "veto") if key in table]
    yield "\n".join([f"[dimensions.{name}]", *lists])
    _unknown(table, {"exclude", "veto", "categories"}, name, into)
    names = Names("category")
    for written, node in _table(table["categories"]).items():
        category = _table(node)
        _unknown(category, {"cite", "terms"}, f"{name}.{written}", into)
        cite = category["cite"].value if "cite" in category else None
        terms = list(_terms(category.get("terms"), into, macros))
        into.count += len(terms)
        yield "\n".join(
            [
                f"[dimensions.{name}.categories.{names.give(written)}]",
                *keys(cite=cite),
                listed("terms", terms),
            ]
        )


def _unknown(table: dict[str, Any], known: set[str], name: str, into: Dictionary) -> None:
    for key, node in table.items():
        if key not in known:
            into.note(f"{name}: the key `{key}` has no counterpart: left out", node.start_mark.line + 1)


def _terms(node: Any, into: Dictionary, macros: set[str]) -> Iterator[str]:  # noqa: ANN401
    text = node.value if node is not None and node.id == "scalar" else ""
    line = node.start_mark.line + 1 if node is not None else None
    seen: set[str] = set()
    for one in text.split(";"):
        written = " ".join(one.split())
        if not written:
            continue
        made, reason = checked(written)
        strangers = [name for name in _MACRO.findall(written) if name not in macros]
        if made is None or strangers:
            into.note(
                f"`{written}` is left out: {reason or f'there is no macro {strangers[0]} for it'}", line
            )
        elif written in seen:
            into.note(f"`{written}` stands twice in one list: the first is kept", line)
        else:
            seen.add(written)
            yield quoted(written)


def _modifiers(tables: dict[str, Any], into: Dictionary) -> Iterator[str]:
    """Put the lists that serve others (`_stop`, `_block`, `shadow`) where they belong."""
    tables = {name: _table(node) for name, node in tables.items()}
    helpers = {name for name, one in tables.items() if _helped(name) or "shadow" in one}
    for name, one in tables.items():
        if name in helpers:
            continue
        stem = name.removesuffix("_pre").removesuffix("_post")
        lines = [f"[modifiers.{name}]", f"tag = {quoted(_TAGS.get(stem, stem))}"]
        around = _number(one, "around", into)
        lines += [f"{side} = {around or _number(one, side, into)}" for side in ("before", "after")]
        lines.append(listed("cues", _terms(one.get("cues"), into, set())))
        for other in helpers:
            lines += _part(other, tables[other], stem, into)
        yield "\n".join(lines)


def _number(table: dict[str, Any], key: str, into: Dictionary) -> int:
    node = table.get(key)
    if node is None:
        return 0
    text = str(node.value)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise into.error(f"the value of `{key}` is no whole number", node.start_mark.line + 1)
    return int(text)


def _helped(name: str) -> str | None:
    return next((part for part in _PARTS if name.endswith(f"_{part}")), None)


def _part(name: str, table: dict[str, Any], stem: str, into: Dictionary) -> list[str]:
    part = _helped(name)
    if part is None:
        mine = name.partition("_")[2] == stem
        return [listed("cancel", _terms(table.get("cues"), into, set()))] if mine else []
    if name.removesuffix(f"_{part}") != stem:
        return []
    lines = [listed(part, _terms(table.get("cues"), into, set()))]
    if part == "block":
        reach = _number(table, "around", into) or _WITHIN
        lines += [f"block_within = {reach}", 'blocked_tag = "maintained"']
    return lines


def _table(node: Any) -> dict[str, Any]:  # noqa: ANN401
    if node is None or node.id != "mapping":
        return {}
    return {str(key.value): value for key, value in node.value}
