"""Review, labels and models in a real browser: from a review to a corpus tagged anew, by keys, without JavaScript, and past a server that dies."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress

import pytest

from pipeline.corpus import Corpus
from pipeline.learn import Versions
from pipeline.store.labels import NewLabel
from tests.web.test_browser import chromium, page  # noqa: F401
from tests.web.test_labels import MIXED
from tests.web.test_serve import RUN

WCAG = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def versions(tmp_path, monkeypatch, candidate):
    """A user's folder of models, and training that takes a moment and gives a small candidate."""
    monkeypatch.setenv("FAZHI_MODELS", str(tmp_path / "models"))

    def train(data, *, progress, **options):
        assert data
        for done in range(4):
            progress(done, 3)
            time.sleep(0.2)
        return candidate

    monkeypatch.setattr("pipeline.learn.training.train", train)
    return Versions()


def begin(page, count: int, name: str = "张三") -> None:  # noqa: F811
    """Say who is there and begin a round."""
    page.goto("/review")
    page.fill("main .card input[name=annotator]", name)
    page.click("main .card button.primary")
    page.fill("form.begin input[name=count]", str(count))
    page.click("form.begin button")
    page.wait_for_selector(".review")
    page.wait_for_load_state()


def press(page, key: str) -> None:  # noqa: F811
    """Press a key and wait for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press(key)


def labels(corpus) -> list[tuple[str, int]]:
    with Corpus.open(corpus) as opened:
        return [(label.text, label.code) for label in opened.labels.current()]


def shown(page) -> str:  # noqa: F811
    return page.locator(".sentence mark").inner_text()


def test_from_review_to_training_to_promotion_to_a_corpus_tagged_anew(page, versions, candidate, own_corpus):  # noqa: F811
    begin(page, 3)
    for key in "620":
        press(page, key)
    assert [code for _, code in labels(own_corpus)] == [6, 2, 0]
    page.click("a.button[href='/models']")
    page.click("form.train button.primary")
    page.wait_for_selector("[data-work] progress")
    page.wait_for_selector(".verdict")
    page.click("a.button[href^='/models/compare']")
    assert page.locator(".flips li").count() > 10
    page.click("a.button[href^='/models/promote']")
    page.fill("input[name=reason]", "为了测试")
    page.click("button.danger")
    page.wait_for_selector(".notice.good")
    assert versions.current() == candidate.version
    page.click("form[action='/models/retag'] button")
    page.wait_for_selector(".flips li")
    with Corpus.open(own_corpus) as corpus:
        assert {report.model for report in corpus.reports()} == {candidate.version}
    page.goto("/models")
    page.click("a[href='/models/rollback']")
    page.click("button.danger")
    page.wait_for_selector(".notice.good")
    assert versions.current() != candidate.version


def test_keys_choose_undo_skip_and_go_from_sentence_to_sentence(page, own_corpus):  # noqa: F811
    begin(page, 4)
    first = shown(page)
    press(page, "7")
    assert labels(own_corpus) == [(first, 7)]
    second = shown(page)
    press(page, "z")
    assert (shown(page), labels(own_corpus)) == (first, [])
    press(page, "0")
    assert (shown(page), labels(own_corpus)) == (second, [(first, 0)])
    press(page, "s")
    assert shown(page) not in {first, second}
    press(page, "ArrowLeft")
    assert shown(page) == second
    page.click(".pop summary")
    page.locator(".pop input").press("5")  # what is typed into a field chooses nothing
    assert page.locator(".pop input").input_value() == "5"
    assert len(labels(own_corpus)) == 1


def test_two_tabs_lose_nothing(page, own_corpus):  # noqa: F811
    begin(page, 4)
    other = page.context.new_page()
    other.goto("/review")
    first = shown(page)
    assert shown(other) == first
    press(page, "3")
    press(other, "5")
    assert labels(own_corpus) == [(first, 5)]
    assert shown(other) == shown(page)
    press(page, "1")
    press(other, "2")
    press(other, "4")
    assert sorted(code for _, code in labels(own_corpus)) == [2, 4, 5]


def test_review_works_without_javascript(chromium, live, own_corpus):  # noqa: F811
    context = chromium.new_context(base_url=live, java_script_enabled=False, locale="en")
    page = context.new_page()  # noqa: F811
    begin(page, 3, "Li Si")
    first = shown(page)
    page.click(".choice[value='6']")
    page.wait_for_load_state()
    assert labels(own_corpus) == [(first, 6)]
    page.click("form.last button")
    assert (shown(page), labels(own_corpus)) == (first, [])
    page.click("form[action='/review/skip'] button")
    page.goto("/review")
    assert shown(page) != first
    page.goto("/labels")
    page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": "句子,类别\n受理复议案件。,6\n".encode()})
    page.click(".pick button")
    page.click("form.take button.primary")
    assert page.locator(".notice.good").count() == 1
    context.close()


def test_a_spreadsheet_with_errors_is_shown_mended_and_taken_back(page, own_corpus):  # noqa: F811
    page.goto("/labels")
    page.set_input_files("input[type=file]", {"name": "编码.csv", "mimeType": "text/csv", "buffer": MIXED.encode()})
    page.click(".pick button")
    page.wait_for_selector(".bad-rows")
    assert "没有「九」这个类别" in page.locator(".bad-rows").inner_text()
    page.select_option("select[name=annotator]", "备注")
    page.click(".columns-form button")
    page.wait_for_load_state()
    page.select_option("select[name=annotator]", "标注人")
    page.click(".columns-form button")
    page.wait_for_load_state()
    page.check("input[name=skip_bad]")
    page.click("form.take button.primary")
    page.wait_for_selector(".notice.good")
    assert len(labels(own_corpus)) == 3
    page.click(".notice.good a")
    page.click("button.danger")
    page.wait_for_selector("tr.gone")
    assert labels(own_corpus) == []


@pytest.fixture
def serve(own_corpus):
    """Starts a server as a process of its own, always at the same address; what is started is killed at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[str, subprocess.Popen[bytes]]:
        server = subprocess.Popen([*RUN, "--corpus", str(own_corpus), "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(server)
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                break
            time.sleep(0.1)
        return f"http://127.0.0.1:{port}", server

    yield start
    for server in started:
        server.kill()
        server.wait()


def test_what_is_chosen_while_the_server_is_dead_reaches_the_next_one(chromium, serve, own_corpus):  # noqa: F811
    address, server = serve()
    context = chromium.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()  # noqa: F811
    begin(page, 3)
    first = shown(page)
    server.send_signal(signal.SIGKILL)
    server.wait()
    page.keyboard.press("4")
    page.wait_for_selector("[data-waiting]:not([hidden])")
    assert "服务器没有回应" in page.locator("[data-waiting]").inner_text()
    page.close()  # even the tab is closed
    serve()
    page = context.new_page()
    page.goto("/review")
    page.wait_for_selector("form.last")
    assert shown(page) != first
    assert labels(own_corpus) == [(first, 4)]
    context.close()


@pytest.fixture
def addresses(versions, candidate, own_corpus, chromium, live) -> list[str]:  # noqa: F811
    """Every page, with something on it."""
    versions.save(candidate)
    versions.promote(candidate.version, force="a small model for a test")
    with Corpus.open(own_corpus) as corpus:
        sentences = corpus.report("daxing-2023").report.sentences
        said = [(who, n, 1 + n % 3 if n or who == "甲" else 7) for who in ("甲", "乙") for n in range(12)]
        corpus.labels.add([NewLabel(sentences[n].text, code, who, "daxing-2023", n) for who, n, code in said], source="很长的文件名" * 12 + ".csv")
    context = chromium.new_context(base_url=live)
    page = context.new_page()  # noqa: F811
    begin(page, 3)
    page.goto("/labels")
    page.set_input_files("input[type=file]", {"name": "编码.csv", "mimeType": "text/csv", "buffer": MIXED.encode()})
    page.click(".pick button")
    page.wait_for_selector(".bad-rows")
    imported = page.url.removeprefix(live)
    page.goto("/models")
    page.click("form[action='/models/retag'] button")
    page.wait_for_selector(".flips li")
    job = page.url.removeprefix(live)
    context.close()
    shipped = next(one.name for one in versions.list() if one.shipped)
    return [
        "/review", "/review?n=1", "/labels", imported, "/labels/undo?batch=1", "/labels/agreement", "/models", job, f"/models/version?name={candidate.version}",
        f"/models/compare?new={shipped}", f"/models/promote?version={shipped}", f"/models/promote?version={candidate.version}", "/models/rollback",
    ]  # fmt: skip


def test_every_page_is_accessible_narrow_and_names_its_json(addresses, chromium, live):  # noqa: F811
    """Levels A and AA of WCAG 2.2, by axe-core, in both colour schemes; no sideways scrolling at 360 pixels."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: list[tuple[str, str, list[str]]] = []
    coloured = [one for one in addresses if one.startswith(("/review?", "/labels/import", "/models/job", "/models/compare", "/models/promote"))]
    for scheme, language, paths in (("light", "zh-CN", addresses), ("dark", "en", coloured)):
        context = chromium.new_context(base_url=live, color_scheme=scheme, locale=language, bypass_csp=True, viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "fazhi-annotator", "value": "%E7%94%B2", "url": live}])
        page = context.new_page()  # noqa: F811
        for path in ["/review?round=1", *paths]:
            page.goto(path)
            violations = axe.run(page, options=WCAG).response["violations"]
            found += [(path, one["id"], [node["html"][:120] for node in one["nodes"][:2]]) for one in violations]
            page.set_viewport_size({"width": 360, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth") > 360:
                found.append((path, f"too wide in {language}", []))
            page.set_viewport_size({"width": 1280, "height": 800})
        context.close()
    assert found == []
    for path in addresses:
        if not path.startswith(("/labels/undo", "/models/promote", "/models/rollback")):
            with urllib.request.urlopen(live + path.replace("?", ".json?", 1) if "?" in path else f"{live}{path}.json") as answer:
                assert answer.headers["content-type"] == "application/json"
