"""Columns of strings from other libraries: every kind gives the table that a list of the same texts gives."""

import io
import itertools

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import SMALL, TEXT
from pressgauge import Lexicon, Scorer

SCORER = Scorer(Lexicon.parse(SMALL))
STRINGS = (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view())
INTEGERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")

words = st.sampled_from(
    [
        "sanctions",
        "an asset freeze",
        "strike",
        "embargo",
        "Moscow",
        "“Größe”",
        "制裁",
        "e\u0301",
        "😀",
        ". ",
        "\n",
        " ",
    ]
)
texts = st.one_of(
    st.none(),
    st.just(""),
    st.lists(words, max_size=12).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
columns = st.lists(texts, max_size=30)


def bytes_of(table) -> bytes:
    """Give a table as bytes: names, types, metadata, cells and how they are cut into batches."""
    sink = io.BytesIO()
    reader = pyarrow.RecordBatchReader.from_stream(table)
    with pyarrow.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            batch.validate(full=True)
            writer.write_batch(batch)
    return sink.getvalue()


def scored(column, **wanted) -> bytes:
    return bytes_of(SCORER.score_many(column, **{"categories": True, "text_hash": True} | wanted))


def dictionary(values, index, strings):
    """Give a dictionary whose values hold what no key asks for, and the same text twice."""
    distinct = ["never asked for", *dict.fromkeys(value for value in values if value is not None), ""]
    keys = [None if value is None else distinct.index(value) for value in values]
    return pyarrow.DictionaryArray.from_arrays(
        pyarrow.array(keys, pyarrow.type_for_alias(index)), pyarrow.array(distinct, strings)
    )


def arrow_kinds(values):
    for strings in STRINGS:
        array = pyarrow.array(values, strings)
        yield f"{strings}", array
        yield f"chunked {strings}", pyarrow.chunked_array([array], strings)
        yield f"table {strings}", pyarrow.table({"text": array})
        yield f"batch {strings}", pyarrow.record_batch({"text": array})
        padded = pyarrow.array(["sanctions before", None, *values, "strike after"], strings)
        yield f"slice {strings}", padded[2:-1]
        yield f"slice of a batch {strings}", pyarrow.record_batch({"text": padded})[2 : 2 + len(values)]
        yield f"slice of a slice {strings}", padded[1:][1:][: len(values)]
    for index, strings in itertools.product(INTEGERS, STRINGS):
        yield f"dictionary {index} {strings}", dictionary(values, index, strings)
    yield "slice of a dictionary", dictionary(["a", *values, "b"], "int16", pyarrow.string())[1:-1]
    yield "reader", pyarrow.table({"text": pyarrow.array(values, pyarrow.string())}).to_reader()


def frame_kinds(values):
    series = polars.Series("text", values, dtype=polars.String)
    yield "polars", series
    yield "polars frame", series.to_frame()
    yield "polars slice", polars.Series(["x", *values, "y"], dtype=polars.String)[1:-1]
    yield (
        "polars chunks",
        polars.concat([series[: len(values) // 2], series[len(values) // 2 :]], rechunk=False),
    )
    yield "polars categorical", series.cast(polars.Categorical)
    yield "polars enum", series.cast(polars.Enum(series.drop_nulls().unique()))
    for dtype in (
        "str",
        "string",
        "object",
        pandas.ArrowDtype(pyarrow.string()),
        "string[python]",
        "category",
    ):
        yield f"pandas {dtype}", pandas.Series(values, dtype=dtype, index=range(7, 7 + len(values)))
    yield "pandas slice", pandas.Series(["x", *values, "y"], dtype="str")[1:-1]
    yield "pandas index", pandas.Index(values, dtype="str")
    yield "pandas frame", pandas.DataFrame({"text": pandas.Series(values, dtype="str")})
    yield "numpy", numpy.array(values, dtype=object)
    yield "tuple", tuple(values)
    yield "generator", (value for value in values)
    yield "NaN", [float("nan") if value is None else value for value in values]


@given(columns)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_kind_gives_the_table_of_a_list(values):
    expected = scored(values)
    for name, column in itertools.chain(arrow_kinds(values), frame_kinds(values)):
        assert scored(column) == expected, name


@given(columns, st.lists(st.integers(0, 30), max_size=5), st.sampled_from(STRINGS))
@settings(max_examples=60, deadline=None)
def test_chunks_are_no_matter(values, cuts, strings):
    array = pyarrow.array(values, strings)
    places = [0, *sorted(min(cut, len(values)) for cut in cuts), len(values)]
    chunks = [array[start:end] for start, end in itertools.pairwise(places)]
    assert scored(pyarrow.chunked_array(chunks, strings), threads=2) == scored(values)


def test_no_texts_and_no_values():
    for column in (pyarrow.nulls(3), polars.Series([None] * 3), pyarrow.array([None] * 3, pyarrow.string())):
        assert scored(column) == scored([None] * 3)
    assert scored(dictionary([None] * 3, "int8", pyarrow.string())) == scored([None] * 3)
    for column in (
        pyarrow.chunked_array([], pyarrow.string()),
        pyarrow.nulls(0),
        polars.Series([]),
        numpy.array([]),
    ):
        assert scored(column) == scored([])
    assert pandas.Series([float("nan")] * 3).dtype == "float64"
    assert scored(pandas.Series([float("nan")] * 3)) == scored([None] * 3)


def test_threads_and_arrays_do_not_change_a_byte():
    values = [None if n % 11 == 0 else f"{TEXT} {n} " * (n % 5) for n in range(9_000)]
    values += ["sanctions and more " * 60_000, *["strike"] * 5_000]
    expected = scored(values)
    column = pyarrow.array(values, pyarrow.string_view())
    pieces = pyarrow.chunked_array([column[start : start + 7] for start in range(0, len(column), 7)])
    for kind, threads in itertools.product((values, column, pieces, polars.Series(values)), (1, 2, 3, 8)):
        assert scored(kind, threads=threads) == expected


def test_both_engines_read_the_same():
    reference = Scorer(Lexicon.parse(SMALL), engine="reference")
    values = [TEXT, None, "", "sanctions"]
    expected = SCORER.score_many(values).to_dicts()
    for column in (values, pyarrow.array(values), polars.Series(values), pandas.Series(values), iter(values)):
        assert reference.score_many(column).to_dicts() == expected


def test_a_query_of_duckdb_is_read_as_it_runs():
    """A function of Python in it takes the GIL while the query is read."""
    connection = duckdb.connect()
    connection.create_function("spell", lambda number: f"{number} sanctions", ["BIGINT"], "VARCHAR")
    query = connection.sql("select spell(i) as text from range(5000) t(i) order by i")
    expected = scored([f"{number} sanctions" for number in range(5000)])
    assert scored(query) == scored(query, threads=2) == expected


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pyarrow.array([1, 2]), "Int64"),
        (pyarrow.array([b"text"]), "Binary"),
        (pyarrow.array([["text"]]), "List"),
        (polars.Series([1.5]), "Float64"),
        (pyarrow.array([1, 1]).dictionary_encode(), "Dictionary"),
        (pandas.Series([1, 2], dtype="int64[pyarrow]"), "Int64"),
    ],
)
def test_other_types_are_named(column, found):
    with pytest.raises(TypeError, match=rf"^texts is a column of type {found}.*; give strings"):
        SCORER.score_many(column)


def test_tables_must_have_one_column():
    table = pyarrow.table({"id": ["a"], "text": ["b"]})
    for frame in (
        table,
        polars.DataFrame(table),
        pandas.DataFrame({"id": ["a"], "text": ["b"]}),
        table.to_reader(),
    ):
        with pytest.raises(TypeError, match=r"a table of 2 columns \(id, text\); give the one"):
            SCORER.score_many(frame)
    with pytest.raises(TypeError, match=r"60 columns \(c0, .*, c7, \.\.\.\)"):
        SCORER.score_many(pyarrow.table({f"c{n}": ["a"] for n in range(60)}))
    with pytest.raises(TypeError, match="without columns"):
        SCORER.score_many(pyarrow.table({}))
    nested = pyarrow.array([{"a": {"b": "text"}}])
    with pytest.raises(TypeError, match="of type Struct"):
        SCORER.score_many(nested)
    # A struct is the same to Arrow as a table; where it is null, so is the text.
    rows = pyarrow.StructArray.from_arrays(
        [pyarrow.array(["a", "b", None])], ["t"], mask=pyarrow.array([False, True, False])
    )
    assert scored(rows) == scored(["a", None, None])
    assert scored(rows[1:]) == scored([None, None])


def test_lists_say_what_is_wrong():
    for wrong, kind in (
        (pandas.Series([1.5, 2.5]), "float"),
        (numpy.array([[1]]), "ndarray"),
        (range(3), "int"),
    ):
        with pytest.raises(TypeError, match=rf"texts\[0\] must be a str or None, not {kind}"):
            SCORER.score_many(wrong)
    with pytest.raises(TypeError, match="not iterable"):
        SCORER.score_many(7)
