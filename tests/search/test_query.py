import pytest

from pipeline.errors import QueryError
from pipeline.search.query import And, Filter, Not, Or, Phrase, occurrences, parse

P = Phrase


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("行政复议", P("行政复议")),
        ("“行政复议”", P("行政复议")),
        ('"行政复议"', P("行政复议")),
        ("「行政复议」", P("行政复议")),
        ("『行政复议』", P("行政复议")),
        ("‘行政复议’", P("行政复议")),
        ("＂行政复议＂", P("行政复议")),
        ("“行政复议\"", P("行政复议")),
        ("”行政复议”", P("行政复议")),
        ("“双随机、一公开”", P("双随机、一公开")),
        ("“6+4”一体化", And((P("6+4"), P("一体化")))),
        ("“a AND b”", P("a AND b")),
        ("复议 调解", And((P("复议"), P("调解")))),
        ("复议　调解", And((P("复议"), P("调解")))),
        ("复议 AND 调解", And((P("复议"), P("调解")))),
        ("复议 与 调解", And((P("复议"), P("调解")))),
        ("复议 or 调解", Or((P("复议"), P("调解")))),
        ("复议|调解", Or((P("复议"), P("调解")))),
        ("复议 或 调解", Or((P("复议"), P("调解")))),
        ("复议 NOT 调解", And((P("复议"), Not(P("调解"))))),
        ("复议 -调解", And((P("复议"), Not(P("调解"))))),
        ("非 调解", Not(P("调解"))),
        ("（复议 OR 调解） 信访", And((Or((P("复议"), P("调解"))), P("信访")))),
        ("a OR b c", Or((P("a"), And((P("b"), P("c")))))),
        ("year:2023", Filter("year", (2023, 2023))),
        ("year：2020..2023", Filter("year", (2020, 2023))),
        ("年份:2020-2023", Filter("year", (2020, 2023))),
        ("year:2020..", Filter("year", (2020, 9999))),
        ("district:大兴", Filter("district", ("大兴",))),
        ("地区：“大兴 区”", Filter("district", ("大兴 区",))),
        ("category:disputes,3", Filter("category", (6, 3))),
        ("类别:纠纷化解", Filter("category", (6,))),
        ("code:0", Filter("category", (0,))),
        ("role:plan", Filter("role", ("plan",))),
        ("部分:不足", Filter("role", ("shortcomings",))),
        ("的", P("的")),
    ],
)
def test_reads(typed, read):
    assert parse(typed) == read


@pytest.mark.parametrize(
    ("typed", "place", "wrong"),
    [
        ("", "", "empty"),
        ("  ", "", "empty"),
        ("“复议", "character 1", "not closed"),
        ("复议 “”", "character 4", "nothing between"),
        ("(复议", "character 1", "not closed"),
        ("复议)", "character 3", "without an opening"),
        ("复议 AND", "character 7", "nothing follows"),
        ("OR 复议", "character 1", "stands where a phrase should"),
        ("复议 OR OR 调解", "character 7", "stands where a phrase should"),
        ("year:last", "character 6", "no year"),
        ("year:2023..2020", "character 6", "empty"),
        ("category:fishing", "character 10", "no category"),
        ("role:main", "character 6", "no role"),
        ("author:某", "character 1", "no field"),
        ("year:", "character 1", "no value"),
    ],
)
def test_points_at_what_it_cannot_read(typed, place, wrong):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert place in str(caught.value)
    assert wrong in str(caught.value)
    assert caught.value.remedy


def test_occurrences_leave_out_what_is_not_wanted():
    assert occurrences("复议和调解和复议", parse("复议 NOT 诉讼")) == [(0, 2), (6, 8)]
    assert occurrences("人人人", parse("人人")) == [(0, 2), (1, 3)]
