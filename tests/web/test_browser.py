"""The main roads in a real browser, with JavaScript and without, and what a checker of accessibility says of every page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PAGES = (
    "/", "/search", "/search?q=行政复议", "/search?q=复议&view=kwic&sort=right", "/search?q=复议&view=counts", "/search?q=行政复义", "/search?q=(复议",
    "/report?name=daxing-2023&sentence=12", "/report?name=daxing-2023&category=6", "/why?report=daxing-2023&sentence=12", "/report/figures?name=daxing-2023",
    "/report/mirror?name=yunhu-2019", "/tag", "/login", "/nowhere",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("there is no browser")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live):
    """A page whose console must stay silent."""
    context = chromium.new_context(base_url=live, locale="zh-CN")
    one = context.new_page()
    said: list[str] = []
    one.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    one.on("pageerror", lambda error: said.append(str(error)))
    yield one
    context.close()
    assert [text for text in said if "status of 40" not in text] == []


def test_from_search_to_a_sentence_to_its_label(page):
    page.goto("/")
    page.fill("form.ask input[name=q]", "行政复议 category:disputes report:daxing-2023")
    page.click("form.ask button")
    page.click(".hit >> nth=0 >> .hit-place a")
    assert page.locator("#why .why").is_visible()
    page.locator("a.s").nth(3).click()
    page.wait_for_selector("#why form.relabel input[name=sentence][value='4']", state="attached")
    page.fill("#why input[name=annotator]", "张三")
    page.click("#why button[value='3']")
    page.wait_for_selector("#why .labels")
    page.wait_for_load_state()  # until then the page may still move to its sentence, and a click goes beside the button
    assert "张三" in page.locator("#why .labels").inner_text()
    page.click("#why .labels button")
    page.wait_for_selector("#why .labels", state="detached")


def test_from_upload_to_download(page, tmp_path):
    good, bad = tmp_path / "清源.txt", tmp_path / "坏.pdf"
    good.write_text("清源市2023年法治政府建设年度情况报告\n一、主要举措\n全年受理行政复议案件72件。\n", encoding="utf-8")
    bad.write_bytes(b"no pdf")
    page.goto("/tag")
    page.set_input_files("#files", [str(good), str(bad)])
    page.click("form.tag-form button.primary")
    page.wait_for_selector("a[download]")
    assert "坏.pdf" in page.locator(".notice.bad").inner_text()
    with page.expect_download() as download:
        page.click("a[download] >> text=xlsx")
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    page.click("form[action='/tag/job/add'] button")
    page.wait_for_selector(".progress a[href*='/report?name=']")


def test_the_panel_closes_with_escape_and_the_slash_goes_to_the_search(page):
    page.goto("/report?name=daxing-2023")
    page.locator("a.s").nth(5).click()
    page.wait_for_selector("#why.open .why")
    page.keyboard.press("Escape")
    page.wait_for_selector("#why.open", state="detached")
    page.keyboard.press("/")
    assert page.locator("input[name=q]:focus").count() == 1


def test_reading_and_searching_work_without_javascript(chromium, live):
    context = chromium.new_context(base_url=live, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto("/")
    page.fill("form.ask input[name=q]", "复议 report:daxing-2023")
    page.click("form.ask button")
    assert "sentences" in page.locator(".total").inner_text()
    page.fill("input[name=within]", "案件")
    page.click(".within button")
    page.click("nav.tabs a >> nth=1")
    assert page.locator("table.kwic tbody tr").count() > 0
    page.click("table.kwic td.src a >> nth=0")
    assert page.locator("#why .why").is_visible()
    page.locator("a.s").nth(2).click()
    assert re.search("sentence=3#s3$", page.url)
    page.check("input[name=category][value='6']")
    page.click(".filters button")
    assert page.locator("a.s.off").count() > 0
    page.goto("/tag")
    page.fill("textarea[name=text]", "清源市2023年法治政府建设年度情况报告\n一、主要举措\n全年受理行政复议案件72件。\n")
    page.click("form.tag-form button.primary")
    page.wait_for_selector("a[download]", timeout=15_000)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_the_rules_of_accessibility(chromium, live, scheme):
    """Levels A and AA of WCAG 2.2, by axe-core, in both colour schemes."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    context = chromium.new_context(base_url=live, color_scheme=scheme, locale="zh-CN", bypass_csp=True)
    page = context.new_page()
    found = []
    for path in PAGES:
        page.goto(path)
        violations = axe.run(page, options=options).response["violations"]
        found += [(path, one["id"], [node["html"][:120] for node in one["nodes"][:2]]) for one in violations]
    context.close()
    assert found == []


def test_narrow_screens_need_no_sideways_scrolling(chromium, live):
    context = chromium.new_context(base_url=live, viewport={"width": 360, "height": 740})
    page = context.new_page()
    wide = []
    for path in PAGES:
        page.goto(path)
        wide += [path] if page.evaluate("document.documentElement.scrollWidth") > 360 else []
    context.close()
    assert wide == []


def test_a_hostile_report_runs_nothing(chromium, live):
    context = chromium.new_context(base_url=live)
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto("/search?q=应急演练 report:onerror")
    page.click(".hit-place a >> nth=0")
    page.locator("a.s").nth(0).click()
    page.wait_for_selector("#why .why")
    page.wait_for_timeout(200)
    assert dialogs == []
    assert page.locator("article img, article script, article svg").count() == 0
    context.close()
