"""``fazhi labels`` as a person types it."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import openpyxl
import pytest
from typer.main import get_command

from pipeline.cli.labels import app

RUN = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "labels"]
SHEET = "句子,类别,标注人\n全年调解矛盾纠纷120件。,6,王\n全年调解矛盾纠纷120件。,5,李\n组织防汛应急演练3次。,应急处突,王\n组织防汛应急演练3次。,4,李\n现将情况报告如下。,,李\n"


@pytest.fixture
def work(tmp_path):
    (tmp_path / "标注.csv").write_text(SHEET, encoding="gb18030")
    return tmp_path


def labels(work, *words, code=0):
    done = subprocess.run([*RUN, *words], capture_output=True, cwd=work, check=False, env=None)
    assert done.returncode == code, done.stderr.decode()
    return (done.stdout if code == 0 else done.stderr).decode()


def test_every_verb_and_option_has_help():
    for name, command in get_command(app).commands.items():
        assert command.help, name
        assert all(getattr(option, "help", None) or option.name == "help" for option in command.params), name


def test_in_out_list_and_undo(work):
    said = labels(work, "import", "标注.csv")
    assert "label from '类别'" in said
    assert "1 sentence with different labels" in said
    assert "4 labels taken as batch 1" in said
    assert "1 without a label" in said
    assert "4 there already" in labels(work, "import", "标注.csv")
    assert "1 of 1 batches stand, with 4 labels" in labels(work, "list")
    rows = list(csv.DictReader(io.StringIO(labels(work, "export"))))
    assert [(row["label"], row["category"], row["annotator"]) for row in rows][:2] == [("6", "disputes", "王"), ("5", "oversight", "李")]
    assert "batch 1 undone: 4 labels from 标注.csv" in labels(work, "undo")
    assert len(labels(work, "export").splitlines()) == 1
    assert len(labels(work, "export", "--all").splitlines()) == 5
    assert "no batch to undo" in labels(work, "undo", code=1)


def test_wrong_rows_are_all_said_and_nothing_is_taken(work):
    (work / "错.csv").write_text("text,label\n调解纠纷若干件。,九\n组织演练若干次。,4\n,3\n", encoding="utf-8")
    said = labels(work, "import", "错.csv", code=1)
    assert "row 2: there is no category '九'" in said
    assert "row 4: there is a label and no sentence" in said
    assert "2 rows are wrong, and nothing was taken" in said
    assert "--skip-bad" in said
    assert not (work / "fazhi-corpus").exists()
    assert "1 label would be taken" in labels(work, "import", "错.csv", "--skip-bad", "--dry-run")
    assert not (work / "fazhi-corpus").exists()
    assert "1 label taken" in labels(work, "import", "错.csv", "--skip-bad")


def test_columns_by_option(work):
    (work / "a.csv").write_text("甲,乙,丙\n全年调解矛盾纠纷若干件。,全年调解矛盾纠纷若干件。,6\n", encoding="utf-8")
    assert "'甲' and '乙' could each be the text; say which with --text" in labels(work, "import", "a.csv", code=1)
    assert "annotator '王'" in labels(work, "import", "a.csv", "--text", "乙", "--annotator", "王")


def test_agreement_and_the_file_that_settles_it(work):
    labels(work, "import", "标注.csv")
    rows = list(csv.DictReader(io.StringIO(labels(work, "agreement", "--people-only", "-f", "csv", "--disagreements", "分歧.xlsx"))))
    kappa = next(row for row in rows if row["measure"] == "Cohen's kappa" and row["category"] == "all")
    assert (kappa["between"], kappa["sentences"], kappa["value"]) == ("李 and 王", "2", "0.3333")
    book = openpyxl.load_workbook(work / "分歧.xlsx")
    page = book["disagreements"]
    column = [cell.value for cell in page[1]].index("label") + 1
    page.cell(2, column).value = "纠纷化解"
    book.save(work / "分歧.xlsx")
    assert "1 label taken" in labels(work, "import", "分歧.xlsx")
    assert "adjudicated" in labels(work, "list")
    assert "the model and adjudicated" in labels(work, "agreement", "--overall", "-f", "csv")


def test_agreement_says_what_is_missing(work):
    assert "holds no corpus" in labels(work, "agreement", code=1)
    labels(work, "import", "标注.csv")
    assert "OUT.xlsx" in labels(work, "agreement", "--disagreements", "a.csv", code=1)
    labels(work, "undo")
    assert "holds no labels" in labels(work, "agreement", code=1)
