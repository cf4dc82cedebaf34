"""A lexicon looked at through texts: what its terms and globs meet."""

from .firing import Fired, Firing, Glob, fire

__all__ = ["Fired", "Firing", "Glob", "fire"]
