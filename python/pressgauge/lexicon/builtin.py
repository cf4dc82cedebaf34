"""The lexicons that come with the package, as data files beside it."""

from importlib.resources import files
from importlib.resources.abc import Traversable

# The lexicon that every command uses unless told otherwise.
BUILTIN = "geopolitics"

_FOLDER = "lexicons"
_SUFFIX = ".toml"


def builtin_names() -> list[str]:
    """List the built-in lexicons by name."""
    folder = files("pressgauge") / _FOLDER
    names = (entry.name for entry in folder.iterdir()) if folder.is_dir() else iter(())
    return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))


def builtin_file(name: str) -> Traversable:
    """Give the file of a built-in lexicon; the name must be one of the list."""
    return files("pressgauge") / _FOLDER / f"{name}{_SUFFIX}"
