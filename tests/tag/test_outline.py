"""The outline that the context layer sees: of parsed reports, and with sub-headings taken away."""

from __future__ import annotations

from pipeline.data import RawText
from pipeline.structure import parse
from pipeline.tag.outline import Outline

TEXT = """青禾区2023年法治政府建设年度情况报告
2023年,青禾区坚持依法行政。现将有关情况报告如下。
一、主要举措和成效
(一)健全依法行政制度体系
修订规范性文件管理办法。审核文件16件。
(二)提升矛盾纠纷化解能力
受理行政复议案件72件。
二、存在的不足
普法针对性不强。
"""


def outline() -> Outline:
    return Outline.of(parse(RawText("x", "x.txt", "", TEXT)))


def test_headings_stand_from_the_top_down():
    paths = outline().headings
    assert paths[0] == ()
    assert paths[2] == ("一、主要举措和成效", "(一)健全依法行政制度体系")
    assert paths[-1] == ("二、存在的不足",)


def test_without_headings_the_parts_stay_parts():
    bare = outline().without_headings()
    assert bare.headings[2] == bare.headings[4] == ("一、主要举措和成效",)
    assert len(set(bare.sections[2:5])) == 1
    assert bare.sections[5] != bare.sections[4]
    assert bare.roles == outline().roles
    assert bare.paragraphs == outline().paragraphs
