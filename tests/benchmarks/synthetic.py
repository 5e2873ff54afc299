"""Large corpora with a realistic vocabulary, made from real reports by a seeded chain of words.

Each next word is drawn from the words that follow the last one in the real text, so that frequent phrases stay frequent and rare ones rare. Runs of
digits are drawn anew, so that the vocabulary keeps growing as it does in real corpora. What is made is kept in a folder for the next run.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.categories import scheme
from pipeline.corpus import Corpus
from pipeline.data import ROLES, Metadata, Paragraph, RawText, Report, Section, Sentence, Tag, TaggedReport
from pipeline.errors import CorpusError
from pipeline.search import IndexedReport, IndexedSentence
from pipeline.store import Database
from pipeline.structure import parse
from pipeline.tokenize import Segmenter

SOURCE = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "government_work_reports.jsonl"
CACHE = Path(os.environ.get("FAZHI_BENCHMARKS") or Path(tempfile.gettempdir()) / "fazhi-benchmarks")
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


def national() -> list[TaggedReport]:
    """The national reports as a corpus stores them, with arbitrary codes."""
    return [_tagged(report, f"national-{number}") for number, report in enumerate(real_reports(), 1)]


def indexed(tagged: TaggedReport, key: int) -> IndexedReport:
    """A report as an engine takes it in; its sentences have the ids that a new corpus gives them where every report has at most 100,000."""
    report, known = tagged.report, tagged.report.metadata
    sentences = [
        IndexedSentence(key * 100_000 + i, s.text, report.role(s), report.heading(s), tag.code, s.paragraph, s.section)
        for i, (s, tag) in enumerate(zip(report.sentences, tagged.tags, strict=True))
    ]
    return IndexedReport(key, key, report.name, known.district, known.year, sentences, known.title)


def _tagged(report: Report, name: str) -> TaggedReport:
    codes = [i % 8 for i in range(len(report.sentences))]
    tags = tuple(Tag(scheme().slug(code), code, 0.9, None, 0, 0.1, "none") for code in codes)
    known = replace(report.metadata, district=report.metadata.district or "国务院")
    return TaggedReport(replace(report, metadata=known, name=name, path=f"/{name}.txt", sha256=name), tags)


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


def synthetic(count: int, *, seed: int = 2023) -> Iterator[TaggedReport]:
    """Reports of 400 sentences each, ``count`` sentences in all."""
    texts = Chain([sentence.text for report in real_reports() for sentence in report.sentences]).sentences(count, seed=seed)
    for number, begin in enumerate(range(0, count, PER_REPORT)):
        yield report_of(number, texts[begin : begin + PER_REPORT])


def report_of(number: int, texts: Sequence[str]) -> TaggedReport:
    """A report of these sentences: 4 a paragraph, in ten sections."""
    place = f"{_PLACES[number % 20]}{_ENDS[number // 20 % 12]}{'区县市'[number % 3]}"
    year = 2010 + number % 15
    parts = [i * len(HEADINGS) // PER_REPORT for i in range(len(texts))]
    starts = np.cumsum([0, *map(len, texts)]).tolist()
    sentences = tuple(Sentence(text, begin, begin + len(text), part, i // 4) for i, (text, begin, part) in enumerate(zip(texts, starts, parts, strict=False)))
    sections = tuple(
        Section(1, "", heading, "measures" if part < 7 else ROLES[part - 4], *_extent(sentences, "section", part)) for part, heading in enumerate(HEADINGS)
    )
    paragraphs = tuple(Paragraph(*_extent(sentences, "paragraph", i), parts[i * 4]) for i in range(-(-len(texts) // 4)))
    metadata = Metadata(f"{place}{year}年法治政府建设情况报告", place, year)
    return _tagged(Report("", "", "", "".join(texts), metadata, sections, paragraphs, sentences), f"{place}-{year}-{number}")


def _extent(sentences: Sequence[Sentence], kind: str, number: int) -> tuple[int, int]:
    inside = [s for s in sentences if getattr(s, kind) == number]
    return (inside[0].start, inside[-1].end) if inside else (0, 0)


@dataclass(frozen=True, slots=True)
class Stored:
    """A corpus that was made before or just now: its folder, and the figures of its making."""

    folder: Path
    figures: dict[str, float]

    def texts(self) -> list[str]:
        """Its sentences, by id."""
        database = Database(self.folder / "corpus.sqlite")
        texts = [text for _, text in database.plain()]
        database.close()
        return texts


def kept(folder: Path, make: Callable[[Path], dict[str, float]]) -> dict[str, float]:
    """What ``make`` said of a folder that it filled, or said when it was filled earlier. A folder is put in place when it is whole."""
    said = folder.with_name(f"{folder.name}.json")
    if not said.is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        other = Path(tempfile.mkdtemp(dir=folder.parent))
        made = make(other)
        shutil.rmtree(folder, ignore_errors=True)
        other.rename(folder)
        said.write_text(json.dumps(made), encoding="utf-8")
    return {name: float(value) for name, value in json.loads(said.read_text(encoding="utf-8")).items()}


def place_of(size: int) -> Path:
    """Where all that belongs to a size is kept: a folder named after what it is made from and by."""
    makers = "".join(inspect.getsource(maker) for maker in (Chain, synthetic, national, report_of, real_reports))
    made_from = hashlib.sha256(makers.encode() + SOURCE.read_bytes()).hexdigest()[:8]
    return CACHE / made_from / (f"synthetic-{size}" if size else "national")


def stored(size: int, *, fresh: bool = False) -> Stored:
    """The corpus of a size, 0 for the national reports, with its index, which is made anew where another version made it or ``fresh`` asks for it."""
    folder = place_of(size) / "corpus"
    figures = kept(folder, lambda folder: _store(list(synthetic(size)) if size else national(), folder))
    if fresh or not _answers(folder):
        figures |= _index(folder)
        folder.with_name(f"{folder.name}.json").write_text(json.dumps(figures), encoding="utf-8")
    return Stored(folder, figures)


def _answers(folder: Path) -> bool:
    try:
        with Corpus.open(folder) as corpus:
            return corpus.search("发展", limit=1).total > 0
    except CorpusError:
        return False


def _store(reports: Sequence[TaggedReport], folder: Path) -> dict[str, float]:
    """Store and index reports; gives how long each took in seconds, and the sizes in bytes."""
    database, start = Database(folder / "corpus.sqlite", create=True), time.perf_counter()
    for tagged in reports:
        database.put(tagged)
    storing = time.perf_counter() - start
    database.close()
    sentences = [sentence for tagged in reports for sentence in tagged.report.sentences]
    text = sum(len(sentence.text.encode()) for sentence in sentences)
    return {"sentences": len(sentences), "storing": storing, "text": text, **_index(folder)}


def _index(folder: Path) -> dict[str, float]:
    """Make the index of a corpus anew."""
    with Corpus.open(folder) as corpus:
        start, clock = time.perf_counter(), time.process_time()
        corpus.rebuild_index()
        taken, worked = time.perf_counter() - start, time.process_time() - clock
    return {"indexing": taken, "indexing_cpu": worked, "index": sum(path.stat().st_size for path in (folder / "index").iterdir())}
