"""Misses, false alarms and runaway terms: what to read when a lexicon is worked on.

Owns their order and their printed form. Texts are shown, so this goes to a terminal, never into the project.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from bench.validity.sets import Question, Text
from pressgauge import Hit, Scorer


def hits(scorer: Scorer, question: Question, text: str) -> list[Hit]:
    """Give the hits that the question counts."""
    names = {one.name for one in scorer.lexicon.dimensions}
    wanted = set(question.dimensions) & names or names
    found = [hit for hit in scorer.hits(text) if hit.dimension in wanted]
    return [hit for hit in found if question.tag is None or question.tag in hit.tags]


def misses(scorer: Scorer, question: Question, texts: Sequence[Text]) -> Iterator[str]:
    """Show positives without a hit, with the matches that fell."""
    for one in texts:
        if one.is_positive and not hits(scorer, question, one.text):
            fallen = [
                f"{hit.surface} ({hit.status})"
                for hit in scorer.hits(one.text, rejected=True)
                if hit.dimension in question.dimensions
            ]
            yield f"{one.id}  {' '.join(one.text.split())}" + (
                f"\n    fell: {'; '.join(fallen)}" if fallen else ""
            )


def alarms(scorer: Scorer, question: Question, texts: Sequence[Text]) -> Iterator[str]:
    """Show negatives with a hit, with their evidence."""
    for one in texts:
        if not one.is_positive and (found := hits(scorer, question, one.text)):
            shown = "; ".join(f"{hit.surface} <- {hit.term}" for hit in found)
            yield f"{one.id}  {' '.join(one.text.split())}\n    {shown}"


def terms(scorer: Scorer, question: Question, texts: Sequence[Text]) -> list[tuple[str, str, int, int]]:
    """Count, for each term, the positives and the negatives that it fires in; the worst first."""
    right: Counter[tuple[str, str]] = Counter()
    false: Counter[tuple[str, str]] = Counter()
    for one in texts:
        counter = right if one.is_positive else false
        counter.update({(hit.category, hit.term) for hit in hits(scorer, question, one.text)})
    found = [
        (category, term, right[category, term], false[category, term]) for category, term in right | false
    ]
    return sorted(found, key=lambda row: (row[2] - row[3], row))


def report(scorer: Scorer, question: Question, texts: Sequence[Text], most: int) -> Iterator[str]:
    """Show all three, so many of each."""
    for title, made in (("misses", misses), ("false alarms", alarms)):
        yield f"\n== {question.name}: {title}"
        yield from islice(made(scorer, question, texts), most)
    yield f"\n== {question.name}: terms, in positives and negatives"
    for category, term, right, false in terms(scorer, question, texts)[:most]:
        yield f"{right:5} {false:5}  {category}: {term}"
