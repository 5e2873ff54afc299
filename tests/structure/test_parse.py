"""The frames of real reports, one after the other, and what holds in every one of them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.data import RawText, Report
from pipeline.structure import parse

TITLE = "青禾区2023年法治政府建设年度情况报告"
OPENING = "2023年，青禾区扎实推进依法行政。现将有关情况报告如下："


def report(*lines: str, head: str = f"{TITLE}\n{OPENING}") -> Report:
    return parse(RawText("a", "a.txt", "", "\n".join([head, *lines])))


def outline(found: Report) -> list[tuple[int, str, str]]:
    return [(s.level, s.role, s.heading) for s in found.sections if s.level]


def told(found: Report) -> list[tuple[str, str]]:
    """Every sentence after the opening, with its heading."""
    return [(s.text, found.heading(s)) for s in found.sentences if found.role(s) != "intro"]


FRAME = [
    (1, "measures", "一、主要举措和成效"), (2, "measures", "（一）依法全面履行政府职能"), (2, "measures", "（二）规范行政执法"),
    (1, "shortcomings", "二、存在的不足"), (1, "duty", "三、党政主要负责人履行第一责任人职责情况"), (1, "plan", "四、2024年工作思路"),
]  # fmt: skip
TEXTS = ["公布权责清单3200项。办理时限压减六成。", "开展专项检查46次。", "审核力量仍显薄弱。", "区长主持常务会议学法4次。", "健全复议与信访衔接机制。"]


def test_headings_on_lines_of_their_own():
    found = report("一、主要举措和成效", "（一）依法全面履行政府职能", TEXTS[0], "（二）规范行政执法", TEXTS[1], "二、存在的不足", TEXTS[2],
                   "三、党政主要负责人履行第一责任人职责情况", TEXTS[3], "四、2024年工作思路", TEXTS[4])  # fmt: skip
    assert outline(found) == FRAME
    assert told(found)[0] == ("公布权责清单3200项。", "（一）依法全面履行政府职能")
    assert [found.role(s) for s in found.sentences] == ["intro", "intro", "measures", "measures", "measures", "shortcomings", "duty", "plan"]


def test_headings_that_run_into_their_paragraphs():
    found = report("一、主要举措和成效", f"（一）依法全面履行政府职能。{TEXTS[0]}", f"（二）规范行政执法。{TEXTS[1]}", f"二、存在的不足。{TEXTS[2]}",
                   f"三、党政主要负责人履行第一责任人职责情况。{TEXTS[3]}", f"四、2024年工作思路。{TEXTS[4]}")  # fmt: skip
    assert outline(found) == FRAME
    assert [text for text, _ in told(found)] == ["公布权责清单3200项。", "办理时限压减六成。", *TEXTS[1:]]


def test_headings_of_both_kinds_in_one_report():
    found = report("一、主要举措和成效", "（一）依法全面履行政府职能", TEXTS[0], f"（二）规范行政执法。{TEXTS[1]}", "二、存在的不足", TEXTS[2])
    assert outline(found) == FRAME[:4]


@pytest.mark.parametrize("gap", [" ", "　", "：", ":", "——"])
def test_a_heading_whose_full_stop_is_missing(gap: str):
    found = report("一、主要举措和成效", f"（一）依法全面履行政府职能{gap}动态调整并公布区级权责清单3200余项。", "（二）规范行政执法", TEXTS[1])
    assert (2, "measures", "（一）依法全面履行政府职能") in outline(found)
    assert told(found)[0][0] == "动态调整并公布区级权责清单3200余项。"


def test_an_outlines_heading_without_any_mark_behind_it():
    found = report(
        "一、主要举措和成效", "（一）健全行政执法工作体系开展夏季市场专项检查46次，查处案件118件。", "（二）加强组织领导区政府常务会议专题研究法治工作3次。"
    )
    assert told(found) == [
        ("开展夏季市场专项检查46次，查处案件118件。", "（一）健全行政执法工作体系"),
        ("区政府常务会议专题研究法治工作3次。", "（二）加强组织领导"),
    ]


def test_a_flat_report():
    found = report("一、依法全面履行政府职能", TEXTS[0], "二、严格规范公正文明执法", TEXTS[1], "三、存在的问题", TEXTS[2], "四、下一步打算", TEXTS[4])
    assert outline(found) == [
        (1, "measures", "一、依法全面履行政府职能"), (1, "measures", "二、严格规范公正文明执法"), (1, "shortcomings", "三、存在的问题"), (1, "plan", "四、下一步打算"),
    ]  # fmt: skip


def test_from_the_first_level_straight_to_figures():
    found = report("一、主要举措", "1.优化营商环境", TEXTS[0], "2.规范执法行为", TEXTS[1], "二、存在的不足", TEXTS[2])
    assert outline(found)[:3] == [(1, "measures", "一、主要举措"), (2, "measures", "1.优化营商环境"), (2, "measures", "2.规范执法行为")]


@pytest.mark.parametrize("form", ["{}.{}", "{}、{}", "{}. {}", "{}．{}", "({}){}", "（{}）{}"])
def test_figures_at_the_third_level(form: str):
    lines = ["一、主要举措", "（一）规范执法", form.format(1, "健全制度"), TEXTS[0], form.format(2, "加强监督"), TEXTS[1], "（二）化解纠纷", "调解纠纷900件。"]
    found = report(*lines)
    assert [level for level, _, _ in outline(found)] == [1, 2, 3, 3, 2]


def test_numbers_that_run_on_across_the_level_above():
    found = report(
        "一、主要举措",
        "（一）规范执法",
        "1.健全制度",
        TEXTS[0],
        "2.加强监督",
        TEXTS[1],
        "（二）化解纠纷",
        "3.推进复议",
        "审结复议案件42件。",
        "4.规范调解",
        "调解纠纷900件。",
    )
    assert [level for level, _, _ in outline(found)] == [1, 2, 3, 3, 2, 3, 3]


def test_the_first_levels_number_used_again_below():
    found = report("一、主要举措和成效", "一、优化营商环境", TEXTS[0], "二、规范执法行为", TEXTS[1], "二、存在的不足", TEXTS[2], "三、下一步工作打算", TEXTS[4])
    assert outline(found) == [
        (1, "measures", "一、主要举措和成效"), (2, "measures", "一、优化营商环境"), (2, "measures", "二、规范执法行为"),
        (1, "shortcomings", "二、存在的不足"), (1, "plan", "三、下一步工作打算"),
    ]  # fmt: skip


def test_headings_that_lost_their_numbers():
    found = report("主要举措和成效", "优化法治化营商环境", TEXTS[0] * 2, "规范行政执法行为", "开展夏季市场专项检查46次，查处案件118件。", "存在的不足", "部分镇街合法性审核力量薄弱，经费保障不足。",
                   "下一步工作打算", "健全行政复议与信访的衔接机制，化解矛盾纠纷。")  # fmt: skip
    assert [heading for _, _, heading in outline(found)] == ["主要举措和成效", "优化法治化营商环境", "规范行政执法行为", "存在的不足", "下一步工作打算"]
    assert [role for _, role, _ in outline(found)][-2:] == ["shortcomings", "plan"]


def test_one_single_paragraph_with_numbers_inside():
    body = (
        f"一、主要举措和成效 (一)优化营商环境。{TEXTS[0]} (二)规范行政执法。1.开展专项整治。{TEXTS[1]}2.落实“三项制度”。公示执法信息9000条。"
        f"二、存在的不足。{TEXTS[2]}三、下一步打算。{TEXTS[4]}"
    )
    found = parse(RawText("a", "a.txt", "", f"{TITLE}\n{OPENING}{body}"))
    assert [heading for _, _, heading in outline(found)] == [
        "一、主要举措和成效", "(一)优化营商环境", "(二)规范行政执法", "1.开展专项整治", "2.落实“三项制度”", "二、存在的不足", "三、下一步打算",
    ]  # fmt: skip
    assert ("公示执法信息9000条。", "2.落实“三项制度”") in told(found)


def test_mini_headings_of_an_enumeration():
    line = "一是健全依法决策机制。修订重大行政决策程序规定。二是强化合法性审核。审核文件42件。三是发挥法律顾问作用。法律顾问参与论证96次。"
    found = report("一、主要举措", "（一）推进科学决策", line, "（二）规范执法", TEXTS[1])
    assert told(found)[:3] == [
        ("修订重大行政决策程序规定。", "一是健全依法决策机制"), ("审核文件42件。", "二是强化合法性审核"), ("法律顾问参与论证96次。", "三是发挥法律顾问作用"),
    ]  # fmt: skip


def test_an_enumeration_of_sentences_is_no_headings():
    line = "一是修订办法2件，清理文件31件。二是审核文件42件；备案4件。三是开展后评估3次。"
    found = report("一、主要举措", "（一）健全制度", line)
    assert [text for text, _ in told(found)] == ["一是修订办法2件，清理文件31件。", "二是审核文件42件；备案4件。", "三是开展后评估3次。"]
    assert {heading for _, heading in told(found)} == {"（一）健全制度"}


def test_shortcomings_that_are_enumerated_are_sentences():
    found = report("一、主要举措", TEXTS[0], "二、存在的不足", "一是部分干部法治意识不强。二是执法力量有待充实。三是普法实效仍需提升。")
    assert [text for text, heading in told(found) if "不足" in heading] == ["一是部分干部法治意识不强。", "二是执法力量有待充实。", "三是普法实效仍需提升。"]


def test_lead_ins_of_four_characters():
    lines = ["强化思想引领。常务会议学法4次。", "规范决策程序。公布决策目录6项。", "深化执法改革。下放执法权27项。"]
    found = report("一、主要举措", *lines, "二、存在的不足", TEXTS[2])
    assert told(found)[:3] == [("常务会议学法4次。", "强化思想引领"), ("公布决策目录6项。", "规范决策程序"), ("下放执法权27项。", "深化执法改革")]


def test_short_first_sentences_are_no_lead_ins():
    lines = ["成效明显。常务会议学法4次，覆盖面广。", "公布决策目录6项，逐项论证。", "下放执法权27项，全部承接到位。", "调解纠纷900件。"]
    found = report("一、主要举措", *lines)
    assert told(found)[0] == ("成效明显。", "一、主要举措")


def test_numbered_sentences_are_no_headings():
    lines = ["1.修订行政规范性文件2件，清理31件，备案4件。", "2.审核行政规范性文件42件，提出意见96条。", "3.开展后评估3次，形成评估报告3份。"]
    found = report("一、主要举措", "（一）健全制度", *lines)
    assert [text for text, _ in told(found)] == lines


def test_numbered_clauses_of_one_sentence_are_no_headings():
    line = "重点开展三项工作：（1）推进普法宣传；（2）规范执法检查；（3）化解矛盾纠纷。"
    found = report("一、主要举措", line, TEXTS[1])
    assert "".join(text for text, _ in told(found)) == line + TEXTS[1]


def test_bullets_are_sentences():
    lines = ["——聚焦主责主业。公布权责清单3200项。", "——聚焦民生实事。新增窗口12个。"]
    found = report("一、主要举措", *lines)
    assert "".join(text for text, _ in told(found)).replace("——", "") == "".join(lines).replace("——", "")


def test_headings_that_end_in_a_colon_or_with_slogans():
    found = report("一、主要举措：", "（一）锚定“总导向”，绘就新蓝图", TEXTS[0], "（二）拧紧“责任链”，压实担子", TEXTS[1])
    assert [heading for _, _, heading in outline(found)] == ["一、主要举措", "（一）锚定“总导向”，绘就新蓝图", "（二）拧紧“责任链”，压实担子"]


def test_parts_with_words():
    found = report("第一部分 主要举措", "一、规范执法", TEXTS[1], "第二部分 存在的不足", TEXTS[2])
    assert [(level, role) for level, role, _ in outline(found)] == [(1, "measures"), (2, "measures"), (1, "shortcomings")]


def test_a_town_report_without_headings_below():
    found = report("一、主要工作", TEXTS[0] + TEXTS[1], TEXTS[3], "二、存在的不足", TEXTS[2])
    assert [len(s.heading) > 0 for s in found.sections] == [False, True, True]
    assert len(found.paragraphs) == 4


def test_a_report_without_any_heading():
    found = report(*TEXTS)
    assert outline(found) == []
    assert len(found.sentences) == 8


def test_closing_formulas():
    found = report("一、主要举措", TEXTS[0], "二、下一步打算", TEXTS[4], "以上报告，请予审议。")
    assert found.role(found.sentences[-1]) == "closing"
    found = report("一、主要举措", TEXTS[0], "二、下一步打算", TEXTS[4], "特此报告。", "青禾区人民政府", "2024年3月20日")
    assert found.sentences[-1].text == TEXTS[4]


@pytest.mark.parametrize(
    "tail",
    [
        ["青禾区人民政府", "2024年3月20日"],
        ["专此报告。"],
        ["（此件公开发布）"],
        ["附件：1.行政执法统计表"],
        ["打印 关闭窗口"],
        ["上一篇：某报告", "下一篇：没有了"],
        ["分享到：", "相关文章", "关于某事的公告", "某会议召开"],
    ],
)
def test_what_stands_below_is_no_sentence(tail: list[str]):
    assert report("一、主要举措", *TEXTS, "二、下一步打算", TEXTS[4], *tail).sentences[-1].text == TEXTS[4]


def test_tables_of_one_cell_a_line_and_of_rows_are_no_sentences():
    found = report("一、主要举措", TEXTS[0], "类别", "受理", "办结", "行政复议", "42", "40", "行政应诉 | 7 | 7 |", TEXTS[1])
    assert [text for text, _ in told(found)] == ["公布权责清单3200项。", "办理时限压减六成。", TEXTS[1]]


@pytest.mark.parametrize(
    "line",
    [
        "《法治政府建设实施纲要(20212025年)》全面落实。", "自20221月1日起施行新规。", "2021,在全区开展专项行动。", "“一窗受理办件3万件。", "（含夜查12次，全部整改。",
        "办理案件 180 余名，“1+ 4+N”体系建成。", "制定〔2024〕3号文件，[2017]12号文件废止。", "X次会议研究*区事项。",
    ],
)  # fmt: skip
def test_what_exports_drop_does_not_break_sentences(line: str):
    assert line in [text for text, _ in told(report("一、主要举措", line, TEXTS[1]))]


def test_traditional_reports():
    text = "青禾區2023年法治政府建設情況報告\n一、主要舉措\n（一）規範執法\n開展檢查46次。\n二、存在的問題\n審核力量薄弱。"
    assert [s.text for s in parse(RawText("a", "a.txt", "", text)).sentences] == ["開展檢查46次。", "審核力量薄弱。"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "法",
        "。",
        "一、",
        "（一）",
        "一、二、三、",
        "附件",
        "|" * 400,
        "\ufeff",
        "一是",
        "1.",
        "——",
        "：",
        "青禾区2023年法治政府建设情况报告",
        "第一部分",
    ],
)
def test_texts_with_almost_nothing_in_them(text: str):
    assert_sound(parse(RawText("a", "a.txt", "", text)))


# What holds for every report


def assert_sound(found: Report) -> None:
    at = 0
    for s in found.sentences:
        assert found.text[s.start : s.end] == s.text == s.text.strip()
        assert at <= s.start < s.end <= len(found.text)
        at = s.end
        paragraph, section = found.paragraphs[s.paragraph], found.sections[s.section]
        assert paragraph.start <= s.start
        assert s.end <= paragraph.end
        assert section.start <= s.start
        assert s.end <= section.end
        assert paragraph.section == s.section or section.role == "closing"
    assert [s.start for s in found.sections] == sorted(s.start for s in found.sections)
    assert [p.start for p in found.paragraphs] == sorted(p.start for p in found.paragraphs)


_MARKS = '。！；，：“”（）《》\n "…的在%'
_PIECES = """一、 二、 三、 （一） （二） (1) 1. 2、 ① 一是 二是 第一部分 —— 3.5 2023年 主要举措 存在的不足 下一步打算 第一责任人 加强组织领导 健全制度 强化思想引领 全年受理行政复议案件42件
青禾区 法治政府建设情况报告 现将情况报告如下 附件 来源： 发布时间：2024-03-28 当前位置 特此报告 类别|受理| 办结 群众满意率"""
WORDS = st.sampled_from([*_MARKS, *_PIECES.split(), "\n　　", "\n\n"])
TEXT_OF_WORDS = st.lists(WORDS, max_size=60).map("".join)
ANY_TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("。！？；，：“”（）一二三四、.1 \n\r\t\"'|")), max_size=200)


@settings(max_examples=250, deadline=None)
@given(st.one_of(TEXT_OF_WORDS, ANY_TEXT))
def test_offsets_hold_and_parsing_again_is_the_same(text: str):
    raw = RawText("a", "a.txt", "", text)
    found = parse(raw)
    assert_sound(found)
    assert parse(raw) == found


CLAUSE = st.text(st.sampled_from("推进完善健全规范监督服务群众法治政府行政执法复议调解清单制度机制案件"), min_size=16, max_size=40)
SENTENCE = st.tuples(CLAUSE, st.sampled_from(["", "，办结42件", "；审结7件", "“一窗”办理", "（含夜查）"])).map(lambda parts: "全年" + "".join(parts) + "。")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=4).map("".join)
HEADINGS = ("一、主要举措和成效", "（一）健全依法行政制度体系", "（二）规范行政执法行为", "1.落实执法公示制度", "二、存在的不足", "三、下一步工作打算")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PARAGRAPH, st.sampled_from(HEADINGS)), min_size=1, max_size=14))
def test_every_character_of_prose_is_in_a_sentence_or_a_heading(lines: list[str]):
    found = parse(RawText("a", "a.txt", "", "\n".join([TITLE, OPENING, *lines, "全年工作圆满收官，各项任务全部完成。"])))
    covered = set()
    for span in [*found.sentences, *found.sections]:
        covered.update(range(span.start, span.end if hasattr(span, "text") else span.start + len(span.heading)))
    for line in lines:
        if line.endswith("。"):
            at = found.text.index(line)
            assert set(range(at, at + len(line))) <= covered, line


@settings(max_examples=100, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=8))
def test_the_sentences_of_a_paragraph_come_out_as_they_went_in(sentences: list[str]):
    found = report("一、主要举措和成效", "".join(sentences))
    assert [text for text, _ in told(found)] == sentences


@settings(max_examples=100, deadline=None)
@given(TEXT_OF_WORDS)
def test_other_line_ends_make_no_difference(text: str):
    plain = text.replace("\r", "")
    assert parse(RawText("a", "", "", plain.replace("\n", "\r\n"))) == parse(RawText("a", "", "", plain))


def test_hostile_texts_take_time_only_by_their_length():
    for unit in ("，a\n", "甲乙\n", "一、甲 ", "1。", "市", "甲市", "：:", "。）", '"', "《", "| ", "(一)", "一是甲。", "强化引领。学法。\n", string.printable):
        assert_sound(parse(RawText("a", "a.txt", "", unit * (12_000 // len(unit)))))


def test_the_headings_above_a_sentence_come_highest_first(baseline):
    sentence = baseline.sentences[36]
    above = baseline.headings(sentence)
    assert len(above) == 2
    assert above[0].startswith("一、")
    assert above[-1] == baseline.heading(sentence) == "(六)提升矛盾纠纷多元化解能力"
    assert baseline.headings(baseline.sentences[0]) == []
