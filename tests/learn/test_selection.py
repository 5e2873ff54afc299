"""Which sentences are chosen to be labelled next."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.learn.selection import choose, margins

ABOUT = ("行政复议案件", "防汛应急演练", "普法宣传活动", "行政审批事项", "执法检查行动")


def test_a_margin_is_the_lead_of_the_first_choice():
    assert margins(np.array([[0.5, 0.5], [0.1, 0.9]])).round(3).tolist() == [0.0, 0.8]


def test_unsure_sentences_go_first():
    texts = [f"全年开展{kind}{i}次。" for i in range(200) for kind in ABOUT]
    sure = np.linspace(0, 1, len(texts))
    assert max(choose(texts, sure, 5)) < 40 * 5


def test_what_is_chosen_is_spread_over_what_it_is_about():
    texts = [f"本区{kind}共计{'甲乙丙丁戊己庚辛'[i % 8]}次，效果良好。" for kind in ABOUT for i in range(30)]
    chosen = choose(texts, np.full(len(texts), 0.2), 5)
    assert {ABOUT.index(next(kind for kind in ABOUT if kind in texts[i])) for i in chosen} == set(range(5))


@pytest.mark.parametrize("count", [0, 1, 7, 50, 80])
def test_as_many_are_chosen_as_are_wanted_and_there(count):
    texts = [f"第{i}项举措。" for i in range(50)]
    chosen = choose(texts, np.zeros(50), count)
    assert len(set(chosen)) == len(chosen) == min(count, 50)


def test_sentences_that_are_all_the_same_are_no_trouble():
    assert len(choose(["全文。"] * 300, np.zeros(300), 20)) == 20


def test_sentences_that_the_model_is_sure_of_can_be_chosen_too():
    assert len(choose([f"第{i}项。" for i in range(9)], np.ones(9), 3)) == 3


def test_the_same_seed_chooses_the_same():
    texts = [f"{ABOUT[i % 5]}{'甲乙丙丁'[i % 4]}{i}。" for i in range(400)]
    sure = np.random.default_rng(0).random(400)
    assert choose(texts, sure, 20, seed=3) == choose(texts, sure, 20, seed=3)


def test_texts_without_margins_are_misuse():
    with pytest.raises(ValueError, match="2 texts and 1 margins"):
        choose(["甲。", "乙。"], np.zeros(1), 1)
