from __future__ import annotations

import dataclasses

import pytest

from pipeline.indicators import figures_in, line_up, lineup_rows
from pipeline.indicators.lineup import canonical


def of(name, year, text):
    return [dataclasses.replace(figure, report=f"{name}-{year}", district=name, year=year) for figure in figures_in(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("接收行政复议案件", "受理行政复议申请"), ("收到行政复议申请", "新收行政复议案件"), ("审结行政复议案件", "办结行政复议案件"), ("审核行政规范性文件", "审查规范性文件"),
        ("行政机关负责人出庭应诉率", "负责人出庭率"), ("办理人大代表建议", "办理代表建议"), ("办理法律援助案件", "受理法律援助申请"), ("调处纠纷", "化解矛盾纠纷"),
    ],
)  # fmt: skip
def test_the_same_in_other_words_is_one(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("受理行政复议案件", "审结行政复议案件"),
        ("办理代表建议", "办理政协提案"),
        ("行政复议案件", "行政诉讼案件"),
        ("满意率", "办结率"),
        ("审核规范性文件", "制定规范性文件"),
        ("调解率", "调解纠纷"),
    ],
)
def test_other_things_stay_apart(one, other):
    assert canonical(one) != canonical(other)


def test_districts_stand_side_by_side():
    lineup = line_up([*of("青禾区", 2023, "全年接收行政复议案件720件,同比增长5%。"), *of("云湖县", 2022, "受理行政复议申请26件,调解率30%。")])
    fields, rows = lineup_rows(lineup)
    assert fields[:3] == ("district", "year", "report")
    column = next(field for field in fields if "行政复议" in field)
    assert [(row["district"], row["year"], row[column]) for row in rows] == [("云湖县", 2022, 26), ("青禾区", 2023, 720)]
    assert len(fields) == 5


def test_other_units_are_other_columns_and_changes_are_asked_for():
    found = of("青禾区", 2023, "开展培训5期。开展培训300人次,同比增长8%。")
    assert line_up(found).columns == ("开展培训(人次)", "开展培训(期)")
    assert "开展培训(%) 增" in line_up(found, changes=True).columns


def test_rare_columns_can_be_left_out():
    found = [*of("甲区", 2023, "审查文件3件,举办讲座4场。"), *of("乙区", 2023, "审核文件5件。")]
    assert len(line_up(found, shared=2).columns) == 1
