"""Counts against what a definition expects.

Owns the comparison. Other texts, or a lexicon that has changed since, have no expected counts; that is said.
"""

from bench import definition
from bench.measure import agreement_faults
from bench.suites import BASE, Field, digest

WRONG = "WRONG: "


def faults(ready: Field) -> list[str]:
    """Name the counts that are not what is expected, and racers that disagree."""
    found = list(agreement_faults(ready.racers))
    for name in known_lexicons(ready):
        known = ready.definition.expected[name]
        for racer in ready.racers:
            wanted = known.get(racer.engine) if racer.lexicon == name else None
            if wanted is not None and wanted != racer.counts:
                found.append(f"{racer.name} counted {racer.counts}, the definition says {wanted}")
    return found


def known_lexicons(ready: Field) -> list[str]:
    """Give the lexicons whose counts the definition knows for these texts."""
    expected = ready.definition.expected
    if expected.get("texts") != ready.texts.digest:
        return []
    return [
        name for name, one in ready.wanted.items() if expected.get(name, {}).get("lexicon") == digest(one)
    ]


def checked(ready: Field) -> str:
    """Say what the counts were held to."""
    found = faults(ready)
    if found:
        return WRONG + "; ".join(found)
    known = known_lexicons(ready)
    of = "those of the definition" if known else "the same in all rounds and engines"
    new = [name for name in ready.wanted if known and name not in known]
    return f"counts are {of}" + (f", not for {', '.join(new)}, which has changed" if new else "")


def accept(ready: Field) -> None:
    """Write the counts of this run into the definition."""
    counts = {
        name: (
            digest(wanted),
            {one.engine: one.counts for one in ready.racers if one.lexicon == name and one.engine != BASE},
        )
        for name, wanted in ready.wanted.items()
    }
    definition.accept(ready.definition.name, ready.texts.digest, counts)
