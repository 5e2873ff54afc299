"""Known wordings: other ways of saying a measure of the baseline, and what looks like it."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.compare.similarity import Learned
from pipeline.compare.views import Reader, lacking
from pipeline.compare.wordings import Pair, Wordings, baseline_texts

EXAM = 23
PAIRS = (
    Pair(EXAM, "想拿执法证先过笔试关,今年开考五回。", "same", True),
    Pair(EXAM, "组织执法技能比武6场。", "related", True),
    Pair(41, "请不起律师的人由公家替他们请。", "same", True),
)


@pytest.fixture(scope="module")
def reader(tagger) -> Reader:
    return Reader.default(tagger)


@pytest.fixture(scope="module")
def known(reader) -> Wordings:
    return Wordings(reader, PAIRS)


def test_a_measure_is_known_whatever_marks_it_is_written_with(known):
    text = baseline_texts()[EXAM]
    assert known.places([text, text.replace(",", "，"), "别的举措。"]) == [0, 0, -1]


def test_a_text_is_near_the_measure_whose_wording_it_resembles(known):
    found = known.features(["执法证要先过笔试关，开考六回。", "请不起律师的人，公家替他们请。"])
    assert found["wording both"][0, 0] > found["wording both"][1, 0]
    assert found["wording lead"][0, 0] > 0 > found["wording lead"][1, 0]
    assert found["wording both"][1, 1] > found["wording both"][0, 1]


def test_a_text_like_another_measure_gains_nothing(known):
    found = known.features([PAIRS[1].text])
    assert found["wording gain"][0, 0] < 0


def test_wordings_left_out_tell_nothing(known):
    texts = [PAIRS[0].text]
    without = np.array([[pair.text == text for text in texts] for pair in PAIRS])
    assert known.features(texts)["wording grams"][0, 0] == pytest.approx(1)
    assert known.features(texts, without)["wording grams"][0, 0] == 0


def test_the_sides_may_be_given_either_way(tagger):
    body, texts = Learned.load(tagger), ["上岗先答卷：四场闭卷考下来，只有十一人没过。", "开展宪法宣传周活动。"]
    measures = list(baseline_texts()[22:25])
    assert np.allclose(body.matrix(measures, texts), body.matrix(texts, measures).T)


@pytest.mark.parametrize(
    ("text", "wanting"),
    [
        ("负责人主动出庭积极性仍需提升。", True),
        ("法治力量扎堆在几个大局，乡镇一个都没有。", True),
        ("负责人出庭应诉率达到100%。", False),
        ("依法行政水平明显提升。", False),
    ],
)
def test_what_is_wanting_is_told_from_what_was_done(text, wanting):
    assert lacking(text) is wanting
