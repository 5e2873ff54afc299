"""The labels of a corpus on their pages: spreadsheets that come in, what is wrong with them, batches and their undoing, agreement."""

from __future__ import annotations

import io
import re
import tempfile

import pytest

from pipeline.corpus import Corpus
from pipeline.store.labels import NewLabel
from pipeline.web import importing
from tests.web.conftest import HOSTILE

JSON = {"Accept": "application/json"}
MIXED = (
    "句子,类别,标注人,备注\n受理行政复议案件12件。,6,张三,x\n组织应急演练3次。,九,张三,\n,3,张三,\n开展执法检查。,3,,\n"
    "开展执法检查。,4,李四,\n开展执法检查。,3,王五,\n印发普法要点。,,王五,\n"
)


def send(client, text: str | bytes, name: str = "两人编码.csv"):
    data = text.encode() if isinstance(text, str) else text
    return client.post("/labels/import", files={"file": (name, data)}, headers=JSON)


def sent(client, text: str | bytes, name: str = "两人编码.csv") -> str:
    return send(client, text, name).json()["id"]


def preview(client, id: str, **params) -> dict:
    return client.get("/labels/import.json", params={"id": id} | params).json()


def take(client, id: str, **data):
    return client.post("/labels/import/take", data={"id": id} | data, headers=JSON)


def test_a_preview_tells_columns_and_rows_and_takes_nothing(own_client):
    page = preview(own_client, sent(own_client, MIXED))
    assert page["found"] == {"text": "句子", "label": "类别", "annotator": "标注人"}
    assert page["sample"][0] == ["受理行政复议案件12件。", "6", "张三", "x"]
    assert [(one["row"], one["kind"], one["value"]) for one in page["errors"]] == [(3, "no_category", "九"), (4, "no_sentence", ""), (5, "no_annotator", "")]
    assert (page["rows"], page["taken"], page["wrong"], page["unlabelled"], page["of_conflicts"]) == (6, 3, 3, 1, 1)
    assert own_client.get("/labels.json").json()["labels"] == 0


def test_errors_stand_in_the_readers_language(own_client):
    id = sent(own_client, MIXED)
    assert "没有「九」这个类别" in own_client.get("/labels/import", params={"id": id}, headers={"Accept-Language": "zh"}).text
    assert "there is no category “九”" in own_client.get("/labels/import", params={"id": id}, headers={"Accept-Language": "en"}).text


def test_wrong_rows_are_left_out_only_when_told_so(own_client):
    id = sent(own_client, MIXED)
    refused = take(own_client, id)
    assert refused.status_code == 400
    assert "3 rows" in refused.json()["error"]["wrong"]
    batch = take(own_client, id, skip_bad="true").json()["batch"]
    page = own_client.get("/labels.json", params={"taken": batch}).json()
    assert (page["labels"], page["conflicts"], page["batches"][0]["source"]) == (3, 1, "两人编码.csv")
    assert f"已导入，批次 {batch}" in own_client.get("/labels", params={"taken": batch}).text


def test_a_spreadsheet_that_is_taken_twice_is_one_batch(own_client):
    id = sent(own_client, "句子,类别\n受理行政复议案件12件。,6\n")
    assert take(own_client, id).json() == take(own_client, id).json()
    again = preview(own_client, sent(own_client, "句子,类别\n受理行政复议案件12件。,6\n"))
    assert (again["taken"], again["already"]) == (0, 1)
    assert own_client.get("/labels.json").json()["of"] == 1


def test_columns_are_chosen_where_they_are_not_found(own_client):
    id = sent(own_client, "甲,乙\n受理行政复议案件12件。,6\n组织演练3次。,4\n")
    page = preview(own_client, id, text="甲", label="乙", name="王五")
    assert (page["found"], page["annotator"], page["taken"]) == ({"text": "甲", "label": "乙"}, "王五", 2)
    assert take(own_client, id, text="甲", label="乙", name="王五").status_code == 200
    assert own_client.get("/labels.json").json()["annotators"] == [{"name": "王五", "sentences": 2}]


def test_sheets_of_a_workbook_are_offered(own_client):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for sheet, rows in ((book.active, [("说明",), ("无",)]), (book.create_sheet("编码"), [("句子", "类别"), ("受理复议案件12件。", 6)])):
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    id = sent(own_client, file.getvalue(), "a.xlsx")
    assert preview(own_client, id)["other_sheets"] == ["编码"]
    assert preview(own_client, id, sheet="编码")["taken"] == 1
    assert '<option value="编码"' in own_client.get("/labels/import", params={"id": id}).text


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a", "../../etc/passwd", "a.xlsx.zip"])
def test_files_of_other_kinds_are_refused(own_client, name):
    answer = send(own_client, MIXED, name)
    assert answer.status_code == 400
    assert ".xlsx" in answer.json()["error"]["remedy"]


def test_a_file_that_is_too_large_is_refused_and_not_kept(own_client, monkeypatch):
    monkeypatch.setattr(importing, "MOST", 1000)
    home = own_client.app.state.work._home
    assert send(own_client, "句子,类别\n" * 500).status_code == 413
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(("name", "data"), [("a.xlsx", b"no spreadsheet"), ("a.csv", b""), ("a.jsonl", b"[1]"), ("a.csv", "一,二\n三,四\n".encode())])
def test_a_mangled_file_says_what_is_wrong_with_it(own_client, name, data):
    id = sent(own_client, data, name)
    page = preview(own_client, id)
    assert page["problem"]
    assert tempfile.gettempdir() not in page["problem"]
    assert own_client.get("/labels/import", params={"id": id}).status_code == 200
    assert take(own_client, id).status_code == 400


def test_a_file_is_never_written_outside_its_folder(own_client):
    page = preview(own_client, sent(own_client, MIXED, "../../../x/编码.csv"))
    assert page["file"] == "编码.csv"


def test_undoing_is_asked_about_first_and_can_be_repeated(own_client):
    batch = take(own_client, sent(own_client, "句子,类别\n受理行政复议案件12件。,6\n")).json()["batch"]
    question = own_client.get("/labels/undo", params={"batch": batch}).text
    assert "受理行政复议案件12件。" in question
    assert own_client.get("/labels.json").json()["labels"] == 1
    for _ in range(2):
        assert own_client.post("/labels/undo", data={"batch": batch}, follow_redirects=False).status_code == 303
    page = own_client.get("/labels.json").json()
    assert page["labels"] == 0
    assert page["batches"][0]["undone"]
    assert own_client.post("/labels/undo", data={"batch": 999}, headers=JSON).status_code == 404


@pytest.fixture
def differing(own_client, own_corpus):
    """Two people who agree on some sentences and differ on one."""
    with Corpus.open(own_corpus) as corpus:
        report = corpus.report("daxing-2023")
        said = [(who, n, 1 + n % 3 if n or who == "甲" else 7) for who in ("甲", "乙") for n in range(12)]
        corpus.labels.add([NewLabel(report.report.sentences[n].text, code, who, "daxing-2023", n) for who, n, code in said], source="x.csv")
    return own_client


def test_agreement_is_shown_with_intervals_and_differences_can_be_settled(differing):
    page = differing.get("/labels/agreement.json").json()
    assert (page["annotators"], page["differ"]) == (["乙", "甲"], 1)
    alpha = next(one for one in page["measured"] if one["measure"] == "krippendorff")
    assert alpha["low"] <= alpha["value"] <= alpha["high"]
    assert "Krippendorff α" in differing.get("/labels/agreement").text
    file = differing.get("/labels/disagreements")
    assert file.content.startswith(b"PK")
    assert "attachment" in file.headers["content-disposition"]


def test_without_differences_there_is_no_file(own_client):
    assert own_client.get("/labels/disagreements", headers=JSON).status_code == 400
    assert "还没有两人" in own_client.get("/labels/agreement").text


@pytest.mark.parametrize("format", ["xlsx", "csv", "jsonl"])
@pytest.mark.parametrize("every", [False, True])
def test_what_is_exported_can_be_imported(differing, format, every):
    file = differing.get("/labels/export", params={"format": format, "every": every})
    assert re.search(rf"fazhi-labels\.{format}", file.headers["content-disposition"])
    page = preview(differing, sent(differing, file.content, f"a.{format}"))
    assert (page["problem"], page["wrong"], page["already"]) == (None, 0, 24)


def test_hostile_labels_names_and_files_are_text(own_client):
    rows = f'句子,类别,标注人\n"受理案件{HOSTILE}",6,<b>甲</b>\n"受理案件{HOSTILE}",5,"=cmd()"\n开展检查。,<img src=x>,乙\n'
    id = sent(own_client, rows, "<svg onload=alert(1)>.csv")
    pages = [own_client.get("/labels/import", params={"id": id, "name": HOSTILE}).text]
    batch = take(own_client, id, skip_bad="true").json()["batch"]
    pages += [own_client.get(path).text for path in ("/labels", f"/labels/undo?batch={batch}", "/labels/agreement", f"/labels/import?id={id}")]
    for text in pages:
        for markup in (HOSTILE, "<b>甲", "<svg onload", "<img"):
            assert markup not in text
    assert "'=cmd()" in own_client.get("/labels/export", params={"format": "csv"}).text


@pytest.mark.parametrize("path", ["/labels/import?id=none", "/labels/import.json?id=none", "/labels/undo?batch=7", "/labels/export?format=exe"])
def test_what_is_not_there_is_told(own_client, path):
    assert own_client.get(path).status_code in {400, 404}


def test_many_batches_are_paged(own_client, own_corpus):
    with Corpus.open(own_corpus) as corpus:
        for n in range(45):
            corpus.labels.add([NewLabel(f"受理案件{n}件。", 6, "甲")], source=f"{n}.csv")
    pages = [own_client.get("/labels.json", params={"page": n}).json() for n in (1, 2, 9)]
    assert [len(page["batches"]) for page in pages] == [40, 5, 5]
    assert "第 1 / 2 页" in own_client.get("/labels").text
