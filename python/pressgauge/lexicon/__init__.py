"""The Python face of a lexicon; the parser is the core's."""

from .builtin import BUILTIN, builtin_names, starter
from .model import Category, Dimension, Lexicon, Newline, longest_pattern
from .terms import Term, Terms

__all__ = [
    "BUILTIN",
    "Category",
    "Dimension",
    "Lexicon",
    "Newline",
    "Term",
    "Terms",
    "builtin_names",
    "longest_pattern",
    "starter",
]
