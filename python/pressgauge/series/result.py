"""The table of an index: rows, what they are about, what qualifies them; written as CSV or JSON lines."""

import csv
import json
import os
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from pressgauge.errors import OptionError
from pressgauge.extra import extra
from pressgauge.files import write_text
from pressgauge.hit import html_table

_COUNTED = (
    *("documents", "present", "share", "tokens", "weight", "intensity"),
    *("index", "low", "high", "smoothed", "spike", "thin"),
)
_RANGES = ("sources", "coverage", "source_low", "source_high", "term_low", "term_high")
COLUMNS = (
    *("period", "group", "dimension"),
    *_COUNTED,
    *_RANGES,
    *(f"{name}_distinct" for name in _COUNTED),
    *("rule", "base"),
)
_SHOWN = 10


class IndexTable:
    """One row a period, group and dimension. `notes` say what was left out, `about` what it was made with."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], about: Mapping[str, str], notes: Sequence[str]
    ) -> None:
        """Keep the rows; those that have no copies counted have no such columns."""
        self._rows = list(rows)
        self.about = dict(about)
        self.notes = list(notes)
        has_copies = any(row.get("documents_distinct") is not None for row in rows)
        self.column_names = [name for name in COLUMNS if has_copies or not name.endswith("_distinct")]

    def __len__(self) -> int:
        return len(self._rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Give the rows as dictionaries."""
        return [{name: row.get(name) for name in self.column_names} for row in self._rows]

    def column(self, name: str) -> list[Any]:
        """Give the cells of one column."""
        if name not in self.column_names:
            raise KeyError(f"no column {name!r}; there are {', '.join(self.column_names)}")
        return [row.get(name) for row in self._rows]

    def to_arrow(self) -> Any:  # noqa: ANN401 - pyarrow ships no types
        """Give a pyarrow.Table with the notes in its metadata (extra `arrow`)."""
        table = extra("pyarrow", "arrow").table({name: self.column(name) for name in self.column_names})
        return table.replace_schema_metadata({**self.about, "pressgauge.notes": json.dumps(self.notes)})

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the rows as an Arrow stream (extra `arrow`)."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas ships no types
        """Give a pandas.DataFrame (extra `pandas`)."""
        return extra("pandas", "pandas").DataFrame(self.to_dicts(), columns=self.column_names)

    def to_csv(self) -> str:
        """Give the rows as CSV; true and false are 1 and 0, null is an empty cell."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.column_names)
        writer.writerows([_csv_cell(row.get(name)) for name in self.column_names] for row in self._rows)
        return text.getvalue()

    def to_json_lines(self) -> str:
        """Give the rows as JSON lines."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.to_dicts())

    def write(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write a file of CSV or JSON lines, as its suffix says; it comes into being all at once."""
        target = Path(path)
        makers = {".csv": self.to_csv, ".jsonl": self.to_json_lines, ".ndjson": self.to_json_lines}
        if target.suffix not in makers:
            raise OptionError(f"{target.name} says no format of an index", hint="end it with .csv or .jsonl")
        write_text(target, makers[target.suffix](), overwrite=overwrite)

    def __repr__(self) -> str:
        return f"IndexTable({len(self):,} rows, {len(self.column_names)} columns)"

    def _repr_html_(self) -> str:
        names = ["period", "group", "dimension", "documents", "share", "index", "low", "high", "spike"]
        rows = [[_shown(row.get(name)) for name in names] for row in self._rows[:_SHOWN]]
        return f"{html_table(names, rows)}<p>{len(self):,} rows</p>"


def _csv_cell(value: object) -> object:
    """Keep spreadsheets from running a cell as a formula (FORMATS)."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
        return f"'{value}"
    return value


def _shown(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
