"""Small corpora made by hand: a report is its district, its year, and sections of coded sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.categories import scheme
from pipeline.corpus import Corpus
from pipeline.data import Metadata, Paragraph, Report, Role, Section, Sentence, Tag, TaggedReport
from pipeline.store import Database

Part = tuple[str, Role, Sequence[tuple[int, str]]]


def tagged(name: str, district: str | None, year: int | None, parts: Sequence[Part]) -> TaggedReport:
    sections, paragraphs, sentences, tags, text = [], [], [], [], ""
    for number, (heading, role, coded) in enumerate(parts):
        begin, text = len(text), f"{text}{heading}\n"
        first = len(text)
        for code, sentence in coded:
            sentences.append(Sentence(sentence, len(text), len(text) + len(sentence), number, number))
            tags.append(Tag(scheme().slug(code), code, 0.9, None, 0, 0.1, "test-1"))
            text += sentence
        text += "\n"
        sections.append(Section(1, "", heading, role, begin, len(text)))
        paragraphs.append(Paragraph(first, len(text), number))
    report = Report(name, f"/{name}", name, text, Metadata(None, district, year), tuple(sections), tuple(paragraphs), tuple(sentences))
    return TaggedReport(report, tuple(tags))


REPORTS = (
    tagged(
        "青禾区-2022",
        "青禾区",
        2022,
        [
            ("(一)多元解纷", "measures", [(6, "受理行政复议申请12件。"), (6, "开展人民调解和行政调解。"), (6, "行政复议与诉讼衔接。")]),
            ("二、下一步打算", "plan", [(7, "加强法治宣传教育培训。")]),
        ],
    ),
    tagged(
        "青禾区-2023",
        "青禾区",
        2023,
        [
            ("(一)规范执法", "measures", [(3, "推行“双随机、一公开”监管。"), (3, "开展执法人员培训。")]),
            ("(二)多元解纷", "measures", [(6, "办理行政复议案件9件,行政复议纠错率10%。"), (6, "人民调解成功率98%。")]),
        ],
    ),
    tagged("云门县-2023", "云门县", 2023, [("一、多元解纷", "measures", [(6, "行政复议案件办结率100%。"), (0, "以上报告,请审议。")])]),
    tagged("无名", None, None, [("一、工作", "measures", [(1, "优化营商环境。")])]),
)


def fill(folder: Path, reports: Sequence[TaggedReport] = REPORTS) -> Corpus:
    database = Database(folder / "corpus.sqlite", create=True)
    for report in reports:
        database.put(report)
    database.close()
    return Corpus.open(folder)


@pytest.fixture
def corpus(tmp_path):
    with fill(tmp_path / "corpus") as opened:
        yield opened


@pytest.fixture
def corpus_of(tmp_path):
    """Makes a corpus of one report a list of sentences."""
    opened = []

    def make(*texts: Sequence[str]) -> Corpus:
        reports = [tagged(f"r{n}", f"第{n}区", 2020 + n, [("一、工作", "measures", [(1, text) for text in one])]) for n, one in enumerate(texts)]
        opened.append(fill(tmp_path / f"corpus{len(opened)}", reports))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
