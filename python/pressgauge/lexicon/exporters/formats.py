"""The formats that a lexicon can be written in."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from xml.sax.saxutils import quoteattr

from pressgauge.errors import LexiconError
from pressgauge.lexicon.importers.model import BELOW
from pressgauge.lexicon.importers.wordstat import is_term
from pressgauge.lexicon.model import Lexicon
from pressgauge.lexicon.written import quoted

from .plain import Plain, plain


def export(lexicon: Lexicon, format: str) -> tuple[str, list[str]]:
    """Write a lexicon in a format of `WRITABLE`; give the text, and what it cannot hold.

    Categories stand under their dimension. Raises LexiconError for a format that is not there, or cannot hold
    more than one category.
    """
    if format == "toml":
        return lexicon.source, []
    if format not in WRITABLE:
        raise LexiconError(f"there is no format {format!r}", hint="there are " + ", ".join(WRITABLE))
    held = plain(lexicon, native=format in ("csv", "tsv"))
    if format not in _WEIGHTED and held.has_weights:
        held.notes.append(f"weights have no place in the format {format}: all terms count 1")
    if format != "yoshikoder" and held.description:
        held.notes.append("the description is left out")
    text = WRITABLE[format](held)
    return text, held.notes


def _tree(held: Plain) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """Give depth and path of each node in order, and the number of its category or -1."""
    above: tuple[str, ...] = ()
    for number, (path, _) in enumerate(held.categories):
        common = 0
        while common < min(len(above), len(path) - 1) and above[common] == path[common]:
            common += 1
        for depth in range(common, len(path)):
            yield depth, path[: depth + 1], number if depth == len(path) - 1 else -1
        above = path


def _liwc(held: Plain) -> str:
    head, body = ["%"], []
    for code, (depth, path, number) in enumerate(_tree(held), 1):
        head.append("\t" * depth + f"{code}\t{path[-1]}")
        body += [f"{term}\t{code}" for term, _ in held.categories[number][1]] if number >= 0 else []
    return "\n".join([*head, "%", *body]) + "\n"


def _wordstat(held: Plain) -> str:
    lines = []
    for depth, path, number in _tree(held):
        lines.append("\t" * depth + _wordstat_name(path[-1], held))
        terms = held.categories[number][1] if number >= 0 else []
        held.notes += [
            f"the weight {weight!r} of `{term}` is written as {_number(weight)}"
            for term, weight in terms
            if weight is not None and float(_number(weight)) != weight
        ]
        lines += ["\t" * (depth + 1) + f"{term} ({_number(weight)})" for term, weight in terms]
    return "\n".join(lines) + "\n"


def _wordstat_name(name: str, held: Plain) -> str:
    """Keep a category from being read as a term or a rule."""
    if not (is_term(name) or name.startswith("@")):
        return name
    safe = name.replace("(", "[").replace(")", "]").replace("@", "at ")
    held.notes.append(f"the category {name} is written as {safe}")
    return safe


def _number(weight: float | None) -> str:
    """Write a weight without an exponent, which WordStat does not know."""
    return f"{1 if weight is None else weight:.12f}".rstrip("0").rstrip(".")


def _yoshikoder(held: Plain) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<dictionary style="050805" patternengine="substring">',
    ]
    has_root = any(len(path) > 1 for path, _ in held.categories)
    if has_root:
        lines.append(f'<cnode name={_attribute(held.description or held.name)} desc="">')
    open_depth = 0
    for depth, path, number in _tree(held):
        lines += ["</cnode>"] * (open_depth - depth)
        lines.append(f'<cnode name={_attribute(path[-1])} desc="">')
        for term, weight in held.categories[number][1] if number >= 0 else ():
            score = "" if weight is None else f' score="{weight!r}"'
            lines.append(f"<pnode name={_attribute(term)}{score}/>")
        open_depth = depth + 1
    return "\n".join([*lines, *["</cnode>"] * (open_depth + has_root), "</dictionary>"]) + "\n"


def _attribute(text: str) -> str:
    return quoteattr("".join(char for char in text if char >= " "))


def _lexicoder(held: Plain) -> str:
    lines: list[str] = []
    for path, terms in held.categories:
        lines += [f"+{BELOW.join(path)}", *(f" {term} " for term, _ in terms)]
    return "\n".join(lines) + "\n"


def _yaml(held: Plain) -> str:
    root = _Node()
    for path, terms in held.categories:
        node = root
        for name in path:
            node = node.below.setdefault(name, _Node())
        node.terms = [quoted(term) for term, _ in terms]
    return "\n".join(_yaml_lines(root, "")) + "\n"


@dataclass(slots=True)
class _Node:
    """A category of a tree: its terms, if it has a list of them, and the categories below it."""

    terms: list[str] | None = None
    below: "dict[str, _Node]" = field(default_factory=dict)


def _yaml_lines(node: _Node, indent: str) -> Iterator[str]:
    """Write what is below a node; where a category has terms and categories, both are items of one list."""
    for name, one in node.below.items():
        if not one.below:
            yield f"{indent}{quoted(name)}: [{', '.join(one.terms or [])}]"
            continue
        yield f"{indent}{quoted(name)}:"
        if one.terms:
            yield from (f"{indent}  - {term}" for term in one.terms)
            yield f"{indent}  -"
            yield from _yaml_lines(one, f"{indent}    ")
        else:
            yield from _yaml_lines(one, f"{indent}  ")


def _table(held: Plain, delimiter: str) -> str:
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["dimension", "category", "pattern", "weight"])
    for path, terms in held.categories:
        top, rest = ("", path) if len(path) == 1 else (path[0], path[1:])
        if not terms:
            held.notes.append(f"the category {BELOW.join(path)} has no terms: left out")
        for term, weight in terms:
            writer.writerow([top, BELOW.join(rest), term, "" if weight is None else repr(weight)])
    return text.getvalue()


def _list(held: Plain) -> str:
    if len(held.categories) != 1:
        raise LexiconError(
            f"a list has no categories, and this lexicon has {len(held.categories)}", hint="write CSV"
        )
    return "".join(f"{term}\n" for term, _ in held.categories[0][1])


_WEIGHTED = ("wordstat", "yoshikoder", "csv", "tsv")
WRITABLE: dict[str, Callable[[Plain], str]] = {
    "liwc": _liwc,
    "wordstat": _wordstat,
    "yoshikoder": _yoshikoder,
    "lexicoder": _lexicoder,
    "yaml": _yaml,
    "csv": lambda held: _table(held, ","),
    "tsv": lambda held: _table(held, "\t"),
    "list": _list,
}
