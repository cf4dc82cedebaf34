"""The reference engine: the law of docs/SPEC.md in plain Python, the oracle for every faster one."""

from .canonical import canonical, digest
from .chars import UNICODE_VERSION
from .engine import ReferenceEngine
from .gaps import gaps
from .pattern import PatternError, parse_term
from .tokens import tokens

__all__ = [
    "UNICODE_VERSION",
    "PatternError",
    "ReferenceEngine",
    "canonical",
    "digest",
    "gaps",
    "parse_term",
    "tokens",
]
