import pytest

from pipeline.errors import QueryError


def shown(concordance):
    return [(line.left, line.match, line.right) for line in concordance.lines]


def test_every_occurrence_is_a_line_with_running_text_around_it(corpus):
    found = corpus.kwic("行政复议", width=4, sort="report")
    assert (found.total, found.occurrences) == (4, 5)
    assert shown(found) == [
        ("元解纷 ", "行政复议", "案件办结"),
        ("纷 受理", "行政复议", "申请12"),
        ("政调解。", "行政复议", "与诉讼衔"),
        ("纷 办理", "行政复议", "案件9件"),
        ("件9件,", "行政复议", "纠错率1"),
    ]
    for line in found.lines:
        assert line.sentence.text[line.start : line.end] == line.match


def test_lines_are_sorted_by_what_stands_beside_the_match(corpus):
    rights = [line.right for line in corpus.kwic("行政复议", width=6, sort="right").lines]
    assert rights == sorted(rights)
    lefts = [line.left[::-1] for line in corpus.kwic("行政复议", width=6, sort="left").lines]
    assert lefts == sorted(lefts)


def test_other_orders_are_those_of_a_search(corpus):
    assert [line.sentence.year for line in corpus.kwic("行政复议", sort="year").lines] == [2023, 2023, 2023, 2022, 2022]
    assert next(line.sentence.district for line in corpus.kwic("行政复议", sort="district").lines) == "云门县"


def test_a_limit_cuts_lines_and_not_totals(corpus):
    for sort in ("relevance", "left"):
        found = corpus.kwic("行政复议", sort=sort, limit=2)
        assert (len(found.lines), found.occurrences) == (2, 5)


def test_patterns_and_variants_stand_in_context_too(corpus):
    assert [line.match for line in corpus.kwic("双随机一公开").lines] == ["双随机、一公开"]
    assert corpus.kwic("双随机一公开", exact=True).lines == ()
    assert [line.match for line in corpus.kwic("法治 NEAR/8 培训").lines] == ["法治宣传教育培训"]


def test_misuse_is_said(corpus):
    with pytest.raises(ValueError, match="sort"):
        corpus.kwic("复议", sort="length")
    with pytest.raises(ValueError, match="width"):
        corpus.kwic("复议", width=-1)
    with pytest.raises(QueryError):
        corpus.kwic("“复议")


def test_neighbours_are_those_of_the_report(corpus):
    hit = corpus.search("人民调解和").hits[0].sentence
    before, after = corpus.neighbours(hit, 2)
    assert [s.text for s in before] == ["受理行政复议申请12件。"]
    assert [s.text for s in after] == ["行政复议与诉讼衔接。", "加强法治宣传教育培训。"]
