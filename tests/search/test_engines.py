"""The contract of the search seam, run over every body behind it: the scan in memory is the truth."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.batch import read_report
from pipeline.data import RawText
from pipeline.errors import CorpusBusy, CorpusError
from pipeline.search import Engine, IndexedReport, IndexedSentence, parse
from pipeline.search.memory import MemoryEngine
from pipeline.search.query import Phrase
from pipeline.search.whoosh_engine import WhooshEngine
from pipeline.structure import parse as parse_report

BODIES: dict[str, Callable[[Path], Engine]] = {
    "memory": lambda folder: MemoryEngine(),
    "whoosh": lambda folder: WhooshEngine(folder / "index", version="1"),
}


@pytest.fixture(params=BODIES)
def engine(request, tmp_path):
    body = BODIES[request.param](tmp_path)
    yield body
    body.close()


def report(key: int, *texts: str, district="青禾区", year=2023, role="measures", heading="(一)加强领导", code=7, revision=None) -> IndexedReport:
    sentences = [IndexedSentence(key * 1000 + i, text, role, heading, code) for i, text in enumerate(texts)]
    return IndexedReport(key, revision or key, f"report-{key}", district, year, sentences)


TEXTS = ("推进行政复议体制改革。", "“双随机、一公开”抽查12次。", "人人人参与,一是一是一。", "办件 3.5 万件;好评率 100%。", "法治政府。")


def test_finds_each_sentence_that_contains_a_phrase_and_no_other(engine):
    engine.update([report(1, *TEXTS)], [])
    for text in TEXTS:
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                phrase = text[start:end]
                wanted = {1000 + i for i, other in enumerate(TEXTS) if phrase in other}
                assert set(engine.search(Phrase(phrase)).ids) == wanted, phrase


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("复议 调解", {2000}),
        ("复议 OR 调解", {1000, 1001, 2000}),
        ("复议 NOT 调解", {1000}),
        ("NOT 复议", {1001}),
        ("NOT (复议 OR 调解)", set()),
        ("-复议 -调解", set()),
        ("district:禾", {1000, 1001}),
        ("district:云", {2000}),
        ("year:2020..2022", {2000}),
        ("调解 year:2023", {1001}),
        ("category:6", {2000}),
        ("NOT category:6", {1000, 1001}),
        ("role:plan", {2000}),
        ("heading:打算", {2000}),
        ("report:report-1", {1000, 1001}),
        ("district:海", set()),
        ("复议 year:1999", set()),
    ],
)
def test_combines_and_filters(engine, query, wanted):
    engine.update(
        [report(1, "办理复议案件。", "开展调解。"), report(2, "复议与调解衔接。", district="云门县", year=2021, role="plan", heading="四、打算", code=6)], []
    )
    assert set(engine.search(parse(query)).ids) == wanted


def test_holds_what_it_was_given_last(engine):
    engine.update([report(1, "旧的复议。"), report(2, "调解。")], [])
    assert engine.revisions() == {1: 1, 2: 2}
    engine.update([report(1, "新的复议。", revision=7)], [2])
    assert engine.revisions() == {1: 7}
    assert engine.search(Phrase("旧的")).total == 0
    assert engine.search(Phrase("复议")).ids == (1000,)
    assert engine.search(Phrase("调解")).total == 0


def test_holds_a_report_without_district_year_or_sentences(engine):
    bare = replace(report(1, "复议。", district=None, year=None, heading=""), sentences=[IndexedSentence(1000, "复议。", "measures", "", None)])
    engine.update([bare, report(2)], [])
    assert engine.revisions() == {1: 1, 2: 2}
    assert engine.search(parse("NOT year:2023 NOT district:区 NOT code:7 NOT heading:一")).ids == (1000,)


def test_best_comes_first_and_scores_fall(engine):
    engine.update([report(1, "复议工作有序推进,各项任务按时完成,群众满意。", "复议、复议、再复议。")], [])
    found = engine.search(Phrase("复议"))
    assert found.ids == (1001, 1000)
    assert list(found.scores) == sorted(found.scores, reverse=True)


def test_agrees_with_the_scan_on_real_text(engine, shared):
    lines = (shared / "corpora" / "government_work_reports.jsonl").read_text(encoding="utf-8").splitlines()[:3]
    reports = []
    for key, line in enumerate(lines, 1):
        row = json.loads(line)
        parsed = parse_report(RawText(row["title"], "", "", row["content"]))
        reports.append(report(key, *(sentence.text for sentence in parsed.sentences), year=2020 + key))
    truth = MemoryEngine()
    for body in (truth, engine):
        body.update(reports, [])
    texts = [sentence.text for one in reports for sentence in one.sentences]
    choose = random.Random(2023)
    for _ in range(300):
        text = choose.choice(texts)
        start = choose.randrange(len(text))
        phrase = Phrase(text[start : start + choose.randint(1, 12)])
        assert set(engine.search(phrase).ids) == set(truth.search(phrase).ids), phrase


def test_an_index_made_with_another_dictionary_is_refused(tmp_path):
    old = WhooshEngine(tmp_path / "index", version="1")
    old.update([report(1, "复议。")], [])
    old.close()
    again = WhooshEngine(tmp_path / "index", version="1")
    assert again.revisions() == {1: 1}
    again.close()
    with pytest.raises(CorpusError, match="fazhi index"):
        WhooshEngine(tmp_path / "index", version="2")
    assert WhooshEngine(tmp_path / "index", version="2", fresh=True).revisions() == {}


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", ["truncate", "delete", "garbage"])
def test_a_damaged_index_is_made_anew(tmp_path, damage):
    made = WhooshEngine(tmp_path / "index", version="1")
    made.update([report(1, "复议。")], [])
    made.close()
    for file in (tmp_path / "index").iterdir():
        if file.suffix in {".toc", ".seg"}:
            {"truncate": lambda f: f.write_bytes(f.read_bytes()[:10]), "delete": lambda f: f.unlink(), "garbage": lambda f: f.write_bytes(b"x" * 100)}[damage](file)
    again = WhooshEngine(tmp_path / "index", version="1")
    again.update([report(1, "复议。")], [])
    assert again.search(Phrase("复议")).ids == (1000,)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_index_damaged_while_open_says_so_and_can_be_made_anew(tmp_path):
    engine = WhooshEngine(tmp_path / "index", version="1")
    engine.update([report(1, "复议。")], [])
    for file in (tmp_path / "index").glob("*.toc"):
        file.write_bytes(b"x")
    with pytest.raises(CorpusError, match="fazhi index"):
        engine.search(Phrase("复议"))
    assert WhooshEngine(tmp_path / "index", version="1", fresh=True).revisions() == {}


def test_a_second_writer_hears_why(tmp_path):
    one, two = (WhooshEngine(tmp_path / "index", version="1") for _ in range(2))
    holder = one._index.writer()
    with pytest.raises(CorpusBusy, match="wait"):
        two.update([report(1, "复议。")], [])
    holder.cancel()
    two.update([report(1, "复议。")], [])
    assert one.search(Phrase("复议")).total == 1


def test_the_baseline_is_found_sentence_by_sentence(engine, baseline):
    texts = [sentence.text for sentence in read_report(baseline.path).sentences]
    engine.update([report(1, *texts)], [])
    assert all(1000 + i in engine.search(Phrase(text)).ids for i, text in enumerate(texts))
