"""Charts: every value is there, text is text, and nothing becomes markup."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from pipeline.show import charts
from pipeline.show.charts import Interval

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("区")</script>&'

KINDS = {
    "bars": lambda name: charts.bars([(name, 12), ("普法", 0)], title=name),
    "intervals": lambda name: charts.intervals([name, "普法"], [(name, [Interval(0.2, 0.1, 0.3)] * 2), ("大兴", [Interval(0.1, 0, 0.2)] * 2)], title=name),
    "matrix": lambda name: charts.matrix([name, "大兴"], [name, "普法"], [[0.2, None], [0.1, 0.4]], title=name),
    "lines": lambda name: charts.lines(["2021", "2022", "2023"], [(name, [1, None, 3]), ("大兴", [2, 2, 2])], title=name),
}


def texts(chart):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(chart.svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_text_of_reports_never_becomes_markup(kind):
    chart = kind(HOSTILE)
    assert HOSTILE in texts(chart)
    assert not list(ElementTree.fromstring(chart.svg).iter(f"{SVG}script"))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_mark_lies_inside_the_chart(kind):
    chart = kind("复议应诉")
    for node in ElementTree.fromstring(chart.svg).iter():
        for name, most in (("x", chart.width), ("cx", chart.width), ("x2", chart.width), ("y", chart.height), ("cy", chart.height)):
            assert 0 <= float(node.get(name, 0)) <= most


def test_bars_are_as_long_as_their_values():
    root = ElementTree.fromstring(charts.bars([("甲区", 10), ("乙区", 5), ("丙区", 0)], title="句数").svg)
    long, half, none = (float(node.get("width")) for node in root.iter(f"{SVG}rect"))
    assert (half, none) == (long / 2, 0)


def test_what_is_missing_breaks_a_line_and_leaves_a_cell_empty():
    lines = charts.lines(["2020", "2021", "2022", "2023", "2024"], [("甲区", [1, 2, None, 4, 5])], title="年")
    assert lines.svg.count("<polyline") == 2
    matrix = charts.matrix(["甲区"], ["普法", "复议"], [[None, 0.5]], title="占比")
    assert matrix.svg.count("<rect") == 1


def test_nothing_to_show_is_an_empty_chart():
    assert "<title>空</title>" in charts.bars([], title="空").svg
    assert "<title>空</title>" in charts.matrix([], [], [], title="空").svg


def test_a_chart_is_saved_as_svg_only(tmp_path):
    chart = charts.bars([("甲区", 1)], title="句数")
    assert chart.save(tmp_path / "图.svg").read_text(encoding="utf-8") == chart.svg + "\n"
    with pytest.raises(ValueError, match="svg"):
        chart.save(tmp_path / "图.png")
