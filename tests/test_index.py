"""The index over time (SPEC 10): formulas against published figures and numpy, tables against frames."""

import csv
import json
import math
import random

import numpy
import pandas
import polars
import pyarrow
import pyarrow.compute
import pyarrow.parquet
import pytest
from scipy import stats

import pressgauge
from conftest import SMALL
from pressgauge import InputError, Lexicon, OptionError, score_files
from pressgauge.series.cells import HEAD, Notes
from pressgauge.series.formula import deviations, rebased, standardised
from pressgauge.series.interval import combined, ratio, wilson
from pressgauge.series.periods import name_of, ordinal, period_of
from pressgauge.series.trailing import smoothed, spikes


def scores(**columns):
    length = len(next(iter(columns.values())))
    base = {
        "id": [str(i) for i in range(length)],
        "date_kind": ["published"] * length,
        "source": ["a"] * length,
        "tokens": [100] * length,
        "s_hits": [0] * length,
        "s_distinct": [0] * length,
        "s_weight": [0.0] * length,
        "s_rate": [0.0] * length,
    }
    return pyarrow.table(base | columns)


def drawn(seed, count=3000):
    """Draw documents of three sources over two years of months."""
    dice = random.Random(seed)
    dates, sources, hits, weights, tokens = [], [], [], [], []
    for _ in range(count):
        dates.append(f"{dice.choice(('2019', '2020'))}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}")
        sources.append(dice.choice("aabc"))
        hit = dice.choice((0, 0, 1, 3))
        hits.append(hit)
        weights.append(hit * dice.choice((0.5, 1.0)))
        tokens.append(dice.randint(20, 900))
    return scores(date=dates, source=sources, s_hits=hits, s_weight=weights, tokens=tokens)


def test_the_published_index_of_geopolitical_risk(shared):
    with (shared / "reference_index" / "gpr_monthly.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["SHARE_GPR"]]
    shares = {ordinal(row["month"], "month"): float(row["SHARE_GPR"]) for row in rows}
    base = ordinal("1985-01", "month"), ordinal("2019-12", "month")
    index, _ = rebased(shares, base)
    errors = [abs(index[ordinal(row["month"], "month")] - float(row["GPR"])) for row in rows]
    print(f"{len(errors)} months, maximal error {max(errors):.2e}")
    assert len(errors) > 400
    assert max(errors) < 1e-4


def test_the_share_rule():
    frame = drawn(1).to_pandas()
    table = pressgauge.index(drawn(1), base="2019:2019")
    frame["month"] = frame.date.str[:7]
    share = 100 * frame.groupby("month").s_hits.apply(lambda hits: (hits > 0).mean())
    expected = 100 * share / share[:12].mean()
    assert table.column("period") == list(share.index)
    numpy.testing.assert_allclose(table.column("share"), share)
    numpy.testing.assert_allclose(table.column("index"), expected)
    assert set(table.column("base")) == {"2019-01:2019-12"}


def test_the_standardised_rule():
    frame = drawn(2).to_pandas()
    frame["month"] = frame.date.str[:7]
    frame["present"] = frame.s_hits > 0
    cells = frame.pivot_table(index="month", columns="source", values="present", aggfunc="mean").to_numpy(
        float
    )
    z = numpy.nanmean(cells / numpy.nanstd(cells[:12], axis=0, ddof=1), axis=1)
    table = pressgauge.index(drawn(2), rule="standardised", base="2019:2019")
    numpy.testing.assert_allclose(table.column("index"), 100 * z / z[:12].mean(), rtol=1e-12)


def test_the_intensity_rule():
    frame = drawn(3).to_pandas()
    frame["month"] = frame.date.str[:7]
    sums = frame.groupby("month")[["s_weight", "tokens"]].sum()
    x = 1000 * sums.s_weight / sums.tokens
    table = pressgauge.index(drawn(3), rule="intensity")
    numpy.testing.assert_allclose(table.column("intensity"), x)
    numpy.testing.assert_allclose(table.column("index"), 100 * x / x.mean())


@pytest.mark.parametrize(
    ("present", "documents"), [(0, 7), (7, 7), (1, 3), (40, 400), (0, 1), (12345, 99999)]
)
def test_wilson_is_that_of_scipy(present, documents):
    expected = stats.binomtest(present, documents).proportion_ci(method="wilson")
    assert wilson(present, documents) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_interval_of_a_ratio_is_that_of_a_bootstrap():
    dice = numpy.random.default_rng(5)
    tokens = dice.integers(50, 900, 600).astype(float)
    weight = dice.poisson(tokens / 100).astype(float)
    value, (low, high) = ratio(
        600, tokens.sum(), (tokens**2).sum(), weight.sum(), (weight**2).sum(), (weight * tokens).sum()
    )
    drawn_ = stats.bootstrap(
        (weight, tokens),
        lambda w, t, axis=-1: w.sum(axis) / t.sum(axis),
        paired=True,
        method="percentile",
        n_resamples=4000,
        rng=7,
    ).confidence_interval
    width = high - low
    assert value == pytest.approx(weight.sum() / tokens.sum())
    assert (low, high) == pytest.approx((drawn_.low, drawn_.high), abs=0.06 * width)


def test_combined_intervals_cover():
    """Of many draws, about 95 in 100 intervals of a mean of two scaled shares hold the truth."""
    dice = numpy.random.default_rng(11)
    truth, held = (0.1 / 0.05 + 0.4 / 0.2) / 2, 0
    for _ in range(2000):
        parts = []
        for documents, share, scale in ((60, 0.1, 0.05), (150, 0.4, 0.2)):
            hits = float(dice.binomial(documents, share))
            parts.append((1 / (2 * scale), hits / documents, wilson(hits, documents)))
        low, high = combined(parts)
        held += low <= truth <= high
    assert 0.93 < held / 2000 < 0.97


def test_sources_without_change_are_left_out():
    cells = {n: {"a": (10.0, float(n % 3)), "b": (10.0, 2.0), "c": (10.0, 1.0)} for n in range(12)}
    del cells[3]["c"]
    for n in range(4, 12):
        del cells[n]["c"]
    scales, dropped = deviations(cells, (0, 11), 4)
    assert (list(scales), dropped) == (["a"], ["b", "c"])
    assert standardised({"b": (10.0, 2.0)}, scales) is None


def test_missing_is_not_zero():
    table = pressgauge.index(scores(date=["2020-01-05", "2020-03-05"], s_hits=[1, 0], s_weight=[1.0, 0.0]))
    assert table.column("period") == ["2020-01", "2020-02", "2020-03"]
    assert table.column("share") == [100.0, None, 0.0]
    assert table.column("index") == [200.0, None, 0.0]
    assert table.column("thin") == [True, True, True]


def test_copies_count_once_in_a_period():
    hashes = ["a" * 32, "a" * 32, "b" * 32, "a" * 32]
    dates = ["2020-01-05", "2020-01-06", "2020-01-07", "2020-02-01"]
    table = pressgauge.index(scores(date=dates, text_hash=hashes, s_hits=[1, 1, 0, 1]))
    assert table.column("documents") == [3, 1]
    assert table.column("documents_distinct") == [2, 1]
    assert table.column("share_distinct") == [50.0, 100.0]
    assert any("1 of 4 documents: copies" in note for note in table.notes)
    plain = pressgauge.index(scores(date=dates))
    assert "documents_distinct" not in plain.column_names
    assert any("no text_hash" in note for note in plain.notes)


def test_spikes_are_robust_and_know_their_noise():
    values = {n: 100.0 + n % 3 for n in range(20)} | {20: 160.0}
    z = spikes(values, {n: (v - 1, v + 1) for n, v in values.items()}, 12)
    window = numpy.array([values[n] for n in range(8, 20)])
    scale = max(stats.median_abs_deviation(window, scale="normal"), 2 / (2 * stats.norm.ppf(0.975)))
    assert z[20] == pytest.approx((160 - numpy.median(window)) / scale)
    noisy = spikes(values, dict.fromkeys(values, (0.0, 320.0)), 12)
    assert noisy[20] < 1
    assert 5 not in z
    assert smoothed({0: 1.0, 1: 2.0, 5: 9.0}, 3) == {1: 1.5}


def test_leaving_out_sources():
    frame = drawn(4)
    table = pressgauge.index(frame)
    single = [
        pressgauge.index(frame.filter(pyarrow.compute.not_equal(frame["source"], one))) for one in "abc"
    ]
    for row, *others in zip(table.to_dicts(), *(one.column("index") for one in single), strict=True):
        assert (row["source_low"], row["source_high"]) == pytest.approx((min(others), max(others)))


def test_leaving_out_terms_is_scoring_without_them(tmp_path):
    dice = random.Random(3)
    words = ["sanctions", "embargo", "Moscow", "asset freeze.\n\n", "froze the assets", "weather", "trade."]
    docs = [
        {"id": str(i), "date": f"2020-{1 + i % 6:02}-03", "text": " ".join(dice.choices(words, k=9))}
        for i in range(300)
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in docs))
    score_files(
        tmp_path / "in.jsonl",
        tmp_path / "s.parquet",
        lexicon=Lexicon.parse(SMALL),
        hits=tmp_path / "h.parquet",
    )
    table = pressgauge.index(tmp_path / "s.parquet", hits=tmp_path / "h.parquet")
    mine = [row for row in table.to_dicts() if row["dimension"] == "sanction"]
    without = []
    for term in (
        '"sanction*", ',
        '"embargo* @near(STATE, 5)"',
        '"asset freeze*", ',
        '{ pattern = "[freez*|froze*] ~3 assets", weight = 0.5 }',
    ):
        lexicon = Lexicon.parse(SMALL.replace(term, ""))
        score_files(tmp_path / "in.jsonl", tmp_path / "o.parquet", lexicon=lexicon, overwrite=True)
        other = pressgauge.index(tmp_path / "o.parquet").to_dicts()
        without.append([row["index"] for row in other if row["dimension"] == "sanction"])
    for row, *others in zip(mine, *without, strict=True):
        assert (row["term_low"], row["term_high"]) == pytest.approx((min(others), max(others)))


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "arrow"])
def test_every_format_and_frame_gives_the_same(tmp_path, suffix):
    text = "".join(
        json.dumps(
            {
                "id": str(i),
                "date": f"2020-0{1 + i % 5}-03",
                "source": "ab"[i % 2],
                "text": "New sanctions. " * (i % 3) + "End.",
            }
        )
        + "\n"
        for i in range(60)
    )
    (tmp_path / "in.jsonl").write_text(text)
    out, lexicon = tmp_path / f"s.{suffix}", Lexicon.parse(SMALL)
    score_files(tmp_path / "in.jsonl", out, lexicon=lexicon, categories=True, text_hash=True)
    expected = pressgauge.index(out, by="month").to_dicts()
    frames = [pyarrow.table(score_frame(out)), polars.DataFrame(score_frame(out))]
    for frame in frames if suffix == "parquet" else []:
        assert pressgauge.index(frame).to_dicts() == expected
    from pressgauge.series import IndexOptions
    from pressgauge.series.archives import index_files

    table, summary = index_files(
        tmp_path / "in.jsonl", IndexOptions(), lexicon=lexicon, categories=True, terms=True
    )
    assert summary.scored == 60
    same = [{k: v for k, v in row.items() if not k.startswith("term_")} for row in table.to_dicts()]
    assert same == [{k: v for k, v in row.items() if not k.startswith("term_")} for row in expected]
    assert {row["dimension"] for row in expected} >= {"sanction", "sanction/financial", "conflict/force"}


def score_frame(path):
    return pyarrow.parquet.read_table(path) if path.suffix == ".parquet" else pyarrow.table({})


@pytest.mark.parametrize(
    ("date", "names"),
    [
        ("2020-01-01", ["2020-01-01", "2020-W01", "2020-01", "2020-Q1", "2020"]),
        ("2021-01-03T10:00:00Z", ["2021-01-03", "2020-W53", "2021-01", "2021-Q1", "2021"]),
        ("2020-08", [None, None, "2020-08", "2020-Q3", "2020"]),
        ("1999", [None, None, None, None, "1999"]),
        ("2020-13-01", [None, None, None, None, "2020"]),
        ("", [None] * 5),
    ],
)
def test_periods(date, names):
    units = ["day", "week", "month", "quarter", "year"]
    assert [period_of(date, unit) for unit in units] == names
    for name, unit in zip(names, units, strict=True):
        if name:
            assert name_of(ordinal(name, unit), unit) == name


def test_weeks_follow_each_other():
    numbers = [
        ordinal(period_of(str(day.date()), "week"), "week")
        for day in pandas.date_range("2019-12-02", periods=120)
    ]
    assert [b - a for a, b in zip(numbers[::7], numbers[7::7], strict=False)] == [1] * 17


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "decade"}, "by cannot be"),
        ({"base": "2020"}, "base must be FROM:TO"),
        ({"base": "2021:2020"}, "ends before"),
        ({"min_hits": 0}, "whole number from 1"),
    ],
)
def test_wrong_options(options, said):
    with pytest.raises(OptionError, match=said):
        pressgauge.index(drawn(1, 5), **options)


def test_a_frame_that_breaks_the_rules_of_arrow():
    offsets = pyarrow.py_buffer(numpy.array([0, 4, 8], dtype="int32").tobytes())
    bad = pyarrow.Array.from_buffers(
        pyarrow.string(), 2, [None, offsets, pyarrow.py_buffer(b"2020\xff\xfe20")]
    )
    frame = scores(date=["2020", "2020"])
    frame = frame.set_column(frame.column_names.index("date"), "date", bad)
    with pytest.raises(InputError, match="damaged"):
        pressgauge.index(frame, by="year")


def test_what_is_no_score_table():
    with pytest.raises(InputError, match="no columns of a dimension"):
        pressgauge.index(pyarrow.table({"date": ["2020"], "tokens": [1]}))
    with pytest.raises(InputError, match="no column region"):
        pressgauge.index(drawn(1, 5), group="region")
    with pytest.raises(InputError, match="no document has a date"):
        pressgauge.index(scores(date=[None]))


def test_the_command(cli, tmp_path):
    lines = [{"id": str(i), "date": f"2020-0{1 + i % 5}-03", "text": "New sanctions."} for i in range(10)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    assert cli("score in.jsonl -o s.parquet --text-hash").returncode == 0
    done = cli("index s.parquet --by month --base 2020-01:2020-02 -o index.csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "index.csv").open(encoding="utf-8")))
    assert {row["base"] for row in rows} == {"2020-01:2020-02"}
    assert (
        cli("index s.parquet --by month --base 2020-01:2020-02").stdout
        == (tmp_path / "index.csv").read_text()
    )
    straight = cli("index in.jsonl --by month --base 2020-01:2020-02")
    assert straight.stdout == (tmp_path / "index.csv").read_text()
    again = cli("index s.parquet -o index.csv")
    assert again.returncode == 4
    assert "--overwrite" in again.stderr
    missing = cli("index nowhere.jsonl")
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr


def test_notes_are_words():
    notes = Notes(rows=10, undated=3)
    assert notes.lines() == ["3 of 10 documents: without a date that tells the period, left out"]
    assert HEAD == 3
    assert math.isinf(ratio(1, 10, 100, 1, 1, 10)[1][1])
