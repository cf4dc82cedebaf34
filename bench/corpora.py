"""The texts that suites run on: generated ones, kept under target/, or files of JSONL.

Owns reading, keeping, and making short, long and dense texts out of news.
"""

import gzip
import hashlib
import itertools
import json
import random
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from bench import corpus, multilingual

KEPT = Path(__file__).parent.parent / "target" / "bench"
SHORT = 240
LONG_TEXTS = 4


@dataclass(frozen=True)
class Texts:
    """Texts with a name that says where they come from."""

    name: str
    list: list[str]
    mark: str = ""

    @cached_property
    def bytes(self) -> int:
        """Their size in UTF-8."""
        return size(self.list)

    @cached_property
    def digest(self) -> str:
        """Tell them from others."""
        hashed = hashlib.sha256(self.mark.encode())
        for text in self.list:
            hashed.update(text.encode() + b"\0")
        return hashed.hexdigest()[:12]


def size(texts: Iterable[str]) -> int:
    """Count the bytes of UTF-8."""
    return sum(len(text.encode()) for text in texts)


def decompressed(path: Path) -> bytes:
    """Read a file, compressed or not."""
    if path.suffix == ".zst":
        return subprocess.run(["zstd", "-dc", str(path)], check=True, capture_output=True).stdout
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def read(path: Path, most: int | None = None) -> Texts:
    """Read the texts of a JSONL file, or a sample of them of a size."""
    rows = (json.loads(line) for line in decompressed(path).splitlines() if line.strip())
    texts = Texts(path.name.partition(".")[0], [row["text"] for row in rows if row.get("text")])
    return texts if most is None else sample(texts, most)


def up_to(texts: Iterable[str], most: int) -> Iterator[str]:
    """Give texts until they have so many bytes."""
    total = 0
    for text in texts:
        if total >= most:
            return
        total += len(text.encode())
        yield text


def kept(name: str, make: Callable[[], list[str]]) -> list[str]:
    """Make texts once and keep them; a change of the generator makes them anew."""
    codes = [Path(corpus.__file__), Path(multilingual.__file__)]
    sources = [*sorted(Path(__file__).parent.glob("*.toml")), *codes]
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    path = KEPT / f"{name}-{state}.jsonl"
    if not path.exists():
        write(path, make())
    return read(path).list


def write(path: Path, texts: Iterable[str]) -> None:
    """Write texts as JSONL, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            row = {"id": f"{number:08}", "date": "2024-01-01", "text": text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    partial.rename(path)


def news(most: int) -> Texts:
    """Give the default corpus."""
    return Texts("generated", kept(f"news-{most}", lambda: corpus.texts(most)))


def languages(most: int) -> Texts:
    """Give the default corpus in many languages."""
    return Texts("generated", kept(f"languages-{most}", lambda: multilingual.texts(most)))


def short(texts: Texts, most: int) -> Texts:
    """Cut texts into items of about 240 bytes, at spaces."""
    items = itertools.chain.from_iterable(map(items_of, texts.list))
    return Texts(texts.name, list(up_to(items, most)))


def items_of(text: str) -> Iterator[str]:
    """Cut one text; a rest of less than half an item is left out."""
    data = text.encode()
    start = 0
    while len(data) - start > SHORT // 2:
        end = data.find(b" ", start + SHORT - 6)
        end = len(data) if end < 0 or end > start + SHORT + 40 else end
        yield data[start:end].decode(errors="ignore")
        start = end + 1


def long(texts: Texts) -> Texts:
    """Glue texts together, into few documents."""
    each = -(-len(texts.list) // LONG_TEXTS)
    groups = [texts.list[at : at + each] for at in range(0, len(texts.list), each)]
    glued = ["\n\n".join(part) for part in groups]
    return Texts(texts.name, glued)


def dense(texts: Texts, terms: Iterable[str], most: int, seed: int = 1) -> Texts:
    """Put a term after every three words or so, prefixes with an ending."""
    rng = random.Random(seed)
    words = [term.replace("*", "s") for term in terms]
    return Texts(texts.name, list(up_to((peppered(text, words, rng) for text in texts.list), most)))


def peppered(text: str, words: list[str], rng: random.Random) -> str:
    """Put terms into one text."""
    pieces = text.split(" ")
    return " ".join(f"{piece} {rng.choice(words)}" if rng.random() < 0.3 else piece for piece in pieces)


def sample(texts: Texts, most: int, seed: int = 1) -> Texts:
    """Take documents by a seed until they have so many bytes, in their order; all if there are no more."""
    if texts.bytes <= most:
        return texts
    shuffled = list(range(len(texts.list)))
    random.Random(seed).shuffle(shuffled)
    taken = accumulate((len(texts.list[index].encode()) for index in shuffled), initial=0)
    chosen = sorted(index for index, before in zip(shuffled, taken, strict=False) if before < most)
    return Texts(texts.name, [texts.list[index] for index in chosen])
