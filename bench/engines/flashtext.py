"""flashtext2: whole words in any case; it has no wildcards, so a prefix is looked for as a word."""

from bench.patterns import literals
from bench.protocol import WHOLE, Engine, Race, Wanted, rival, simple


def prepare(wanted: Wanted, texts: list[str]) -> Race:
    """Extract keywords from each text."""
    processor = rival("flashtext2").KeywordProcessor(case_sensitive=False)
    processor.add_keywords_from_iter(literals(simple(wanted)))
    extract = processor.extract_keywords
    return Race(lambda: sum(len(extract(text)) for text in texts))


ENGINES = [Engine("flashtext2", "flashtext2", WHOLE, prepare)]
