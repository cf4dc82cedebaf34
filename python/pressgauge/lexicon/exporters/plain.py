"""What other programs can hold of a lexicon: categories by their path, with plain terms and weights."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pressgauge import _native
from pressgauge.lexicon.importers.model import BELOW
from pressgauge.lexicon.importers.names import identifier
from pressgauge.lexicon.model import Category, Lexicon

_OURS = frozenset("[]|~=@")
_NEIGHBOURS = -1

# The terms of a category with their weights; None is 1.
Terms = list[tuple[str, float | None]]


@dataclass(slots=True)
class Plain:
    """A lexicon without all that other programs do not know, and notes on what that was."""

    name: str
    description: str | None
    categories: list[tuple[tuple[str, ...], Terms]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def has_weights(self) -> bool:
        """Whether any term weighs other than 1."""
        return any(weight is not None for _, terms in self.categories for _, weight in terms)


def plain(lexicon: Lexicon, native: bool = False) -> Plain:
    """Give what can be held: all but guards if `native`, else words with globs; the rest is noted."""
    made = Plain(lexicon.name, lexicon.description)
    made.notes += _settings(lexicon)
    is_flat = _is_flat(lexicon)
    for dimension in lexicon.dimensions:
        top = _shown(dimension.label, dimension.name, "dimension")
        for key, terms in (("exclude", dimension.exclude), ("veto", dimension.veto)):
            made.notes += [f"{key} of {dimension.name} is left out: `{term}`" for term in terms]
        for category in dimension.categories:
            rest = _shown(category.label, category.name, "category").split(BELOW)
            path = tuple(rest) if is_flat else (top, *rest)
            where = f"{dimension.name}.{category.name}"
            made.categories.append((path, list(_terms(category, where, made.notes, native))))
    return made


def _settings(lexicon: Lexicon) -> Iterator[str]:
    yield from (f"the macro {name} is left out" for name in lexicon.macros)
    yield from (f"the modifier {name} is left out" for name in lexicon.modifiers)
    if lexicon.newline != "auto":
        yield f"newline = {lexicon.newline} is left out"


def _is_flat(lexicon: Lexicon) -> bool:
    """Tell whether it has one dimension only, which the name of its file gives anew."""
    if len(lexicon.dimensions) != 1 or lexicon.description:
        return False
    (dimension,) = lexicon.dimensions
    is_named = dimension.name == identifier(lexicon.name, fallback="dimension")
    return is_named and not any(BELOW in (category.label or "") for category in dimension.categories)


def _shown(label: str | None, name: str, kind: str) -> str:
    """Take the label where the name was made of it, so that it comes back the same."""
    label = " ".join((label or "").split())
    made = identifier(label or name, fallback=kind)
    is_numbered = name.startswith(f"{made}_") and name[len(made) + 1 :].isdigit()
    return label if label and (made == name or is_numbered) else name


def _terms(
    category: Category, where: str, notes: list[str], native: bool
) -> Iterator[tuple[str, float | None]]:
    for term in category.terms:
        weight = None if term.weight == 1 else term.weight
        if native and "@" not in term.text:
            yield term.text, weight
            continue
        forms, reason = _forms(term.text)
        if reason:
            notes.append(f"`{term.text}` of {where} is left out: {reason}")
        elif len(forms) > 1 or _OURS & set(term.text):
            notes.append(f"`{term.text}` of {where} is written as {len(forms)}: {', '.join(forms)}")
        yield from ((form, weight) for form in forms)


def _forms(term: str) -> tuple[list[str], str]:
    """Write the patterns of a term as words with globs, or say why that cannot be."""
    if not _OURS & set(term):
        return [term], ""
    patterns, guards = _native.parse_term(term)
    if guards:
        return [], "guards have no counterpart"
    if any(is_cased for words, _ in patterns for _, is_cased in words):
        return [], "words that keep their capitals have no counterpart"
    if any(link != _NEIGHBOURS for _, links in patterns for link in links):
        return [], "gaps have no counterpart"
    return [" ".join(word for word, _ in words) for words, _ in patterns], ""
