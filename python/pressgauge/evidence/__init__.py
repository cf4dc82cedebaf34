"""What is made of evidence: counts of terms, keyness, samples to code by hand, what codes say."""

from .audit import Agreement, audit_sample, audit_score
from .keyness import Keyness, keyness
from .terms import TermCount, count_terms

__all__ = ["Agreement", "Keyness", "TermCount", "audit_sample", "audit_score", "count_terms", "keyness"]
