"""Optional dependencies: imported when first needed, and named with the command that brings them."""

from importlib import import_module
from typing import Any

from .errors import MissingExtraError


def extra(module: str, name: str) -> Any:  # noqa: ANN401 - modules without types
    """Import a module that the extra of this name installs."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module:
            raise
        raise MissingExtraError(
            f"this needs {module}, which is not installed", hint=f"pip install 'pressgauge[{name}]'"
        ) from None
