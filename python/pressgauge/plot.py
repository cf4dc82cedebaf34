"""A series as a picture: PNG, SVG or PDF (extra `plot`)."""

from pathlib import Path
from typing import Any

from .errors import InputError, OptionError
from .extra import extra
from .series import IndexTable


def plot(table: IndexTable, path: str, dimension: str | None = None) -> None:
    """Draw the index of one dimension, or of all, with intervals and smoothed line."""
    if Path(path).suffix not in (".png", ".svg", ".pdf"):
        raise OptionError(f"{path} says no format of a picture", hint="end it with .png, .svg or .pdf")
    extra("matplotlib", "plot").use("agg")
    figures = extra("matplotlib.figure", "plot")
    names = list(
        dict.fromkeys(name for name in table.column("dimension") if "/" not in name and "#" not in name)
    )
    wanted = [dimension] if dimension else names
    rows = table.to_dicts()
    figure = figures.Figure(figsize=(9, 2.6 * len(wanted) + 0.6), layout="constrained")
    for number, name in enumerate(wanted, 1):
        mine = [row for row in rows if row["dimension"] == name]
        if not mine:
            raise InputError(f"there is no series {name}", hint=f"there are {', '.join(names)}")
        _draw(figure.add_subplot(len(wanted), 1, number), mine, name)
    # Without a date, and with names that do not change, the same series gives the same bytes.
    extra("matplotlib", "plot").rcParams["svg.hashsalt"] = "pressgauge"
    date = {".png": "Creation Time", ".svg": "Date", ".pdf": "CreationDate"}[Path(path).suffix]
    figure.savefig(path, dpi=150, metadata={date: None})


def _draw(axes: Any, rows: list[dict[str, Any]], name: str) -> None:  # noqa: ANN401 - matplotlib's own
    def column(key: str) -> list[float]:
        return [float("nan") if row[key] is None else row[key] for row in rows]

    at = range(len(rows))
    axes.fill_between(at, column("low"), column("high"), alpha=0.2, linewidth=0, label="95 %")
    axes.plot(at, column("index"), linewidth=0.8, label="index")
    axes.plot(at, column("smoothed"), linewidth=2, color="black", label="smoothed")
    step = max(len(rows) // 8, 1)
    axes.set_xticks(list(at)[::step], [row["period"] for row in rows][::step])
    axes.set_ylim(bottom=0)
    axes.set_title(f"{name} ({rows[0]['base']} = 100)", loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize="small", ncols=3)
