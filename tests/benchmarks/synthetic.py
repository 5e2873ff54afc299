"""Large corpora with a realistic vocabulary, made from real reports by a seeded chain of words.

Each next word is drawn from the words that follow the last one in the real text, so that frequent phrases stay frequent and rare ones rare. Runs of
digits are drawn anew, so that the vocabulary keeps growing as it does in real corpora.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from pipeline.data import ROLES, RawText, Report
from pipeline.search import IndexedReport, IndexedSentence
from pipeline.structure import parse
from pipeline.tokenize import Segmenter

SOURCE = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "government_work_reports.jsonl"
PER_REPORT = 400
HEADINGS = (
    "(一)深入推进政府职能依法全面履行", "(二)健全依法行政制度体系", "(三)加强行政执法规范与效能建设", "(四)有力提升应急处突综合水平", "(五)强化行政权力内外监督合力",
    "(六)提升矛盾纠纷多元化解能力", "(七)夯实法治政府建设根基", "二、存在的不足", "三、第一责任人职责", "四、下一步工作打算",
)  # fmt: skip
_PLACES = "青云石清龙白安永大新海江南北东西金玉平和"
_ENDS = "河山湖岭溪州川桥门水泉峰"


def real_reports() -> list[Report]:
    """The national reports, with their structure."""
    rows = [json.loads(line) for line in SOURCE.read_text(encoding="utf-8").splitlines()]
    return [parse(RawText(row["title"], "", "", row["content"])) for row in rows]


def indexed(reports: Sequence[Report]) -> list[IndexedReport]:
    """Real reports as an engine takes them in."""
    made: list[IndexedReport] = []
    for key, report in enumerate(reports, 1):
        sentences = [
            IndexedSentence(key * 100_000 + i, s.text, report.role(s), report.heading(s), i % 8, s.paragraph, s.section) for i, s in enumerate(report.sentences)
        ]
        made.append(IndexedReport(key, key, f"national-{key}", "国务院", report.metadata.year, sentences, report.metadata.title))
    return made


class Chain:
    """Which word follows which in the real text."""

    def __init__(self, texts: Sequence[str]) -> None:
        segmenter = Segmenter.default()
        known: dict[str, int] = {"": 0}
        steps = [0]
        for text in texts:
            steps += [known.setdefault(word, len(known)) for word in segmenter.words(text)]
            steps.append(0)
        self.words = list(known)
        before, after = np.array(steps[:-1]), np.array(steps[1:])
        order = np.argsort(before, kind="stable")
        self.after = after[order]
        self.first = np.searchsorted(before[order], np.arange(len(self.words) + 1))

    def sentences(self, count: int, *, seed: int) -> list[str]:
        """Draw sentences of 4 to 60 words."""
        choose = np.random.default_rng(seed)
        drawn: list[str] = []
        while len(drawn) < count:
            drawn += [text for text in self._batch(20_000, choose) if len(text) > 8]
        return drawn[:count]

    def _batch(self, count: int, choose: np.random.Generator) -> list[str]:
        at, columns = np.zeros(count, dtype=np.int64), []
        for _ in range(60):
            begin, end = self.first[at], self.first[at + 1]
            following = self.after[begin + (choose.random(count) * (end - begin)).astype(np.int64)]
            at = following if not columns else np.where(at == 0, 0, following)
            columns.append(at)
        digits = iter("".join(map(str, choose.integers(0, 10, 400_000))))
        return ["".join(self._word(self.words[i], digits) for i in row[: self._length(row)]) for row in np.stack(columns, axis=1).tolist()]

    @staticmethod
    def _length(row: list[int]) -> int:
        return row.index(0) if 0 in row else len(row)

    @staticmethod
    def _word(word: str, digits: Iterator[str]) -> str:
        return "".join(next(digits, "7") for _ in word) if word.isdigit() else word


def synthetic(count: int, *, seed: int = 2023, first: int = 1) -> Iterator[IndexedReport]:
    """Reports of 400 sentences each, ``count`` sentences in all; ``first`` is the id of the first report."""
    texts = Chain([sentence.text for report in real_reports() for sentence in report.sentences]).sentences(count, seed=seed)
    for number, begin in enumerate(range(0, count, PER_REPORT)):
        yield _report(first + number, texts[begin : begin + PER_REPORT])


def _report(key: int, texts: Sequence[str]) -> IndexedReport:
    district = f"{_PLACES[key % 20]}{_ENDS[key // 20 % 12]}{'区县市'[key % 3]}"
    sentences = []
    for i, text in enumerate(texts):
        part = i * len(HEADINGS) // PER_REPORT
        role = "measures" if part < 7 else ROLES[(part - 7) % 3 + 2]
        sentences.append(IndexedSentence(key * 1000 + i, text, role, HEADINGS[part], (part + 1) % 8, i // 4, part))
    return IndexedReport(
        key, key, f"{district}-{2010 + key % 15}-{key}", district, 2010 + key % 15, sentences, f"{district}{2010 + key % 15}年法治政府建设情况报告"
    )
