"""Why a match fell, in words: the exclusion that holds it, the veto in the text, the match before it."""

import json
import re
from collections.abc import Mapping
from typing import Literal

from pressgauge.display import clipped, line
from pressgauge.hit import Hit, Hits
from pressgauge.lexicon import Dimension, Lexicon
from pressgauge.scorer import Scorer

_GUARD = re.compile(r"@(?:near|not)\([^)]*\)")


class Causes:
    """Answers for the fallen matches of one text."""

    def __init__(self, scorer: Scorer, evidence: Hits) -> None:
        """Look for exclusions and vetoes only if one of them felled a match."""
        fallen = {hit.status for hit in evidence}
        self._evidence = evidence
        self._overlap = scorer.overlap
        self._drop = scorer.drop
        self._excluding = _matches_of(scorer, evidence.text, "exclude") if "excluded" in fallen else {}
        self._vetoes = _matches_of(scorer, evidence.text, "veto") if "veto" in fallen else {}

    def of(self, hit: Hit) -> str:
        """Say why a match fell."""
        if hit.status == "context":
            guards = _GUARD.findall(hit.term)
            fault = "its guard does not hold" if len(guards) == 1 else "not all of its guards hold"
            return f"{fault}: {' '.join(guards)}"
        if hit.status == "excluded":
            holders = (one for one in self._excluding.get(hit.dimension, ()) if _holds(one, hit))
            return "it lies inside " + _quoted(next(holders, None), f"the exclude list of {hit.dimension}")
        if hit.status == "veto":
            first = next(iter(self._vetoes.get(hit.dimension, ())), None)
            return "the text holds " + _quoted(first, f"the veto list of {hit.dimension}")
        if hit.status == "overlap":
            return "it shares words with " + _quoted(self._rival(hit), "the matches that go first")
        tags = [tag for tag in hit.tags if tag in self._drop]
        return f"it is {' and '.join(tags)}, and such hits are dropped"

    def _rival(self, fallen: Hit) -> Hit | None:
        """Find the hit that took the words first."""
        for hit in self._evidence:
            same = hit.dimension == fallen.dimension and (
                self._overlap == "dimension" or hit.category == fallen.category
            )
            taken = hit.status in ("hit", "dropped")
            if same and taken and hit.start < fallen.end and fallen.start < hit.end:
                return hit
        return None


def _holds(outer: Hit, inner: Hit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _quoted(hit: Hit | None, home: str) -> str:
    if hit is None:
        return f"a match of {home}"
    return f'"{clipped(line(hit.surface), 60)}", a match of `{line(hit.term)}`'


def _matches_of(scorer: Scorer, text: str, name: Literal["exclude", "veto"]) -> Mapping[str, list[Hit]]:
    """Find the matches of a list that is not scored, by scoring a lexicon that has it as a category."""
    lexicon = scorer.lexicon
    lists = {dimension.name: _list(dimension, name) for dimension in lexicon.dimensions}
    probe = Lexicon.parse(_toml(lexicon, {dimension: terms for dimension, terms in lists.items() if terms}))
    found: dict[str, list[Hit]] = {dimension: [] for dimension in lists}
    for hit in Scorer(probe, overlap="none", newline=scorer.newline).hits(text):
        found[hit.dimension].append(hit)
    return found


def _list(dimension: Dimension, name: Literal["exclude", "veto"]) -> tuple[str, ...]:
    return dimension.exclude if name == "exclude" else dimension.veto


def _toml(lexicon: Lexicon, lists: Mapping[str, tuple[str, ...]]) -> str:
    lines = [
        "[lexicon]",
        'name = "probe"',
        'version = "1"',
        f"bound_prefixes = {_array(lexicon.bound_prefixes)}",
    ]
    lines += ["[macros]", *(f"{_string(name)} = {_array(terms)}" for name, terms in lexicon.macros.items())]
    for name, terms in lists.items():
        lines += [f"[dimensions.{name}.categories.listed]", f"terms = {_array(terms)}"]
    return "\n".join(lines)


def _array(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_string, dict.fromkeys(texts)))}]"


def _string(text: str) -> str:
    """Quote for TOML: JSON's quoting, which TOML reads alike, with DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
