"""The reference engine: the law of docs/SPEC.md in plain Python, the oracle for every faster one."""

from .engine import ReferenceEngine
from .gaps import gaps
from .pattern import PatternError, parse_term
from .tokens import tokens

__all__ = ["PatternError", "ReferenceEngine", "gaps", "parse_term", "tokens"]
