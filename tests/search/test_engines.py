"""The contract of the search seam, run over every body behind it: the scan in memory is the truth."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch import read_report
from pipeline.data import RawText
from pipeline.search import IndexedSentence, parse
from pipeline.search.exact import ExactEngine
from pipeline.search.memory import MemoryEngine
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Regex, Wildcard, Within
from pipeline.structure import parse as parse_report
from tests.search.conftest import made
from tests.search.test_exact_index import in_child

TEXTS = (
    "推进行政复议体制改革。", "“双随机、一公开”抽查12次。", "人人人参与,一是一是一。", "办件 3.5 万件;好评率 100%。", "法治政府。", "第1、2项,第１２项。",
    "𠮷林、𠮷里复议𠮷。", "、、复议，，", "",
)  # fmt: skip


def found(engine, query, *, exact=False) -> set[int]:
    return set(engine.find(query, exact=exact).ids.tolist())


def same(engine, truth, query, *, exact=False) -> None:
    """Ids, counts and totals agree with the scan."""
    mine, wanted = engine.find(query, exact=exact), truth.find(query, exact=exact)
    assert mine.ids.tolist() == wanted.ids.tolist(), (query, exact)
    assert mine.counts.tolist() == wanted.counts.tolist(), (query, exact)
    assert (mine.total, mine.occurrences) == (wanted.total, wanted.occurrences)


@pytest.mark.parametrize("exact", [False, True])
def test_finds_each_sentence_that_contains_a_phrase_and_no_other(engine, report, exact):
    engine.update([report(1, *TEXTS)], [])
    truth = MemoryEngine()
    truth.update([report(1, *TEXTS)], [])
    for text in TEXTS:
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                phrase = text[start:end]
                same(engine, truth, Phrase(phrase), exact=exact)
                literal = {1000 + i for i, other in enumerate(TEXTS) if phrase in other}
                assert literal <= found(engine, Phrase(phrase), exact=exact)
                assert not exact or literal == found(engine, Phrase(phrase), exact=True)


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
        ("district:雲門", {2000}),
        ("year:2020..2022", {2000}),
        ("调解 year:2023", {1001}),
        ("category:6", {2000}),
        ("NOT category:6", {1000, 1001}),
        ("role:plan", {2000}),
        ("heading:打算", {2000}),
        ("report:report-1", {1000, 1001}),
        ("report:REPORT-2", {2000}),
        ("district:海", set()),
        ("复议 year:1999", set()),
        ("复议 NEAR/1 调解", {2000}),
        ("调解 BEFORE/9 复议", set()),
        ("复?与", {2000}),
        ("办*件", {1000}),
        ("/[复调][议解]案/", {1000}),
        ("同段(复议 调解)", {1000, 1001, 2000}),
        ("同段(案件 信访)", set()),
    ],
)
def test_combines_and_filters(engine, report, query, wanted):
    engine.update(
        [report(1, "办理复议案件。", "开展调解。"), report(2, "复议与调解衔接。", district="云门县", year=2021, role="plan", heading="四、打算", code=6)], []
    )
    assert found(engine, parse(query)) == wanted


def test_variants_are_one_unless_told_apart(engine, report):
    engine.update(
        [report(1, "“双随机、一公开”监管。", "双随机一公开监管。", "雙隨機、一公開監管。", '"双随机·一公开"', "ＷＴＯ与wto。", "第1、2条和第12条。")], []
    )
    assert found(engine, Phrase("双随机一公开")) == found(engine, Phrase("双随机、一公开")) == {1000, 1001, 1002, 1003}
    assert found(engine, Phrase("双随机一公开"), exact=True) == {1001}
    assert found(engine, Phrase("“双随机")) == {1000, 1003}
    assert engine.find(Phrase("WTO")).counts.tolist() == [2]
    assert engine.find(Phrase("WTO"), exact=True).total == 0
    assert engine.find(Phrase("第12条")).counts.tolist() == [1]


def test_holds_what_it_was_given_last(engine, report):
    engine.update([report(1, "旧的复议。"), report(2, "调解。")], [], state=4)
    assert engine.revisions() == {1: 1, 2: 2}
    assert engine.state() == 4
    engine.update([report(1, "新的复议。", revision=7)], [2], state=5)
    assert engine.revisions() == {1: 7}
    assert engine.state() == 5
    assert found(engine, Phrase("旧的")) == set()
    assert found(engine, Phrase("复议")) == {1000}
    assert found(engine, Phrase("调解")) == set()
    assert found(engine, Not(Phrase("调解"))) == {1000}


def test_a_report_may_be_dropped_and_given_in_one_step(engine, report):
    engine.update([report(1, "旧的复议。"), report(2, "调解。")], [])
    engine.update([report(1, "新的复议。", revision=3)], [1, 2, 99])
    assert engine.revisions() == {1: 3}
    assert found(engine, Phrase("新的")) == {1000}


def test_tags_may_change_alone(engine, report):
    engine.update([report(1, "复议。", "调解。", code=6), report(2, "信访。", code=6)], [])
    engine.update([report(1, "复议。", "调解。", code=5, revision=9)], [1])
    assert engine.revisions() == {1: 9, 2: 2}
    assert found(engine, Filter("category", (5,))) == {1000, 1001}
    assert found(engine, Filter("category", (6,))) == {2000}


def test_holds_a_report_without_district_year_or_sentences(engine, report):
    bare = replace(report(1, district=None, year=None), sentences=[IndexedSentence(1000, "复议。", "measures", "", None)], title=None)
    engine.update([bare, report(2)], [])
    assert engine.revisions() == {1: 1, 2: 2}
    assert found(engine, parse("NOT year:2023 NOT district:区 NOT code:7 NOT heading:一")) == {1000}
    engine.update([], [1])
    assert engine.revisions() == {2: 2}
    assert engine.find(Phrase("复议")).ids.tolist() == []


def test_an_empty_engine_finds_nothing(engine):
    hits = engine.find(parse("复议 OR NOT 调解 OR district:区"))
    assert (hits.total, hits.occurrences, hits.ids.tolist(), hits.counts.tolist()) == (0, 0, [], [])
    assert hits.ranked(limit=5).ids.tolist() == []
    assert hits.facets().district == ()
    assert engine.reports("复议") == []
    assert engine.nearest("复议", 3).ids.tolist() == []


def test_best_comes_first_and_scores_fall(engine, report):
    engine.update([report(1, "复议工作有序推进,各项任务按时完成,群众满意。", "复议、复议、再复议。", "调解。")], [])
    best = engine.find(Phrase("复议")).ranked()
    assert best.ids.tolist() == [1001, 1000]
    assert best.scores.tolist() == sorted(best.scores.tolist(), reverse=True)
    assert engine.find(Phrase("复议")).ranked(limit=1).ids.tolist() == [1001]


def test_other_orders(engine, report):
    engine.update(
        [
            report(1, "复议。", "复议。", district="云门县", year=2021),
            report(2, "复议。", district="安远县", year=2023),
            report(3, "复议。", district=None, year=None),
        ],
        [],
    )
    hits = engine.find(Phrase("复议"))
    assert hits.ranked("report").ids.tolist() == [1000, 1001, 2000, 3000]
    assert hits.ranked("year").ids.tolist() == [2000, 1000, 1001, 3000]
    assert hits.ranked("district").ids.tolist() == [1000, 1001, 2000, 3000]
    assert hits.ranked("year", 2).ids.tolist() == [2000, 1000]
    assert hits.ranked("report", 0).ids.tolist() == []


def test_facets_count_all_hits(engine, report):
    engine.update([report(1, "复议。", "复议。", code=6), report(2, "复议。", district=None, year=2021, role="plan", heading="二、加强领导", code=None)], [])
    facets = engine.find(Phrase("复议")).facets()
    assert facets.district == (("青禾区", 2), (None, 1))
    assert facets.year == ((2023, 2), (2021, 1))
    assert facets.code == ((6, 2), (None, 1))
    assert facets.role == (("measures", 2), ("plan", 1))
    assert facets.heading == (("加强领导", 3),)


def test_hits_stay_as_they_were(engine, report):
    engine.update([report(1, "复议。"), report(2, "复议。")], [])
    hits = engine.find(Phrase("复议"))
    engine.update([report(1, "调解。", revision=3)], [2])
    assert hits.ids.tolist() == [1000, 2000]
    assert hits.ranked().ids.tolist() == [1000, 2000]
    assert hits.facets().district == (("青禾区", 2),)


def test_reports_and_sentences_that_are_about_a_text(engine, report):
    engine.update([report(1, "受理行政复议案件12件。", heading="(一)加强行政复议"), report(2, "组织防汛演练。", heading="(一)应急管理")], [])
    assert [key for key, _ in engine.reports("行政复议")] == [1]
    assert engine.nearest("办理行政复议案件", 5).ids.tolist()[0] == 1000


ATOMS = st.sampled_from(
    [Phrase(text) for text in ("复议", "行政复议", "一", "、", "的", "一公开", "调解", "12", "复", "𠮷")]
    + [Wildcard("行政?议"), Wildcard("法治*建设"), Wildcard("?一"), Regex("[复调].[案。]"), Regex("复议|调解"), Regex(r"\d+件")]
)
FILTERS = st.sampled_from(
    [
        Filter("year", (2021, 2022)),
        Filter("district", ("青",)),
        Filter("category", (6, 7)),
        Filter("role", ("plan",)),
        Filter("heading", ("一",)),
        Filter("report", ("-2",)),
    ]
)
NEARS = st.builds(Near, ATOMS, ATOMS | st.builds(lambda *parts: Or(parts), ATOMS, ATOMS), st.integers(0, 12), st.booleans())
QUERIES = st.recursive(
    ATOMS | FILTERS | NEARS,
    lambda inner: st.builds(lambda *parts: And(parts), inner, inner) | st.builds(lambda *parts: Or(parts), inner, inner) | st.builds(Not, inner)
    | st.builds(lambda scope, *parts: Within(scope, parts), st.sampled_from(["paragraph", "section"]), ATOMS, ATOMS),
    max_leaves=5,
)  # fmt: skip
PIECES = st.lists(st.sampled_from([*"复议调解行政法治建设的一公开。，、·12件案𠮷", "行政复议", "法治政府建设", "双随机、一公开"]), max_size=14).map("".join)
REPORTS = st.lists(
    st.tuples(st.lists(PIECES, max_size=9), st.integers(2020, 2023), st.sampled_from(["青禾区", "云门县", None]), st.sampled_from([None, 0, 6, 7])), max_size=5
)


@settings(max_examples=150, deadline=None)
@given(REPORTS, st.lists(QUERIES, min_size=1, max_size=8), st.sets(st.integers(1, 5)), st.booleans())
def test_agrees_with_the_scan_on_every_query(tmp_path_factory, drawn, queries, removed, exact):
    reports = [
        made(key, *texts, year=year, district=place, code=code, role=("plan", "measures")[key % 2]) for key, (texts, year, place, code) in enumerate(drawn, 1)
    ]
    truth, engine = MemoryEngine(), ExactEngine(tmp_path_factory.mktemp("drawn") / "index")
    for body in (truth, engine):
        for one in reports:
            body.update([one], [])
        body.update([], removed)
    for query in queries:
        same(engine, truth, query, exact=exact)
    engine.close()


def test_agrees_with_the_scan_on_the_training_corpus(exact, baseline):
    texts = [sentence.text for sentence in read_report(baseline.path).sentences]
    truth = MemoryEngine()
    for body in (truth, exact):
        body.update([made(1, *texts[:40]), made(2, *texts[40:], year=2022)], [])
    _agree_on_substrings(exact, truth, texts, 400)
    for text in texts:
        assert exact.find(Phrase(text), exact=True).total


def test_agrees_with_the_scan_on_thousands_of_substrings_of_real_text(exact, shared):
    lines = (shared / "corpora" / "government_work_reports.jsonl").read_text(encoding="utf-8").splitlines()[::8]
    reports = []
    for key, line in enumerate(lines, 1):
        row = json.loads(line)
        parsed = parse_report(RawText(row["title"], "", "", row["content"]))
        reports.append(made(key, *(sentence.text for sentence in parsed.sentences), year=2020 + key))
    replaced = replace(reports[2], sentences=reports[2].sentences[::2], revision=99)
    exact.update(reports[:4], [])
    exact.update(reports[3:], [])
    exact.update([replaced], [2])
    texts = [s.text for one in [*reports, replaced] for s in one.sentences]
    held = [s for one in [replaced, *reports] if one.id != 2 and one is not reports[2] for s in one.sentences]
    _agree_with_a_plain_scan(exact, held, texts, 3000)
    for wait in (0.1, 0.4):
        _crash(exact, reports[5:8], wait)
        exact.update([], [500, 501, 502])
    _agree_with_a_plain_scan(exact, held, texts, 1000)


def _crash(engine, reports, wait):
    """Another process puts reports in and out again until it is killed."""

    def work():
        while True:
            engine.update([replace(one, id=500 + number) for number, one in enumerate(reports)], [])
            engine.update([], [500, 501, 502])

    if hasattr(os, "fork"):
        child = in_child(work)
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _agree_on_substrings(engine, truth, texts, count):
    choose = random.Random(2023)
    for _ in range(count):
        same(engine, truth, Phrase(_substring(choose, texts)), exact=choose.random() < 0.3)


def _agree_with_a_plain_scan(engine, held, texts, count):
    """Told apart, a phrase is what ``in`` and ``count`` say of the stored texts, joined so that the scan is quick."""
    choose = random.Random(2023)
    whole = "\n".join(s.text for s in held)
    ends = {}
    at = 0
    for s in held:
        at += len(s.text) + 1
        ends[at] = s.id
    borders = sorted(ends)
    import bisect

    for _ in range(count):
        phrase = _substring(choose, texts)
        wanted, place = [], whole.find(phrase)
        while place >= 0:
            wanted.append(ends[borders[bisect.bisect(borders, place)]])
            place = whole.find(phrase, place + 1)
        hits = engine.find(Phrase(phrase), exact=True)
        assert hits.ids.tolist() == sorted(set(wanted)), phrase
        assert hits.occurrences == len(wanted), phrase
        assert set(wanted) <= set(engine.find(Phrase(phrase)).ids.tolist()), phrase


def _substring(choose, texts):
    text = choose.choice([text for text in choose.sample(texts, 5) if text] or ["复议"])
    start = choose.randrange(len(text))
    return text[start : start + choose.randint(1, 12)]
