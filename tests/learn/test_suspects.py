"""Labels that are likely wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.categories import scheme
from pipeline.errors import LabelError
from pipeline.learn.labelled import UNLABELLED, baseline_report, training_reports
from pipeline.learn.sources import Data, Own
from pipeline.learn.suspects import columns, label_margins, of_data, out_of_fold, suspect_rows, suspects
from pipeline.tag.model import Model


@pytest.fixture(scope="module")
def spoiled():
    """Some reports with every twentieth label changed, and where."""
    wrong, reports = set(), []
    for report in training_reports()[:8]:
        sentences = list(report.sentences)
        for at in range(7, len(sentences), 20):
            sentences[at] = replace(sentences[at], label=(sentences[at].label + 3) % 8)
            wrong.add((report.name, at))
        reports.append(replace(report, sentences=tuple(sentences)))
    return reports, wrong


@pytest.fixture(scope="module")
def found(spoiled):
    return suspects(spoiled[0], out_of_fold(spoiled[0], model=Model(folds=2), jobs=1))


def test_a_margin_is_below_zero_where_another_category_is_likelier():
    chances = np.array([[0.6, 0.3, 0.1]])
    assert [label_margins(np.array([code]), chances).round(2).tolist() for code in range(3)] == [[0.3], [-0.3], [-0.5]]


def test_planted_errors_come_first(spoiled, found):
    reports, wrong = spoiled
    first = {(one.report, one.number) for one in found[: sum(len(r.sentences) for r in reports) // 10]}
    assert len(first & wrong) >= 0.8 * len(wrong)


def test_a_suspect_shows_where_it_stands(spoiled, found):
    one = found[0]
    texts = [s.text for r in spoiled[0] if r.name == one.report for s in r.sentences]
    assert one.text == texts[one.number]
    assert one.before == "".join(texts[max(0, one.number - 2) : one.number])
    assert one.after == "".join(texts[one.number + 1 : one.number + 3])
    assert one.margin < 0
    assert one.label != one.suggested


def test_sentences_without_a_label_are_no_suspects():
    report = baseline_report()
    part = replace(report, sentences=tuple(replace(s, label=UNLABELLED) if i % 2 else s for i, s in enumerate(report.sentences)))
    logs = [np.log(np.full((len(report.sentences), 8), 1 / 8))]
    assert {one.number % 2 for one in suspects([part], logs)} == {0}


def test_one_report_alone_cannot_be_held_out():
    with pytest.raises(LabelError, match="fewer than two reports have labels"):
        out_of_fold([baseline_report()])


def test_own_labels_are_told_from_those_that_ship(monkeypatch):
    reports = training_reports()[:2]
    monkeypatch.setattr("pipeline.learn.suspects.out_of_fold", lambda given, **_: [np.log(np.full((len(r.sentences), 8), 1 / 8)) for r in given])
    data = Data(tuple(reports), scheme(), ("corpus", "labels"), Own((reports[0],), len(reports[0].sentences), 1, 0, 0, None))
    assert {one.report for one in of_data(data, "labels")} == {reports[0].name}
    assert {one.report for one in of_data(data, "shipped")} == {reports[1].name}


def test_rows_leave_the_label_to_be_filled_in(found):
    for whose, name in (("labels", "report"), ("shipped", "training_report")):
        row = suspect_rows(found[:1], whose, scheme())[0]
        assert row["label"] is None
        assert row["annotator"] == "adjudicated"
        assert row[name] == found[0].report
        assert set(row) == {column.name for column in columns(whose, scheme())}
