"""Dictionaries of other programs, read into lexicons; what has no counterpart is listed."""

from .formats import FORMATS, Converted, convert, format_of, read_any

__all__ = ["FORMATS", "Converted", "convert", "format_of", "read_any"]
