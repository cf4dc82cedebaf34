"""The checks of a lexicon, one function a kind of fault."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pressgauge.lexicon.model import Lexicon

from .patterns import Index, Pattern, contains, covers_all, patterns_of

_Guard: TypeAlias = tuple[str, str, str, bool]

# Beyond so many terms only the checks of single terms run: the others keep every pattern in memory.
MAX_TERMS = 200_000
# A glob of a single word with fewer letters than this takes in words that nobody thought of.
_LETTERS = 3
_REACHES = ("sentence", "paragraph", "document")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is hardly meant: its kind, a sentence, and the line of the file."""

    kind: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """A term with where it stands; `place` is `dimension.category`, or the name of a list."""

    text: str
    weight: float
    line: int
    place: str
    number: int
    patterns: list[Pattern]
    guards: list[_Guard]


def check(lexicon: Lexicon) -> list[Finding]:
    """Find what is hardly meant, in the order of the file.

    Kinds: duplicate, shadowed, redundant, excluded, vetoed, never, wide, unused, idle. docs/lexicon.md says
    what each means. A finding is no error; in doubt nothing is found.
    """
    model = lexicon.core.model()
    macros = {one["name"]: _read(one["terms"], f"macro {one['name']}") for one in model["macros"]}
    found = list(_unused(model, macros))
    for name, terms in macros.items():
        found += _duplicates(terms, f"the macro {name}")
        found += _wide(terms)
    for dimension in model["dimensions"]:
        found += _dimension(dimension, macros)
    return sorted(set(found), key=lambda one: (one.line or 0, one.kind, one.text))


def _read(terms: Any, place: str, weight: float | None = None) -> list[_Line]:  # noqa: ANN401 - the core's list
    lines = []
    for number in range(len(terms)):
        text, own, line = terms[number]
        counted = own if own is not None else 1.0 if weight is None else weight
        lines.append(_Line(text, counted, line, place, number, *patterns_of(text)))
    return lines


def _dimension(table: dict[str, Any], macros: dict[str, list[_Line]]) -> Iterator[Finding]:
    lists = {key: _read(table[key], f"{table['name']}.{key}") for key in ("exclude", "veto")}
    categories = [
        _read(one["terms"], f"{table['name']}.{one['name']}", one["weight"]) for one in table["categories"]
    ]
    for terms in (*categories, *lists.values()):
        yield from _duplicates(terms, terms[0].place if terms else "")
        yield from (one for term in terms for one in _never(term, macros))
        yield from _wide(terms)
    if sum(map(len, categories)) > MAX_TERMS:
        return
    for terms in categories:
        yield from _covered(terms)
    everything = [term for terms in categories for term in terms]
    yield from _across(everything)
    yield from _removed(everything, lists["exclude"], lists["veto"])
    yield from _idle(everything, lists["exclude"])


def _unused(model: dict[str, Any], macros: dict[str, list[_Line]]) -> Iterator[Finding]:
    used: set[str] = set()
    for dimension in model["dimensions"]:
        lists = [dimension["exclude"], dimension["veto"], *(one["terms"] for one in dimension["categories"])]
        for terms in lists:
            texts = (terms[number][0] for number in range(len(terms)))
            used.update(name for text in texts if "@" in text for name, *_ in patterns_of(text)[1])
    for name, terms in macros.items():
        if name not in used:
            yield Finding("unused", f"no guard names the macro {name}", terms[0].line if terms else None)


def _duplicates(terms: list[_Line], place: str) -> Iterator[Finding]:
    """Find terms that say the same, in the same words or in others."""
    counts = Counter(term.text for term in terms)
    first: dict[object, _Line] = {}
    for term in terms:
        if counts[term.text] > 1:
            if term.text not in first:
                first[term.text] = term
                text = f"`{term.text}` is written {counts[term.text]} times in {place}"
                yield Finding("duplicate", text, term.line)
            continue
        meaning = frozenset(term.patterns), frozenset(term.guards)
        other = first.setdefault(meaning, term)
        if other is not term:
            text = f"`{term.text}` in {place} says the same as `{other.text}` in line {other.line}"
            yield Finding("duplicate", text, term.line)


def _across(terms: list[_Line]) -> Iterator[Finding]:
    """Find terms that stand in two categories of a dimension, which counts their spans once."""
    first: dict[str, _Line] = {}
    for term in terms:
        other = first.setdefault(term.text, term)
        if other.place != term.place:
            text = (
                f"`{term.text}` stands in {term.place} and in {other.place}: their dimension counts it once"
            )
            yield Finding("duplicate", text, term.line)


def _covered(terms: list[_Line]) -> Iterator[Finding]:
    """Find terms of a category whose every match another of its terms takes, or would take."""
    index = Index((pattern, term) for term in terms if not term.guards for pattern in term.patterns)
    yield from _forms(terms)
    for term in terms:
        takers: list[list[_Line]] = [
            [
                other
                for wide, other in index.wider(pattern.words[0])
                if other.number != term.number and covers_all(wide, pattern)
            ]
            for pattern in term.patterns
        ]
        if not all(takers) or _says_the_same(term, takers):
            continue
        earlier = [[one for one in row if one.number < term.number] for row in takers]
        if all(earlier):
            text = f"{_never_counts(term)}: {_named(earlier)} before it takes all its matches"
            yield Finding("shadowed", text, term.line)
        elif all(any(one.weight == term.weight for one in row) for row in takers):
            text = f"`{term.text}` in {term.place} adds nothing: {_named(takers)} matches there too"
            yield Finding("redundant", text, term.line)


def _forms(terms: list[_Line]) -> Iterator[Finding]:
    """Find forms of a term that another of its forms covers."""
    for term in terms:
        index = Index((pattern, number) for number, pattern in enumerate(term.patterns))
        for number, pattern in enumerate(term.patterns if len(term.patterns) > 1 else ()):
            wider = [
                other
                for other, place in index.wider(pattern.words[0])
                if place != number and covers_all(other, pattern)
            ]
            if wider:
                text = f"`{pattern}` in `{term.text}` adds nothing beside `{wider[0]}`"
                yield Finding("redundant", text, term.line)


def _says_the_same(term: _Line, takers: list[list[_Line]]) -> bool:
    """Tell whether it is a duplicate, which is found elsewhere."""
    mine = frozenset(term.patterns), frozenset(term.guards)
    return any((frozenset(one.patterns), frozenset(one.guards)) == mine for row in takers for one in row)


def _never_counts(term: _Line) -> str:
    return f"`{term.text}` in {term.place} never counts"


def _named(rows: Iterable[list[_Line]]) -> str:
    names = dict.fromkeys(f"`{row[0].text}`" for row in rows)
    return " or ".join(list(names)[:3])


def _removed(terms: list[_Line], exclude: list[_Line], veto: list[_Line]) -> Iterator[Finding]:
    """Find terms whose every match lies inside an exclusion, or brings its own veto."""
    index = Index((pattern, line) for line in exclude if not line.guards for pattern in line.patterns)
    vetoes = Index((pattern, line) for line in veto if not line.guards for pattern in line.patterns)
    for term in terms:
        outer = [
            [line for wide, line in index.wider(one.words[0]) if covers_all(wide, one)]
            for one in term.patterns
        ]
        if all(outer):
            text = f"{_never_counts(term)}: the exclusion {_named(outer)} holds all its matches"
            yield Finding("excluded", text, term.line)
        inner = [
            [line for word in one.words for wide, line in vetoes.wider(word) if contains(one, wide)]
            for one in term.patterns
        ]
        if all(inner):
            text = f"{_never_counts(term)}: its own words meet the veto {_named(inner)}"
            yield Finding("vetoed", text, term.line)


def _idle(terms: list[_Line], exclude: list[_Line]) -> Iterator[Finding]:
    """Find exclusions inside which no term can begin."""
    index = Index((pattern, term) for term in terms for pattern in term.patterns)
    for line in exclude:
        tight = all(link <= 0 for pattern in line.patterns for link in pattern.links)
        if tight and not any(index.meets(word) for pattern in line.patterns for word in pattern.words):
            yield Finding(
                "idle", f"`{line.text}` in {line.place} excludes nothing: no term begins in it", line.line
            )


def _never(term: _Line, macros: dict[str, list[_Line]]) -> Iterator[Finding]:
    """Find what no text can meet: an empty macro, guards that contradict, an ending that keys do not have."""
    for name, reach, side, is_not in term.guards:
        if not is_not and not macros[name]:
            yield Finding("never", f"`{term.text}` can never match: the macro {name} is empty", term.line)
        if not is_not and any(
            other == name and forbids and _reach(far) >= _reach(reach) and within in ("both", "either", side)
            for other, far, within, forbids in term.guards
        ):
            yield Finding(
                "never", f"`{term.text}` can never match: its guards on {name} contradict", term.line
            )
    lost = [
        next((word.text for word in one.words if re.search(r"'s[*?]+$", word.text)), None)
        for one in term.patterns
    ]
    if lost and all(lost):
        text = f"`{term.text}` can never match: keys have no final 's, so write `{str(lost[0])[:-3]}`"
        yield Finding("never", text, term.line)


def _reach(reach: str) -> int:
    return int(reach) if reach.isdigit() else 10_000 + _REACHES.index(reach)


def _wide(terms: list[_Line]) -> Iterator[Finding]:
    """Find single words that are a few letters and a star."""
    by_term: dict[int, list[str]] = defaultdict(list)
    for term in terms:
        for pattern in term.patterns:
            word = pattern.words[0].text
            letters = re.sub(r"[*?]", "", word)
            if (
                len(pattern.words) == 1
                and "*" in word
                and len(letters) < _LETTERS
                and letters.isascii()
                and letters.isalpha()
            ):
                by_term[term.number].append(word)
    for term in terms:
        for word in by_term.get(term.number, ()):
            yield Finding(
                "wide", f"`{word}` in {term.place} swallows words: so many begin or end so", term.line
            )
