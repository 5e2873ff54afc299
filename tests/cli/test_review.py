"""``fazhi review`` and ``fazhi labels suspects``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from pipeline import resources
from pipeline.categories import scheme
from pipeline.cli.app import app
from pipeline.corpus import Corpus
from pipeline.learn.labelled import training_reports
from pipeline.tag import Tagger


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "corpus"
    with Corpus.open(folder, create=True) as corpus:
        corpus.add([resources.baseline_path()], tagger=Tagger.load())
    monkeypatch.setenv("FAZHI_CORPUS", str(folder))
    return folder


def run(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return str(done.exception) if code else done.output


def fill(path: Path) -> None:
    """Say of every sentence what the model says, but of the first."""
    book = openpyxl.load_workbook(path)
    head = [cell.value for cell in book["review"][1]]
    for at, row in enumerate(book["review"].iter_rows(min_row=2)):
        row[head.index("label")].value = "无" if not at else row[head.index("first")].value
    book.save(path)


def test_out_back_and_estimated(folder, tmp_path):
    out = tmp_path / "out.xlsx"
    said = run("review", "export", out, "-n", "30", "--random", "50%", "--annotator", "张三")
    assert "30 of 68 sentences" in said
    assert "15 of them drawn at random" in said
    assert f"fazhi labels import {out}" in said
    fill(out)
    assert "30 labels taken" in run("labels", "import", out)
    shown = run("review", "estimate")
    assert "n = 15 labels of one draw, for 68 sentences" in shown
    assert "行政执法" in shown
    assert "\n- " in shown
    rows = [json.loads(line) for line in run("review", "estimate", "-f", "jsonl").splitlines() if line.startswith("{")]
    assert rows[0]["what"] == "accuracy"
    assert rows[0]["low"] <= rows[0]["value"] <= rows[0]["high"]
    wide = [json.loads(line) for line in run("review", "estimate", "-f", "jsonl", "--interval", "exact").splitlines() if line.startswith("{")]
    assert wide[0]["low"] < rows[0]["low"] or rows[0]["value"] == 1


def test_an_estimate_without_labels_names_the_way_to_get_some(folder):
    assert "fazhi review export" in run("review", "estimate", code=1)


@pytest.mark.parametrize(("words", "said"), [(("--random", "abc"), "--random"), (("--random", "11", "-n", "10"), "--random")])
def test_wrong_options_are_told(folder, tmp_path, words, said):
    assert said in run("review", "export", tmp_path / "out.xlsx", *words, code=1)


def test_suspects_go_out_and_come_back_as_adjudication(folder, tmp_path, monkeypatch):
    import numpy as np

    report = training_reports()[0]
    table = tmp_path / "labels.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "report", "annotator"])
        writer.writerows([s.text, s.label, name, "张三"] for name in ("甲", "乙") for s in report.sentences[:20])
    run("labels", "import", table)

    def doubt(reports, **_):
        return [np.log(np.where(np.arange(8) == 6, 0.93, 0.01) * np.ones((len(r.sentences), 1))) for r in reports]

    monkeypatch.setattr("pipeline.learn.suspects.out_of_fold", doubt)
    out = tmp_path / "suspects.xlsx"
    run("labels", "suspects", "-n", "5", "--only-labels", "-f", "xlsx", "-o", out)
    book = openpyxl.load_workbook(out)
    head = [cell.value for cell in book["suspects"][1]]
    assert book.sheetnames[:2] == ["suspects", "code book"]
    assert book["suspects"].max_row == 6
    for row in book["suspects"].iter_rows(min_row=2, max_row=4):
        assert row[head.index("labelled")].value != row[head.index("suggested")].value == scheme().short(6)
        row[head.index("label")].value = row[head.index("suggested")].value
    book.save(out)
    assert "3 labels taken" in run("labels", "import", out)
    with Corpus.open(folder) as corpus:
        assert [label.annotator for label in corpus.labels.all()].count("adjudicated") == 3


def test_suspects_of_a_corpus_without_labels(folder):
    assert "fazhi labels import" in run("labels", "suspects", code=1)
