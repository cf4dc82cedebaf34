"""Tables that are read back: from files, folders and frames, chunk by chunk, only the columns asked for."""

from .source import Table, open_table

__all__ = ["Table", "open_table"]
