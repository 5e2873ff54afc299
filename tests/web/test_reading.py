"""A report's text cut into blocks: nothing is lost, nothing comes twice."""

from __future__ import annotations

import pytest

from pipeline import resources
from pipeline.batch import read_report
from pipeline.data import RawText
from pipeline.structure import parse
from pipeline.web import reading


def report_of(text: str):
    return parse(RawText("青禾区", "a.txt", "", text))


def texts():
    return [resources.baseline_path(), *sorted((resources.corpus_dir() / "samples").glob("*.*"))]


@pytest.mark.parametrize("path", [path for path in texts() if path.suffix != ".md"], ids=lambda path: path.name)
def test_all_text_is_there_once_and_every_sentence_begins_once(path):
    report = read_report(path)
    blocks = reading.blocks(report)
    shown = "".join(piece.text for block in blocks for piece in block.pieces)
    assert "".join(shown.split()) == "".join(report.text.split())
    assert [piece.sentence for block in blocks for piece in block.pieces if piece.first] == list(range(len(report.sentences)))


def test_a_heading_is_a_block_and_one_that_runs_on_is_not():
    report = report_of("青禾区2023年法治政府建设情况报告\n一、主要举措和成效\n(一)加强组织领导。全年召开会议3次。\n(二)化解矛盾纠纷\n受理行政复议案件12件。\n")
    kinds = {"".join(piece.text for piece in block.pieces): block.kind for block in reading.blocks(report)}
    assert kinds["一、主要举措和成效"] == "heading"
    assert kinds["(二)化解矛盾纠纷"] == "heading"
    assert kinds["(一)加强组织领导。全年召开会议3次。"] == "text"


def test_parts_are_bounded_and_hold_everything():
    report = report_of("青禾区2023年法治政府建设情况报告\n一、主要举措\n" + "".join(f"受理第{n}类行政复议案件{n}件。\n" for n in range(1, 500)))
    listed = reading.blocks(report)
    made = reading.parts(listed, 100)
    assert [block for part in made for block in part] == listed
    assert max(sum(piece.first for block in part for piece in block.pieces) for part in made) <= 100
    assert len(reading.parts(listed, 10_000, 1_000)) > 5
