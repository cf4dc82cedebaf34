"""A lexicon looked at through texts: what its terms and globs meet, and what a change of it moves."""

from .difference import Difference, Moved, Mover, compare
from .firing import Fired, Firing, Glob, fire

__all__ = ["Difference", "Fired", "Firing", "Glob", "Moved", "Mover", "compare", "fire"]
