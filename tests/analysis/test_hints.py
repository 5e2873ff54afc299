import time

import pytest


def test_each_part_says_what_it_finds(corpus):
    parts = corpus.parts("行政复议 (诉讼 OR 信访) NOT 调解 year:2022")
    assert [(part.depth, part.query, part.sentences, part.occurrences) for part in parts] == [
        (0, "“行政复议” (“诉讼” OR “信访”) NOT “调解” year:2022", 1, 2),
        (1, "“行政复议”", 4, 5),
        (1, "“诉讼” OR “信访”", 1, 1),
        (2, "“诉讼”", 1, 1),
        (2, "“信访”", 0, 0),
        (1, "NOT “调解”", 9, 0),
        (2, "“调解”", 2, 3),
        (1, "year:2022", 4, 0),
    ]


@pytest.mark.parametrize(
    ("query", "variant", "how"),
    [
        ("行政复仪", "“行政复议”", "one character changed"),
        ("行政的复议", "“行政复议”", "one character less"),
        ("政行复议", "“行政复议”", "two characters in the other order"),
        ("法治教育培训", "“法治” BEFORE/8 “教育培训”", "in two parts"),
        ("“「行政复议」”", "“行政复议”", "without its quotes and brackets"),
        ("行政复议 调解", "SECTION(“行政复议” “调解”)", "in one section"),
        ("行政复议 培训 year:2022", "SECTION(“行政复议” “培训”) year:2022", None),
        ("培训 BEFORE/8 法治", "“培训” NEAR/8 “法治”", "in either order"),
        ("法治 NEAR/1 培训", "“法治” NEAR/20 “培训”", "farther apart"),
        ("执?监管", "执*监管", None),
        ("district:青和", "district:“青禾区”", "a district that occurs"),
        ("district:火星", "district:“青禾区”", "a district that occurs"),
        ("行政复议 year:2022 year:2023", "“行政复议” (year:2022 OR year:2023)", "one year or the other"),
        ("code:3 code:6", "category:3 OR category:6", "one category or the other"),
        ("行政复议诉讼体制", "“行政复议”", "its longest beginning"),
    ],
)
def test_near_queries_that_find_something_are_shown(corpus, query, variant, how):
    found = {one.query: one for one in corpus.variants(query)}
    if how is None:
        assert all(corpus.search(one).total for one in found)
    else:
        assert found[variant].how == how
        assert found[variant].sentences == corpus.search(variant).total > 0


def test_exact_misses_show_how_it_is_written(corpus):
    assert next(one.query for one in corpus.variants("双随机一公开", exact=True)) == "“双随机、一公开”"


def test_a_query_that_finds_something_needs_no_variants(corpus):
    assert corpus.variants("行政复议") == []


def test_a_long_text_that_was_pasted_shows_how_far_it_occurs(corpus):
    text = next(sentence.text for sentence in corpus.sentences() if len(sentence.text) > 20)
    start = time.perf_counter()
    (one,) = corpus.variants(f"“{text}{'无' * 5000}”")
    assert (one.query, one.how) == (f"“{text}”", "its longest beginning")
    assert time.perf_counter() - start < 5
