from __future__ import annotations

import pytest

from pipeline.data import Metadata, RawText
from pipeline.structure import parse
from pipeline.structure.metadata import describe, district, is_title, title

BODY = "一、主要举措\n公布权责清单3200项。\n二、存在的不足\n审核力量仍显薄弱。"
OPENING = "2023年，青禾区坚持依法行政。现将有关情况报告如下。\n"


def metadata_of(text: str, **hints: str) -> Metadata:
    return parse(RawText("a", "a.txt", "", text, Metadata(**hints))).metadata


@pytest.mark.parametrize(
    ("line", "place", "year"),
    [
        ("青禾区人民政府2022年度法治政府建设情况报告", "青禾区", 2022),
        ("2020年横岭区法治政府建设情况报告", "横岭区", 2020),
        ("2020年度横岭区法治政府建设情况报告", "横岭区", 2020),
        ("澄湖市人民政府关于2021年度法治政府建设情况的报告", "澄湖市", 2021),
        ("关于2021年度法治政府建设情况的报告", None, 2021),
        ("北京市青禾区人民政府2023年法治政府建设年度情况报告", "北京市青禾区", 2023),
        ("清源市司法局2022年度法治政府建设年度报告", "清源市司法局", 2022),
        ("松江县2014年依法行政年度报告", "松江县", 2014),
        ("松江县人民政府2015年依法行政工作情况报告", "松江县", 2015),
        ("石溪镇2024年法治政府建设工作总结", "石溪镇", 2024),
        ("和平街道办事处2019年度法治政府建设情况报告", "和平街道办事处", 2019),
        ("云岭自治州人民政府2022年法治政府建设工作报告", "云岭自治州", 2022),
        ("二〇二三年青禾区法治政府建设年度报告", "青禾区", 2023),
        ("青禾区二○二二年度法治政府建设情况报告", "青禾区", 2022),
        ("高新技术产业开发区管委会2024年法治政府建设年度报告", "高新技术产业开发区管委会", 2024),
        ("青禾区2022年推进法治政府建设工作情况的报告", "青禾区", 2022),
        ("X区人民政府2022年度法治政府建设情况报告", "X区", 2022),
        ("青禾区2021-2022年度法治政府建设情况报告", "青禾区", 2021),
    ],
)
def test_titles(line: str, place: str | None, year: int):
    found = metadata_of(f"{line}\n{OPENING.replace('2023', str(year)).replace('青禾区', place or '全市上下')}{BODY}")
    assert (found.title, found.district, found.year) == (line, place, year)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["石溪镇人民政府", "2024年法治政府建设工作情况报告"], "石溪镇人民政府2024年法治政府建设工作情况报告"),
        (["石溪镇人民政府", "关于2024年法治政府建设工作情况的", "报告"], "石溪镇人民政府关于2024年法治政府建设工作情况的报告"),
        (["青禾区人民政府2023年度", "法治政府建设情况报告"], "青禾区人民政府2023年度法治政府建设情况报告"),
        (["青禾区2023年", "法治政府建设", "年度情况报告"], "青禾区2023年法治政府建设年度情况报告"),
        (["政务公开", "青禾区2023年法治政府建设年度报告"], "青禾区2023年法治政府建设年度报告"),
        (["来源：区政府办", "青禾区2023年法治政府建设年度报告", "发布时间：2024-03-28"], "青禾区2023年法治政府建设年度报告"),
        (["无关的一行"], None),
        ([], None),
    ],
)
def test_titles_over_lines(lines: list[str], expected: str | None):
    assert title(lines) == expected


def test_a_title_that_stands_twice_is_no_sentence_and_no_heading():
    line = "青禾区2023年法治政府建设年度情况报告"
    report = parse(RawText("a", "a.txt", "", f"{line}\n来源：区政府办 发布时间：2024-03-28\n{line}\n{OPENING}{BODY}"))
    assert report.metadata.title == line
    assert line not in [s.text for s in report.sentences]
    assert line not in [s.heading for s in report.sections]


def test_a_title_under_the_source_line_and_one_inside_the_body():
    line = "青禾区2023年法治政府建设年度情况报告"
    report = parse(RawText("a", "a.txt", "", f"{OPENING}{line}\n{BODY}", Metadata(title=f"{line}_青禾区人民政府")))
    assert report.metadata.title == line
    assert line not in [s.text for s in report.sentences]


def test_without_a_title_the_opening_sentence_tells():
    assert metadata_of(OPENING + BODY) == Metadata(None, "青禾区", 2023, None, None)


def test_without_a_title_the_page_tells():
    found = metadata_of(OPENING + BODY, title="青禾区2023年法治政府建设年度报告_法治政府_青禾区人民政府网", published="2024-03-28", source="区司法局")
    assert found == Metadata("青禾区2023年法治政府建设年度报告", "青禾区", 2023, "2024-03-28", "区司法局")


def test_a_report_to_the_congress():
    text = (
        "澄湖市人民政府关于2020年法治政府建设工作情况的报告\n——2021年4月29日在澄湖市第十七届人民代表大会常务委员会第三十次会议上\n"
        f"主任、各位副主任、各位委员：\n受市人民政府委托，现将2020年法治政府建设工作情况报告如下，请予审议。\n{BODY}\n以上报告，请予审议。"
    )
    report = parse(RawText("a", "a.txt", "", text))
    assert (report.metadata.title, report.metadata.district, report.metadata.year) == ("澄湖市人民政府关于2020年法治政府建设工作情况的报告", "澄湖市", 2020)
    assert report.sentences[0].text == "受市人民政府委托，现将2020年法治政府建设工作情况报告如下，请予审议。"
    assert report.role(report.sentences[-1]) == "closing"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("来源：区政府办 发布时间：2024-03-28 09:18", "2024-03-28"), ("发布日期：2024年3月8日", "2024-03-08"), ("更新时间:2024/03/29 11:30:01", "2024-03-29"),
        ("日期: 2024.3.8", "2024-03-08"), ("[ 发布日期 ] 2024-03-28", "2024-03-28"), ("2024-03-28", "2024-03-28"), ("（2024年1月9日）", "2024-01-09"),
        ("成文日期 | 2024-03-20 | 发布日期 | 2024-03-28 |", "2024-03-28"), ("发布时间：2024-13-45", None), ("发布时间：", None), ("今天是：2026年1月2日 星期五", None),
    ],
)  # fmt: skip
def test_dates_above_the_report(line: str, published: str | None):
    assert metadata_of(f"{line}\n青禾区2023年法治政府建设年度报告\n{OPENING}{BODY}").published == published


def test_the_date_below_the_report_counts_where_none_stands_above():
    assert metadata_of(f"青禾区2023年法治政府建设年度报告\n{OPENING}{BODY}\n青禾区人民政府\n2024年3月20日").published == "2024-03-20"


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("来源：区政府办 发布时间：2024-03-28 09:18", "区政府办"), ("信息来源: 区司法局 浏览次数:10", "区司法局"), ("[ 发布机构 ] 区司法局", "区司法局"),
        ("发布机构：青禾区司法局", "青禾区司法局"), ("来源： 发布时间：2024-03-28", None), ("发布机构 | 区司法局 |", "区司法局"),
    ],
)  # fmt: skip
def test_sources(line: str, source: str | None):
    assert metadata_of(f"{line}\n青禾区2023年法治政府建设年度报告\n{OPENING}{BODY}").source == source


def test_a_published_year_stands_in_for_the_year_of_the_report():
    assert describe(["法治政府建设年度报告", "2024-03-28"], "全区坚持依法行政。", [], Metadata()).year == 2023


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("青禾区2023年法治政府建设年度情况报告", True), ("依法行政工作总结", True), ("现将法治政府建设情况报告如下。", False),
        ("法治政府建设", False), ("2023年法治政府建设情况" * 8, False), ("", False),
    ],
)  # fmt: skip
def test_what_reads_like_a_title(line: str, expected: bool):
    assert is_title(line) is expected


@pytest.mark.parametrize("line", ["市" * 3000, "甲市乙区" * 800 + "x", "某局" * 2000, "（" + "县" * 500])
def test_chains_of_places_take_no_time(line: str):
    district(None, [line] * 20, "", [line])
    title([line, "2023年法治政府建设报告"])
    assert metadata_of(f"{line}\n{line}\n{OPENING}{BODY}").year == 2023
