"""Words that several commands share: examples at the end of a help page, counts, options as typed."""

# What sentences for every caller say, and how it is typed here.
_TYPED = {
    "ask to overwrite it": "give --overwrite",
    "go on with the run in it": "give --resume",
    "part_bytes was": "--part-bytes was",
    "or give the format": "or give --format",
    "or skip such records": "or give --on-error skip",
    "more than max_reject_rate": "more than --max-reject-rate",
    "which max_window allows": "which --max-window allows",
    "that max_members allows": "that --max-members allows",
    "strict reads": "--strict reads",
}


def examples(*commands: str) -> str:
    """Word the end of a help page; the mark in front keeps click from joining its lines."""
    return "\b\n" + "\n".join(["Examples:", *(f"  {command}" for command in commands)])


def number_of(count: int, one: str, many: str | None = None) -> str:
    """Count something in words: `1 hit`, `2 hits`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def in_options(sentence: str) -> str:
    """Name the options of the command line in a sentence that was written for every caller."""
    for said, typed in _TYPED.items():
        sentence = sentence.replace(said, typed)
    return sentence
