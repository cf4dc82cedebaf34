"""One page about a score table, to open in a browser without a network (extra `report`)."""

from .page import report

__all__ = ["report"]
