"""How right the tags are: intervals, and estimates from draws."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from pipeline.learn.estimate import Draw, estimated
from pipeline.learn.intervals import effective, exact, wilson

CODES = (1, 2)


@pytest.mark.parametrize(
    ("rate", "count", "low", "high"),
    [(0.0, 10, 0.0, 0.2775), (0.5, 10, 0.2366, 0.7634), (0.9, 10, 0.5958, 0.9821), (1.0, 20, 0.8389, 1.0), (0.81, 100, 0.7222, 0.8749)],
)
def test_wilson_gives_the_textbook_interval(rate, count, low, high):
    assert wilson(rate, count) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("rate", "count", "low", "high"), [(0.0, 10, 0.0, 0.3085), (0.9, 10, 0.555, 0.9975), (1.0, 20, 0.8316, 1.0)])
def test_exact_gives_the_textbook_interval(rate, count, low, high):
    assert exact(rate, count) == pytest.approx((low, high), abs=1e-4)


def test_all_drawn_leaves_nothing_to_guess():
    assert effective(10, 10) == math.inf
    assert wilson(0.7, math.inf) == exact(0.7, math.inf) == (0.7, 0.7)


def test_a_large_frame_changes_nothing_and_a_small_one_narrows():
    assert effective(50, 10**9) == pytest.approx(50, rel=1e-6)
    assert effective(50, 100) == pytest.approx(99)


def draw(right: int, wrong: int, frame: int, **more) -> Draw:
    """Tags of category 1, all in the frame; the wrong ones should have been 2."""
    return Draw(((1, 1),) * right + ((1, 2),) * wrong, Counter({1: frame}), **more)


def test_one_draw_gives_its_share_with_wilsons_interval():
    found = estimated([draw(18, 2, 10**9)], CODES, ["m"]).accuracy
    assert found.value == pytest.approx(0.9)
    assert (found.low, found.high) == pytest.approx(wilson(0.9, 20), abs=1e-5)
    assert (found.labels, found.sentences) == (20, 10**9)


def test_known_labels_are_counted_as_they_are_and_stand_for_no_others():
    found = estimated([draw(10, 10, 100, known=((1, 1),) * 100)], CODES, ["m"]).accuracy
    assert found.value == pytest.approx((100 + 50) / 200)
    assert found.low > 0.5 + 0.5 * wilson(0.5, 20)[0] - 1e-9


def test_draws_of_different_times_are_weighed_by_their_labels():
    found = estimated([draw(30, 0, 1000), draw(5, 5, 900)], CODES, ["m"])
    assert found.accuracy.value == pytest.approx(0.75 * 1.0 + 0.25 * 0.5)
    assert (found.accuracy.labels, found.draws) == (40, 2)


def test_precision_is_by_tag_and_shares_are_corrected():
    drawn = ((1, 1),) * 8 + ((1, 2),) * 2 + ((2, 2),) * 10
    found = estimated([Draw(drawn, Counter({1: 500, 2: 500}))], CODES, ["m"])
    one, two, none = found.categories
    assert [one.precision.value, two.precision.value] == pytest.approx([0.8, 1.0])
    assert (one.tagged, one.share.value, two.share.value) == pytest.approx((0.5, 0.4, 0.6))
    assert one.share.low < 0.4 < one.share.high <= 0.5 + 0.1
    assert none.precision is None
    assert none.share.value == 0


def test_categories_of_which_few_were_drawn_are_named():
    notes = estimated([Draw(((1, 1),) * 12, Counter({1: 50, 2: 50}))], CODES, ["m"]).notes
    assert any("the tags 2:" in note for note in notes)


@pytest.mark.parametrize("method", ["wilson", "exact"])
def test_intervals_hold_the_true_value_as_often_as_they_say(method):
    """Two draws from a small corpus, the second after the hardest sentences were labelled on purpose."""
    rng = np.random.default_rng(5)
    tags = rng.choice([1, 2], 600)
    labels = np.where(rng.random(600) < 0.8, tags, 3 - tags)
    held = shares = 0
    for _ in range(300):
        first = rng.choice(600, 60, replace=False)
        hard = rng.choice(np.flatnonzero((tags != labels) & ~np.isin(np.arange(600), first)), 40, replace=False)
        rest = np.setdiff1d(np.arange(600), np.concatenate([first, hard]))
        second = rng.choice(rest, 40, replace=False)
        pairs = lambda rows: tuple(zip(tags[rows].tolist(), labels[rows].tolist(), strict=True))  # noqa: E731
        draws = [
            Draw(pairs(first), Counter(tags.tolist())),
            Draw(pairs(second), Counter(tags[rest].tolist()), known=pairs(np.concatenate([first, hard]))),
        ]
        found = estimated(draws, CODES, ["m"], method)
        held += found.accuracy.low <= (tags == labels).mean() <= found.accuracy.high
        shares += found.categories[0].share.low <= (labels == 1).mean() <= found.categories[0].share.high
    assert held >= 0.92 * 300
    assert shares >= 0.92 * 300


def test_no_draw_is_misuse():
    with pytest.raises(ValueError, match="no draw"):
        estimated([], CODES, [])
