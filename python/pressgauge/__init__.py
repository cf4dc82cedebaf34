"""Scores news archives for sanction, leverage and conflict language.

The names below are the public interface. Each is imported when first used, so that `import pressgauge` is light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import (
        InputError,
        InternalError,
        LexiconError,
        LimitError,
        MissingExtraError,
        OptionError,
        OutputError,
        PressgaugeError,
    )
    from .hit import CategoryScore, Hit, Hits, Score, ScoreDimension
    from .lexicon import Category, Dimension, Lexicon, Term
    from .run import Summary, score_files
    from .scorer import Scorer
    from .table import ScoreTable

_HOMES = {
    "errors": (
        "InputError", "InternalError", "LexiconError", "LimitError", "MissingExtraError", "OptionError", "OutputError",
        "PressgaugeError",
    ),
    "hit": ("CategoryScore", "Hit", "Hits", "Score", "ScoreDimension"),
    "lexicon": ("Category", "Dimension", "Lexicon", "Term"),
    "run": ("Summary", "score_files"),
    "scorer": ("Scorer",),
    "table": ("ScoreTable",),
}  # fmt: skip

_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Category",
    "CategoryScore",
    "Dimension",
    "Hit",
    "Hits",
    "InputError",
    "InternalError",
    "Lexicon",
    "LexiconError",
    "LimitError",
    "MissingExtraError",
    "OptionError",
    "OutputError",
    "PressgaugeError",
    "Score",
    "ScoreDimension",
    "ScoreTable",
    "Scorer",
    "Summary",
    "Term",
    "__version__",
    "score_files",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name == "__version__":
        return import_module("importlib.metadata").version("pressgauge")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'pressgauge' has no attribute {name!r}")
    return getattr(import_module(f".{_HOME_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
