"""Taking labels in: all or nothing, once, with what is odd said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline.categories import Category, Scheme, of_corpus
from pipeline.corpus import Corpus
from pipeline.errors import LabelError
from pipeline.learn.columns import Wanted
from pipeline.learn.imports import import_labels
from pipeline.learn.label_rows import export_rows, in_words
from pipeline.learn.near import near_pairs
from pipeline.show import write_rows

MEDIATION, APPEALS, DRILL = "全年调解矛盾纠纷120件。", "受理行政复议案件72件。", "组织防汛应急演练3次。"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "corpus"


@pytest.fixture
def sheet(tmp_path):
    """Writes a table: ``sheet("a.csv", "text,label", "调解。,6")`` gives its path."""

    def write(name, *lines):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / name

    return write


def labels(folder):
    with Corpus.open(folder) as corpus:
        return corpus.labels.all()


def current(folder):
    with Corpus.open(folder) as corpus:
        return {(label.text, label.annotator): label.code for label in corpus.labels.current()}


def test_labels_come_in_with_what_was_beside_them(folder, sheet):
    file = sheet("王.csv", "句子,类别,标注人,报告,难度", f"{MEDIATION},纠纷化解,王,青禾区,高", f"{DRILL},无,李,青禾区,")
    report = import_labels(folder, [file])
    assert (report.taken, report.errors, report.batches) == (2, (), (1,))
    first, second = labels(folder)
    assert (first.text, first.code, first.annotator, first.source, first.report, first.extra) == (MEDIATION, 6, "王", "王.csv", "青禾区", {"难度": "高"})
    assert (second.code, second.annotator, second.extra) == (0, "李", {})


def test_without_a_column_the_annotator_is_the_option_or_the_file(folder, sheet):
    file = sheet("王.csv", "text,label", f"{MEDIATION},6")
    import_labels(folder, [file])
    import_labels(folder, [file], wanted=Wanted(annotator="李"))
    assert current(folder) == {(MEDIATION, "王"): 6, (MEDIATION, "李"): 6}


def test_every_wrong_row_is_said_and_nothing_is_taken(folder, sheet):
    lines = [f"{MEDIATION},6,王", ",6,王", f"{DRILL},九,王", f"{DRILL},4,", f"{APPEALS},八,王", f"{APPEALS},,王"]
    report = import_labels(folder, [sheet("a.csv", "text,label,annotator", *lines)])
    assert report.refused
    assert [error.row for error in report.errors] == [3, 4, 5, 6]
    assert not folder.exists()


def test_skip_bad_leaves_wrong_rows_out(folder, sheet):
    report = import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},6", f"{DRILL},九", f"{APPEALS},")], skip_bad=True)
    assert (report.taken, len(report.errors), report.unlabelled) == (1, 1, 1)
    assert len(labels(folder)) == 1


def test_a_wrong_row_in_one_file_keeps_all_files_out(folder, sheet):
    files = [sheet("a.csv", "text,label", f"{MEDIATION},6"), sheet("b.csv", "text,label", f"{DRILL},九")]
    assert import_labels(folder, files).refused
    assert not folder.exists()


def test_files_are_batches_of_their_own(folder, sheet):
    report = import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},6"), sheet("b.csv", "text,label", f"{DRILL},4")])
    assert report.batches == (1, 2)
    with Corpus.open(folder) as corpus:
        assert [(b.source, b.annotators) for b in corpus.labels.batches()] == [("a.csv", ("a",)), ("b.csv", ("b",))]


def test_a_dry_run_changes_nothing(folder, sheet):
    assert import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},6")], dry_run=True).taken == 1
    assert not folder.exists()


def test_the_same_file_twice_changes_nothing(folder, sheet):
    file = sheet("a.csv", "text,label,annotator", f"{MEDIATION},6,王", f"{MEDIATION},5,王", f"{MEDIATION},6,李", f"{DRILL},4,王", f"{DRILL},4,王")
    first = import_labels(folder, [file])
    assert (first.taken, first.repeated) == (3, 1)
    before = labels(folder)
    again = import_labels(folder, [file])
    assert (again.taken, again.already, again.batches) == (0, 3, ())
    assert labels(folder) == before
    assert current(folder)[MEDIATION, "王"] == 5


def test_a_later_label_supersedes_and_is_counted(folder, sheet):
    import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},5")])
    report = import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},6")])
    assert (report.taken, report.superseding) == (1, 1)
    assert current(folder) == {(MEDIATION, "a"): 6}


def test_conflicts_within_the_file_and_with_others(folder, sheet):
    import_labels(folder, [sheet("王.csv", "text,label", f"{MEDIATION},5", f"{DRILL},4")])
    report = import_labels(folder, [sheet("李.csv", "text,label", f"{MEDIATION},6", f"{DRILL},4", f"{APPEALS},6", f"{APPEALS} ,5")])
    assert [{(said.where, said.code) for said in group} for group in report.conflicts] == [
        {("batch 1", 5), ("李.csv row 2", 6)},
        {("李.csv row 4", 6), ("李.csv row 5", 5)},
    ]


def test_adjudication_is_no_conflict(folder, sheet):
    import_labels(folder, [sheet("王.csv", "text,label", f"{MEDIATION},5")])
    assert import_labels(folder, [sheet("a.csv", "text,label,annotator", f"{MEDIATION},6,adjudicated")]).conflicts == ()


def test_near_duplicates_with_other_labels_are_said(folder, sheet):
    import_labels(folder, [sheet("王.csv", "text,label", "全年共受理各类行政复议案件72件，审结70件。,6")])
    report = import_labels(folder, [sheet("李.csv", "text,label", "全年共受理各类行政复议案件109件、审结98件。,5", f"{DRILL},4")])
    assert [(a.where, b.where) for a, b in report.near] == [("batch 1", "李.csv row 2")]


def test_what_is_near():
    base = "围绕优化营商环境开展涉企行政执法专项监督检查，督促整改问题若干个，取得明显成效"
    texts = [base, base.replace("若干", "多"), base.replace("營", "营") + "。", "组织防汛应急演练并完善预案", "围绕优化营商环境"]
    assert near_pairs(texts, [3, 1, 1, 4, 1]) == [(0, 1), (0, 2)]
    assert near_pairs(texts, [3, 3, 3, 3, 3]) == []
    assert near_pairs([], []) == near_pairs([base], [3]) == []
    assert near_pairs(["", "。", "甲"], [1, 2, 3]) == [(0, 1)]


def test_near_pairs_stay_few_where_thousands_are_alike():
    texts = [f"全年受理行政复议案件{number}件。" for number in range(3000)]
    assert len(near_pairs(texts, [number % 2 + 1 for number in range(3000)])) == 1500


# Places in the corpus


def test_rows_find_their_place_in_the_corpus(folder, sheet, report_file):
    with Corpus.open(folder, create=True) as corpus:
        corpus.add([report_file("青禾区", 2023, MEDIATION, DRILL, DRILL), report_file("云门县", 2023, DRILL)], tagger=None)
        numbers = {name: [s.text for s in corpus.report(name).report.sentences] for name in ("青禾区-2023", "云门县-2023")}
    where = numbers["青禾区-2023"].index
    rows = [
        f"青禾区-2023,{where(DRILL) + 2},{DRILL},4",  # by report and number
        f"云门县-2023.txt,,{DRILL},4",  # by report and text
        f",,{MEDIATION.replace('120', '１２０')},6",  # by text alone
        f"青禾区-2023,1,{MEDIATION},6",  # the number is wrong, the text is there once
        f",,{DRILL},4",  # there more than once
        f"没有,3,{APPEALS},6",  # not there
    ]
    report = import_labels(folder, [sheet("a.csv", "report,sentence,text,label", *rows)])
    assert [(label.report, label.number) for label in labels(folder)] == [
        ("青禾区-2023", where(DRILL) + 1),
        ("云门县-2023", numbers["云门县-2023"].index(DRILL)),
        ("青禾区-2023", where(MEDIATION)),
        (None, None),
        ("没有", None),
    ]
    assert (report.repeated, report.placed) == (1, 3)


# Evaluation sets


def test_sentences_of_the_evaluation_set_are_refused_and_remembered(folder, sheet, tmp_path):
    held_out = tmp_path / "eval"
    held_out.mkdir()
    (held_out / "dev.jsonl").write_text(json.dumps({"text": MEDIATION, "label": 6}) + "\n", encoding="utf-8")
    import_labels(folder, [sheet("0.csv", "text,label", f"{DRILL},4")], evaluation=[held_out])
    file = sheet("a.csv", "text,label", f"{APPEALS},6", f"{MEDIATION.replace('。', ' ').replace('1', '１')},6")
    report = import_labels(folder, [file])
    assert report.refused
    assert [(error.row, "evaluation set" in error.wrong) for error in report.errors] == [(3, True)]
    assert import_labels(folder, [file], skip_bad=True).taken == 1
    assert MEDIATION[:6].encode() not in (folder / "corpus.sqlite").read_bytes()


def test_an_evaluation_set_of_a_dry_run_is_not_remembered(folder, sheet, tmp_path):
    (tmp_path / "dev.jsonl").write_text(json.dumps({"text": MEDIATION, "label": 6}) + "\n", encoding="utf-8")
    import_labels(folder, [sheet("0.csv", "text,label", f"{DRILL},4")])
    file = sheet("a.csv", "text,label", f"{MEDIATION},6")
    assert import_labels(folder, [file], evaluation=[tmp_path / "dev.jsonl"], dry_run=True, skip_bad=True).taken == 0
    assert import_labels(folder, [file]).taken == 1


# Other schemes, and the way out


def test_labels_of_another_scheme(folder, sheet):
    own = Scheme("mood", (Category(1, "good", "好消息", "好", ""), Category(2, "bad", "坏消息", "坏", "")))
    report = import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},好", f"{DRILL},bad", f"{APPEALS},0")], categories=own)
    assert [row.label.code for row in report.sheets[0].rows] == [1, 2, 0]
    assert of_corpus(folder) == own
    assert import_labels(folder, [sheet("b.csv", "text,label", f"{MEDIATION},坏", f"{DRILL},3")]).refused


def test_an_export_comes_back(folder, sheet, tmp_path):
    import_labels(folder, [sheet("a.csv", "text,label,annotator,label2", f"{MEDIATION},6,王,x", f"=1+1{DRILL},4,李,")])
    with Corpus.open(folder) as corpus:
        rows, extra = export_rows(corpus.labels, of_corpus(folder))
    for format in ("csv", "xlsx", "jsonl"):
        write_rows(rows, ["report", "sentence", "text", "label", "category", "annotator", "at", *extra], to=tmp_path / f"out.{format}", format=format)
        assert import_labels(folder, [tmp_path / f"out.{format}"]).already == 2
        assert import_labels(tmp_path / f"other-{format}", [tmp_path / f"out.{format}"]).taken == 2
        assert current(tmp_path / f"other-{format}") == current(folder)


def test_the_history_says_what_holds(folder, sheet):
    import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},5", f"{DRILL},4")])
    import_labels(folder, [sheet("a.csv", "text,label", f"{MEDIATION},6")])
    import_labels(folder, [sheet("b.csv", "text,label", f"{MEDIATION},1")])
    with Corpus.open(folder) as corpus:
        corpus.labels.undo()
        rows, _ = export_rows(corpus.labels, of_corpus(folder), every=True)
    assert [(row["label"], row["state"]) for row in rows] == [(5, "superseded"), (4, "current"), (6, "current"), (1, "undone")]


def test_errors_in_words_join_rows(folder, sheet):
    report = import_labels(folder, [sheet("a.csv", "text,label", *[f"第{n}号调解。,九" for n in range(3)], f"{DRILL},十")])
    lines = in_words(report.errors)
    assert len(lines) == 2
    assert "rows 2-4: there is no category '九'" in lines[0]
    assert "row 5:" in lines[1]


def test_a_file_that_is_no_table_is_said(folder, tmp_path):
    with pytest.raises(LabelError):
        import_labels(folder, [tmp_path / "none.csv"])
    assert not folder.exists()


# Being killed, and two at once

_IMPORT = "import sys; from pathlib import Path; from pipeline.learn.imports import import_labels; import_labels(Path(sys.argv[1]), [Path(sys.argv[2])])"


def _many(path, annotator, count=4000):
    rows = "".join(f"第{number}号工作单元调解矛盾纠纷{number}件。,6,{annotator}\n" for number in range(count))
    path.write_text("text,label,annotator\n" + rows, encoding="utf-8")
    return path


def test_two_imports_at_once_both_land_and_the_same_one_once(folder, tmp_path):
    files = [_many(tmp_path / "王.csv", "王"), _many(tmp_path / "李.csv", "李"), tmp_path / "王.csv"]
    running = [subprocess.Popen([sys.executable, "-c", _IMPORT, str(folder), str(file)]) for file in files]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(labels(folder)) == 8000
    with Corpus.open(folder) as corpus:
        assert sorted(batch.source for batch in corpus.labels.batches()) == ["李.csv", "王.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_an_import_that_is_killed_leaves_all_or_nothing(folder, tmp_path):
    file = _many(tmp_path / "王.csv", "王")
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _IMPORT, str(tmp_path / "timing"), str(file)], check=True)
    whole = time.perf_counter() - start
    for share in (0.5, 0.7, 0.85, 0.95):
        process = subprocess.Popen([sys.executable, "-c", _IMPORT, str(folder), str(file)])
        time.sleep(whole * share)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if (folder / "corpus.sqlite").is_file():
            assert len(labels(folder)) in {0, 4000}
    import_labels(folder, [file])
    assert len(labels(folder)) == 4000
