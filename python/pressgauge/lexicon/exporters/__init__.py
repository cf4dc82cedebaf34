"""A lexicon written for other programs; what they cannot hold is listed."""

from .formats import WRITABLE, export

__all__ = ["WRITABLE", "export"]
