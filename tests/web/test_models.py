"""The versions of the model on their pages: candidates against the one in use, promoting and going back, training, tagging anew."""

from __future__ import annotations

import json
import time

import pytest

from pipeline import resources
from pipeline.corpus import Corpus
from pipeline.learn import Versions, training_corpus
from pipeline.learn import sources as sources_module
from pipeline.store.labels import NewLabel
from pipeline.tag import files
from pipeline.web import training
from tests.web.conftest import HOSTILE

JSON = {"Accept": "application/json"}


@pytest.fixture
def versions(tmp_path, monkeypatch, candidate):
    """A user's folder of models with one candidate, which is worse than the shipped model."""
    monkeypatch.setenv("FAZHI_MODELS", str(tmp_path / "models"))
    found = Versions()
    found.save(candidate)
    return found


def shipped() -> str:
    return files.current_folder(resources.models_dir()).name


def finished(client, id: str) -> dict:
    for _ in range(1200):
        state = client.get("/models/job.json", params={"id": id}).json()
        if state["finished"]:
            return state
        time.sleep(0.05)
    raise AssertionError(f"the job did not end: {state}")


def test_the_list_tells_what_is_in_use_and_what_is_a_candidate(versions, own_client, candidate):
    page = own_client.get("/models.json").json()
    assert [(one["name"], one["current"], one["shipped"]) for one in page["versions"]] == [(shipped(), True, True), (candidate.version, False, False)]
    assert (page["current"], page["stale"], page["can_roll_back"]) == (shipped(), 0, False)
    assert f"/models/promote?version={candidate.version}" in own_client.get("/models").text


def test_a_version_shows_its_card(versions, own_client, candidate):
    page = own_client.get("/models/version.json", params={"name": candidate.version}).json()
    assert page["sentences"] == candidate.card["data"]["sentences"]
    assert [one["setting"] for one in page["settings"]][-1:] == ["alone"]
    assert candidate.version in page["methods"]["zh"]
    assert own_client.get("/models/version", params={"name": "none"}).status_code == 404


def test_a_comparison_shows_the_flipped_sentences_page_by_page(versions, own_client, candidate):
    page = own_client.get("/models/compare.json", params={"new": candidate.version}).json()
    assert (page["old"], page["verdict"]) == (shipped(), "worse")
    assert page["of_flips"] == sum(page["outcomes"].values()) == page["fixed"] + page["broken"] + page["outcomes"]["wrong"]
    broken = own_client.get("/models/compare.json", params={"new": candidate.version, "outcome": "broken", "page": 2}).json()
    assert {one["outcome"] for one in broken["flips"]} == {"broken"}
    assert all(one["old"] == one["label"] != one["new"] for one in broken["flips"])
    assert own_client.get("/models/compare", params={"new": shipped()}).status_code == 400


def test_a_worse_version_is_asked_about_and_wants_a_reason(versions, own_client, candidate):
    question = own_client.get("/models/promote", params={"version": candidate.version}).text
    assert "更差" in question
    assert 'name="reason"' in question
    refused = own_client.post("/models/promote", data={"version": candidate.version, "reason": "  "}, headers=JSON)
    assert (refused.status_code, versions.current()) == (400, shipped())
    for _ in range(2):
        own_client.post("/models/promote", data={"version": candidate.version, "reason": f"为了测试{HOSTILE}"})
    assert versions.current() == candidate.version
    page = own_client.get("/models.json").json()
    assert (page["current"], page["stale"], len(page["history"])) == (candidate.version, 4, 1)
    for path in ("/models", f"/models/version?name={candidate.version}"):
        text = own_client.get(path).text
        assert "为了测试" in text
        assert HOSTILE not in text


def test_going_back_is_asked_about_and_happens_once(versions, own_client, candidate):
    assert own_client.get("/models/rollback").status_code == 400
    versions.promote(candidate.version, force="a small model for a test")
    assert candidate.version in own_client.get("/models/rollback").text
    assert own_client.post("/models/rollback", data={"version": candidate.version}, follow_redirects=False).status_code == 303
    assert versions.current() == shipped()
    again = own_client.post("/models/rollback", data={"version": candidate.version}, headers=JSON)
    assert (again.status_code, versions.current()) == (400, shipped())


def test_tagging_anew_tells_what_changed(versions, own_client, own_corpus, candidate):
    versions.promote(candidate.version, force="a small model for a test")
    assert own_client.post("/models/retag", data={"model": shipped()}, headers=JSON).status_code == 400
    begun = own_client.post("/models/retag", data={"model": candidate.version}, headers=JSON).json()
    state = finished(own_client, begun["id"])
    assert (state["error"], state["reports"], state["version"]) == (None, 4, candidate.version)
    assert state["of_changes"] == sum(one["sentences"] for one in state["went"]) > 0
    with Corpus.open(own_corpus) as corpus:
        assert {report.model for report in corpus.reports()} == {candidate.version}
        one = state["changes"][0]
        assert corpus.report(one["report"]).tags[one["sentence"] - 1].code == one["new"]
    assert own_client.get("/models.json").json()["stale"] == 0
    assert "换了类别" in own_client.get("/models/job", params={"id": begun["id"]}).text


def test_training_gives_a_candidate_and_leaves_the_model_in_use(versions, own_client, own_corpus, monkeypatch):
    monkeypatch.setattr(sources_module, "training_reports", lambda: training_corpus()[:2])
    with Corpus.open(own_corpus) as corpus:
        sentences = corpus.report("daxing-2023").report.sentences
        corpus.labels.add([NewLabel(sentences[n].text, 1 + n % 7, "甲", "daxing-2023", n) for n in range(20)], source="x.csv")
    sent = {"current": shipped(), "sources": "all", "weight": 2}
    begun = own_client.post("/models/train", data=sent, headers=JSON).json()
    assert own_client.post("/models/train", data=sent, headers=JSON).json()["id"] == begun["id"]
    page = own_client.get("/models/job", params={"id": begun["id"]}).text
    assert "data-work" in page
    state = finished(own_client, begun["id"])
    assert (state["error"], state["against"], state["done"]) == (None, shipped(), state["of"])
    assert state["verdict"] == "worse"
    assert versions.current() == shipped()
    assert state["version"] in {one["name"] for one in own_client.get("/models.json").json()["versions"]}
    assert f"new={state['version']}" in own_client.get("/models/job", params={"id": begun["id"]}).text


def test_training_on_too_little_says_so(versions, own_client):
    begun = own_client.post("/models/train", data={"current": shipped(), "sources": "labels"}, headers=JSON).json()
    state = finished(own_client, begun["id"])
    assert state["stage"] == "failed"
    assert state["error"]
    assert 'role="alert"' in own_client.get("/models/job", params={"id": begun["id"]}).text


def test_an_unexpected_end_of_training_is_told_and_hides_its_insides(versions, own_client, monkeypatch):
    monkeypatch.setattr(training, "_data", lambda *_: 1 / 0)
    begun = own_client.post("/models/train", data={"current": shipped()}, headers=JSON).json()
    state = finished(own_client, begun["id"])
    assert "ZeroDivisionError" in state["error"]
    assert "line" not in state["error"]
    assert versions.current() == shipped()


def test_two_who_train_at_once_on_other_models_are_told(versions, own_client):
    assert own_client.post("/models/train", data={"current": "fazhi-7-other"}, headers=JSON).status_code == 400


def test_a_hostile_card_is_text(versions, own_client, candidate):
    folder = versions.get(candidate.version)
    card = files.read_card(folder)
    card["data"]["statement"] = HOSTILE
    card["known_weaknesses"] = ["<img src=x onerror=alert(1)>"]
    card["made_with"]["libraries"]["<b>x"] = "<i>1"
    card["promotions"] = [{"at": "<u>", "instead_of": "<u>", "comparison": None, "forced": HOSTILE}]
    (folder / files.CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
    for path in ("/models", f"/models/version?name={candidate.version}", f"/models/promote?version={candidate.version}"):
        text = own_client.get(path).text
        for markup in (HOSTILE, "<img", "<b>x", "<i>1", "<u>"):
            assert markup not in text


@pytest.mark.parametrize("card", ["", "{", "[]", "{}", '{"data": 3}', '{"figures": {"full": []}, "data": {}, "made_with": {}}'])
def test_a_card_that_is_none_breaks_no_page(versions, own_client, candidate, card):
    (versions.get(candidate.version) / files.CARD_FILE).write_text(card, encoding="utf-8")
    assert own_client.get("/models").status_code == 200
    for path in ("/models/version.json?name={}", "/models/compare.json?new={}"):
        answer = own_client.get(path.format(candidate.version))
        assert answer.status_code in {200, 400, 404, 503}, answer.text
        assert answer.status_code == 200 or answer.json()["error"]["remedy"]


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "..", ".", "a\x00b", "x" * 100, "current"])
def test_a_name_is_never_a_path(versions, own_client, name):
    for path in ("/models/version.json", "/models/compare.json", "/models/promote"):
        answer = own_client.get(path, params={"name": name, "new": name, "version": name}, headers=JSON)
        assert answer.status_code in {400, 404}
    assert own_client.post("/models/promote", data={"version": name}, headers=JSON).status_code in {400, 404}
