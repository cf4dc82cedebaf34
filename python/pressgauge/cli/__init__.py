"""The command line: one file a command, each command one call of the public interface."""

from .main import main

__all__ = ["main"]
