"""Evaluation: its figures belong together, and the current model reaches what it must."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pipeline.errors import LabelError
from pipeline.learn import evaluate, read_labelled
from pipeline.tag import files

SETTINGS = ("alone", "no-headings", "full")


@pytest.fixture(scope="module")
def evaluation(few_reports, tagger):
    return evaluate(few_reports, tagger)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_figures_belong_together(evaluation, setting, few_reports):
    figures = evaluation.setting(setting)
    table = np.array(figures.confusion)
    assert figures.sentences == table.sum() == len(figures.outcomes) == sum(len(r.sentences) for r in few_reports)
    assert figures.accuracy == pytest.approx(np.trace(table) / table.sum())
    assert figures.macro_f1 == pytest.approx(np.mean([c.f1 for c in figures.categories[1:]]))
    assert figures.macro_f1_low <= figures.macro_f1 <= figures.macro_f1_high
    assert figures.none_f1 == figures.categories[0].f1
    assert figures.top_two >= figures.accuracy
    for label in range(8):
        for code in range(8):
            assert len(figures.cell(label, code)) == table[label, code]


def test_settings_are_tagged_as_the_tagger_tags(evaluation, few_reports, tagger):
    codes = [tag.code for report in few_reports for tag in tagger.tag_outline(report.outline, "no-headings")]
    assert [o.code for o in evaluation.no_headings.outcomes] == codes
    alone = tagger.tag_sentences([s.text for report in few_reports for s in report.sentences])
    assert [o.code for o in evaluation.alone.outcomes] == [tag.code for tag in alone]


def test_it_is_plain_data_for_json(evaluation):
    plain = json.loads(json.dumps(evaluation.as_dict(), ensure_ascii=False))
    assert set(plain) >= {"version", "reports", *SETTINGS}
    for setting in SETTINGS:
        table = plain[setting]["confusion"]
        wrong = {f"{a}>{b}": table[a][b] for a in range(8) for b in range(8) if a != b and table[a][b]}
        assert {cell: len(rows) for cell, rows in plain[setting]["wrong"].items()} == wrong


def test_withheld_tags_leave_fewer_and_better_ones(evaluation):
    for figures in (evaluation.alone, evaluation.no_headings, evaluation.full):
        for a in figures.abstentions:
            assert 0 <= a.coverage <= 1
            assert a.precision >= figures.accuracy - 1e-9


def test_nothing_to_compare_is_told(tagger):
    with pytest.raises(LabelError, match="no labelled sentence"):
        evaluate([], tagger)


MUST = {"alone": 0.94, "no-headings": 0.96, "full": 0.975}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_current_model_reached_its_figures_in_cross_validation(setting):
    figures = files.read_card()["figures"][setting]
    assert figures["macro_f1"] >= MUST[setting]
    assert figures["none_f1"] >= 0.85
    assert figures["top_two"] >= 0.985
    assert figures["calibration_error"] <= 0.03
    assert figures["abstentions"][-1]["best_coverage"] >= 0.9


def test_the_current_model_reaches_its_figures_on_the_measuring_set(shared, tagger):
    found = evaluate(read_labelled([shared / "eval"]), tagger)
    for setting in SETTINGS:
        assert found.setting(setting).macro_f1 >= MUST[setting]
    assert found.full.none_f1 >= 0.85
    assert found.alone.top_two >= 0.985
    assert found.full.calibration_error <= 0.03
    assert found.full.abstentions[-1].best_coverage >= 0.9
