"""The report and the pictures: one file, complete, harmless, small enough."""

import re

import pytest

from browser import HOSTILE, page_of
from pressgauge import index
from pressgauge.plot import plot


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("report"))


def test_the_page_is_one_harmless_file(page):
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < 8_000_000
    body = text[text.index("<body") : text.index("<script>", text.index("<body"))]
    assert "<script" not in body
    assert not re.search(r"<[^>]* on\w+=", body)
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;" in body
    assert "{{ 7 * 7 }}" in body
    assert not re.search(r'(?:src|href)="(?!#|data:)', body)
    assert len(HOSTILE) == 8


def test_every_chart_has_its_table(page):
    text = page.read_text(encoding="utf-8")
    assert text.count('class="chart') == text.count("The numbers of this")
    assert "Caldara and Iacoviello (2022)" in text
    assert "2024-02-06" in text.partition("Sharpest rises")[2][:200]


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_pictures_are_the_same_again(page, tmp_path, suffix):
    table = index(page.parent / "s.parquet", by="day")
    for name in ("a", "b"):
        plot(table, str(tmp_path / f"{name}.{suffix}"), "sanction")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()
