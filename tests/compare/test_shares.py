from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.compare.comparison import confusion
from pipeline.compare.shares import corrected, profile
from pipeline.errors import ModelMismatch

SURE = [[100, 0, 0], [0, 100, 0], [0, 0, 100]]


def test_without_errors_the_share_is_the_plain_one():
    share, low, high = corrected([5, 30, 10], SURE)
    assert share.tolist() == pytest.approx([0.75, 0.25], abs=1e-6)
    assert (low < share).all()
    assert (share < high).all()


def test_what_is_often_taken_for_another_is_given_back():
    share, _, _ = corrected([0, 90, 10], [[9, 0, 0], [0, 90, 10], [0, 0, 100]])
    assert share[0] > 0.98


def test_where_errors_explain_every_measure_the_tags_stand_and_nothing_is_sure():
    share, low, high = corrected([57, 0, 3], [[8, 1, 1], [2, 30, 8], [1, 9, 40]])
    assert share[1] > 0.9
    assert (high - low > 0.5).all()


@settings(max_examples=25, deadline=None)
@example([57, 0, 3])
@example([42, 2, 1])
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_shares_stay_on_the_simplex(counts):
    share, low, high = corrected(counts, [[8, 1, 1], [2, 30, 8], [1, 9, 40]], draws=50)
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low <= share + 1e-12).all()
    assert (share <= high + 1e-12).all()
    assert share.sum() == pytest.approx(1.0 if sum(counts[1:]) else 0.0)


def test_intervals_hold_the_true_share_nearly_always():
    rng = np.random.default_rng(5)
    errors = np.array([[0.9, 0.05, 0.05], [0.05, 0.85, 0.1], [0.02, 0.08, 0.9]])
    inside = []
    for _ in range(120):
        true = rng.dirichlet([2.0, 4.0, 4.0])
        tags = rng.multinomial(90, true @ errors)
        table = [rng.multinomial(500, row).tolist() for row in errors]
        _, low, high = corrected(tags.tolist(), table, draws=200)
        real = true[1:] / true[1:].sum()
        inside += ((low <= real) & (real <= high)).tolist()
    assert 0.9 <= np.mean(inside) <= 0.99


@pytest.mark.parametrize("table", [[[1, 0], [0, 1]], [[1, 0, 0], [0, 1, 0]], [[1, 0, -1], [0, 1, 0], [0, 0, 1]]])
def test_a_table_that_does_not_fit_is_misuse(table):
    with pytest.raises(ValueError, match="square table"):
        corrected([1, 2, 3], table)


def test_a_report_has_a_share_of_every_category(sample, tagger):
    slugs = [category.slug for category in tagger.shipped.categories.categories]
    found = profile(sample, confusion(tagger), slugs)
    assert [share.category for share in found.shares] == slugs
    assert sum(share.sentences for share in found.shares) == found.measures
    assert sum(share.share for share in found.shares) == pytest.approx(1)
    with pytest.raises(ModelMismatch, match="other categories"):
        profile(sample, [[1, 0], [0, 1]], ["one"])
