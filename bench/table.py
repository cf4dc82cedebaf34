"""The printed tables, made from a record."""

from typing import Any

from rich.console import Console
from rich.table import Table


def show(part: dict[str, Any], console: Console) -> None:
    """Print one suite."""
    texts = part["texts"]
    size = f"{texts['bytes'] / 1e6:,.1f} MB, {texts['items']:,} texts ({texts['name']})"
    console.print(f"\n[bold]{part['suite']}[/]: {part['about']}; {size}")
    console.print(grid(part))
    base = f"x: times as fast as {part['base']}; " if part["base"] else ""
    console.print(f"  {base}s: on a sample; {part['checked']}", style="dim", highlight=False)
    for name, reason in part["left_out"]:
        console.print(f"  left out: {name}: {reason}", style="dim", highlight=False)


def grid(part: dict[str, Any]) -> Table:
    """Lay out the rows."""
    has_items = part["suite"] == "short"
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, side in (
        ("engine", "left"),
        ("lexicon", "left"),
        ("MB/s", "right"),
        ("", "left"),
        ("x", "right"),
    ):
        table.add_column(name, justify=side, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("")
    if has_items:
        table.add_column("items/s", justify="right", no_wrap=True)
    if any("compile" in row for row in part["rows"]):
        table.add_column("compiles", justify="right", no_wrap=True)
    table.add_column("counts", justify="right", no_wrap=True)
    table.add_column("question")
    for row in part["rows"]:
        table.add_row(*cells(row, has_items, any("compile" in one for one in part["rows"])))
    return table


def cells(row: dict[str, Any], has_items: bool, has_compile: bool) -> list[str]:
    """Write the cells of one row."""
    middle, least, most = row["speed"]
    written = [row["engine"] + (" s" if row["sampled"] else ""), row["lexicon"]]
    written += [number(middle), f"[dim]{number(least)}-{number(most)}[/]"]
    written += ["", ""]
    if row["ratio"]:
        middle, least, most = row["ratio"]
        written[-2:] = [times(middle), f"[dim]{times(least)}-{times(most)}[/]"]
    if has_items:
        written.append(f"{row['items'] / (row['bytes'] / 1e6 / row['speed'][0]):,.0f}")
    if has_compile:
        cost = row.get("compile")
        written.append(f"{cost['seconds']:.2f} s, {cost['mebibytes']:,} MiB" if cost else "")
    return [*written, " ".join(f"{count:,}" for count in row["counts"].values()), row["asks"]]


def number(value: float) -> str:
    """Write a speed with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.2g}" if value < 1 else f"{value:.1f}"


def times(value: float) -> str:
    """Write a ratio: two digits after the point, or two that mean something."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"
