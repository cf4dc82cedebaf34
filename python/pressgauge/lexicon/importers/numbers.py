"""Weights as files write them."""

import math

from .model import Dictionary


def finite(text: str, into: Dictionary, line: int | None) -> float:
    """Read a weight; what is no finite number is a fault of the file."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise into.error(f"the weight {text!r} is no finite number", line)
    return value
