"""What a look at inputs shows a person: packing, format, fields with examples, the first documents."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pressgauge.display import clipped, line
from pressgauge.run import origin

from .wording import number_of

Look = Mapping[str, Any]

# As the core names them, with the key in a document of the look that is an example.
_EXAMPLES = {"crawl date": "date"}
_COLUMNS = {"id": 20, "date": 20, "source": 16, "title": 24}
_LEAST = 16


def look_lines(look: Look, width: int) -> Iterator[str]:
    """Give the lines about one input."""
    yield line(look["path"] or "all inputs")
    yield "  " + "; ".join(_facts(look))
    yield from _members(look)
    many = len(look["mappings"]) > 1
    for mapping in look["mappings"]:
        # Of several mappings each is shown with documents of its own file, or with none.
        own = [one for one in look["samples"] if not many or mapping["path"] in (one["path"], origin(one))]
        yield from _fields(mapping, own, width, many=many)
    yield from _faults(look)


def _facts(look: Look) -> Iterator[str]:
    size = look["size"]
    yield "a pipe" if size is None else f"{size:,} bytes"
    if look["archives"]:
        yield f"{' and '.join(look['archives'])} with {number_of(look['members'], 'member')}" + _where(look)
    for mapping in look["mappings"]:
        packed = "" if mapping["packing"] == "plain" else f" under {mapping['packing']}"
        yield f"{mapping['format']}{packed}"
    yield number_of(look["documents"], "document") + _where(look)
    if look["filtered"]:
        yield f"{look['filtered']:,} filtered"
    if look["skipped"]:
        yield f"{number_of(look['skipped'], 'record')} left out that hold no page"


def _where(look: Look) -> str:
    return "" if look["whole"] else f" in the first {look['bytes'] / 1e6:.1f} MB"


def _members(look: Look) -> Iterator[str]:
    names = [line(name) for name in look["first_members"]]
    if names:
        more = ", ..." if look["members"] > len(names) else ""
        yield f"  members: {', '.join(names)}{more}"


def _fields(mapping: Look, samples: Sequence[Look], width: int, *, many: bool) -> Iterator[str]:
    if many:
        yield f"  {line(mapping['path'])}: {mapping['format']}"
    keys = {field: line(" or ".join(keys)) for field, keys in mapping["fields"].items()}
    room = max((len(said) for said in keys.values()), default=0)
    for field, said in keys.items():
        name = _EXAMPLES.get(field, field)
        example = next((line(sample[name]) for sample in samples if name in sample), "")
        left = f"  {field:10}  {said:{room}}  "
        yield (left + clipped(example, max(width - len(left), _LEAST))).rstrip()


def _faults(look: Look) -> Iterator[str]:
    if look["rejects"]:
        codes = ", ".join(f"{code} {count:,}" for code, count in look["rejects"].items())
        first = look["first_reject"]
        yield f"  rejected: {codes}; the first in line {first['line']}: {line(first['reason'])}"
    for what, count in look["repairs"].items():
        yield f"  put right: {what} {count:,}"
    for text in look["warnings"]:
        yield f"  warning: {line(text)}"
    for text in look["damaged"]:
        yield f"  fault: {line(text)}"
    if look["error"]:
        yield f"  cannot be scored: {line(look['error'])}"


def sample_lines(samples: Sequence[Look], width: int) -> Iterator[str]:
    """Draw the first documents as a table, as a run would read them; columns without a value are left out."""
    widths = {
        name: min(most, max(len(name), *(len(line(sample.get(name, ""))) for sample in samples)))
        for name, most in _COLUMNS.items()
        if any(name in sample for sample in samples)
    }
    widths["text"] = max(width - sum(widths.values()) - 2 * len(widths), _LEAST)
    yield "  ".join(f"{name:{room}}" for name, room in widths.items()).rstrip()
    for sample in samples:
        cells = (clipped(line(sample.get(name, "")), room) for name, room in widths.items())
        yield "  ".join(f"{cell:{room}}" for cell, room in zip(cells, widths.values(), strict=True)).rstrip()
