"""Figures agree with scikit-learn's where it has them, and with hand-made cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from pipeline.learn import metrics

codes = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=60)


@given(codes)
def test_precision_recall_and_f1_are_scikit_learn_s(pairs):
    labels, tags = (np.array(part) for part in zip(*pairs, strict=True))
    table = metrics.confusion(labels, tags, 8)
    assert table.tolist() == confusion_matrix(labels, tags, labels=range(8)).tolist()
    mine = metrics.precision_recall_f1(table)
    theirs = np.array(precision_recall_fscore_support(labels, tags, labels=range(8), zero_division=0)[:3]).T
    there = ~np.isnan(mine[:, 2])
    np.testing.assert_allclose(mine[there], theirs[there])
    assert not theirs[~there].any()
    seven = there[1:]
    assert metrics.macro_f1(table) == pytest.approx(theirs[1:, 2][seven].mean() if seven.any() else 0.0)


def test_calibration_error_is_the_gap_weighted_by_size():
    chances = np.array([0.95] * 10 + [0.55] * 10)
    right = np.array([True] * 9 + [False] + [True] * 3 + [False] * 7)
    assert metrics.calibration_error(chances, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.25)


def test_sure_and_right_has_no_calibration_error():
    assert metrics.calibration_error(np.ones(5), np.ones(5, dtype=bool)) == 0


@pytest.mark.parametrize(("precision", "share"), [(1.0, 0.4), (0.75, 0.8), (0.6, 1.0)])
def test_coverage_is_the_most_that_a_threshold_keeps(precision, share):
    chances, right = np.array([0.9, 0.8, 0.7, 0.6, 0.5]), np.array([True, True, False, True, False])
    assert metrics.coverage(chances, right, precision) == pytest.approx(share)


def test_equal_probabilities_are_kept_together():
    assert metrics.coverage(np.array([0.9, 0.9]), np.array([True, False]), 0.99) == 0.0


def test_the_interval_holds_the_figure_and_one_report_has_none_to_spare():
    random = np.random.default_rng(0)
    tables = np.array([np.diag(random.integers(5, 20, 8)) + random.integers(0, 3, (8, 8)) for _ in range(30)], dtype=float)
    low, high = metrics.bootstrap(tables)
    point = np.append(metrics.precision_recall_f1(tables.sum(axis=0))[:, 2], metrics.macro_f1(tables.sum(axis=0)))
    assert (low < point).all()
    assert (point < high).all()
    assert (high - low < 0.2).all()
    assert metrics.bootstrap(tables)[0].tolist() == low.tolist()
    low, high = metrics.bootstrap(tables[:1])
    assert low.tolist() == high.tolist()


def test_a_class_that_never_occurs_has_no_interval():
    low, _ = metrics.bootstrap(np.array([np.diag([3.0, 2.0, 0.0])] * 3))
    assert math.isnan(low[2])
    assert low[3] == 1.0


def test_among_the_first_two():
    chances = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    assert metrics.among_first(chances, np.array([1, 2, 2])) == pytest.approx(2 / 3)
