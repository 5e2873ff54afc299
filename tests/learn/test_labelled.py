"""Labelled reports: both formats, and errors that name file and line."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import LabelError
from pipeline.learn import read_labelled, training_corpus
from pipeline.learn.labelled import read_jsonl, read_training

REPORT = """# 青禾区2023年法治政府建设年度情况报告
place: 临江市青禾区
level: district
year: 2023
frame: parts
headings: own-line

## intro
0 现将有关情况报告如下。
## measures 一、主要举措和成效
### (一)健全依法行政制度体系
2 审核文件16件。
2 一是修订管理办法；二是清理文件8件。

5 全文公开。
#### 1.重大决策
2 公布决策目录。
### (二)化解纠纷
6 受理复议案件72件。
## plan 二、下一步打算
7 加强普法。
"""


@pytest.fixture
def report(tmp_path):
    file = tmp_path / "qinghe-2023.txt"
    file.write_text(REPORT, encoding="utf-8")
    return read_training(file)


def test_a_training_report_has_labels_roles_and_headings_from_the_top_down(report):
    assert report.labels == [0, 2, 2, 5, 2, 6, 7]
    assert [s.role for s in report.sentences] == ["intro", *["measures"] * 5, "plan"]
    assert report.sentences[4].headings == ("一、主要举措和成效", "(一)健全依法行政制度体系", "1.重大决策")
    assert report.sentences[5].headings == ("一、主要举措和成效", "(二)化解纠纷")
    assert report.sentences[0].heading == ""
    assert (report.metadata.year, report.metadata.district, report.frame, report.style) == (2023, "临江市青禾区", "parts", "own-line")


def test_an_empty_line_and_a_heading_break_the_paragraph(report):
    assert [s.paragraph for s in report.sentences] == [0, 1, 1, 2, 3, 4, 5]
    assert [s.section for s in report.sentences] == [0, 2, 2, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("没有代码的句子。", "not a heading"),
        ("8 没有这一类。", "no category 8"),
        ("## preface 前言", "no role 'preface'"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path, line, wrong):
    file = tmp_path / "bad.txt"
    file.write_text(REPORT + line + "\n", encoding="utf-8")
    with pytest.raises(LabelError, match=wrong) as caught:
        read_training(file)
    assert f"{file}:{len(REPORT.splitlines()) + 1}" in str(caught.value)


def test_a_sentence_before_the_first_section_is_told(tmp_path):
    file = tmp_path / "bad.txt"
    file.write_text("# 报告\n1 太早。\n", encoding="utf-8")
    with pytest.raises(LabelError, match="before the first"):
        read_training(file)


@pytest.mark.parametrize("content", [b"", b"# \xe6\x8a\xa5\xe5\x91\x8a\n", b"\xff\xfe\x00"])
def test_a_file_without_labels_is_told(tmp_path, content):
    file = tmp_path / "bad.txt"
    file.write_bytes(content)
    with pytest.raises(LabelError):
        read_training(file)
    with pytest.raises(LabelError):
        read_training(tmp_path / "none.txt")


def lines(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)


GOOD = {"text": "受理复议案件72件。", "label": 6, "role": "measures", "heading": "(六)化解纠纷"}


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("{", "not JSON"),
        ("[1]", "no text or no label"),
        ({**GOOD, "label": "6"}, "no text or no label"),
        ({**GOOD, "text": " "}, "no text or no label"),
        ({**GOOD, "label": 9}, "no category 9"),
        ({**GOOD, "label": -1}, "no category -1"),
        ({**GOOD, "label": True}, "no text or no label"),
        ({**GOOD, "role": "extra"}, "no role"),
        ({**GOOD, "heading": 3}, "heading"),
    ],
)
def test_a_bad_json_line_is_named_with_its_number(tmp_path, row, wrong):
    file = tmp_path / "bad.jsonl"
    file.write_text(lines(GOOD, "", row), encoding="utf-8")
    with pytest.raises(LabelError, match=wrong) as caught:
        read_jsonl(file)
    assert f"{file}:3" in str(caught.value)


def test_json_lines_take_their_places_from_the_raw_report(tmp_path):
    raw = "青禾区2023年法治政府建设情况报告\n现将情况报告如下。\n一、主要举措\n(六)化解纠纷\n受理复议案件72件。调解纠纷9起。\n接访3批。\n"
    rows = [{**GOOD, "text": text} for text in ("受理复议案件72件。", "调解纠纷9起。", "接访3批。")]
    (tmp_path / "a.txt").write_text(raw, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(lines(*rows), encoding="utf-8")
    first, second, third = read_jsonl(tmp_path / "a.jsonl").sentences
    assert first.headings == ("一、主要举措", "(六)化解纠纷")
    assert first.paragraph == second.paragraph != third.paragraph
    assert first.section == third.section


def test_json_lines_without_a_report_keep_their_sections(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines(GOOD, GOOD, {**GOOD, "heading": "(七)普法"}), encoding="utf-8")
    report = read_jsonl(tmp_path / "a.jsonl")
    assert [s.section for s in report.sentences] == [0, 0, 1]
    assert report.outline.without_headings().headings == (("",),) * 3


def test_isolated_sentences_are_no_neighbours(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines({"text": "办件。", "label": 1}, {"text": "演练。", "label": 4}), encoding="utf-8")
    assert [s.section for s in read_jsonl(tmp_path / "a.jsonl").sentences] == [0, 1]


def test_folders_give_their_labelled_files(tmp_path):
    (tmp_path / "raw.txt").write_text("原文。", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(lines(GOOD), encoding="utf-8")
    assert [report.name for report in read_labelled([tmp_path])] == ["b"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(LabelError, match="no labelled report"):
        read_labelled([tmp_path / "empty"])


def test_the_baseline_trains_with_its_own_headings_as_labels():
    (baseline,) = [report for report in training_corpus() if report.name == "daxing-2023"]
    measures = [s for s in baseline.sentences if s.role == "measures"]
    assert len(measures) == 47
    assert [s.label for s in measures] == sorted(s.label for s in measures)
    assert len({(s.label, s.heading) for s in measures}) == 7
    assert {s.role for s in baseline.sentences if s.label == 0} <= {"intro", "plan"}


def test_names_are_each_of_one_report():
    names = [report.name for report in training_corpus()]
    assert names == sorted(set(names))
