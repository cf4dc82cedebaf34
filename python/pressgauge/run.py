"""Scoring files into files: what the command line calls. No text becomes a Python object on the way."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeAlias, TypedDict, Unpack

from . import _native
from .errors import InputError, OptionError
from .lexicon import BUILTIN, Lexicon, Newline
from .scorer import Overlap, Scorer

Path: TypeAlias = str | os.PathLike[str]

# The share of records that may be rejected before a run counts as faulty.
MAX_REJECT_RATE = 0.01


class RunOptions(TypedDict, total=False):
    """What a run can be told; docs/cli.md says what each does."""

    format: Literal["parquet", "csv", "jsonl", "arrow"] | None
    input_format: (
        Literal["jsonl", "json", "csv", "tsv", "text", "lines", "warc", "sgml", "parquet", "arrow"] | None
    )
    encoding: str | None
    max_record: int
    text_field: str | None
    id_field: str | None
    date_field: str | None
    date_format: str | None
    title_field: str | None
    url_field: str | None
    source_field: str | None
    language_field: str | None
    keep: Iterable[str]
    where: str | Iterable[str]
    categories: bool
    tags: bool
    text_hash: bool
    on_error: Literal["skip", "fail"]
    rejects: Path | None
    hits: Path | None
    rejected: bool
    overwrite: bool
    resume: bool
    part_bytes: int | None
    head: int | None
    files_from: Path | None
    strict: bool
    max_window: int
    max_members: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. Bytes are those of the files as they lie there; a pipe has no total."""

    bytes: int
    total_bytes: int | None
    documents: int
    rejects: int
    tokens: int
    text_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to: documents in = scored + rejected + filtered."""

    documents: int
    scored: int
    null_texts: int
    rejected: int
    filtered: int
    rejects: Mapping[str, int]
    first_rejects: Sequence[Mapping[str, Any]]
    tokens: int
    hits: Mapping[str, int]
    text_bytes: int
    bytes: int
    files: int
    members: int
    repairs: Mapping[str, int]
    skipped: int
    damaged: Sequence[Mapping[str, str | None]]
    unverified: Sequence[Mapping[str, str | None]]
    warnings: Sequence[str]
    mappings: Sequence[Mapping[str, Any]]
    about: Mapping[str, str]
    seconds: float
    faults: Sequence[str]

    @property
    def complete(self) -> bool:
        """Whether all files were read whole, and few enough records rejected."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return asdict(self)


def score_files(
    inputs: Path | Iterable[Path] = (),
    output: Path | None = None,
    *,
    lexicon: Lexicon | Path = BUILTIN,
    overlap: Overlap = "dimension",
    newline: Newline | None = None,
    drop: Iterable[str] = (),
    threads: int | None = None,
    max_reject_rate: float = MAX_REJECT_RATE,
    progress: Callable[[Progress], None] | None = None,
    **options: Unpack[RunOptions],
) -> Summary:
    """Score files, folders, patterns or `-` into a table; without an output only count.

    The lexicon is one in hand, the name of a built-in one or a path. `drop` names tags whose hits do not
    count. `threads` is all cores unless given; rows come in the order of the inputs, and the bytes written
    are the same for any number of threads.
    An output that is a folder, or whose name ends with `/`, gets the table in parts and a manifest; such a
    run can be gone on with by `resume` after whatever has stopped it.
    `progress` is called ten times a second at most; an exception that it raises stops the run. `hits` and
    `rejects` name files for the evidence and for the records that could not be read, written in the same
    pass. `files_from` is a file that lists further inputs, one a line. The summary is not `complete` if a
    file was damaged or more of the records were rejected than `max_reject_rate`.
    """
    _refuse_unknown(options)
    if not isinstance(max_reject_rate, int | float) or not 0 <= max_reject_rate <= 1:
        raise OptionError(f"max_reject_rate must be a number from 0 to 1, not {max_reject_rate!r}")
    found = lexicon if isinstance(lexicon, Lexicon) else Lexicon.find(lexicon)
    scorer = Scorer(found, overlap=overlap, newline=newline, drop=drop)
    named = _listed(inputs, options)
    plain = _plain_all(options) | {"inputs": named, "output": _plain(output), "threads": threads}
    told = scorer.core.run(plain, progress and (lambda figures: progress(Progress(**figures))))
    return Summary(**told, faults=_faults(told, max_reject_rate))


def inspect_files(
    inputs: Path | Iterable[Path], *, samples: int = 3, apart: bool = True, **options: Unpack[RunOptions]
) -> list[dict[str, Any]]:
    """Look at files, folders or `-`: at the first megabytes of each, or of all as one run would read them.

    Each look is a dict: `path`, `size`, `mappings` (packing, format, and which key makes which field),
    `documents`, `filtered` and `bytes` seen, `whole` if that was all, `rejects`, `first_reject`, `skipped`,
    `repairs`, `damaged`, `warnings`, `samples` (the first documents), `left` (files beyond the first hundred,
    which are not looked at apart), and `error` if a run over this alone would end at once. Options are
    those of `score_files` that say how to read.
    """
    _refuse_unknown(options)
    return _native.inspect(_plain_all(options) | {"inputs": _listed(inputs, options)}, samples, apart)


def _faults(told: Mapping[str, Any], max_reject_rate: float) -> list[str]:
    """Say why a finished run is not to be trusted blindly."""
    faults = [f"{origin(damage)}: {damage['reason']}" for damage in told["damaged"]]
    rejected, documents = told["rejected"], told["documents"]
    if rejected > max_reject_rate * documents:
        were = "record was" if documents == 1 else "records were"
        faults.append(
            f"{rejected:,} of {documents:,} {were} rejected, "
            f"more than max_reject_rate {max_reject_rate:.3g} allows"
        )
    return faults


def origin(found: Mapping[str, Any]) -> str:
    """Name a file, or a member of an archive: `path` or `path!member`."""
    return found["path"] if found["member"] is None else f"{found['path']}!{found['member']}"


def _listed(inputs: Path | Iterable[Path], options: RunOptions) -> list[str]:
    """Give what was named, and what a list of inputs names."""
    paths = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
    named = [os.fspath(path) for path in paths]
    files_from = options.get("files_from")
    return named if files_from is None else named + _read_list(files_from, named)


def _read_list(file: Path, others: list[str]) -> list[str]:
    """Read the paths that a list names, one a line; `-` is standard input."""
    if file == "-" and "-" in others:
        raise OptionError("standard input cannot be both an input and the list of inputs")
    try:
        if file == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as lines:  # noqa: PTH123 - a path may be bytes that are no text
                data = lines.read()
    except OSError as error:
        raise InputError(f"this list cannot be read: {error.strerror}", path=os.fspath(file)) from error
    named = [os.fsdecode(path.removesuffix(b"\r")) for path in data.split(b"\n")]
    return [path for path in named if path]


def _plain_all(options: Mapping[str, object]) -> dict[str, object]:
    """Turn the options that are given into what the core takes; a single condition may stand alone."""
    plain = {
        name: _plain(value) for name, value in options.items() if value is not None and name != "files_from"
    }
    if isinstance(plain.get("where"), str):
        plain["where"] = [plain["where"]]
    return plain


def _plain(value: object) -> object:
    """Turn paths into strings and other iterables into lists, as the core takes them."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


def _refuse_unknown(options: Mapping[str, object]) -> None:
    known = RunOptions.__annotations__
    for name in options:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise OptionError(f"there is no option {name}", hint=hint)
