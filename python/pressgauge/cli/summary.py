"""The summary of a run in lines for a person."""

from collections.abc import Iterator, Mapping
from typing import Any

from pressgauge.run import Summary, origin

from .wording import in_options, number_of

_SHOWN = 3

# Repairs whose names in JSON say too little in a line: before the count, and after it.
_REPAIRS = {
    "malformed date": ("dates not understood:", " (left empty; see --date-format)"),
    "invalid UTF-8": ("invalid UTF-8", " (see --encoding)"),
}


def summary_lines(summary: Summary, faults_only: bool) -> Iterator[str]:
    """Give the lines: what was read and found, then warnings, then faults."""
    if not faults_only:
        yield from _figures(summary)
    for text in summary.warnings:
        yield f"warning: {text}"
    yield from _unverified(summary)
    if not faults_only:
        yield from _rejects(summary)
    for text in summary.faults:
        yield f"fault: {in_options(text)}"


def _figures(summary: Summary) -> Iterator[str]:
    for mapping in summary.mappings:
        yield _mapping(mapping)
    speed = summary.text_bytes / 1e6 / max(summary.seconds, 1e-9)
    documents = number_of(summary.scored, "document") + (
        f" ({summary.null_texts:,} without text)" if summary.null_texts else ""
    )
    if summary.filtered:
        documents += f" of {summary.filtered + summary.scored:,} ({summary.filtered:,} filtered)"
    tokens = number_of(summary.tokens, "token")
    yield f"{documents}, {tokens} in {summary.seconds:.1f} s, {speed:,.0f} MB/s of text"
    yield "hits: " + ", ".join(f"{name} {count:,}" for name, count in summary.hits.items())
    if summary.skipped:
        yield f"left out: {number_of(summary.skipped, 'record')} of web archives that hold no page"
    if summary.repairs:
        yield "repaired: " + ", ".join(_repair(what, count) for what, count in summary.repairs.items())


def _unverified(summary: Summary) -> Iterator[str]:
    """Say which files could hide a fault."""
    for found in summary.unverified[:_SHOWN]:
        yield f"unverified: {origin(found)}: {found['reason']}"
    if len(summary.unverified) > _SHOWN:
        more = number_of(len(summary.unverified) - _SHOWN, "more file")
        yield f"unverified: {more}; --json lists all of them"


def _repair(what: str, count: int) -> str:
    before, after = _REPAIRS.get(what, (what, ""))
    return f"{before} {count:,}{after}"


def _mapping(mapping: Mapping[str, Any]) -> str:
    """Say which keys or columns made which fields."""
    fields = ", ".join(f"{field} from {' or '.join(keys)}" for field, keys in mapping["fields"].items())
    others = f" and {mapping['files'] - 1:,} more" if mapping["files"] > 1 else ""
    return f"{mapping['path']}{others}: {mapping['format']}" + (f"; {fields}" if fields else "")


def _rejects(summary: Summary) -> Iterator[str]:
    if not summary.rejects:
        return
    codes = ", ".join(f"{code} {count:,}" for code, count in summary.rejects.items())
    yield f"rejected: {summary.rejected:,} of {number_of(summary.documents, 'record')}: {codes}"
    for reject in summary.first_rejects[:_SHOWN]:
        yield f"  {origin(reject)}:{reject['line']}: {reject['code']}: {reject['reason']}"
    if summary.rejected > _SHOWN:
        yield "  --rejects FILE writes all of them"
