"""What two lexicons say differently, list by list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .model import Dimension, Lexicon

_SETTINGS = ("name", "version", "language", "description", "newline", "bound_prefixes")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `+` only in the second, `-` only in the first, `~` in both but other, `>` moved."""

    sign: str
    place: str
    text: str


def changes(before: Lexicon, after: Lexicon) -> list[Change]:
    """Compare two lexicons: settings, macros, dimensions with their lists, categories and terms, modifiers.

    Terms are compared as written. Each list keeps its order; what was moved to another category of its
    dimension is told once. Labels and citations, which change no score, are left out.
    """
    found = list(_settings(before, after))
    found += _lists("macro", before.macros, after.macros)
    ours = {one.name: one for one in before.dimensions}
    theirs = {one.name: one for one in after.dimensions}
    for name in dict.fromkeys([*ours, *theirs]):
        found += _dimension(name, ours.get(name), theirs.get(name))
    found += _modifiers(before, after)
    return found


def _settings(before: Lexicon, after: Lexicon) -> Iterator[Change]:
    for key in _SETTINGS:
        one, other = getattr(before, key), getattr(after, key)
        if one != other:
            yield Change("~", "lexicon", f"{key}: {_said(one)} -> {_said(other)}")


def _said(value: object) -> str:
    if value is None:
        return "none"
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def _lists(
    kind: str, before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        place = f"{kind} {name}"
        if name not in after:
            yield Change("-", place, f"the whole {kind}")
        elif name not in before:
            yield Change("+", place, f"the whole {kind}")
        yield from _terms(place, before.get(name, ()), after.get(name, ()))


def _terms(place: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    ours, theirs = dict.fromkeys(before), dict.fromkeys(after)
    yield from (Change("-", place, f"`{term}`") for term in ours if term not in theirs)
    yield from (Change("+", place, f"`{term}`") for term in theirs if term not in ours)


def _dimension(name: str, before: Dimension | None, after: Dimension | None) -> Iterator[Change]:
    if before is None or after is None:
        yield Change("+" if before is None else "-", name, "the whole dimension")
    for key in ("exclude", "veto"):
        lists = [getattr(one, key) if one is not None else () for one in (before, after)]
        yield from _terms(f"{name}.{key}", *lists)
    ours, theirs = _weights(before), _weights(after)
    for category in dict.fromkeys([*ours, *theirs]):
        if (category in ours) != (category in theirs) and before is not None and after is not None:
            yield Change("+" if category in theirs else "-", f"{name}.{category}", "the whole category")
        yield from _category(name, category, ours, theirs)


def _weights(dimension: Dimension | None) -> dict[str, dict[str, float]]:
    """Give category to term to weight."""
    categories = () if dimension is None else dimension.categories
    return {one.name: {term.text: term.weight for term in one.terms} for one in categories}


def _category(
    dimension: str,
    category: str,
    before: Mapping[str, Mapping[str, float]],
    after: Mapping[str, Mapping[str, float]],
) -> Iterator[Change]:
    place = f"{dimension}.{category}"
    ours, theirs = before.get(category, {}), after.get(category, {})
    for term, weight in ours.items():
        if term in theirs:
            if theirs[term] != weight:
                yield Change("~", place, f"`{term}` weight {weight:g} -> {theirs[term]:g}")
        elif _moved(term, before, after) is None:
            yield Change("-", place, f"`{term}`")
    for term in theirs:
        if term in ours:
            continue
        source = _moved(term, before, after)
        if source is None:
            yield Change("+", place, f"`{term}`")
        else:
            weights = before[source][term], theirs[term]
            change = "" if weights[0] == weights[1] else f", weight {weights[0]:g} -> {weights[1]:g}"
            yield Change(">", place, f"`{term}` from {source}{change}")


def _moved(
    term: str, before: Mapping[str, Mapping[str, float]], after: Mapping[str, Mapping[str, float]]
) -> str | None:
    """Name the category that a term came from, if it stands in one category of each."""
    sources = [name for name, terms in before.items() if term in terms]
    targets = [name for name, terms in after.items() if term in terms]
    return sources[0] if len(sources) == len(targets) == 1 and sources != targets else None


def _modifiers(before: Lexicon, after: Lexicon) -> Iterator[Change]:
    ours, theirs = ({one["name"]: one for one in x.core.model()["modifiers"]} for x in (before, after))
    for name in dict.fromkeys([*ours, *theirs]):
        place = f"modifier {name}"
        if name not in ours or name not in theirs:
            yield Change("+" if name in theirs else "-", place, "the whole modifier")
            continue
        yield from _modifier(place, ours[name], theirs[name])


def _modifier(place: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in ("tag", "blocked_tag", "before", "after", "block_within"):
        if before[key] != after[key]:
            yield Change("~", place, f"{key}: {_said(before[key])} -> {_said(after[key])}")
    for key in ("cues", "stop", "cancel", "block"):
        lists = [[one[key][at][0] for at in range(len(one[key]))] for one in (before, after)]
        yield from _terms(f"{place}.{key}", *lists)
