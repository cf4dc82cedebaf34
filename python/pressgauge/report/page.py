"""From what was gathered to one page of HTML: every text of a document is made harmless, then escaped."""

from importlib.resources import files
from typing import Any, Literal

import pressgauge
from pressgauge.display import line
from pressgauge.errors import LimitError
from pressgauge.extra import extra
from pressgauge.series.periods import Unit

from .data import SPIKE, DimensionData, gather

_MOST_BYTES = 8_000_000


def report(scores: str, hits: str | None = None, *, by: Unit | None = None, **options: Any) -> str:
    """Make the page about a score table, with its evidence if given; options as for an index."""
    jinja2 = extra("jinja2", "report")
    library = extra("plotly.offline", "report").get_plotlyjs()
    data = gather(scores, hits, by, **options)
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "line": lambda text: line(str(text if text is not None else "")),
        "number": _number,
    }
    template = environment.from_string(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    # A closing tag within a script would end it; there is none in plotly's, and there shall be none.
    page: str = template.render(
        data=data,
        charts=[_chart(one) for one in data.dimensions],
        library=library.replace("</script", "<\\/script"),
        version=pressgauge.__version__,
        threshold=SPIKE,
    )
    size = len(page.encode())
    if size > _MOST_BYTES:
        raise LimitError(
            f"the page would have {size / 1e6:.1f} MB, more than 8", hint="choose longer periods with by"
        )
    return page


def _number(value: object, places: int = 1) -> str:
    return "" if value is None else f"{value:,.{places}f}"


def _chart(one: DimensionData) -> dict[str, Any]:
    """Give the numbers of a dimension's charts."""

    def column(name: Literal["period", "index", "low", "high", "smoothed", "spike"]) -> list[Any]:
        return [round(row[name], 3) if isinstance(row[name], float) else row[name] for row in one.rows]

    names: tuple[Literal["period", "index", "low", "high", "smoothed", "spike"], ...]
    names = ("period", "index", "low", "high", "smoothed", "spike")
    heat = [[None if cell is None else round(cell, 2) for cell in row] for row in one.heat]
    return {"name": one.name, "sources": one.sources, "heat": heat} | {name: column(name) for name in names}
