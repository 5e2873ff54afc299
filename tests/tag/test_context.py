"""What the context layer sees, and that it listens to neighbours without losing sentences of their own."""

from __future__ import annotations

import numpy as np

from pipeline.tag.context import HEADINGS, NEIGHBOURS, WORDS, view
from pipeline.tag.outline import Outline

PRIOR = np.log(np.full(8, 1 / 8))


def sure(*codes: int) -> np.ndarray:
    chances = np.full((len(codes), 8), 0.01)
    chances[np.arange(len(codes)), codes] = 0.93
    return np.log(chances)


def outline(count: int, sections=None, paragraphs=None, headings=None) -> Outline:
    return Outline(
        ("办结案件7件。",) * count,
        ("measures",) * count,
        tuple(headings or [()] * count),
        tuple(sections or [0] * count),
        tuple(paragraphs or [0] * count),
    )


def test_neighbours_speak_for_their_category_within_their_section_alone():
    seen = view(outline(4, sections=[0, 0, 1, 1]), sure(4, 4, 6, 6), {}, PRIOR).evidence[..., NEIGHBOURS].sum(axis=2)
    assert seen.argmax(axis=1).tolist() == [4, 4, 6, 6]


def test_a_sentence_alone_in_its_section_has_no_evidence_from_others():
    seen = view(outline(2, sections=[0, 1], paragraphs=[0, 1]), sure(4, 6), {}, PRIOR).evidence
    assert not seen[..., NEIGHBOURS].any()
    assert not seen[..., HEADINGS].any()
    np.testing.assert_allclose(seen[..., WORDS][..., 0], sure(4, 6))


def test_a_heading_speaks_for_the_sentences_below_it_only():
    said = {"(一)应急": sure(4)[0]}
    seen = view(outline(2, headings=[("(一)应急",), ()]), sure(1, 1), said, PRIOR).evidence[..., HEADINGS]
    assert seen[0, :, 0].argmax() == 4
    assert not seen[1].any()


def test_a_long_report_needs_memory_in_proportion():
    count = 20_000
    seen = view(outline(count, sections=list(range(count)), paragraphs=list(range(count))), np.tile(PRIOR, (count, 1)), {}, PRIOR)
    assert seen.evidence.shape[0] == count


def test_neighbours_settle_an_unclear_sentence(tagger):
    """「连续28天无新增病例。」 says little by itself; among emergency measures it is one."""
    around = ("启动突发公共卫生事件一级响应。", "修订应急预案，组织应急演练6次。", "连续28天无新增病例。", "储备应急物资12万件。", "消防救援队伍出动37次。")
    there = Outline(around, ("measures",) * 5, (("一、主要工作情况",),) * 5, (1,) * 5, (1,) * 5)
    alone, together = tagger.tag_outline(there, "alone")[2], tagger.tag_outline(there, "no-headings")[2]
    assert together.code == 4
    assert together.probability > (alone.probability if alone.code == 4 else 0)


def test_a_clear_sentence_keeps_its_category_under_another_heading(tagger):
    """出庭应诉 under 执法 stays oversight."""
    texts = ("开展联合执法检查120次。", "落实行政执法三项制度。", "行政机关负责人出庭应诉率达100%。", "组织执法案卷评查。", "完善行政处罚裁量基准。")
    there = Outline(texts, ("measures",) * 5, (("一、主要举措", "(三)规范行政执法"),) * 5, (1,) * 5, (1,) * 5)
    assert [tag.code for tag in tagger.tag_outline(there)] == [3, 3, 5, 3, 3]
