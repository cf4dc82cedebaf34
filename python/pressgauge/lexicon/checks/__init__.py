"""What is allowed in a lexicon and hardly meant: found without any text."""

from .findings import Finding, check

__all__ = ["Finding", "check"]
