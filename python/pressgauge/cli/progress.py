"""Progress on a terminal: bytes of the total, documents, speed, time left, rejects."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from pressgauge.run import Progress


@contextmanager
def drawn() -> Iterator[Callable[[Progress], None]]:
    """Draw a bar on standard error while a run goes on, and wipe it away after."""
    columns = (
        BarColumn(bar_width=24),
        DownloadColumn(),
        TextColumn("{task.fields[documents]:,} documents"),
        TextColumn("{task.fields[speed]:.0f} MB/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rejects]}"),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5) as bars:
        task = bars.add_task("", total=None, documents=0, speed=0.0, rejects="")

        def draw(state: Progress) -> None:
            bars.update(
                task,
                completed=state.bytes,
                total=state.total_bytes,
                documents=state.documents,
                speed=megabytes_a_second(state.text_bytes, state.seconds),
                rejects=f"{state.rejects:,} rejected" if state.rejects else "",
            )

        yield draw


def megabytes_a_second(size: int, seconds: float) -> float:
    """Give a speed in millions of bytes a second."""
    return size / 1e6 / max(seconds, 1e-9)
