"""The floor: what a bare split into words costs in Python."""

from bench.protocol import SPLIT, Engine, Race, Wanted


def prepare(_wanted: Wanted, texts: list[str]) -> Race:
    """Count words between white space."""
    return Race(lambda: {"words": sum(len(text.split()) for text in texts)}, lambda result: result)


ENGINES = [Engine("split", "python", SPLIT, prepare)]
