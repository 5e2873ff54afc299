"""Rendering a labelled report and parsing it again gives its sentences, headings and roles back."""

from __future__ import annotations

import pytest

from pipeline.data import RawText
from pipeline.learn import training_corpus
from pipeline.learn.render import render
from pipeline.structure import parse

NAMES = ("qinglan-2023", "baishui-2020", "shuangta-2025", "mianyuan-2016", "hexi-2019", "wangjia-2021", "youtian-2020", "yunpu-2024", "tiedu-2021")
REPORTS = {report.name: report for report in training_corpus()}
frames = pytest.mark.parametrize("name", [name for name in NAMES if name in REPORTS])


@frames
@pytest.mark.parametrize("style", [None, "own-line", "run-in"])
@pytest.mark.parametrize("furniture", [False, True])
def test_parsing_finds_what_was_rendered(name, style, furniture):
    report = REPORTS[name]
    parsed = parse(RawText(name, "", "", render(report, style=style, furniture=furniture)))
    assert [s.text for s in parsed.sentences] == [s.text for s in report.sentences]
    for found, wanted in zip(parsed.sentences, report.sentences, strict=True):
        # The closing formula stands under the last heading, whichever role it is given.
        if wanted.role != "closing":
            assert (parsed.heading(found), parsed.role(found)) == (wanted.heading, wanted.role)


@frames
def test_a_block_holds_every_sentence(name):
    report = REPORTS[name]
    text = render(report, style="block")
    assert all(s.text in text for s in report.sentences)
    assert text.count("\n") <= render(report, style="own-line").count("\n")
    assert [s.text for s in parse(RawText(name, "", "", text)).sentences] == [s.text for s in report.sentences]


def test_furniture_stands_around_and_not_within():
    report = next(iter(REPORTS.values()))
    assert render(report).split("\n", 1)[1] in render(report, furniture=True)
