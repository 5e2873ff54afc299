import random
import re

import pytest

from pipeline.errors import QueryError
from pipeline.search import pattern
from pipeline.search.parser import parse
from pipeline.search.query import Phrase
from pipeline.search.spans import occurrences


def found(text: str, query: str, *, exact: bool = False) -> list[str]:
    return [text[start:end] for start, end in occurrences(text, parse(query), exact=exact)]


@pytest.mark.parametrize(
    ("text", "query", "wanted"),
    [
        ("复议和调解和复议", "复议 NOT 诉讼", ["复议", "复议"]),
        ("人人人", "人人", ["人人", "人人"]),
        ("复议和调解", "复议 OR 调解 OR 信访", ["复议", "调解"]),
        ("复议", "NOT 复议", []),
        ("复议", "year:2023", []),
        ("行政复议、行政审议和行政协议会", "行政?议", ["行政复议", "行政审议", "行政协议"]),
        ("法治政府建设和法治社会建设", "法治*建设", ["法治政府建设", "法治社会建设"]),
        ("法治法治建设", "法治*建设", ["法治法治建设", "法治建设"]),
        ("法治建设", "法治*建设", ["法治建设"]),
        ("建设法治", "法治*建设", []),
        ("a.b和aXb", "a.b", ["a.b"]),
        ("受理12件,办结9件", r"/\d+件/", ["12件", "9件"]),
        ("法治培训和普法", "/^法治/", ["法治"]),
        ("开展法治宣传教育培训", "法治 NEAR/4 培训", ["法治宣传教育培训"]),
        ("开展法治宣传教育培训", "法治 NEAR/3 培训", []),
        ("培训法治人才", "法治 NEAR/3 培训", ["培训法治"]),
        ("培训法治人才", "法治 BEFORE/3 培训", []),
        ("法治培训", "法治 BEFORE/0 培训", ["法治培训"]),
        ("行政复议", "行政复 NEAR/3 政复议", []),
        ("法治与法治", "法治 NEAR/3 法治", ["法治与法治"]),
        ("法治", "法治 NEAR/3 法治", []),
        ("依法培训和依法教育", "依法 BEFORE/0 (培训 OR 教育)", ["依法培训", "依法教育"]),
    ],
)
def test_where_a_query_stands(text, query, wanted):
    assert found(text, query) == wanted


@pytest.mark.parametrize(
    ("text", "query", "wanted"),
    [
        ("“双随机、一公开”监管", "双随机一公开", ["双随机、一公开"]),
        ("双随机一公开", "双随机、一公开", ["双随机一公开"]),
        ("ＡＰＰ和app", "App", ["ＡＰＰ", "app"]),
        ("第１２条", "12条", ["１２条"]),
        ("双随机、一公开", "双随机一公?", ["双随机、一公开"]),
        ("一、二、三", "、", ["、", "、"]),
    ],
)
def test_variants_of_writing_are_one_and_can_be_told_apart(text, query, wanted):
    assert found(text, query) == wanted
    assert found(text, query, exact=True) == [part for part in wanted if part == query]


def test_a_phrase_stands_where_a_scan_finds_it(baseline):
    choose, text = random.Random(2023), baseline.text
    for _ in range(500):
        start = choose.randrange(len(text))
        phrase = text[start : start + choose.randint(1, 12)]
        wanted = [match.start() for match in re.finditer(f"(?={re.escape(phrase)})", text)]
        query = Phrase(phrase)
        assert [start for start, _ in occurrences(text, query, exact=True)] == wanted
        assert set(wanted) <= {start for start, _ in occurrences(text, query)}


def test_a_pattern_that_would_never_end_on_a_sentence_is_stopped(monkeypatch):
    monkeypatch.setattr(pattern, "SECONDS", 0.05)
    find = pattern.compiled("(一|.)*[XZ]")
    with pytest.raises(QueryError, match="too long"):
        find("一" * 200 + "Y")


def test_a_pattern_that_is_slow_on_many_sentences_is_stopped(monkeypatch):
    monkeypatch.setattr(pattern, "PATIENCE", 0.05)
    slow, quick = pattern.compiled("(.|法)*(X|Z)$"), pattern.compiled("法.?治")
    with pytest.raises(QueryError, match="too long"):
        _ = [slow("法" * 60) for _ in range(5000)]
    assert all(quick("开展法治宣传") == [(2, 4)] for _ in range(10_000))


def test_a_pattern_may_not_be_long_without_end():
    with pytest.raises(QueryError, match="characters long"):
        pattern.check("法" * 301)
