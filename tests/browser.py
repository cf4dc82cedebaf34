"""Opens the report in a real Chromium: no error, no request, charts drawn, hostile documents harmless.

Run by `make test-browser`. Without Chromium or Playwright it says why it was skipped and fails nothing.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from pressgauge import Lexicon, score_files
from pressgauge.report import report

SMALL = """
[lexicon]
name = "hostile"
version = "1"
[dimensions.sanction.categories.general]
terms = ["sanction*"]
"""
HOSTILE = [
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "</script><script>document.title='owned'</script>",
    "\u202eevil\u2066 text\u200f",
    '=HYPERLINK("http://example.invalid/","x")',
    "{{ 7 * 7 }} {% for x in y %}",
    "javascript:document.title='owned'",
    "\x1b[31mred\x07\x00",
]
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def page_of(folder: Path) -> Path:
    """Write a report about documents that try everything, in every field that a page shows."""
    lines = []
    for day in range(40):
        for number, evil in enumerate(HOSTILE):
            many = 3 if day == 33 else int(number == 0)
            text = f"{evil} New sanctions. {evil} " * many + "Nothing else was said of it here. " * 12
            row = {"id": f"{day}-{evil}", "title": evil, "source": f"{evil}{number}", "text": text}
            lines.append(row | {"date": f"2024-{1 + day // 28:02}-{1 + day % 28:02}"})
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    lexicon = Lexicon.parse(SMALL)
    scores, hits = folder / "s.parquet", folder / "h.parquet"
    score_files(folder / "in.jsonl", scores, lexicon=lexicon, hits=hits, text_hash=True, keep=["title"])
    page = folder / "report.html"
    page.write_text(report(str(scores), str(hits), by="day"), encoding="utf-8")
    return page


def check(browser, page: Path, pictures: Path | None) -> None:
    """Open the page in light and dark, wide and narrow."""
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            context = browser.new_context(
                color_scheme=scheme, viewport={"width": width, "height": height}, offline=True
            )
            tab = context.new_page()
            said: list[str] = []
            asked: list[str] = []
            tab.on("console", lambda one, said=said: said.append(one.text) if one.type == "error" else None)
            tab.on("pageerror", lambda one, said=said: said.append(str(one)))
            tab.on("request", lambda one, asked=asked: asked.append(one.url))
            tab.goto(page.as_uri())
            tab.wait_for_timeout(700)
            others = [url for url in asked if url != page.as_uri() and not url.startswith(("data:", "blob:"))]
            assert said == [], said
            assert others == [], others
            assert tab.title() == "Pressure in the press", tab.title()
            charts = tab.locator(".chart").count()
            assert charts >= 2
            assert tab.locator(".chart .main-svg").count() >= charts
            assert tab.locator(".chart path.js-line").count() >= 2
            assert tab.locator("main script, main img, main [onerror]").count() == 0
            wide = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{size}: {wide} pixels too wide"
            tab.keyboard.press("Tab")
            assert tab.evaluate("document.activeElement.tagName") == "A"
            if pictures:
                tab.screenshot(path=pictures / f"{scheme}-{size}.png")
                tab.screenshot(path=pictures / f"{scheme}-{size}-full.png", full_page=True)
            print(f"{scheme} {size}: {charts} charts drawn, no console error, no request")
            context.close()


def main() -> None:
    """Look for a browser, and check the page in it."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        sys.exit(print("skipped: playwright is not installed (pip install playwright)"))
    if chromium is None:
        sys.exit(print("skipped: there is no chromium (apt-get install chromium)"))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        page = Path(sys.argv[2]).absolute() if len(sys.argv) > 2 else page_of(Path(name))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        check(browser, page, pictures)
        browser.close()


if __name__ == "__main__":
    main()
