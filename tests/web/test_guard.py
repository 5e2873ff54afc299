"""Who is let in, and what an answer may do."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from pipeline.web.app import create_app
from pipeline.web.settings import Settings
from tests.web.conftest import HOME

TOKEN = "a-long-enough-token"


@pytest.fixture
def guarded(own_corpus):
    with TestClient(create_app(Settings(own_corpus, host="0.0.0.0", token=TOKEN)), base_url="http://192.168.1.7:8765", raise_server_exceptions=False) as one:
        yield one


@pytest.mark.parametrize(
    "path", ["/", "/search?q=复议", "/overview.json", "/nowhere", "/static/app.js", "/openapi.json", "/search?q=(", "/report?name=daxing-2023"]
)
def test_every_answer_has_the_strict_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/search?q=复议", "/search?q=复议&view=counts", "/report?name=daxing-2023&sentence=3", "/tag"])
def test_no_page_has_script_or_style_of_its_own_or_from_elsewhere(client, path):
    import re

    text = client.get(path).text
    assert " style=" not in text
    assert "<style" not in text
    assert not re.search(r"\son\w+=", re.sub(r'"[^"]*"', '""', text))
    assert re.findall(r"<script(?! src=\"/static/)", text) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "[bad", "192.168.1.7"])
def test_another_host_name_is_refused(client, host):
    assert client.get("/overview.json", headers={"Host": host}).status_code in {400, 421}


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765"])
def test_this_machine_is_let_in(client, host):
    assert client.get("/overview.json", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": HOME},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
def test_changes_from_another_site_are_refused(own_client, headers):
    answer = own_client.post("/tag", data={"text": "受理行政复议案件12件。"}, headers=headers)
    assert answer.status_code == 403
    assert own_client.post("/label", data={"report": "daxing-2023", "sentence": 3, "code": 1, "annotator": "甲"}, headers=headers).status_code == 403


def test_changes_from_the_page_itself_are_taken(own_client):
    headers = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
    assert own_client.post("/tag", data={"text": "受理行政复议案件12件。"}, headers=headers, follow_redirects=False).status_code == 303


def test_another_address_needs_a_token():
    with pytest.raises(ValueError, match="token"):
        Settings(".", host="0.0.0.0")
    with pytest.raises(ValueError, match="12"):
        Settings(".", host="0.0.0.0", token="short")


def test_without_the_token_nothing_is_shown(guarded):
    for path in ("/", "/search?q=复议", "/overview.json", "/openapi.json", "/report?name=daxing-2023", "/tag/job?id=x"):
        answer = guarded.get(path)
        assert answer.status_code == 401
        assert "大兴" not in answer.text
    assert guarded.post("/tag", data={"text": "x"}).status_code == 401
    assert guarded.get("/static/base.css").status_code == 200


def test_the_token_lets_in_by_address_form_and_header(guarded):
    assert guarded.get("/overview.json", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert guarded.get("/?token=wrong").status_code == 401
    answer = guarded.get(f"/search?q=复议&token={TOKEN}", follow_redirects=False)
    assert answer.status_code == 303
    assert TOKEN not in answer.headers["location"]
    assert TOKEN not in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert guarded.get("/").status_code == 200


def test_the_form_takes_the_token(guarded):
    assert guarded.get("/login").status_code == 200
    assert guarded.post("/login", data={"token": "wrong"}).status_code == 401
    assert guarded.post("/login", data={"token": TOKEN}, follow_redirects=False).status_code == 303
    assert guarded.get("/").status_code == 200


def test_read_only_refuses_every_change(own_corpus):
    before = (own_corpus / "corpus.sqlite").read_bytes()
    with TestClient(create_app(Settings(own_corpus, read_only=True)), base_url=HOME) as client:
        described = client.get("/openapi.json").json()["paths"]
        assert client.post("/tag", data={"text": "受理案件。", "add": "true"}).status_code == 403
        assert client.post("/tag/job/add", data={"id": "x"}).status_code == 403
        assert client.post("/label", data={"report": "daxing-2023", "sentence": 3, "code": 1, "annotator": "甲"}).status_code == 403
        assert client.post("/label/undo", data={"batch": 1}).status_code == 403
        assert client.get("/search.json", params={"q": "复议"}).json()["total"]
        assert {"/tag", "/tag/job/add", "/label", "/label/undo", "/login"} <= {path for path, methods in described.items() if "post" in methods}
    assert (own_corpus / "corpus.sqlite").read_bytes() == before


def test_read_only_makes_no_corpus(tmp_path):
    from pipeline.errors import NotACorpus

    with pytest.raises(NotACorpus):
        create_app(Settings(tmp_path / "none", read_only=True))
    assert not (tmp_path / "none").exists()


def test_a_request_that_is_too_long_is_refused(own_client):
    answer = own_client.post(
        "/tag", content=b"x", headers={"Content-Length": str(10**10), "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json()["error"]["remedy"]


def test_a_body_that_goes_on_and_on_is_cut_off(own_client, monkeypatch):
    monkeypatch.setattr("pipeline.web.guard.MAX_BODY", 10_000)
    endless = (b"x" * 1_000 for _ in range(100))
    answer = own_client.post("/tag", content=endless, headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"})
    assert answer.status_code == 413
