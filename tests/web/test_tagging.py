"""Files and texts that a browser sends."""

from __future__ import annotations

import json

import pytest

from pipeline import resources
from tests.web.conftest import wait_for

REPORT = "清源市2023年法治政府建设年度情况报告\n一、主要举措和成效\n(一)化解矛盾纠纷\n全年受理行政复议案件72件。组织防汛应急演练3次。\n".encode()
JSON = {"Accept": "application/json"}


def start(client, **sent):
    answer = client.post("/tag", headers=JSON, **sent)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def test_good_files_go_on_beside_bad_ones(own_client):
    pdf = (resources.corpus_dir() / "samples" / "hongchuan-2025.pdf").read_bytes()
    files = [
        ("files", ("清源.txt", REPORT)),
        ("files", ("坏.docx", b"no docx")),
        ("files", ("hongchuan.pdf", pdf)),
        ("files", ("空.txt", b"")),
        ("files", ("x.exe", b"MZ")),
    ]
    job = start(own_client, files=files)
    state = wait_for(own_client, job)
    assert [one["name"] for one in state["files"]] == ["清源", "hongchuan"]
    assert sorted(one["name"] for one in state["failures"]) == ["x.exe", "坏.docx", "空.txt"]
    assert all("/tmp" not in one["reason"] for one in state["failures"])
    assert state["done"] == state["of"] == 5
    page = own_client.get("/tag/job", params={"id": job}).text
    assert "全年受理行政复议案件72件。" in page
    assert "坏.docx" in page


def test_a_text_is_tagged_downloaded_and_added(own_client):
    job = start(own_client, data={"text": REPORT.decode(), "name": "清源市 2023"})
    state = wait_for(own_client, job)
    assert state["files"][0]["district"] == "清源市"
    assert state["added"] == []
    rows = [json.loads(line) for line in own_client.get("/tag/export", params={"id": job, "format": "jsonl"}).text.splitlines()]
    assert [row["category"] for row in rows] == ["disputes", "emergency"]
    assert own_client.get("/tag/export", params={"id": job, "format": "xlsx"}).content.startswith(b"PK")
    before = own_client.get("/overview.json").json()["reports"]
    own_client.post("/tag/job/add", data={"id": job})
    assert wait_for(own_client, job)["added"] == ["清源市 2023"]
    assert own_client.get("/overview.json").json()["reports"] == before + 1
    assert own_client.get("/search.json", params={"q": "防汛应急演练 report:清源市"}).json()["total"] == 1


def test_files_are_added_at_once_and_only_once(own_client, own_corpus):
    first = wait_for(own_client, start(own_client, files=[("files", ("清源.txt", REPORT))], data={"add": "true"}))
    second = wait_for(own_client, start(own_client, files=[("files", ("清源.txt", REPORT))], data={"add": "true"}))
    assert (first["added"], second["added"], second["unchanged"]) == (["清源"], [], ["清源"])
    assert [path.name for path in (own_corpus / "files").rglob("*.txt")] == ["清源.txt"]


@pytest.mark.parametrize(
    "name",
    ["../../../evil.txt", "/etc/evil.txt", "..\\..\\evil.txt", "evil.txt\x00.exe.txt", "<script>alert(1)</script>.txt", "a" * 300 + ".txt", " 报告 .txt"],
)
def test_no_name_leads_out_of_the_folders(own_client, own_corpus, tmp_path, name):
    state = wait_for(own_client, start(own_client, files=[("files", (name, REPORT))], data={"add": "true"}))
    assert len(state["added"]) == 1, state
    kept = [path for path in (own_corpus / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"corpus"}
    assert "<script>alert" not in own_client.get("/tag/job", params={"id": state["id"]}).text


def test_nothing_sent_is_told(own_client):
    answer = own_client.post("/tag", headers=JSON)
    assert answer.status_code == 400
    assert "neither" in answer.json()["error"]["wrong"]


def test_too_many_files_are_refused(own_client):
    files = [("files", (f"{n}.txt", b"x")) for n in range(201)]
    assert own_client.post("/tag", files=files, headers=JSON).status_code == 413


def test_jobs_that_wait_are_bounded(own_client, monkeypatch):
    monkeypatch.setattr("pipeline.web.jobs._WAITING", 0)
    answer = own_client.post("/tag", data={"text": "受理案件。"}, headers=JSON)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


def test_uploads_are_gone_when_the_server_ends(own_corpus):
    from starlette.testclient import TestClient

    from pipeline.web.app import create_app
    from pipeline.web.settings import Settings
    from tests.web.conftest import HOME

    app = create_app(Settings(own_corpus))
    with TestClient(app, base_url=HOME) as client:
        wait_for(client, start(client, data={"text": REPORT.decode()}))
        assert app.state.jobs._home.is_dir()
    assert not app.state.jobs._home.exists()
