"""The text of an explanation, part by part: the marked text, the sums, the fallen matches."""

from collections import Counter
from collections.abc import Iterator

from pressgauge.display import clipped, line, safe, segments
from pressgauge.hit import Hit, Hits, ScoreDimension
from pressgauge.lexicon import Dimension, Lexicon, longest_pattern
from pressgauge.scorer import Scorer

from .causes import Causes
from .terminal import COLOURS, style
from .wording import number_of


def explanation(scorer: Scorer, text: str, colours: bool) -> Iterator[str]:
    """Give the parts of an explanation, in order."""
    lexicon = scorer.lexicon
    evidence = scorer.hits(text, rejected=True)
    score = scorer.score(text)
    hits = [hit for hit in evidence if hit.status == "hit"]
    about = f"lexicon {lexicon.name} {line(lexicon.version)} ({lexicon.sha256[:12]})"
    yield f"{number_of(score.tokens, 'token')}, {about}\n"
    yield marked(text, hits, names(lexicon), colours) + "\n"
    for number, dimension in enumerate(lexicon.dimensions):
        mine = [hit for hit in hits if hit.dimension == dimension.name]
        head = style(dimension.name, colours, fg=COLOURS[number % len(COLOURS)], bold=True)
        yield head + _sums(score[dimension.name], counted(mine, dimension, scorer.overlap), score.tokens)
    yield from _fallen(scorer, evidence)


def names(lexicon: Lexicon) -> list[str]:
    """List the dimensions' names."""
    return [dimension.name for dimension in lexicon.dimensions]


def marked(
    text: str, hits: list[Hit], dimensions: list[str], colours: bool, start: int = 0, end: int | None = None
) -> str:
    """Mark hits in a stretch of a text: by colour, or as `[words|dimension]`."""
    pieces = []
    for piece, covering in segments(text, hits, start, end):
        shown, mine = safe(piece), list(dict.fromkeys(hit.dimension for hit in covering))
        if mine and colours:
            colour = COLOURS[dimensions.index(mine[0]) % len(COLOURS)]
            shown = style(shown, colours, fg=colour, bold=True, underline=True)
        elif mine:
            shown = f"[{shown}|{'+'.join(mine)}]"
        pieces.append(shown)
    return "".join(pieces)


def counted(hits: list[Hit], dimension: Dimension, overlap: str) -> list[Hit]:
    """Keep the hits that the dimension counts: one a span, the longest pattern's first (SPEC 7)."""
    if overlap == "none":
        return hits
    order = [(category.name, term.text) for category in dimension.categories for term in category.terms]
    spans: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        spans.setdefault(hit.span, []).append(hit)

    def rank(hit: Hit) -> tuple[int, int]:
        return -longest_pattern(hit.term), order.index((hit.category, hit.term))

    return [min(rivals, key=rank) if len(rivals) > 1 else rivals[0] for rivals in spans.values()]


def _sums(score: ScoreDimension, hits: list[Hit], tokens: int) -> str:
    """Show how a dimension's rate comes about."""
    if not hits:
        return ": no hits\n"
    rows = [
        f"  {count:>4} x {weight:g} = {count * weight:<8g} {line(term)}  ({category})"
        for (category, term, weight), count in Counter((h.category, h.term, h.weight) for h in hits).items()
    ]
    total = f"  weight {score.weight:g} / {number_of(tokens, 'token')} x 1000 = rate {score.rate:.3f}"
    head = f": {number_of(score.hits, 'hit')} of {number_of(score.distinct, 'term')}"
    tags = ", ".join(f"{count} {tag}" for tag, count in score.tags.items() if count)
    return "\n".join([head, *rows, total, *([f"  of them {tags}"] if tags else []), ""])


def _fallen(scorer: Scorer, evidence: Hits) -> Iterator[str]:
    fallen = [hit for hit in evidence if hit.status != "hit"]
    if not fallen:
        return
    causes = Causes(scorer, evidence)
    yield f"matches that do not count: {len(fallen)}"
    for hit in fallen:
        surface = clipped(line(hit.surface), 60)
        yield f'  "{surface}" at {hit.start}, {hit.dimension}/{hit.category} `{line(hit.term)}`'
        yield f"      {hit.status}: {causes.of(hit)}"
