"""Labels given on the pages."""

from __future__ import annotations

import pytest

from pipeline.corpus import Corpus

JSON = {"Accept": "application/json"}


def test_a_label_is_stored_shown_and_taken_back(own_client, own_corpus):
    sent = {"report": "daxing-2023", "sentence": 5, "code": 3, "annotator": " 张 三 "}
    given = own_client.post("/label", data=sent, headers=JSON).json()
    with Corpus.open(own_corpus) as corpus:
        (label,) = corpus.labels.all()
        assert (label.report, label.number, label.code, label.annotator, label.source) == ("daxing-2023", 4, 3, "张 三", "web")
        assert label.text == corpus.report("daxing-2023").report.sentences[4].text
    assert "张 三" in own_client.get("/report", params={"name": "daxing-2023", "sentence": 5}).text
    assert own_client.post("/label/undo", data={"batch": given["batch"]}, headers=JSON).json() == {"batch": given["batch"]}
    with Corpus.open(own_corpus) as corpus:
        assert corpus.labels.all() == []


def test_labels_do_not_change_what_is_cited(own_client):
    before = own_client.get("/search.json", params={"q": "复议"}).json()["corpus"]
    own_client.post("/label", data={"report": "daxing-2023", "sentence": 5, "code": 3, "annotator": "甲"})
    assert own_client.get("/search.json", params={"q": "复议"}).json()["corpus"] == before


def test_who_labelled_last_is_remembered(own_client):
    own_client.post("/label", data={"report": "daxing-2023", "sentence": 5, "code": 3, "annotator": "李四"})
    assert 'value="李四"' in own_client.get("/report", params={"name": "daxing-2023", "sentence": 6}).text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"code": 8}, 400),
        ({"code": -1}, 400),
        ({"annotator": " "}, 400),
        ({"annotator": "a\x00b"}, 400),
        ({"report": "none"}, 404),
        ({"sentence": 5000}, 404),
        ({"sentence": 0}, 400),
    ],
)
def test_what_cannot_be_a_label_is_refused(own_client, wrong, status):
    sent = {"report": "daxing-2023", "sentence": 5, "code": 3, "annotator": "甲"} | wrong
    answer = own_client.post("/label", data=sent, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["error"]["remedy"]


def test_only_labels_of_the_pages_are_taken_back_there(own_client, own_corpus):
    from pipeline.store.labels import NewLabel

    with Corpus.open(own_corpus) as corpus:
        batch = corpus.labels.add([NewLabel("受理行政复议案件。", 6, "甲")], source="coded.xlsx")
    assert own_client.post("/label/undo", data={"batch": batch}, headers=JSON).status_code == 404
