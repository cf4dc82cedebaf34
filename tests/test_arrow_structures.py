"""The C structures of Arrow, made by hand: what breaks their rules is refused and given back."""

import ctypes
import struct

import pytest

from conftest import SMALL
from pressgauge import InputError, Lexicon, Scorer

SCORER = Scorer(Lexicon.parse(SMALL))
RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
NEW = ctypes.pythonapi.PyCapsule_New
NEW.restype, NEW.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Schema(ctypes.Structure):
    """ArrowSchema."""


class Array(ctypes.Structure):
    """ArrowArray."""


Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(Schema))), ("dictionary", ctypes.POINTER(Schema)),
    ("release", RELEASE), ("private_data", ctypes.c_void_p),
]  # fmt: skip
Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(Array))), ("dictionary", ctypes.POINTER(Array)),
    ("release", RELEASE), ("private_data", ctypes.c_void_p),
]  # fmt: skip


class Column:
    """Offers one array and counts how often its structures are released."""

    def __init__(self, form: bytes, buffers: list[bytes | None], length: int, **fields):
        self.released = 0
        self.memory = [
            None if data is None else ctypes.create_string_buffer(data, len(data) or 1) for data in buffers
        ]
        places = [None if data is None else ctypes.addressof(data) for data in self.memory]
        self.pointers = (ctypes.c_void_p * max(len(places), 1))(*places)
        self.schema = Schema(format=form, name=b"", release=RELEASE(self.release_schema))
        self.array = Array(
            length=length, null_count=-1, n_buffers=len(buffers), release=RELEASE(self.release_array),
            buffers=ctypes.cast(self.pointers, ctypes.POINTER(ctypes.c_void_p)),
        )  # fmt: skip
        for name, value in fields.items():
            setattr(self.array, name, value)

    def release_schema(self, place: int) -> None:
        self.released += 1
        Schema.from_address(place).release = RELEASE()

    def release_array(self, place: int) -> None:
        self.released += 1
        Array.from_address(place).release = RELEASE()

    def __arrow_c_array__(self, requested_schema=None):
        return (
            NEW(ctypes.addressof(self.schema), b"arrow_schema", None),
            NEW(ctypes.addressof(self.array), b"arrow_array", None),
        )


def ints(*numbers: int) -> bytes:
    return struct.pack(f"={len(numbers)}i", *numbers)


def longs(*numbers: int) -> bytes:
    return struct.pack(f"={len(numbers)}q", *numbers)


DATA = b"sanctions and a strike"
VIEW = struct.pack("=i4sii", 22, b"sanc", 0, 0)


def test_a_column_made_by_hand_is_read_and_given_back():
    for column in (
        Column(b"u", [None, ints(0, 9, 22), DATA], 2),
        Column(b"U", [None, longs(0, 9, 22), DATA], 2),
        Column(b"u", [b"\x0f", ints(3, 3, 0, 9, 22), DATA], 2, offset=2),
        Column(b"vu", [None, struct.pack("=i12s", 9, b"sanctions") + VIEW, DATA, longs(22)], 2),
        Column(b"vu", [None, struct.pack("=i12s", 9, b"sanctions") * 2, None], 2),
    ):
        assert SCORER.score_many(column).column("sanction_hits")[0] == 1
        assert column.released == 2


def test_buffers_need_not_be_aligned():
    column = Column(b"u", [None, b"x" + ints(0, 9, 22), DATA], 2)
    column.pointers[1] += 1
    assert SCORER.score_many(column).column("conflict_hits") == [0, 1]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (Column(b"u", [None, ints(0, 9)], 1), "2 buffers"),
        (Column(b"u", [None, ints(0, 9), DATA, DATA], 1), "4 buffers"),
        (Column(b"u", [None, ints(0, 9), DATA], 1, n_buffers=-1), "buffers"),
        (Column(b"vu", [None, VIEW], 1), "2 buffers"),
        (Column(b"vu", [None, VIEW, DATA, longs(-1)], 1), "negative size"),
        (Column(b"vu", [None, VIEW, None, longs(22)], 1), "buffer 2 of an array is missing"),
        (Column(b"u", [None, ints(0, 9), None], 1), "buffer 2 of an array is missing"),
        (Column(b"u", [None, None, DATA], 1), "buffer 1 of an array is missing"),
        (Column(b"u", [None, ints(0, 9), DATA], -1), "cannot be"),
        (Column(b"u", [None, ints(0, 9), DATA], 2**62), "cannot be"),
        (Column(b"u", [None, ints(0, 9), DATA], 1, offset=-1), "cannot be"),
        (Column(b"u", [None, ints(0, 9), DATA], 1, offset=2**63 - 1), "cannot be"),
    ],
)
def test_what_breaks_the_rules_is_refused(column, message):
    with pytest.raises(InputError, match=message):
        SCORER.score_many(column)
    assert column.released == 2


def test_types_that_are_none_are_refused():
    for form in (b"?", b"", b"\xff\xfe", b"w:-1", b"+w:x"):
        column = Column(form, [None, ints(0, 9), DATA], 1)
        with pytest.raises(TypeError, match="give strings"):
            SCORER.score_many(column)
        assert column.released == 2


def test_an_empty_array_needs_no_buffers():
    assert len(SCORER.score_many(Column(b"u", [None, None, None], 0))) == 0
    assert len(SCORER.score_many(Column(b"u", [], 0))) == 0
    assert len(SCORER.score_many(Column(b"n", [], 3))) == 3
