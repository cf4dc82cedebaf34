"""The labelled sets and the recipe of each: which texts count as positive for which dimension.

Owns reading, the two halves, and the questions. Texts are read where they lie; none is kept.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bench.corpora import decompressed

Row = Mapping[str, Any]
Half = Literal["even", "odd", "all"]

# Politics only: "sanctioned by the board" and the press embargo are not what the set's sentences speak of.
NAMED = re.compile(r"\bsanction(s|ed|ing)?\b|\bembargo(es|ed)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A text and whether it is positive."""

    id: str
    text: str
    is_positive: bool


@dataclass(frozen=True)
class Question:
    """What is asked of a set: dimensions, whose rates add up, or whose hits with a tag; what is positive."""

    name: str
    set: str
    dimensions: tuple[str, ...]
    label: Callable[[Row], bool | None]
    about: str
    wanted: Mapping[str, float] = field(default_factory=dict)
    tag: str | None = None


def is_class(*numbers: int) -> Callable[[Row], bool]:
    """Tell the rows of some classes from the others."""
    return lambda row: row["label"] in numbers


def is_true(key: str) -> Callable[[Row], bool]:
    """Tell the rows whose label is true."""
    return lambda row: bool(row[key])


def world_or_other(row: Row) -> bool | None:
    """World against Sports and Sci/Tech; business is left out, for wars move markets."""
    return None if row["label"] == 3 else row["label"] == 1


def sport(row: Row) -> bool | None:
    """Give sport only, none of it positive."""
    return False if row["label"] == 2 else None


def names_a_sanction(row: Row) -> bool | None:
    """Give the sentences that name a sanction or an embargo, all of them positive."""
    return True if NAMED.search(row["text"]) else None


def eases_a_named_sanction(row: Row) -> bool | None:
    """Of the sentences that name a sanction, those of material cooperation: there it is eased."""
    return row["label"] == 2 if NAMED.search(row["text"]) else None


def sanction_but_no_injunction(row: Row) -> bool | None:
    """Leave out passages whose event is the word injunction: an order of a court is no sanction."""
    return None if "injunction" in row["trigger"] else bool(row["sanction"])


CAMEO, RAMS, NEWS, REUTERS = "cameo_sentences_dev", "rams_dev", "agnews_dev", "reuters_trade_dev"
# Files that hold only ids whose SHA-256 is even: they are a half already, and the next bit halves them again.
ONLY_EVEN = {NEWS, REUTERS}
QUESTIONS = (
    Question(
        "RAMS sanction",
        RAMS,
        ("sanction",),
        is_true("sanction"),
        "passages with a sanction event",
        {"auc": 0.97, "recall": 0.95},
    ),
    Question(
        "RAMS sanction, no injunction",
        RAMS,
        ("sanction",),
        sanction_but_no_injunction,
        "the same without the passages whose event is the word injunction",
        {"auc": 0.97, "recall": 0.95},
    ),
    Question(
        "CAMEO named",
        CAMEO,
        ("sanction",),
        names_a_sanction,
        "sentences with the words sanction or embargo; all are positive",
        {"recall": 1.0},
    ),
    Question(
        "CAMEO relief",
        CAMEO,
        ("sanction",),
        eases_a_named_sanction,
        "of the same sentences those of class 2, material cooperation; hits with the tag `relief`",
        {"recall": 0.9, "precision": 0.7},
        tag="relief",
    ),
    Question(
        "AG Sports, sanction",
        NEWS,
        ("sanction",),
        sport,
        "items of sport; none is positive",
        {"alarms": 0.015},
    ),
    Question(
        "CAMEO 3",
        CAMEO,
        ("leverage",),
        is_class(3),
        "class 3, verbal conflict, against the other four",
        {"auc": 0.75, "precision": 0.7},
    ),
    Question(
        "Reuters trade",
        REUTERS,
        ("leverage",),
        is_true("trade"),
        "stories with the topic trade",
        {"auc": 0.85},
    ),
    Question(
        "RAMS leverage",
        RAMS,
        ("leverage",),
        is_true("leverage"),
        "passages with an event of threatening, coercing or negotiating",
        {"auc": 0.7},
    ),
    Question(
        "AG Sports, leverage",
        NEWS,
        ("leverage",),
        sport,
        "items of sport; none is positive",
        {"alarms": 0.015},
    ),
    Question(
        "CAMEO 4",
        CAMEO,
        ("conflict", "sanction"),
        is_class(4),
        "class 4, material conflict, against the other four; the rates of conflict and sanction added",
        {"auc": 0.75},
    ),
    Question(
        "AG World",
        NEWS,
        ("conflict",),
        world_or_other,
        "World against Sports and Sci/Tech; Business left out",
        {"auc": 0.78},
    ),
    Question(
        "RAMS conflict",
        RAMS,
        ("conflict",),
        is_true("conflict"),
        "passages with an event of attack",
        {"auc": 0.78, "recall": 0.8},
    ),
    Question(
        "AG Sports, conflict",
        NEWS,
        ("conflict",),
        sport,
        "items of sport; none is positive",
        {"alarms": 0.015},
    ),
)


def is_in(half: Half, set_name: str, name: str) -> bool:
    """Tell the half of a document by the parity of the SHA-256 of its id, or by the bit above it."""
    last = hashlib.sha256(name.encode()).digest()[-1]
    bit = last >> (1 if set_name in ONLY_EVEN else 0) & 1
    return half == "all" or half == ("odd" if bit else "even")


def rows(folder: Path, name: str) -> Iterator[Row]:
    """Read a set."""
    path = next((path for path in sorted(folder.glob(f"{name}.jsonl*"))), folder / f"{name}.jsonl.zst")
    for line in decompressed(path).splitlines():
        yield json.loads(line)


def asked(question: Question, given: Iterable[Row], half: Half) -> list[Text]:
    """Give the texts of a question."""
    taken = ((row, question.label(row)) for row in given if is_in(half, question.set, row["id"]))
    return [Text(row["id"], row["text"], label) for row, label in taken if label is not None]
