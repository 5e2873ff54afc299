"""Review: what is handed out, what is said of it, and that nothing is lost or counted twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from pipeline.corpus import Corpus
from pipeline.web.app import create_app
from pipeline.web.settings import Settings
from tests.web.conftest import HOME, HOSTILE

JSON = {"Accept": "application/json"}


@pytest.fixture
def reviewer(own_client):
    """Somebody who has said who he is and has begun a round of ten."""
    own_client.post("/review/annotator", data={"annotator": "张三"})
    own_client.post("/review/round", data={"after": 0, "count": 10, "random": 20}, headers=JSON)
    return own_client


def state(client, **params) -> dict:
    return client.get("/review.json", params=params).json()


def say(client, code: int, page: dict | None = None, annotator: str = "张三", headers=JSON, **more):
    page = page or state(client)
    item = page["item"]
    sent = {"report": item["report"], "sentence": item["sentence"], "round": page["round"], "key": page["key"], "annotator": annotator, "code": code}
    return client.post("/label", data=sent | more, headers=headers)


def test_before_the_first_round_the_page_says_how_to_begin(own_client):
    assert "你是谁" in own_client.get("/review").text
    own_client.post("/review/annotator", data={"annotator": "  张  三 "})
    assert "张 三" in own_client.get("/review").text
    assert "开始一轮" in own_client.get("/review").text
    assert state(own_client)["round"] is None


def test_nobody_begins_a_round_without_a_name(own_client):
    answer = own_client.post("/review/round", data={"after": 0}, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["thing"]) == (400, "annotator")


def test_two_tabs_begin_one_round(reviewer):
    first = state(reviewer)
    again = reviewer.post("/review/round", data={"after": 0, "count": 5}, headers=JSON).json()
    assert again["round"] == first["round"]
    assert state(reviewer)["of"] == 10
    assert reviewer.post("/review/round", data={"after": first["round"], "count": 5}, headers=JSON).json()["round"] > first["round"]


def test_a_label_is_kept_with_how_its_sentence_was_picked(reviewer, own_corpus):
    slices = []
    for n in range(10):
        assert state(reviewer)["done"] == n
        assert say(reviewer, n % 8).status_code == 200
    with Corpus.open(own_corpus) as corpus:
        labels = corpus.labels.all()
        slices = [label.slice for label in labels]
        assert all(label.text == corpus.report(label.report).report.sentences[label.number].text for label in labels)
    assert {label.source for label in labels} == {"review"}
    assert (slices.count("random"), slices.count("chosen")) == (2, 8)
    page = state(reviewer)
    assert (page["item"], page["done"]) == (None, 10)
    assert "本轮已完成" in reviewer.get("/review").text


def test_what_is_sent_twice_is_one_label(reviewer, own_corpus):
    page = state(reviewer)
    assert say(reviewer, 3, page).json() == say(reviewer, 3, page).json()
    with Corpus.open(own_corpus) as corpus:
        assert len(corpus.labels.all()) == 1


def test_another_choice_on_an_old_page_is_a_label_of_its_own(reviewer):
    """A browser that goes back may show a page as it was, with the key that was sent already."""
    page = state(reviewer)
    say(reviewer, 3, page)
    say(reviewer, 5, page)
    assert state(reviewer, n=page["item"]["n"])["given"]["code"] == 5
    say(reviewer, 5, page, annotator="李四")
    assert state(reviewer, n=page["item"]["n"], annotator="李四")["given"]["code"] == 5


def test_the_model_names_its_first_two_choices_and_the_code_book_stands_beside(reviewer):
    item, text = state(reviewer)["item"], reviewer.get("/review").text
    assert item["code"] != item["second_code"]
    assert item["probability"] >= item["second_probability"]
    assert "模型首选" in text
    assert "第二" in text
    assert "行政复议，调解，信访" in text


def test_undoing_leads_back_to_the_sentence(reviewer):
    page = state(reviewer)
    batch = say(reviewer, 3, page).json()["batch"]
    answer = reviewer.post("/label/undo", data={"batch": batch, "round": page["round"], "n": page["item"]["n"]}, follow_redirects=False)
    assert answer.headers["location"] == f"/review?round={page['round']}&n={page['item']['n']}"
    again = state(reviewer)
    assert (again["item"]["n"], again["done"], again["latest"]) == (page["item"]["n"], 0, [])


def test_what_is_skipped_comes_last(reviewer):
    first = state(reviewer)
    reviewer.post("/review/skip", data={"round": first["round"], "n": first["item"]["n"]})
    assert state(reviewer)["skipped"] == 1
    for _ in range(9):
        assert state(reviewer)["item"]["n"] != first["item"]["n"]
        say(reviewer, 1)
    assert state(reviewer)["item"]["n"] == first["item"]["n"]


def test_a_label_can_be_looked_at_and_changed(reviewer):
    page = state(reviewer)
    say(reviewer, 3, page)
    given = state(reviewer, round=page["round"], n=page["item"]["n"])
    assert given["given"]["code"] == 3
    say(reviewer, 5, given)
    assert state(reviewer, round=page["round"], n=page["item"]["n"])["given"]["code"] == 5
    assert state(reviewer)["done"] == 1


def test_everybody_labels_for_himself_and_agreement_is_measured(reviewer):
    for n in range(4):
        say(reviewer, 1 + n % 2)
    for n in range(4):
        say(reviewer, 1 + n % 2 if n else 7, state(reviewer, annotator="李四"), annotator="李四")
    page = state(reviewer, annotator="张三")
    assert {one["name"]: one["done"] for one in page["people"]} == {"张三": 4, "李四": 4}
    assert (page["agreement"]["sentences"], page["agreement"]["same"]) == (4, 3)
    assert -1 < page["agreement"]["alpha"] < 1
    assert "Krippendorff" in reviewer.get("/review").text


def test_many_at_once_lose_nothing(reviewer, own_corpus):
    page = state(reviewer)
    places = [state(reviewer, n=n) for n in range(1, 11)]
    with ThreadPoolExecutor(8) as workers:
        answers = list(workers.map(lambda job: say(reviewer, 2, job[1], annotator=job[0]), [(f"第{k}人", one) for k in range(4) for one in places]))
    assert {answer.status_code for answer in answers} == {200}
    with Corpus.open(own_corpus) as corpus:
        assert len(corpus.labels.all()) == 40
    assert {one["done"] for one in state(reviewer, round=page["round"])["people"]} == {10}


def test_sentences_that_are_gone_are_left_out(reviewer, own_corpus):
    page = state(reviewer)
    with Corpus.open(own_corpus) as corpus:
        corpus.remove([page["item"]["report"]])
    after = state(reviewer)
    assert after["gone"] >= 1
    assert after["of"] + after["gone"] == 10
    assert say(reviewer, 1, page).status_code == 404


@pytest.mark.parametrize("path", ["/review?round=99", "/review?n=99", "/review.json?round=99", "/review?annotator=%00"])
def test_what_is_not_there_is_told(reviewer, path):
    assert reviewer.get(path).status_code in {400, 404}


def test_a_sentence_of_no_round_is_refused(reviewer):
    page = state(reviewer)
    assert say(reviewer, 1, page, round=99).status_code == 404
    assert say(reviewer, 1, page, sentence=1, report="none").status_code == 404


def test_hostile_sentences_and_names_are_text(own_client):
    own_client.post("/review/annotator", data={"annotator": "<b>x</b>"})
    own_client.post("/review/round", data={"after": 0, "count": 500, "random": 100})
    page = state(own_client)
    hostile = next(n for n in range(1, page["of"] + 1) if HOSTILE in state(own_client, n=n)["item"]["text"])
    for code in (0, 1):
        say(own_client, code, state(own_client, n=hostile), annotator="<b>x</b>")
    text = own_client.get("/review", params={"n": hostile}).text
    assert "&lt;script&gt;" in text
    for markup in (HOSTILE, "<b>x", "<img", "<svg onload", "<i>复议"):
        assert markup not in text


def test_a_server_that_only_shows_takes_no_change(reviewer, own_corpus):
    page = state(reviewer)
    sent = {
        "/label": {"report": page["item"]["report"], "sentence": 1, "code": 1, "annotator": "甲"}, "/label/undo": {"batch": 1},
        "/review/round": {"after": 0}, "/labels/undo": {"batch": 1}, "/labels/import/take": {"id": "x"},
        "/models/train": {"current": "x"}, "/models/retag": {"model": "x"}, "/models/promote": {"version": "x"}, "/models/rollback": {"version": "x"},
        "/tag/job/add": {"id": "x"},
    }  # fmt: skip
    with TestClient(create_app(Settings(own_corpus, read_only=True)), base_url=HOME) as client:
        posts = {path for path, methods in client.get("/openapi.json").json()["paths"].items() if "post" in methods}
        harmless = {"/tag", "/login", "/review/annotator", "/review/skip"}  # nothing of the corpus or the models changes
        assert posts - harmless == set(sent) | {"/labels/import"}
        for path, data in sent.items():
            assert client.post(path, data=data, headers=JSON).status_code == 403, path
        assert client.post("/labels/import", files={"file": ("a.csv", b"x")}, headers=JSON).status_code == 403
        for path in ("/labels/undo?batch=1", "/models/promote?version=x", "/models/rollback"):
            assert client.get(path).status_code == 403
        for path in ("/review", "/labels", "/models"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert 'method="post"' not in answer.text
