"""The printed tables, made from a record."""

from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = (
    "engine", "lexicon", "MB/s", "MB/s ", "x", "x ", "time a byte", "time a byte ", "doubled", "doubled ",
    "items/s", "compiles", "memory", "counts", "question",
)  # fmt: skip
# What a hostile text may cost: time a byte in times of plain, and twice the text in times of once.
LIMITS = {"time a byte": 25.0, "doubled": 2.3}


def show(part: dict[str, Any], console: Console) -> None:
    """Print one suite."""
    texts = part["texts"]
    size = f"{texts['bytes'] / 1e6:,.1f} MB, {texts['items']:,} texts ({texts['name']})"
    console.print(f"\n[bold]{part['suite']}[/]: {part['about']}; {size}")
    console.print(grid(part))
    console.print(f"  {legend(part)}; {part['checked']}", style="dim", highlight=False)
    reasons: dict[str, list[str]] = {}
    for name, reason in part["left_out"]:
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        console.print(f"  left out: {', '.join(names)}: {reason}", style="dim", highlight=False)


def legend(part: dict[str, Any]) -> str:
    """Say what the columns are."""
    if any("doubling" in row for row in part["rows"]):
        return f"time a byte: in times of {part['base']}; doubled: time of twice the text in times of once"
    base = [f"x: times as fast as {part['base']}"] if part["base"] else []
    return "; ".join([*base, "s: on a sample"])


def grid(part: dict[str, Any]) -> Table:
    """Lay out the rows; columns that no row has are left out."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    written = [cells(row, part["suite"]) for row in part["rows"]]
    names = [name for name in COLUMNS if any(name in cell for cell in written)]
    for name in names:
        is_left = name in ("engine", "lexicon", "question")
        table.add_column(name.strip(), justify="left" if is_left else "right", no_wrap=name != "question")
    for cell in written:
        table.add_row(*(cell.get(name, "") for name in names))
    return table


def cells(row: dict[str, Any], suite: str) -> dict[str, str]:
    """Write the cells of one row, by column."""
    middle, least, most = row["speed"]
    written = {
        "engine": row["engine"] + (" s" if row["sampled"] else ""),
        "lexicon": row["lexicon"],
        "MB/s": number(middle),
        "MB/s ": f"[dim]{number(least)}-{number(most)}[/]",
        "counts": " ".join(f"{count:,}" for count in row["counts"].values()),
        "question": row["asks"],
    }
    if "slower" in row:
        written |= pair("time a byte", row["slower"]) | pair("doubled", row["doubling"])
    elif row["ratio"] and suite != "hostile":
        written |= pair("x", row["ratio"])
    if suite == "short":
        written["items/s"] = f"{row['items'] / (row['bytes'] / 1e6 / middle):,.0f}"
    if "compile" in row:
        written["compiles"] = f"{row['compile']['seconds']:.2f} s, {row['compile']['mebibytes']:,} MiB"
    if "memory" in row:
        written["memory"] = f"{row['memory']:,} MiB"
    return written


def pair(name: str, spread: list[float]) -> dict[str, str]:
    """Write a ratio and its spread, as two columns; red what is over its limit."""
    middle, least, most = spread
    shown = f"[red]{times(middle)}[/]" if middle > LIMITS.get(name, middle) else times(middle)
    return {name: shown, f"{name} ": f"[dim]{times(least)}-{times(most)}[/]"}


def number(value: float) -> str:
    """Write a speed with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.2g}" if value < 1 else f"{value:.1f}"


def times(value: float) -> str:
    """Write a ratio: two digits after the point, or two that mean something."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"
