from __future__ import annotations

import pytest

from pipeline.structure.lines import Line, clean, columns, split, unwrap

PARAGRAPHS = [
    "一、主要举措和成效",
    "全区各级行政机关坚持把学习宣传贯彻习近平法治思想作为首要政治任务，纳入理论学习中心组学习内容，全年开展专题学习12次，覆盖党员干部3600余人次，推动学习成果转化为依法行政的实际成效",
    "（一）优化法治化营商环境",
    "深化“放管服”改革，取消行政许可事项3项，承接下放事项21项，动态调整权责清单1460项，推行容缺受理和告知承诺，办事材料平均精简四成以上，企业开办全程零成本、半日办结。",
    "建成政务服务综合窗口48个，延时服务办件1.2万件，组织企业座谈会9场，收集并解决问题57个，群众满意率99.3%。",
    "二、存在的不足",
    "部分镇街行政执法力量与所承接的职权不相适应，法制审核人员配备不足，专业化水平有待进一步提升。",
]


def wrapped(paragraphs: list[str], width: int, *, indent: str = "", by_columns: bool = True) -> str:
    out = []
    for paragraph in paragraphs:
        row = indent
        for character in paragraph:
            size = columns(row + character) if by_columns else len(row + character)
            if size > width and character not in "，。、）；”":
                out.append(row)
                row = ""
            row += character
        out.append(row)
    return "\n".join(out)


@pytest.mark.parametrize("indent", ["", "　　", "    "])
@pytest.mark.parametrize("width", [40, 56, 64, 76])
def test_lines_wrapped_at_a_width_are_joined(width: int, indent: str):
    joined = unwrap(wrapped(PARAGRAPHS * 3, width, indent=indent))
    assert [row.strip() for row in joined.split("\n")] == PARAGRAPHS * 3


@pytest.mark.parametrize("width", [30, 40])
def test_lines_wrapped_by_characters_are_joined(width: int):
    joined = unwrap(wrapped(PARAGRAPHS * 3, width, by_columns=False))
    assert [row.strip() for row in joined.split("\n")] == PARAGRAPHS * 3


def test_lines_that_were_not_wrapped_stay():
    text = "\n".join(PARAGRAPHS)
    assert unwrap(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年办件\n，同比增长。", "全年办件，同比增长。"),
        ("印发《办法\n》6项。", "印发《办法》6项。"),
        ("群众满意率达98\n%以上。", "群众满意率达98%以上。"),
        ("首句\n\n，不跨空行。", "首句\n\n，不跨空行。"),
        ("一是甲\n；二是乙。", "一是甲；二是乙。"),
        ("正文一段。\n— 3 —\n正文二段。", "正文一段。\n正文二段。"),
        ("正文\n第 3 页 共 12 页\n，未完。", "正文，未完。"),
        ("正文。\n- 12 -\n3/12\n下文。", "正文。\n下文。"),
        ("标题一\n标题二", "标题一\n标题二"),
        ("", ""),
        ("\n\n", "\n\n"),
    ],
)
def test_breaks_inside_a_sentence(text: str, expected: str):
    assert unwrap(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("法治\r\n政府\r建设", "法治\n政府\n建设"),
        ("\ufeff法\u200b治\x00", "法治"),
        ("法\xa0治", "法 治"),
        ("法\u2028治\x0c理", "法\n治\n理"),
        ("法\t治", "法\t治"),
    ],
)
def test_clean(text: str, expected: str):
    assert clean(text) == expected


def test_split_gives_what_stands_in_each_line():
    assert split("　　甲\n\n \t \n乙 ") == [Line("甲", 2, 3, True), Line("乙", 9, 10, False)]


@pytest.mark.parametrize("text", ["，a\n" * 60_000, "法治政府建设\n" * 30_000, "甲\n，乙" * 50_000])
def test_time_grows_with_the_length_only(text: str):
    assert len(unwrap(text)) <= len(text)
