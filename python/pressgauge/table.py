"""A table of scores: columns that any consumer of Arrow streams takes without copying."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from .display import clipped, line
from .extra import extra
from .hit import html_table

_SHOWN_ROWS = 10
_SHOWN_WIDTH = 24


class Columns(Protocol):
    """What a table stands on: the core's, or the reference engine's."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the rows as an Arrow stream."""

    def __len__(self) -> int: ...

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""

    def column(self, name: str) -> list[Any]:
        """Give a column's cells."""


class ScoreTable:
    """One row a text, in the order of the texts; a row of nulls for a text that is None."""

    def __init__(self, columns: Columns) -> None:
        """Wrap the columns that an engine made."""
        self._columns = columns

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the rows as an Arrow stream (the PyCapsule interface)."""
        return self._columns.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return self._columns.column_names

    def column(self, name: str) -> list[Any]:
        """Give the cells of one column."""
        if name not in self.column_names:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.column_names)}")
        return self._columns.column(name)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give the rows as dictionaries."""
        return list(self._rows())

    def to_arrow(self) -> Any:  # noqa: ANN401 - pyarrow ships no types
        """Give a pyarrow.Table (extra `arrow`)."""
        return extra("pyarrow", "arrow").table(self)

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas ships no types
        """Give a pandas.DataFrame (extra `pandas`)."""
        extra("pandas", "pandas")
        return extra("pyarrow", "pandas").table(self).to_pandas()

    def to_polars(self) -> Any:  # noqa: ANN401 - polars need not be there
        """Give a polars.DataFrame (extra `polars`)."""
        return extra("polars", "polars").DataFrame(self)

    def __reduce__(self) -> tuple[type["ScoreTable"], tuple["ArrowColumns"]]:
        """Pickle as a pyarrow.Table (extra `arrow`)."""
        return type(self), (ArrowColumns(self.to_arrow()),)

    def __repr__(self) -> str:
        names = self._shown_names()
        rows = [names, *self._shown_rows(names)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        )
        return f"ScoreTable({len(self):,} rows, {len(self.column_names)} columns)\n" + "\n".join(lines)

    def _repr_html_(self) -> str:
        names = self._shown_names()
        return f"{html_table(names, self._shown_rows(names))}<p>{len(self):,} rows</p>"

    def _rows(self) -> Iterator[dict[str, Any]]:
        names = self.column_names
        for cells in zip(*(self._columns.column(name) for name in names), strict=True):
            yield dict(zip(names, cells, strict=True))

    def _shown_names(self) -> list[str]:
        """Leave out columns that say nothing: those without a value in the rows shown."""
        return [name for name in self.column_names if any(cell is not None for cell in self._head(name))]

    def _shown_rows(self, names: list[str]) -> list[list[str]]:
        columns = [[_cell(value) for value in self._head(name)] for name in names]
        return [list(row) for row in zip(*columns, strict=True)]

    def _head(self, name: str) -> list[Any]:
        return self._columns.column(name)[:_SHOWN_ROWS]


def _cell(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, float):
        return f"{value:.4g}"
    return clipped(line(str(value)), _SHOWN_WIDTH)


class ArrowColumns:
    """Columns over a pyarrow.Table: what the reference engine's tables stand on."""

    def __init__(self, table: Any) -> None:  # noqa: ANN401 - pyarrow ships no types
        """Wrap a pyarrow.Table."""
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the rows as an Arrow stream."""
        return self._table.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._table.column_names)

    def column(self, name: str) -> list[Any]:
        """Give a column's cells."""
        return list(self._table.column(name).to_pylist())


def arrow_columns(pattern: Columns, rows: list[Mapping[str, Any]]) -> ArrowColumns:
    """Build columns of the same names, types and metadata as a pattern's from rows made elsewhere."""
    pyarrow = extra("pyarrow", "arrow")
    return ArrowColumns(pyarrow.Table.from_pylist(rows, schema=pyarrow.table(pattern).schema))
