"""A dictionary of another program as the text of a lexicon file."""

from collections.abc import Iterator

from pressgauge.lexicon.written import keys, listed, term

from .model import BELOW, Dictionary, Entry, Path
from .names import Names
from .terms import checked, our_term


def lexicon_text(found: Dictionary, version: str = "1") -> str:
    """Write a lexicon. Two levels become dimensions and categories, deeper ones are joined in the name.

    A dictionary of one level becomes one dimension with its name. What is left out is noted in `found`.
    """
    head = keys(name=found.name, version=version, description=found.description)
    parts = ["\n".join(["[lexicon]", *head])]
    names = Names("dimension")
    for top, categories in _grouped(found).items():
        name = names.give(top)
        parts.append("\n".join([f"[dimensions.{name}]", *_label(top, name)]))
        parts += _categories(name, categories, found)
    if not found.kept:
        reason = f"the first of them: {found.notes[0]}" if found.notes else "it holds none"
        raise found.error("no term of this file can be read", hint=reason)
    return "\n\n".join(parts) + "\n"


def _grouped(found: Dictionary) -> dict[str, dict[Path, list[Entry]]]:
    """Put categories under what becomes their dimension; a parent without terms of its own is no category."""
    parents = {path[:depth] for path in found.categories for depth in range(1, len(path))}
    leaves = {path: terms for path, terms in found.categories.items() if terms or path not in parents}
    is_flat = all(len(path) == 1 for path in leaves)
    grouped: dict[str, dict[Path, list[Entry]]] = {}
    for path, terms in leaves.items():
        top, rest = (found.name, path) if is_flat else (path[0], path[1:] or path)
        grouped.setdefault(top, {}).setdefault(rest, []).extend(terms)
    return grouped


def _categories(dimension: str, categories: dict[Path, list[Entry]], found: Dictionary) -> Iterator[str]:
    names = Names("category")
    for path, entries in categories.items():
        label = BELOW.join(path)
        name = names.give(label)
        lines = [f"[dimensions.{dimension}.categories.{name}]", *_label(label, name)]
        if not entries:
            found.note(f"the category `{label}` has no terms")
        yield "\n".join([*lines, listed("terms", _terms(label, entries, found))])


def _label(label: str, name: str) -> list[str]:
    return keys(label=None if label == name else label)


def _terms(label: str, entries: list[Entry], found: Dictionary) -> Iterator[str]:
    """Convert the terms of a category; those that cannot be, and those that stand there twice, are noted."""
    seen: dict[str, float | None] = {}
    for entry in entries:
        made, reason = checked(entry.text) if entry.native else our_term(entry.text)
        if made is not None and "@" in made and entry.native:
            made, reason = None, "its guard names a macro, which this file does not have"
        if made is None:
            found.note(f"`{entry.text}` in `{label}` is left out: {reason}", entry.line)
            continue
        weight = None if entry.weight == 1 else entry.weight
        key = made if "=" in made else made.casefold()
        if key in seen:
            other = "" if seen[key] == weight else ", with another weight"
            found.note(f"`{entry.text}` stands in `{label}` twice{other}: the first is kept", entry.line)
            continue
        seen[key] = weight
        found.kept += 1
        yield term(made, weight)
