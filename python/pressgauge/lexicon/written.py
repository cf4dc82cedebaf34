"""A lexicon written as TOML: strings, lists of terms, sections."""

import json
from collections.abc import Iterable

_WIDTH = 110


def quoted(text: str) -> str:
    """Write a string of TOML; what JSON leaves as it is but TOML refuses is escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def number(value: float) -> str:
    """Write a weight with as few digits as read back as the same number."""
    return repr(float(value))


def term(text: str, weight: float | None = None) -> str:
    """Write a term, as a table if it has a weight of its own."""
    if weight is None:
        return quoted(text)
    return f"{{ pattern = {quoted(text)}, weight = {number(weight)} }}"


def listed(key: str, items: Iterable[str]) -> str:
    """Write a list: on one line if it is short, else an item a line."""
    parts = list(items)
    short = f"{key} = [{', '.join(parts)}]"
    if len(short) <= _WIDTH:
        return short
    return "\n".join([f"{key} = [", *(f"  {part}," for part in parts), "]"])


def keys(**values: str | None) -> list[str]:
    """Write the keys that have a value."""
    return [f"{key} = {quoted(value)}" for key, value in values.items() if value is not None]
