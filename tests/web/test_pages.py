"""Every page, its JSON, and what they say."""

from __future__ import annotations

import re

import pytest

from pipeline.web.errors import Problem
from tests.web.conftest import HOSTILE

PAGES = (
    "/", "/?district=大兴", "/search", "/search?q=行政复议", "/search?q=复议&view=kwic&sort=left", "/search?q=复议&view=counts&measure=rate",
    "/search?q=行政复义", "/report?name=daxing-2023", "/report?name=daxing-2023&sentence=12&category=2&role=measures", "/why?report=daxing-2023&sentence=12",
    "/report/figures?name=daxing-2023", "/report/mirror?name=yunhu-2019", "/tag", "/login",
)  # fmt: skip
ERRORS = ("/report?name=none", "/nowhere", "/why?report=daxing-2023&sentence=9999", "/search?q=(复议", "/static/none.js", "/tag/job?id=none", "/report")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_both_languages_and_under_150_kb(client, path, language):
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert len(answer.content) < 150_000


@pytest.mark.parametrize("path", [path for path in PAGES if path not in {"/tag", "/login", "/search"}])
def test_every_page_names_its_json_and_the_json_is_there(client, path):
    page = client.get(path).text
    address = re.search(r'href="([^"]+\.json[^"]*)">', page.partition('<footer class="foot">')[2])
    assert address
    answer = client.get(address[1].replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()


@pytest.mark.parametrize("path", ERRORS)
def test_an_error_is_the_same_for_people_and_programs(client, path):
    page = client.get(path)
    told = client.get(path, headers={"Accept": "application/json"})
    assert page.status_code == told.status_code or path.startswith("/search")
    assert 400 <= page.status_code < 500
    assert "<h1" in page.text
    if not path.startswith("/search"):
        error = told.json()["error"]
        assert set(error) == set(Problem.__dataclass_fields__)
        assert error["remedy"]


def test_every_route_of_the_description_keeps_to_the_error_shape(client):
    """Without the parameters that it needs, or with impossible ones, a route answers with the one shape."""
    described = client.get("/openapi.json").json()["paths"]
    assert {"/overview.json", "/search.json", "/report.json", "/why.json", "/tag", "/label"} <= set(described)
    for path, methods in described.items():
        for method in methods:
            answer = client.request(method, path, params={"page": "no", "name": "no such", "id": "x"}, headers={"Accept": "application/json"})
            if answer.status_code >= 400:
                assert set(answer.json()["error"]) == set(Problem.__dataclass_fields__), path
                assert answer.status_code < 500, path


def test_an_unexpected_error_tells_nothing_of_itself(client, monkeypatch):
    monkeypatch.setattr("pipeline.web.overview.current_model", lambda: 1 / 0)
    answer = client.get("/overview.json")
    assert answer.status_code == 500
    assert answer.json()["error"]["kind"] == "Unexpected"
    assert "ZeroDivision" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_overview_counts_what_its_cells_find(client):
    page = client.get("/overview.json").json()
    assert page["reports"] == 4
    row = next(row for row in page["rows"] if row["district"] == "北京市大兴区")
    assert sum(cell["sentences"] for cell in row["cells"]) == row["sentences"] == 68
    for cell in row["cells"]:
        if cell["query"]:
            assert client.get("/search.json", params={"q": cell["query"]}).json()["total"] == cell["sentences"]


def test_a_search_finds_what_the_library_finds_and_facets_lead_on(client):
    found = client.get("/search.json", params={"q": "复议"}).json()
    assert found["total"] >= 10
    assert all(item["text"][start:end] == "复议" for item in found["items"] for start, end in item["matches"])
    for facet in found["facets"]:
        for value in facet["values"][:3]:
            if value["query"] and facet["field"] != "heading":
                assert client.get("/search.json", params={"q": value["query"]}).json()["total"] == value["sentences"]


def test_pages_of_results_hold_every_hit_once(client):
    first = client.get("/search.json", params={"q": "法治", "sort": "report"}).json()
    seen = [
        item["report"] + str(item["sentence"])
        for n in range(1, first["pages"] + 1)
        for item in client.get(f"/search.json?q=法治&sort=report&page={n}").json()["items"]
    ]
    assert len(seen) == len(set(seen)) == first["total"]


def test_lines_are_sorted_by_their_left_context(client):
    lines = client.get("/search.json", params={"q": "法治", "view": "kwic", "sort": "left"}).json()["lines"]
    lefts = [line["left"][::-1] for line in lines]
    assert lefts == sorted(lefts)


def test_where_nothing_is_found_the_page_says_what_does_occur(client):
    found = client.get("/search.json", params={"q": "行政复义"}).json()
    assert found["total"] == 0
    assert "“行政复议”" in [hint["query"] for hint in found["variants"]]


def test_a_search_within_results_joins_both_queries(client):
    answer = client.get("/search", params={"q": "复议 OR 调解", "within": "案件"}, follow_redirects=False)
    assert answer.status_code == 303
    assert "q=%28%E5%A4%8D%E8%AE%AE%20OR%20%E8%B0%83%E8%A7%A3%29%20%E6%A1%88%E4%BB%B6" in answer.headers["location"]


def test_a_permalink_of_another_state_says_so(client):
    now = client.get("/search.json", params={"q": "复议"}).json()
    assert client.get("/search.json", params={"q": "复议", "corpus": now["corpus"], "model": now["model"]}).json()["cited"]
    assert not client.get("/search.json", params={"q": "复议", "corpus": "0123456789abcdef"}).json()["cited"]


def test_recent_queries_are_kept_for_the_browser(own_client):
    own_client.get("/search", params={"q": "应急演练"})
    assert "应急演练" in own_client.get("/search").text


@pytest.mark.parametrize(("format", "start"), [("csv", b"\xef\xbb\xbf"), ("jsonl", b"{"), ("xlsx", b"PK")])
@pytest.mark.parametrize("view", ["sentences", "kwic", "counts"])
def test_results_are_written_to_files(client, view, format, start):
    answer = client.get("/search/export", params={"q": "复议", "view": view, "format": format})
    assert answer.content.startswith(start)
    assert "attachment" in answer.headers["content-disposition"]


def test_a_report_shows_its_whole_text(client):
    from html import unescape

    data = client.get("/report.json", params={"name": "daxing-2023"}).json()
    page = client.get("/report", params={"name": "daxing-2023"}).text
    article = unescape(re.sub(r"<[^>]+>", "", page.partition('<article class="text"')[2].partition("</article>")[0]))
    plain = "".join(article.partition(">")[2].split())
    assert plain == "".join(data["text"].split())
    assert len(re.findall(r'id="s\d+"', page)) == len(data["sentences"]) == 68


def test_filters_keep_the_text_and_count_what_passes(client):
    data = client.get("/report.json", params={"name": "daxing-2023", "category": [6], "role": "measures"}).json()
    assert 0 < data["chosen"] < len(data["sentences"])
    assert all(one["chosen"] == (one["code"] == 6 and one["role"] == "measures") for one in data["sentences"])


def test_why_adds_up(client):
    why = client.get("/why.json", params={"report": "daxing-2023", "sentence": 12}).json()
    assert "".join(word["text"] for word in why["words"]) == why["text"]
    assert sum(why["shares"]) == pytest.approx(1, abs=0.001)
    assert len(why["nearest"]) == 5


def test_the_mirror_counts_every_measure_of_the_baseline(client):
    page = client.get("/report/mirror.json", params={"name": "yunhu-2019"}).json()
    assert sum(one["same"] + one["related"] + one["absent"] for one in page["tallies"]) >= 60
    assert page["of_missing"] == sum(one["absent"] for one in page["tallies"])
    assert client.get("/report/mirror.json", params={"name": "daxing-2023"}).json()["is_baseline"]


def test_figures_stand_where_they_say(client):
    for one in client.get("/report/figures.json", params={"name": "daxing-2023"}).json()["figures"]:
        assert one["text"][one["start"] : one["end"]] == one["figure"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=复议",
        "/search?q=复议&view=kwic",
        "/search?q=<script>alert(1)</script>",
        "/search?q=(<script>alert(1)</script>",
        "/report?name=<script>alert(1)</script>",
    ],
)
def test_what_comes_from_outside_never_becomes_markup(client, path):
    text = client.get(path).text
    assert HOSTILE not in text
    assert "<img" not in text
    assert "<svg onload" not in text


@pytest.mark.parametrize(
    "path", ["/report?name={}", "/report?name={}&sentence=1", "/why?report={}&sentence=1", "/report/figures?name={}", "/report/mirror?name={}"]
)
def test_a_hostile_report_is_text(client, path):
    name = next(line["name"] for row in client.get("/overview.json").json()["rows"] for line in row["reports"] if "onerror" in line["name"])
    answer = client.get(path.format(name))
    assert answer.status_code == 200
    assert HOSTILE not in answer.text
    assert "<img" not in answer.text
    assert "<svg onload" not in answer.text


def test_the_language_is_the_browsers_until_it_is_switched(own_client):
    assert "Overview" in own_client.get("/", headers={"Accept-Language": "en"}).text
    assert "总览" in own_client.get("/?lang=zh", headers={"Accept-Language": "en"}).text
    assert "总览" in own_client.get("/", headers={"Accept-Language": "en"}).text


def test_an_empty_corpus_says_how_to_begin(tmp_path):
    from starlette.testclient import TestClient

    from pipeline.web.app import create_app
    from pipeline.web.settings import Settings
    from tests.web.conftest import HOME

    with TestClient(create_app(Settings(tmp_path / "new")), base_url=HOME) as client:
        assert "还没有报告" in client.get("/").text
        assert client.get("/search.json", params={"q": "复议"}).json()["total"] == 0
