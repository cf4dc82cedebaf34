"""Evidence put to use: concordances, counts of terms, keyness, samples coded by hand."""

import csv
import json

import pyarrow
import pytest
from scipy import stats

from conftest import SMALL
from pressgauge import InputError, Lexicon, score_files
from pressgauge.evidence import audit_sample, audit_score, count_terms, keyness
from pressgauge.evidence.audit import HIT_COLUMNS, alpha
from pressgauge.evidence.terms import COLUMNS
from pressgauge.tables import open_table

EVIL = 'New \x1b[31m"sanctions"\u202e <script>alert(1)</script> =1+1'


@pytest.fixture
def evidence(tmp_path):
    lines = [
        {"id": f"d{i}", "date": f"202{i % 2}-01-05", "source": "ab"[i % 2], "text": text}
        for i, text in enumerate(
            ["New sanctions. More sanctions.", "Asset freezes.", EVIL, "Nothing here.", "Sanctions."]
        )
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    (tmp_path / "small.toml").write_text(SMALL)
    score_files(
        tmp_path / "in.jsonl",
        tmp_path / "s.parquet",
        lexicon=Lexicon.parse(SMALL),
        hits=tmp_path / "h.parquet",
    )
    return tmp_path


def test_terms_are_counted(evidence):
    found = count_terms(open_table(evidence / "h.parquet").rows(COLUMNS))
    one = found["sanction", "general", "sanction*"]
    assert (one.hits, one.documents, one.surfaces["sanctions"]) == (4, 3, 4)
    assert (one.periods, one.sources) == ({"2020": 4}, {"a": 4})


def test_keyness_is_the_g_test():
    table = [[30, 10], [9970, 19990]]
    expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    found = keyness(30, 10000, 10, 20000)
    assert found.log_likelihood == pytest.approx(expected, rel=0.01)  # the exact table counts other words too
    assert found.log_ratio == pytest.approx(2.585, abs=0.001)
    assert keyness(0, 100, 0, 100).log_likelihood == 0


def test_samples_are_stratified_and_repeatable(evidence):
    hits = list(open_table(evidence / "h.parquet").rows(HIT_COLUMNS))
    documents = [(f"x{i}", None, None, {"sanction": i % 2}) for i in range(100)]
    rows = audit_sample(hits, documents, per_term=2, without=7, seed=3)
    assert [row["kind"] for row in rows].count("document") == 7
    general = [row for row in rows if row.get("term") == "sanction*"]
    assert [(row["stratum_size"], row["stratum_sampled"]) for row in general] == [(4, 2)] * 2
    assert rows == audit_sample(hits, documents, per_term=2, without=7, seed=3)


def coded(kind, term, code, size, code_2=""):
    return {
        "kind": kind,
        "dimension": "s",
        "category": "c",
        "term": term,
        "code": code,
        "stratum_size": size,
        "code_2": code_2,
    }


def test_codes_become_precision_and_recall():
    rows = [coded("hit", "a", "1", "90"), coded("hit", "a", "yes", "90"), coded("hit", "b", "0", "10")]
    rows += [coded("document", "", "1", "100"), *(coded("document", "", "0", "100") for _ in range(9))]
    found, agreement = audit_score(rows)
    by_name = {one.name: one for one in found}
    assert by_name["s"].precision == pytest.approx(0.9)
    assert by_name["s"].recall == pytest.approx(0.9)
    assert by_name["s / c / a"].interval == pytest.approx(
        tuple(stats.binomtest(2, 2).proportion_ci(method="wilson")), abs=1e-9
    )
    assert agreement is None
    with pytest.raises(InputError, match="1 or 0"):
        audit_score([coded("hit", "a", "perhaps", "1")])


def test_alpha_is_that_of_the_textbook():
    assert alpha([(True, True), (False, False), (True, True)]) == pytest.approx(1.0)
    assert alpha([(True, False), (False, True)]) < 0
    assert alpha([(True, None)]) is None


def test_the_concordance_is_harmless(cli, evidence):
    shown = cli("kwic in.jsonl -l small.toml --dimension sanction").stdout
    assert "[sanctions]" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    page = cli("kwic in.jsonl -l small.toml --format html").stdout
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    rows = list(
        csv.DictReader(cli("kwic in.jsonl -l small.toml --format csv --sample 2").stdout.splitlines())
    )
    assert len(rows) == 2
    assert "no dimension nowhere" in cli("kwic in.jsonl -l small.toml --dimension nowhere").stderr


def test_the_commands(cli, evidence):
    assert "sanction,general,sanction*,4,3" in cli("terms h.parquet").stdout
    key = cli("terms h.parquet --key source=a --scores s.parquet")
    assert key.stdout.startswith("dimension,category,term,hits,others,log_likelihood,log_ratio\n")
    assert cli("audit sample h.parquet --scores s.parquet -o sample.csv").returncode == 0
    rows = list(csv.DictReader((evidence / "sample.csv").open(encoding="utf-8")))
    assert {row["kind"] for row in rows} == {"hit", "document"}
    text = (evidence / "sample.csv").read_text(encoding="utf-8").splitlines()
    (evidence / "coded.csv").write_text(
        "\n".join(
            [text[0], *(line[: -len(",,")] + ",1,1" if line.endswith(",") else line for line in text[1:])]
        )
    )
    done = cli("audit score coded.csv")
    assert done.stdout.startswith("name,coded,precision,low,high,recall\n"), done.stderr
    assert cli("audit score sample.csv").returncode == 2


@pytest.mark.parametrize("name", ["news_en", "speeches_en", "news_multilingual"])
def test_spans_are_exact_and_sums_agree(shared, tmp_path, name):
    """Of every document of the shared corpora: the hits say what stands there, and add up to the scores."""
    texts = {}
    with pyarrow.input_stream(shared / "corpora" / f"{name}.jsonl.zst", compression="zstd") as file:
        for line in file.read().splitlines():
            row = json.loads(line)
            texts[row["id"]] = row["text"]
    score_files(shared / "corpora" / f"{name}.jsonl.zst", tmp_path / "s.parquet", hits=tmp_path / "h.parquet")
    spans = {}
    for id_, dimension, surface, start, end in open_table(tmp_path / "h.parquet").rows(
        ["id", "dimension", "surface", "start", "end"]
    ):
        assert texts[id_][start:end] == surface
        spans.setdefault((id_, dimension), set()).add((start, end))
    total = 0
    for id_, *counts in open_table(tmp_path / "s.parquet").rows(
        ["id", "sanction_hits", "leverage_hits", "conflict_hits"]
    ):
        for dimension, count in zip(("sanction", "leverage", "conflict"), counts, strict=True):
            assert len(spans.get((id_, dimension), ())) == count
            total += count
    print(f"{name}: {len(texts):,} documents, {total:,} hits")
    assert total


def test_an_explanation_as_a_page(cli, evidence):
    page = cli("explain -l small.toml --html -", stdin=EVIL).stdout
    assert "<script>" not in page
    assert "sanction / general / sanction*" in page
    assert "\x1b" not in page
