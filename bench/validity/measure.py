"""Scores the sets with each lexicon and puts the figures together.

Owns which number a lexicon gives a text: the added rates of the question's dimensions, else of its only one;
where a question names a tag, the hits that have it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.validity import sets
from bench.validity.sets import Half, Question, Text
from bench.validity.statistics import Estimate, estimates
from pressgauge import Lexicon, Scorer


@dataclass(frozen=True)
class Result:
    """One row of the table."""

    question: Question
    lexicon: str
    documents: int
    positives: int
    figures: Mapping[str, Estimate]


def rate(scorer: Scorer, question: Question, text: str) -> float:
    """Give the number of a text."""
    score = scorer.score(text)
    known = [name for name in question.dimensions if name in score] or list(score)[:1]
    if question.tag:
        return sum(score[name].tags[question.tag] for name in known)
    return sum(score[name].rate or 0.0 for name in known)


def result(question: Question, name: str, scorer: Scorer, texts: Sequence[Text], rounds: int) -> Result:
    """Measure one lexicon on one question."""
    rates = [(one.is_positive, rate(scorer, question, one.text)) for one in texts]
    positives = [value for is_positive, value in rates if is_positive]
    negatives = [value for is_positive, value in rates if not is_positive]
    return Result(question, name, len(texts), len(positives), estimates(positives, negatives, rounds))


def questions_of(names: Sequence[str]) -> list[Question]:
    """Choose questions by name; all if none is named."""
    return [one for one in sets.QUESTIONS if not names or one.name in names]


def asked(shared: Path, questions: Iterable[Question], half: Half) -> Iterable[tuple[Question, list[Text]]]:
    """Give the texts of each question; a set is read once."""
    read: dict[str, list[sets.Row]] = {}
    for question in questions:
        if question.set not in read:
            read[question.set] = list(sets.rows(shared / "labelled", question.set))
        yield question, sets.asked(question, read[question.set], half)


def results(
    lexicons: Mapping[str, Lexicon], shared: Path, questions: Sequence[Question], half: Half, rounds: int
) -> list[Result]:
    """Measure all lexicons on all questions."""
    scorers = {name: Scorer(lexicon) for name, lexicon in lexicons.items()}
    return [
        result(question, name, scorer, texts, rounds)
        for question, texts in asked(shared, questions, half)
        for name, scorer in scorers.items()
        if question.tag is None or question.tag in scorer.lexicon.tags
    ]
