"""Lexicons drawn from texts: words and phrases of two and three words, by a seed.

Owns the draw. A third are words, a third pairs, a third triples. The most frequent words are left out as
terms of their own, and three quarters of the others too, since no lexicon lists most of the words of a text.
"""

import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

FREQUENT = 1_000
LONGEST = 40
WORDS = 0.25
# Scripts whose words have no spaces between them: Thai, Lao, Myanmar, Khmer, Kana and Han.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@cache
def row_of_words() -> re.Pattern[str]:
    """Give an expression for words with one space between them; a word is letters, marks and digits."""
    marks = "".join(chr(code) for code in range(0x300, sys.maxunicode // 8) if is_mark(chr(code)))
    word = rf"(?:[^\W_]|[{marks}])+"
    return re.compile(f"{word}(?: {word})*")


def is_mark(letter: str) -> bool:
    """Say whether a character is a mark; Python's expressions count marks as no part of a word."""
    return unicodedata.category(letter).startswith("M")


def cut(found: str, rng: random.Random) -> str:
    """Cut a term of two to four letters out of a run of a script without spaces."""
    if not UNSPACED.search(found) or len(found) <= 4:
        return found
    starts = [index for index, letter in enumerate(found) if not is_mark(letter)] + [len(found)]
    first = rng.randrange(max(1, len(starts) - 3))
    return found[starts[first] : starts[min(first + rng.randint(2, 4), len(starts) - 1)]]


def rows(texts: Iterable[str]) -> Iterator[list[str]]:
    """Give words that stand in a row; a number or a very long word ends a row."""
    expression = row_of_words()
    for text in texts:
        for found in expression.finditer(text.lower()):
            row: list[str] = []
            for one in found[0].split(" "):
                if len(one) <= LONGEST and not any(map(str.isdigit, one)):
                    row.append(one)
                else:
                    yield row
                    row = []
            yield row


def draw(texts: list[str], count: int, seed: int = 1) -> list[str]:
    """Draw different terms, in an order by the seed."""
    rng = random.Random(seed)
    kinds: list[Counter[str]] = [Counter(), Counter(), Counter()]
    for row in rows(texts):
        whole = [cut(one, rng) for one in row]
        kinds[0].update(whole)
        if whole == row:
            kinds[1].update(map(" ".join, pairwise(row)))
            kinds[2].update(map(" ".join, zip(row, row[1:], row[2:], strict=False)))
    most = min(FREQUENT, len(kinds[0]) // 10)
    for frequent, _ in kinds[0].most_common(most):
        del kinds[0][frequent]
    return share(rng, [sorted(kind) for kind in kinds], count)


def share(rng: random.Random, kinds: list[list[str]], count: int) -> list[str]:
    """Take a third of each kind; what one kind lacks, the next one gives."""
    drawn: list[str] = []
    for left, kind, most in zip((3, 2, 1), kinds, (WORDS, 1, 1), strict=True):
        drawn += rng.sample(kind, min(int(len(kind) * most), (count - len(drawn)) // left))
    for kind in reversed(kinds):
        rest = sorted(set(kind) - set(drawn)) if len(drawn) < count else []
        drawn += rng.sample(rest, min(len(rest), count - len(drawn)))
    rng.shuffle(drawn)
    return drawn
