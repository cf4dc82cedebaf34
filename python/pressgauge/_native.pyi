"""The Rust core, as the rest of the package sees it; only lexicon, scorer, run and tables import it."""

from collections.abc import Callable, Sequence
from typing import Any, final

__all__ = [
    "Batches",
    "Engine",
    "Lexicon",
    "Table",
    "Terms",
    "__version__",
    "gaps",
    "inspect",
    "level",
    "parse_term",
    "texts",
    "tokens",
    "unicode_version",
]

__version__: str
unicode_version: str
level: str

@final
class Lexicon:
    """A parsed lexicon, frozen."""

    @staticmethod
    def parse(text: str, path: str | None = None) -> Lexicon: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    def canonical(self) -> str: ...
    def model(self) -> dict[str, Any]: ...

@final
class Terms:
    """A list of terms of a lexicon: of each its text, its own weight and its line, made when asked for."""

    def __len__(self) -> int: ...
    def __getitem__(self, key: int, /) -> tuple[str, float | None, int]: ...

@final
class Engine:
    """A compiled lexicon, shared between threads."""

    def __new__(
        cls,
        lexicon: Lexicon,
        overlap: str = "dimension",
        newline: str | None = None,
        drop: Sequence[str] = ...,
    ) -> Engine: ...
    def score(
        self, text: str, text_hash: bool = False
    ) -> tuple[int, list[tuple[int, int, float]], list[tuple[int, int, float]], str | None, list[int]]: ...
    def hits(
        self, text: str, rejected: bool = False
    ) -> list[tuple[int, int, int, str, int, int, int, int, int, int, list[str]]]: ...
    def score_many(
        self,
        texts: object,
        threads: int = 1,
        categories: bool = False,
        tags: bool = False,
        text_hash: bool = False,
    ) -> Table: ...
    def run(
        self, options: dict[str, Any], progress: Callable[[dict[str, Any]], None] | None
    ) -> dict[str, Any]: ...

@final
class Table:
    """Columns of scores or evidence, for any consumer of Arrow streams."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __len__(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def column(self, name: str) -> list[Any]: ...

@final
class Batches:
    """A table that lies in a Parquet or Arrow file or comes as a stream, batch after batch."""

    @staticmethod
    def open(path: str, columns: Sequence[str] | None = None) -> Batches: ...
    @staticmethod
    def of(table: object, columns: Sequence[str] | None = None) -> Batches: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def about(self) -> dict[str, str]: ...
    def next(self) -> dict[str, list[Any]] | None: ...

def inspect(options: dict[str, Any], samples: int, apart: bool) -> list[dict[str, Any]]: ...
def texts(texts: object) -> list[str | None]: ...
def tokens(text: str) -> list[tuple[int, int, str, str]]: ...
def gaps(text: str, newline: str = "auto") -> list[str]: ...
def parse_term(
    text: str,
) -> tuple[list[tuple[list[tuple[str, bool]], list[int]]], list[tuple[str, str, str, bool]]]: ...
