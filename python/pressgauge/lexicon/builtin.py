"""The lexicons that come with the package, as data files beside it."""

from pathlib import Path

# The lexicon that every command uses unless told otherwise.
BUILTIN = "geopolitics"

# The native module needs a real folder too: importlib.resources would gain nothing, and is slow to import.
_FOLDER = Path(__file__).parent.parent / "lexicons"
_SUFFIX = ".toml"


def builtin_names() -> list[str]:
    """List the built-in lexicons by name."""
    return sorted(file.stem for file in _FOLDER.glob(f"*{_SUFFIX}"))


def builtin_file(name: str) -> Path:
    """Give the file of a built-in lexicon; the name must be one of the list."""
    return _FOLDER / f"{name}{_SUFFIX}"


def starter() -> str:
    """Give the text of the lexicon that `lexicon new` writes."""
    return (Path(__file__).parent / "starter.toml").read_text(encoding="utf-8")
