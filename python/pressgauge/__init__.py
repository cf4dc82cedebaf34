"""Scores news archives for sanction, leverage and conflict language.

The names below are the public interface; each is imported when first used, so that the package is light.
"""

from importlib import import_module

# As in typing, which takes longer to import than all that is here.
TYPE_CHECKING = False
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
    from .run import Summary, inspect_files, score_files
    from .scorer import Scorer
    from .series import IndexTable, index
    from .table import ScoreTable

# As in Cargo.toml; a test holds it to that. To ask the metadata takes longer than to import all that is here.
__version__ = "0.1.0"

# Where each name lives.
_HOMES = {
    "Category": "lexicon",
    "CategoryScore": "hit",
    "Dimension": "lexicon",
    "Hit": "hit",
    "Hits": "hit",
    "IndexTable": "series",
    "InputError": "errors",
    "InternalError": "errors",
    "Lexicon": "lexicon",
    "LexiconError": "errors",
    "LimitError": "errors",
    "MissingExtraError": "errors",
    "OptionError": "errors",
    "OutputError": "errors",
    "PressgaugeError": "errors",
    "Score": "hit",
    "ScoreDimension": "hit",
    "ScoreTable": "table",
    "Scorer": "scorer",
    "Summary": "run",
    "Term": "lexicon",
    "index": "series",
    "inspect_files": "run",
    "score_files": "run",
}

__all__ = [
    "Category",
    "CategoryScore",
    "Dimension",
    "Hit",
    "Hits",
    "IndexTable",
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
    "index",
    "inspect_files",
    "score_files",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'pressgauge' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
