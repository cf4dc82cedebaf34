"""Columns from strangers: damaged ones are repaired or refused, all are held and given back rightly."""

import gc
import struct
import subprocess
import sys
import threading
import weakref

import numpy
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SMALL, TEXT
from pressgauge import InputError, Lexicon, Scorer, _native

SCORER = Scorer(Lexicon.parse(SMALL))


def packed(kind: str, *numbers: int) -> pyarrow.Buffer:
    return pyarrow.py_buffer(struct.pack(f"={len(numbers)}{kind}", *numbers))


def strings(offsets, data: bytes, valid: int | None = None) -> pyarrow.Array:
    """Give an array as it was never made by anybody careful."""
    bits = None if valid is None else pyarrow.py_buffer(bytes([valid]))
    buffers = [bits, packed("i", *offsets), pyarrow.py_buffer(data)]
    return pyarrow.Array.from_buffers(pyarrow.string(), len(offsets) - 1, buffers)


def large_strings(offsets, data: bytes) -> pyarrow.Array:
    buffers = [None, packed("q", *offsets), pyarrow.py_buffer(data)]
    return pyarrow.Array.from_buffers(pyarrow.large_string(), len(offsets) - 1, buffers)


def views(*rows: bytes, data: bytes = b"0123456789 sanctions") -> pyarrow.Array:
    buffers = [None, pyarrow.py_buffer(b"".join(rows)), pyarrow.py_buffer(data)]
    return pyarrow.Array.from_buffers(pyarrow.string_view(), len(rows), buffers)


def view(length: int, buffer: int, offset: int) -> bytes:
    return struct.pack("=i4sii", length, b"0123", buffer, offset)


@given(st.lists(st.binary(max_size=24), max_size=20), st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_bytes_that_are_no_text_become_replacement_characters(pieces, skip):
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    data = b"".join(pieces)
    expected = [piece.decode("utf-8", "replace") for piece in pieces][skip:]
    inside = [struct.pack("=i12s", len(piece), piece) for piece in pieces if len(piece) <= 12]
    short = [piece.decode("utf-8", "replace") for piece in pieces if len(piece) <= 12][skip:]
    for array in (strings(ends, data)[skip:], large_strings(ends, data)[skip:]):
        assert _native.texts(array) == expected
        assert SCORER.score_many(array).to_dicts() == SCORER.score_many(expected).to_dicts()
    assert _native.texts(views(*inside)[skip:]) == short


def test_a_view_is_read_where_it_points():
    column = views(view(9, 0, 11)[:4] + b"sanctions\0\0\0", view(20, 0, 0), view(13, 0, 7))
    assert _native.texts(column) == ["sanctions", "0123456789 sanctions", "789 sanctions"]


@pytest.mark.parametrize(
    "column",
    [
        strings([0, 9, 4, 9], b"sanctions"),
        strings([0, 4, -3, 9], b"sanctions"),
        strings([0, 4, 1_000_000, 9], b"sanctions"),
        strings([0, 4, 2**31 - 1, 9], b"sanctions"),
        large_strings([0, 9, -(2**63), 9], b"sanctions"),
        large_strings([0, 4, 2**63 - 1, 9], b"sanctions"),
        views(view(4, 0, 0), view(20, 0, 0), view(20, 0, 1)),
        views(view(4, 0, 0), view(20, 1, 0)),
        views(view(4, 0, 0), view(20, -1, 0)),
        views(view(4, 0, 0), view(20, 0, -1)),
        views(view(4, 0, 0), view(2**31 - 1, 0, 0)),
        views(view(4, 0, 0), view(-1, 0, 0)),
        views(view(4, 0, 0), view(13, 2**31 - 1, 2**31 - 1)),
    ],
)
@pytest.mark.parametrize("threads", [1, 2])
def test_offsets_that_lead_out_of_the_column_are_refused(column, threads):
    number = 2 if len(column) == 3 and isinstance(column, pyarrow.StringViewArray) else 1
    with pytest.raises(InputError, match=rf"^text {number} of the Arrow column cannot be read: its .* lead"):
        SCORER.score_many(pyarrow.chunked_array([column]), threads=threads)


def test_the_last_offset_is_the_size_of_a_buffer():
    for column in (strings([0, 4, -9, 9], b"sanctions"), large_strings([0, 4, -1, 9], b"sanctions")):
        with pytest.raises(InputError, match="negative size"):
            SCORER.score_many(column[:2])


@pytest.mark.parametrize(
    ("index", "key"),
    [("b", -1), ("b", 2), ("B", 255), ("i", 2), ("i", -(2**31)), ("q", 2**62), ("Q", 2**64 - 1)],
)
def test_keys_outside_the_dictionary_are_refused(index, key):
    kinds = {"b": "int8", "B": "uint8", "i": "int32", "q": "int64", "Q": "uint64"}
    keys = pyarrow.Array.from_buffers(
        pyarrow.type_for_alias(kinds[index]), 3, [None, packed(index, 0, 1, key)]
    )
    column = pyarrow.DictionaryArray.from_arrays(keys, ["a", "b"], safe=False)
    with pytest.raises(InputError, match=r"text 2 .* its key is not in the dictionary"):
        SCORER.score_many(column)


def test_what_is_null_is_not_looked_at():
    assert _native.texts(strings([0, 0, -7, 900, 0, 3], b"abc", valid=0b10001)) == [
        "",
        None,
        None,
        None,
        "abc",
    ]
    keys = pyarrow.Array.from_buffers(pyarrow.int8(), 2, [pyarrow.py_buffer(b"\x01"), packed("b", 0, 100)])
    column = pyarrow.DictionaryArray.from_arrays(keys, [TEXT], safe=False)
    assert SCORER.score_many(column).to_dicts() == SCORER.score_many([TEXT, None]).to_dicts()


def test_the_first_damaged_text_is_named_whatever_the_threads():
    bad = strings([0, 9, 4, 9], b"sanctions")
    good = pyarrow.array(["sanctions " * 20_000] * 10)
    column = pyarrow.chunked_array([good, bad, good, bad, good])
    for threads in (1, 2, 2, 2, 8):
        with pytest.raises(InputError, match=r"^text 11 of"):
            SCORER.score_many(column, threads=threads)


def offer(**methods):
    return type("Offer", (), methods)()


def test_a_stream_can_be_read_once():
    capsule = pyarrow.chunked_array([["sanctions"]]).__arrow_c_stream__()
    once = offer(__arrow_c_stream__=lambda self, requested_schema=None: capsule)
    assert SCORER.score_many(once).column("sanction_hits") == [1]
    with pytest.raises(InputError, match="read before"):
        SCORER.score_many(once)
    pair = pyarrow.array(["sanctions"]).__arrow_c_array__()
    once = offer(__arrow_c_array__=lambda self, requested_schema=None: pair)
    assert SCORER.score_many(once).column("sanction_hits") == [1]
    with pytest.raises(InputError, match="read before"):
        SCORER.score_many(once)


def test_what_a_stream_says_of_itself_is_told():
    schema = pyarrow.schema({"text": pyarrow.string()})

    def batches():
        yield pyarrow.record_batch({"text": ["strike"] * 5_000})
        raise LookupError("the disk is gone")

    for threads in (1, 2):
        reader = pyarrow.RecordBatchReader.from_batches(schema, batches())
        with pytest.raises(InputError, match=r"the Arrow stream failed: .*the disk is gone"):
            SCORER.score_many(reader, threads=threads)


def test_a_stream_may_be_made_by_python_while_it_is_read():
    schema = pyarrow.schema({"text": pyarrow.string()})
    batches = (pyarrow.record_batch({"text": [f"strike {n}"] * 3_000}) for n in range(20))
    reader = pyarrow.RecordBatchReader.from_batches(schema, batches)
    assert sum(SCORER.score_many(reader, threads=2).column("conflict_hits")) == 60_000


def test_strange_answers_are_errors():
    stream = pyarrow.chunked_array([["a"]]).__arrow_c_stream__
    pair = pyarrow.array(["a"]).__arrow_c_array__
    for answer in (None, "text", pair()[1], pair()):
        with pytest.raises((TypeError, ValueError)):
            SCORER.score_many(offer(__arrow_c_stream__=lambda self, answer=answer: answer))
    for answer in (None, (), (pair()[0],), stream(), pair()[::-1], ("a", "b")):
        with pytest.raises((TypeError, ValueError, IndexError)):
            SCORER.score_many(offer(__arrow_c_array__=lambda self, answer=answer: answer))

    def fail(self):
        raise LookupError("not today")

    with pytest.raises(LookupError, match="not today"):
        SCORER.score_many(offer(__arrow_c_stream__=fail))


def test_a_column_lives_as_long_as_it_is_read_and_no_longer():
    text = f"{TEXT} ".encode()
    memory = numpy.frombuffer(text * 40_000, dtype="uint8").copy()
    watch = weakref.ref(memory)
    offsets = packed("i", *range(0, len(memory) + 1, len(text)))
    array = pyarrow.Array.from_buffers(pyarrow.string(), 40_000, [None, offsets, pyarrow.py_buffer(memory)])
    pair = [array.__arrow_c_array__()]
    del memory, array
    gc.collect()
    assert watch() is not None
    hits = SCORER.score_many(offer(__arrow_c_array__=lambda self: pair.pop()), threads=2).column(
        "sanction_hits"
    )
    assert hits == [3] * 40_000
    gc.collect()
    assert watch() is None


def test_a_list_may_change_while_it_is_read():
    values = [f"{TEXT} {n}" for n in range(60_000)]
    expected = SCORER.score_many(values).to_dicts()
    emptier = threading.Timer(0.01, values.clear)
    emptier.start()
    assert SCORER.score_many(values, threads=2).to_dicts() == expected
    emptier.join()
    assert values == []


@pytest.mark.parametrize("kind", ["list", "arrow"])
@pytest.mark.parametrize("threads", [1, 2])
def test_python_runs_on_meanwhile(kind, threads):
    values = [TEXT * 500] * 400
    column = values if kind == "list" else pyarrow.array(values)
    counted, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            counted[0] += 1

    counter = threading.Thread(target=count)
    counter.start()
    before = counted[0]
    SCORER.score_many(column, threads=threads)
    stop.set()
    counter.join()
    assert counted[0] - before > 1_000


MEMORY = """
import sys, threading, pandas, polars, pyarrow
from pressgauge import Lexicon, Scorer

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

def watch():
    while not done.wait(0.005):
        seen.append(resident())

scorer = Scorer(Lexicon.parse(sys.argv[1]))
text = "The ministry said that talks would go on. \u201cNo\u201d sanctions followed. " * 30
column = [f"{text}{number}" for number in range(200_000_000 // len(text.encode()))]
make = {
    "pyarrow": lambda: pyarrow.array(column, pyarrow.string()),
    "pandas": lambda: pandas.Series(column, dtype="str"),
    "polars": lambda: polars.Series(column),
}
column = make.get(sys.argv[2], lambda: column)()
scorer.score_many(column[:100])
seen, done = [resident()], threading.Event()
watcher = threading.Thread(target=watch)
watcher.start()
table = scorer.score_many(column, threads=2)
done.set()
watcher.join()
assert sum(table.column("sanction_hits")) == 30 * len(column)
print(max(seen) - seen[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the memory in use")
@pytest.mark.parametrize(
    ("library", "least", "most"),
    [
        ("pyarrow", 0, 40),
        ("pandas", 0, 40),
        ("polars", 0, 40),
        # CPython's own copy, which the page on Python tells of; and the proof that this test sees copies.
        ("list", 180, 260),
    ],
)
def test_a_column_of_200_mb_is_not_copied(library, least, most):
    command = [sys.executable, "-c", MEMORY, SMALL, library]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert least <= float(done.stdout) <= most
