"""`pressgauge lexicon check`: faults, what is hardly meant, and what the terms meet in a corpus."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import click

from pressgauge.display import clipped, line
from pressgauge.lexicon import Lexicon
from pressgauge.lexicon.checks import check
from pressgauge.review import Fired, Firing, fire
from pressgauge.review.firing import Glob, Key

from .options import reading_options
from .terminal import warn
from .wording import examples, number_of

_AROUND = 34
_WIDEST = 60


@click.command(
    "check",
    epilog=examples(
        "pressgauge lexicon check mine.toml",
        "pressgauge lexicon check mine.toml --corpus news.jsonl.zst > report.txt",
    ),
)
@click.argument("files", metavar="NAME|FILE...", nargs=-1, required=True)
@click.option(
    "--corpus", metavar="INPUT", multiple=True, help="Say what terms and globs meet in it; may be repeated."
)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Most frequent terms shown.",
)
@click.option(
    "--words",
    metavar="N",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    help="Words shown of a glob.",
)
@reading_options
def command(files: tuple[str, ...], corpus: tuple[str, ...], top: int, words: int, **options: Any) -> None:
    """Check lexicons: exit with 0 if all are good, else say what is wrong, where, and what to do.

    Warnings say what is allowed and hardly meant: duplicates, terms that another term or an exclusion takes
    whole, terms that can never match, globs that swallow words, macros and exclusions without use.

    With --corpus the texts are read twice, and a report says which terms fire most and which never, with
    examples, and which words each glob takes. docs/lexicon.md says more.
    """
    for file in files:
        found = Lexicon.find(file)
        terms = number_of(found.term_count, "term")
        about = f"{found.name} {line(found.version)}, {terms}, sha256 {found.sha256}"
        click.echo(f"{line(file)}: good: {about}")
        for one in check(found):
            place = file if one.line is None else f"{file}:{one.line}"
            warn(f"{place}: {one.text} ({one.kind})")
        if corpus:
            for text in _report(fire(found, corpus, **options), top, words):
                click.echo(text)


def _report(firing: Firing, top: int, words: int) -> Iterator[str]:
    """Give the lines of the report."""
    read = firing.summary
    yield f"corpus: {number_of(read.documents, 'document')}, {number_of(read.tokens, 'token')}"
    yield "\nmost hits"
    for key, one in firing.most(top):
        yield f"  {one.hits:>9,} in {number_of(one.documents, 'document')}  {_name(key)}"
        yield from (f"            {text}" for text in _examples(one))
    never = firing.never()
    yield f"\nno hits: {len(never):,} of {number_of(len(firing.terms), 'term')}"
    for key, one in never:
        fell = ", ".join(f"{count:,} {status}" for status, count in sorted(one.fallen.items()))
        yield f"  {_name(key)}" + (f"  (fell: {fell})" if fell else "")
    yield f"\nglobs: {len(firing.globs):,}; the words that they take in hits / all that they meet"
    for name, glob in sorted(firing.globs.items(), key=lambda item: (-len(item[1].taken), item[0])):
        yield _glob(name, glob, words)


def _name(key: Key) -> str:
    dimension, category, term = key
    return f"{dimension}.{category}  `{clipped(line(term), _WIDEST)}`"


def _examples(one: Fired) -> Iterator[str]:
    for document, left, surface, right in one.examples:
        before, after = line(left)[-_AROUND:], line(right)[:_AROUND]
        yield f"{clipped(line(document), 24)}: {before} [{clipped(line(surface), _WIDEST)}] {after}"


def _glob(name: str, glob: Glob, words: int) -> str:
    return f"  `{name}`  {_counted(glob.taken, words)} / {_counted(glob.met, words)}"


def _counted(counts: Counter[str], words: int) -> str:
    """Name the most frequent words, and say how many others there are."""
    shown = ", ".join(f"{clipped(line(word), 24)} {count:,}" for word, count in counts.most_common(words))
    more = len(counts) - words
    return (shown or "none") + (f" and {more:,} more" if more > 0 else "")
