"""What a lexicon is measured beside: the bare word lists, the query of the GPR index, and the draft.

Owns how each is made a lexicon. The last two are read from ../shared when asked for; nothing of them is kept.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from bench.validity.draft import lexicon_of
from pressgauge import Lexicon

BARE = Path(__file__).parent / "bare.toml"
INDICES = "PUBLISHED_INDICES.md"
DRAFT = "lexicon_draft.yaml"
# The eight queries: words, words, reach; `document` is "in the same article".
QUERIES = (
    ("War", "Threat", "2"), ("Peace", "Peace_disruption", "2"), ("Military", "Buildup", "document"),
    ("Nuclear", "Threat", "document"), ("Terrorism", "Threat", "2"), ("War", "War_begin", "2"),
    ("Actor", "Actor_fight", "2"), ("Terrorism", "Terrorism_act", "2"),
)  # fmt: skip


def bare() -> Lexicon:
    """Load the bare lists."""
    return Lexicon.load(BARE)


def gpr_words(page: str) -> dict[str, list[str]]:
    """Read the named word lists of the GPR section."""
    section = " ".join(page.partition("\n- War:")[2].partition("SHARE_t")[0].replace("\n- ", ". ").split())
    parts = re.split(r"(?:^|[.] )([A-Z]\w+)(?: \([^)]*\))?: ", f"War: {section}")[1:]
    return {
        name: [word.strip(" .") for word in words.split(",") if word.strip(" .")]
        for name, words in zip(parts[::2], parts[1::2], strict=True)
    }


def listed(words: Iterable[str]) -> str:
    """Write a list of TOML strings."""
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def gpr(page: str) -> Lexicon:
    """Write the query as a lexicon of one dimension; a document without an index hit has none."""
    words = gpr_words(page)
    lines = ["[lexicon]", 'name = "GPR query"', 'version = "2022"', "[macros]"]
    lines += [f"{name} = {listed(words[name])}" for name in dict.fromkeys(query[1] for query in QUERIES)]
    lines += ["[dimensions.gpr]", f"veto = {listed(words['Excluded'])}"]
    for number, (first, second, reach) in enumerate(QUERIES, 1):
        terms = [f"{word} @near({second},{reach})" for word in words[first]]
        lines += [f"[dimensions.gpr.categories.query{number}]", f"terms = {listed(terms)}"]
    return Lexicon.parse("\n".join(lines))


def all_of(shared: Path) -> dict[str, Lexicon]:
    """Give the rivals that can be had, by name."""
    made = {"bare list": bare()}
    if (shared / INDICES).is_file():
        made["GPR query"] = gpr((shared / INDICES).read_text(encoding="utf-8"))
    if (shared / DRAFT).is_file():
        made["draft"] = lexicon_of((shared / DRAFT).read_text(encoding="utf-8"))
    return made
