"""Handing out sentences to be labelled, taking them back, and what they say of the tags."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import openpyxl
import pytest
import python_calamine

from pipeline.batch import read_report
from pipeline.categories import scheme
from pipeline.data import Tag, TaggedReport
from pipeline.errors import LabelError, OutputError
from pipeline.learn.estimate import estimate
from pipeline.learn.imports import import_labels
from pipeline.learn.review import export_review, random_count
from pipeline.store import Database, Labels
from pipeline.store.reviews import Reviews

KINDS = {
    1: "优化行政审批流程",
    2: "修订规范性文件",
    3: "开展专项执法检查",
    4: "组织防汛应急演练",
    5: "办理人大代表建议",
    6: "受理行政复议案件",
    7: "举办普法宣传活动",
}
WRONG = 5  # every so many-th tag is wrong


def tagged(path, model="m-1") -> TaggedReport:
    """A report tagged by what its sentences say; every fifth tag is the next category."""
    report = read_report(path)
    tags = []
    for number, sentence in enumerate(report.sentences):
        right = truth(sentence.text)
        code = right % 7 + 1 if number % WRONG == 0 else right
        sure = 0.5 + (number * 37 % 50) / 100
        tags.append(Tag(scheme().slug(code), code, sure, scheme().slug(code % 7 + 1), code % 7 + 1, (1 - sure) / 2, model))
    return TaggedReport(report, tuple(tags))


def truth(text: str) -> int:
    return next((code for code, words in KINDS.items() if words in text), 0)


@pytest.fixture
def files(report_file):
    random.seed(1)
    kinds = list(KINDS.values())
    return [report_file(f"{place}区", 2023, *(f"{random.choice(kinds)}{place}第{i}次，取得成效。" for i in range(60))) for place in "青红蓝"]


@pytest.fixture
def database(tmp_path, files):
    database = Database(tmp_path / "corpus" / "corpus.sqlite", create=True)
    for path in files:
        database.put(tagged(path))
    yield database
    database.close()


def fill(path, to=None, *, only=None, move=False):
    """Label a sheet as a person would: by the words of each sentence; ``move`` saves it as another program would, columns moved and no drop-down."""
    book = openpyxl.load_workbook(path)
    page = book["review"]
    head = [cell.value for cell in page[1]]
    for at, row in enumerate(page.iter_rows(min_row=2)):
        if only is None or at < only:
            row[head.index("label")].value = scheme().short(truth(row[head.index("text")].value))
    if move:
        rows = [list(row) for row in page.iter_rows(values_only=True)]
        book = openpyxl.Workbook()
        book.active.title = "Sheet 1"
        for row in rows:
            book.active.append([*row[::-1], "完"])
    book.save(to or path)


def import_back(database, path):
    return import_labels(database.path.parent, [path], wanted=None)


def test_a_sheet_goes_out_and_comes_back(database, tmp_path):
    out = tmp_path / "审阅.xlsx"
    done = export_review(database, out, count=40, random=10, annotator="张三")
    assert (len(done.picked), done.random, done.models) == (40, 10, ("m-1",))
    fill(out)
    report = import_back(database, out)
    assert (report.taken, report.placed, report.errors) == (40, 40, ())
    labels = Labels(database).current()
    assert sorted(label.slice for label in labels).count("random") == 10
    assert {label.annotator for label in labels} == {"张三"}
    assert {(label.report, label.number): label.slice for label in labels} == {s.place: s.slice for s in Reviews(database).sentences(done.review)}


def test_a_sheet_saved_by_another_program_with_its_columns_moved_comes_back(database, tmp_path):
    out, moved = tmp_path / "审阅.xlsx", tmp_path / "改.xlsx"
    export_review(database, out, count=30, random=10)
    fill(out, moved, move=True)
    report = import_back(database, moved)
    assert (report.taken, report.placed, report.errors) == (30, 30, ())
    assert sum(label.slice == "random" for label in Labels(database).current()) == 10
    assert estimate(database).accuracy.labels == 10


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_text_files_go_out_and_come_back(database, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    export_review(database, out, count=12, random=6)
    text = out.read_text(encoding="utf-8-sig")
    out.write_text(filled_text(text, suffix), encoding="utf-8")
    assert import_back(database, out).taken == 12


def filled_text(text: str, suffix: str) -> str:
    import csv
    import io
    import json

    rows = [json.loads(line) for line in text.splitlines()] if suffix == ".jsonl" else list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row["label"] = truth(row["text"])
    if suffix == ".jsonl":
        return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    to = io.StringIO()
    writer = csv.DictWriter(to, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return to.getvalue()


def test_a_half_filled_sheet_gives_what_is_filled_in(database, tmp_path):
    out = tmp_path / "out.xlsx"
    export_review(database, out, count=40, random=20)
    fill(out, only=25)
    report = import_back(database, out)
    assert (report.taken, report.unlabelled) == (25, 15)
    assert any("no settled label" in note for note in estimate(database).notes)


def test_the_sheet_shows_context_and_choices_and_hides_the_slice(database, tmp_path):
    out = tmp_path / "out.xlsx"
    export_review(database, out, count=20, random=5)
    book = openpyxl.load_workbook(out)
    page, head = book["review"], [cell.value for cell in book["review"][1]]
    row = dict(zip(head, next(page.iter_rows(min_row=2, values_only=True)), strict=True))
    stored = next(s for s in database.sentences() if (s.report, s.number + 1) == (row["report"], row["sentence"]))
    assert (row["text"], row["district"], row["year"], row["heading"]) == (stored.text, stored.district, 2023, stored.heading)
    assert row["first"] == scheme().short(stored.code)
    assert 0 < row["second_probability"] < row["first_probability"] <= 1
    assert row["label"] is None
    assert row["before"] or row["after"]
    (choice,) = page.data_validations.dataValidation
    assert choice.type == "list"
    assert page.cell(1, next(iter(choice.sqref.ranges)).min_col).value == "label"
    assert page.column_dimensions[openpyxl.utils.get_column_letter(head.index("slice") + 1)].hidden
    assert python_calamine.CalamineWorkbook.from_path(str(out)).sheet_names[1] == "code book"
    assert [c.value for c in book["code book"]["B"]][1:] == [scheme().short(code) for code in (*scheme().codes, 0)]


def test_blind_sheets_do_not_show_what_the_model_thinks(database, tmp_path):
    out = tmp_path / "out.xlsx"
    done = export_review(database, out, count=10, random=5, blind=True)
    head = [cell.value for cell in openpyxl.load_workbook(out)["review"][1]]
    assert not {"first", "first_probability", "second", "second_probability"} & set(head)
    assert all(s.code for s in Reviews(database).sentences(done.review))


def test_the_slices_are_mixed(database, tmp_path):
    done = export_review(database, tmp_path / "out.xlsx", count=60, random=30)
    slices = [one.slice for one in done.picked]
    assert 5 < slices[:30].count("random") < 25


def test_a_second_sheet_has_other_sentences_unless_they_may_come_again(database, tmp_path):
    first = export_review(database, tmp_path / "a.xlsx", count=60, random=20)
    second = export_review(database, tmp_path / "b.xlsx", count=60, random=20)
    places = lambda done: {(one.sentence.report, one.sentence.number) for one in done.picked}  # noqa: E731
    assert not places(first) & places(second)
    assert second.frame == first.frame - 60
    assert export_review(database, tmp_path / "c.xlsx", count=60, random=20, again=True).frame == first.frame


def test_two_exports_at_once_hand_out_different_sentences(database, tmp_path):
    def export(name):
        with closing(Database(database.path)) as mine:
            return {(one.sentence.report, one.sentence.number) for one in export_review(mine, tmp_path / name, count=60, random=20).picked}

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(export, ("a.xlsx", "b.xlsx"))
    assert len(first) == len(second) == 60
    assert not first & second


def test_labelled_sentences_are_not_handed_out(database, tmp_path):
    out = tmp_path / "a.xlsx"
    first = export_review(database, out, count=100, random=50)
    fill(out)
    import_back(database, out)
    second = export_review(database, tmp_path / "b.xlsx", count=200, random=200, again=True)
    assert len(second.picked) == first.frame - 100 == second.frame
    with pytest.raises(LabelError, match="has a label or is handed out"):
        export_review(database, tmp_path / "c.xlsx")


def test_the_chosen_are_those_that_the_tagger_is_unsure_of_by_themselves(database, tmp_path):
    class Doubtful:
        def tag_sentences(self, texts):
            return [Tag("rules", 2, 1.0, None, 0, 0.0 if "青第" in text else 0.9, "m") for text in texts]

    picked = export_review(database, tmp_path / "out.xlsx", count=30, random=0, tagger=Doubtful()).picked
    assert not any("青第" in one.sentence.text for one in picked)


def test_no_text_is_chosen_twice(tmp_path, report_file):
    database = Database(tmp_path / "corpus.sqlite", create=True)
    for place in "青红":
        database.put(tagged(report_file(f"{place}区", 2023, *(f"{words}，取得成效。" for words in KINDS.values() for _ in range(4)))))
    picked = export_review(database, tmp_path / "out.xlsx", count=30, random=0).picked
    texts = [one.sentence.text for one in picked]
    assert len(texts) == len(set(texts)) >= 7
    database.close()


def test_a_file_that_cannot_be_written_hands_nothing_out(database, tmp_path):
    with pytest.raises(OutputError):
        export_review(database, tmp_path / "no such folder" / "out.xlsx")
    with pytest.raises(OutputError, match=r"\.docx"):
        export_review(database, tmp_path / "out.docx")
    assert Reviews(database).all() == []


def test_an_empty_or_untagged_corpus_says_what_to_do(tmp_path, files):
    database = Database(tmp_path / "corpus.sqlite", create=True)
    with pytest.raises(LabelError, match="fazhi add"):
        export_review(database, tmp_path / "out.xlsx")
    database.put(TaggedReport(read_report(files[0]), ()))
    with pytest.raises(LabelError, match="fazhi retag"):
        export_review(database, tmp_path / "out.xlsx")
    database.close()


@pytest.mark.parametrize(("word", "found"), [("0", 0), ("20", 20), ("20%", 20), ("0.5", 50), (".25", 25), ("100", 100)])
def test_a_slice_is_a_number_or_a_share(word, found):
    assert random_count(word, 100) == found


@pytest.mark.parametrize("word", ["-1", "二十", "101", "120%", "1.5", ""])
def test_a_slice_that_is_neither_is_refused(word):
    with pytest.raises(LabelError, match="--random"):
        random_count(word, 100)


# Estimates


def test_all_drawn_and_labelled_gives_the_accuracy_itself(database, tmp_path):
    out = tmp_path / "out.xlsx"
    export_review(database, out, count=1000, random=1000)
    fill(out)
    import_back(database, out)
    found = estimate(database)
    stored = list(database.sentences())
    right = sum(s.code == truth(s.text) for s in stored) / len(stored)
    assert found.accuracy.value == found.accuracy.low == found.accuracy.high == pytest.approx(right)
    for one in found.categories:
        assert one.share.value == pytest.approx(sum(truth(s.text) == one.code for s in stored) / len(stored))


def test_the_chosen_do_not_count(database, tmp_path):
    """They are harder than the others: an estimate from all labels would be too low."""
    out = tmp_path / "out.xlsx"
    export_review(database, out, count=90, random=40)
    fill(out)
    import_back(database, out)
    assert estimate(database).accuracy.labels == 40


def test_a_slice_that_was_drawn_before_reports_were_tagged_anew_says_nothing_of_the_new_tags(database, tmp_path, files):
    out = tmp_path / "out.xlsx"
    export_review(database, out, count=90, random=60)
    fill(out)
    import_back(database, out)
    before = estimate(database).accuracy
    database.put(tagged(files[0], "m-2"))
    found = estimate(database)
    assert found.accuracy.labels < before.labels
    assert found.models == ("m-1", "m-2")
    assert any("tagged anew" in note for note in found.notes)
    assert any("after the draw" in note for note in found.notes)
    for path in files[1:]:
        database.put(tagged(path, "m-2"))
    with pytest.raises(LabelError, match="draw another"):
        estimate(database)


def test_labels_of_an_earlier_draw_are_known_after_tagging_anew(database, tmp_path, files):
    for number, model in enumerate(("m-2", "m-3")):
        out = tmp_path / f"{number}.xlsx"
        export_review(database, out, count=60, random=30)
        fill(out)
        import_back(database, out)
        if not number:
            for path in files:
                database.put(tagged(path, model))
    found = estimate(database)
    assert (found.draws, found.accuracy.labels) == (1, 30)
    assert found.accuracy.sentences == len(list(database.sentences()))


def test_without_a_draw_it_says_how_to_get_one(database, tmp_path):
    with pytest.raises(LabelError, match="fazhi review export"):
        estimate(database)
    export_review(database, tmp_path / "out.xlsx", count=10, random=0)
    with pytest.raises(LabelError, match="fazhi review export"):
        estimate(database)
    export_review(database, tmp_path / "out.xlsx", count=10, random=5)
    with pytest.raises(LabelError, match="has a label yet"):
        estimate(database)


def test_sentences_that_people_differ_on_are_named(database, tmp_path):
    from pipeline.store import NewLabel

    out = tmp_path / "out.xlsx"
    done = export_review(database, out, count=20, random=20)
    fill(out)
    import_back(database, out)
    one = done.picked[0].sentence
    Labels(database).add([NewLabel(one.text, truth(one.text) % 7 + 1, "李四", one.report, one.number)], source="test")
    found = estimate(database)
    assert found.accuracy.labels == 19
    assert any("people differ on 1" in note for note in found.notes)


def test_undone_labels_do_not_count(database, tmp_path):
    out = tmp_path / "out.xlsx"
    export_review(database, out, count=20, random=20)
    fill(out)
    import_back(database, out)
    Labels(database).undo()
    with pytest.raises(LabelError, match="has a label yet"):
        estimate(database)


def test_a_report_text_that_looks_like_a_formula_stays_text(tmp_path, report_file):
    database = Database(tmp_path / "corpus.sqlite", create=True)
    whole = tagged(report_file("青区", 2023, "受理行政复议案件12件。"))
    evil = replace(whole.report.sentences[-1], text='=HYPERLINK("http://x","y")受理行政复议案件。')
    database.put(TaggedReport(replace(whole.report, sentences=(*whole.report.sentences[:-1], evil)), whole.tags))
    export_review(database, tmp_path / "out.xlsx", count=10, random=10)
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["review"]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    database.close()
