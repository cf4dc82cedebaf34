"""Words that several commands share: examples at the end of a help page, counts."""


def examples(*commands: str) -> str:
    """Word the end of a help page; the mark in front keeps click from joining its lines."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {command}" for command in commands)])


def number_of(count: int, one: str, many: str | None = None) -> str:
    """Count something in words: `1 hit`, `2 hits`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
