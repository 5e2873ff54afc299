import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.search.parser import parse
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Regex, Wildcard, Within, terms
from pipeline.search.wording import in_words, quoted, typed

P, W = Phrase, Wildcard


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
        ('“行政复议"', P("行政复议")),
        ("”行政复议”", P("行政复议")),
        ("“双随机、一公开”", P("双随机、一公开")),
        ("「“6+4”一体化」", P("“6+4”一体化")),
        ("“6+4” 一体化", And((P("6+4"), P("一体化")))),
        ("“a AND b”", P("a AND b")),
        ("“3:00”", P("3:00")),
        ("“a*b”", P("a*b")),
        ("的", P("的")),
        ("《宪法》", P("《宪法》")),
        ("复议/诉讼", P("复议/诉讼")),
        ("1+4+N", P("1+4+N")),
        ("COVID-19", P("COVID-19")),
        ("复议 调解", And((P("复议"), P("调解")))),
        ("复议　调解", And((P("复议"), P("调解")))),
        ("复议 AND 调解", And((P("复议"), P("调解")))),
        ("复议 ＡＮＤ 调解", And((P("复议"), P("调解")))),
        ("复议 & 调解", And((P("复议"), P("调解")))),
        ("复议 与 调解", And((P("复议"), P("调解")))),
        ("复议与调解", P("复议与调解")),
        ("复议 or 调解", Or((P("复议"), P("调解")))),
        ("复议|调解", Or((P("复议"), P("调解")))),
        ("复议 || 调解", Or((P("复议"), P("调解")))),
        ("复议 或 调解", Or((P("复议"), P("调解")))),
        ("复议 NOT 调解", And((P("复议"), Not(P("调解"))))),
        ("复议 -调解", And((P("复议"), Not(P("调解"))))),
        ("复议 －“调解”", And((P("复议"), Not(P("调解"))))),
        ("非 调解", Not(P("调解"))),
        ("（复议 OR 调解） 信访", And((Or((P("复议"), P("调解"))), P("信访")))),
        ("(复议 OR 调解)-信访", And((Or((P("复议"), P("调解"))), Not(P("信访"))))),
        ("NOT(复议 OR 调解)", Not(Or((P("复议"), P("调解"))))),
        ("a OR b c", Or((P("a"), And((P("b"), P("c")))))),
    ],
)
def test_reads_terms_and_how_they_are_joined(typed, read):
    assert parse(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("行政?议", W("行政?议")),
        ("行政？议", W("行政?议")),
        ("法治*建设", W("法治*建设")),
        ("法治＊＊建设", W("法治*建设")),
        ("*建设", P("建设")),
        ("法治*", P("法治")),
        ("?建设", W("?建设")),
        ("*?建设*", W("?建设")),
        ("/第[一二三]条/", Regex("第[一二三]条")),
        ("／a|b (c)／", Regex("a|b (c)")),
        (r"/a\/b/", Regex(r"a\/b")),
        ("法治 NEAR/8 培训", Near(P("法治"), P("培训"), 8)),
        ("法治 near/8 培训", Near(P("法治"), P("培训"), 8)),
        ("法治 ＮＥＡＲ／８ 培训", Near(P("法治"), P("培训"), 8)),
        ("法治 近/8 培训", Near(P("法治"), P("培训"), 8)),
        ("“法治”近/0“培训”", Near(P("法治"), P("培训"), 0)),
        ("法治 BEFORE/8 培训", Near(P("法治"), P("培训"), 8, ordered=True)),
        ("法治 先／8 培训", Near(P("法治"), P("培训"), 8, ordered=True)),
        ("法* NEAR/3 (培训|教育)", Near(P("法"), Or((P("培训"), P("教育"))), 3)),
        ("a NEAR/1 b c", And((Near(P("a"), P("b"), 1), P("c")))),
        ("NOT a NEAR/1 b", Not(Near(P("a"), P("b"), 1))),
        ("同段(法治 培训)", Within("paragraph", (P("法治"), P("培训")))),
        ("同段 （法治 培训）", Within("paragraph", (P("法治"), P("培训")))),
        ("para(法治 AND 培训)", Within("paragraph", (P("法治"), P("培训")))),
        ("同节(法治 (培训 OR 教?))", Within("section", (P("法治"), Or((P("培训"), W("教?")))))),
        ("SECTION(法治 培训 NEAR/2 教育) a", And((Within("section", (P("法治"), Near(P("培训"), P("教育"), 2))), P("a")))),
    ],
)
def test_reads_patterns_distances_and_scopes(typed, read):
    assert parse(typed) == read


@pytest.mark.parametrize(
    ("typed", "field", "values"),
    [
        ("year:2023", "year", (2023, 2023)),
        ("year：2020..2023", "year", (2020, 2023)),
        ("year : 2023", "year", (2023, 2023)),
        ("年份:2020-2023", "year", (2020, 2023)),
        ("年:2020年至2023年", "year", (2020, 2023)),
        ("年度：２０２３", "year", (2023, 2023)),
        ("ＹＥＡＲ：2023", "year", (2023, 2023)),
        ("year:2020——2023", "year", (2020, 2023)),
        ("year:2020..", "year", (2020, 9999)),
        ("year:..2020", "year", (0, 2020)),
        ("district:大兴", "district", ("大兴",)),
        ("district:大兴,朝阳、海淀", "district", ("大兴", "朝阳", "海淀")),
        ("地区：“大兴 区”", "district", ("大兴 区",)),
        ("category:disputes,3", "category", (6, 3)),
        ("类别:纠纷化解", "category", (6,)),
        ("类别:强化统筹协调,夯实法治政府建设根基", "category", (7,)),
        ("code:0", "category", (0,)),
        ("code:６", "category", (6,)),
        ("role:plan", "role", ("plan",)),
        ("部分:不足,计划", "role", ("shortcomings", "plan")),
        ("heading:复议", "heading", ("复议",)),
        ("标题:“统筹,根基”", "heading", ("统筹,根基",)),
        ("report:daxing-2023", "report", ("daxing-2023",)),
    ],
)
def test_reads_filters(typed, field, values):
    assert parse(typed) == Filter(field, values)


def test_several_ranges_of_years_are_alternatives():
    assert parse("year:2018,2020..2021") == Or((Filter("year", (2018, 2018)), Filter("year", (2020, 2021))))


@pytest.mark.parametrize(
    ("typed", "place", "wrong", "remedy"),
    [
        ("", None, "empty", "type a phrase"),
        ("  ", None, "empty", "type a phrase"),
        ("“复议", 1, "not closed", "“复议”"),
        ("“复议“", 1, "not closed", "”"),
        ("复议 “”", 4, "nothing between", "put a phrase"),
        ("(复议", 1, "not closed", "add )"),
        ("复议)", 3, "closes none", "remove it"),
        ("()", 1, "nothing between", "put terms"),
        ("复议 (", 5, "nothing follows", "add a phrase"),
        ("AND", 1, "stands where a phrase should", "“AND”"),
        ("或", 1, "stands where a phrase should", "“或”"),
        ("非", 2, "nothing follows", "add a phrase"),
        ("复议 AND", 7, "nothing follows", "add a phrase"),
        ("OR 复议", 1, "stands where a phrase should", "复议 OR 调解"),
        ("复议 OR OR 调解", 7, "stands where a phrase should", "复议 OR 调解"),
        ("复议 - 调解", 4, "stands alone", "-诉讼"),
        ("*", 1, "every sentence", "法治*建设"),
        ("复议 ？？", 4, "every sentence", "法治*建设"),
        ("NEAR", 1, "no distance", "法治 NEAR/8 培训"),
        ("法治 NEAR 培训", 4, "no distance", "法治 NEAR/8 培训"),
        ("法治 近/八 培训", 4, "no distance", "法治 近/8 培训"),
        ("法治 NEAR:8 培训", 4, "after a slash", "NEAR/8"),
        ("法治 NEAR/8", 10, "nothing follows", "add a phrase"),
        ("NEAR/8 培训", 1, "stands where a phrase should", "法治 NEAR/8 培训"),
        ("法治 NEAR/8 (培训 教育)", 4, "between terms", "(法治 OR 依法) NEAR/8 培训"),
        ("法治 NEAR/8 year:2023", 4, "between terms", "join the rest by AND"),
        ("a NEAR/8 b NEAR/8 c", 12, "in a row", "two pairs"),
        ("同段 法治 培训", 1, "no parentheses", "同段(法治 培训)"),
        ("同段(法治)", 1, "two terms", "同段(法治 培训)"),
        ("同节(法治 OR 培训)", 1, "alternatives", "同节(法治 (培训 OR 教育))"),
        ("PARA(法治 NOT 培训)", 1, "no NOT", "behind it"),
        ("/第", 1, "not closed", "“/第”"),
        ("//", 1, "nothing between", "/第[一二三]条/"),
        ("复议 /第[一/", 4, "its character 2", "put \\ before"),
        ("/法*/", 1, "can be empty", "one character at least"),
        ("/a{e}/", 1, "does not begin a count", "\\{"),
        ("/a/b", 4, "touch", "「/a/b」"),
        ("year:last", 6, "no year", "year:2020..2023"),
        ("year:20x3", 6, "no year", "year:2023"),
        ("year:2023..2020", 6, "empty", "year:2020..2023"),
        ("year 2023", 1, "without a colon", "year:2020..2023"),
        ("年份=2023", 1, "without a colon", "年份:2023"),
        ("year:", 1, "no value", "year:2020..2023"),
        ("year:(2023)", 6, "stands where the value", "year:2020..2023"),
        (".. 2023", 1, "stands alone", "year:2020..2023"),
        ("category:fishing", 10, "no category", "6 disputes 纠纷化解"),
        ("category:dispute", 10, "no category", "did you mean disputes"),
        ("类别:纠纷", 4, "no category", "did you mean 纠纷化解"),
        ("code:9", 6, "no category", "1 functions"),
        ("role:main", 6, "no role", "measures 举措"),
        ("role:plans", 6, "no role", "did you mean plan"),
        ("district:大*", 10, "no wildcard", "district:大"),
        ("district:,", 10, "no value", "district:大兴"),
        ("author:某", 1, "no field", "district 地区"),
        ("yaer:2023", 1, "no field", "did you mean year:"),
        ("3:00", 1, "no field", "“3:00”"),
        ("通知：要求", 1, "no field", "“通知：要求”"),
        (": 复议", 1, "stands alone", "year:2023"),
        ("法治”", 3, "closes none", "“法治”"),
        ("复议 法治」 政府", 6, "closes none", "「法治」"),
        ("』", 1, "closes none", "『复议』"),
        ("“6+4”一体化", 6, "touch", "「“6+4”一体化」"),
        ("12345（接诉即办）", 6, "touch", "「12345（接诉即办）」"),
        ("（一）加强", 4, "touch", "「（一）加强」"),
        ("(" * 60 + "a" + ")" * 60, 51, "within each other", "take some"),
    ],
)
def test_points_at_what_it_cannot_read_and_shows_the_right_form(typed, place, wrong, remedy):
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert place is None or caught.value.thing.startswith(f"the query, at character {place} (")
    assert wrong in caught.value.wrong
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("typed", ["“同段”", "「NEAR」", "“-”", "“()”", "“*”", "‘3:00’", "“/第”", "“12345（接诉即办）”", "“..”"])
def test_whatever_is_refused_can_be_searched_in_quotes(typed):
    assert parse(typed) == Phrase(typed[1:-1])


PIECES = [
    "法治",
    "a",
    " ",
    "　",
    "(",
    "）",
    "“",
    "”",
    '"',
    "「",
    "」",
    "-",
    "|",
    "&",
    "*",
    "？",
    "/",
    ":",
    "：",
    "year",
    "2023",
    "..",
    "AND",
    "或",
    "非",
    "NEAR/3",
    "近",
    "同段",
    "\\",
    "[",
    "{",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_anything_typed_is_read_or_refused_with_a_remedy(typed_query):
    read = outcome(typed_query)
    if isinstance(read, QueryError):
        assert read.wrong
        assert read.remedy
    else:
        assert parse(typed(read)) == read
        assert in_words(read)


def outcome(typed_query):
    try:
        return parse(typed_query)
    except QueryError as error:
        return error


_texts = st.text("法治政府a3:*()（）-“”「」/ ", min_size=1, max_size=6).filter(lambda text: text.strip() and quoted(text) != text)
_terms = st.one_of(_texts.map(Phrase), st.sampled_from([Wildcard("行政?议"), Wildcard("法治*建设"), Regex("第[一二]条"), Regex(r"\d+ (a|b)")]))
_filters = st.sampled_from(
    [Filter("year", (2020, 2023)), Filter("year", (0, 2023)), Filter("category", (6, 0)), Filter("district", ("大 兴",)), Filter("role", ("plan",))]
)
_near = st.builds(Near, _terms, _terms | st.tuples(_terms, _terms).map(Or), st.integers(0, 99), st.booleans())
_trees = st.recursive(
    st.one_of(_terms, _filters, _near, st.builds(Within, st.sampled_from(["paragraph", "section"]), st.tuples(_terms, _terms | _near))),
    lambda inner: st.one_of(st.tuples(inner, inner).map(And), st.tuples(inner, inner, inner).map(Or), inner.map(Not)),
    max_leaves=6,
)


@given(_trees)
def test_every_query_can_be_typed(query):
    again = parse(typed(query))
    assert typed(again) == typed(query)
    assert list(terms(again)) == list(terms(query))


def test_terms_leave_out_what_is_not_wanted():
    assert list(terms(parse("复议 NOT 诉讼 year:2023 同段(a b) c NEAR/2 d?e"))) == [P("复议"), P("a"), P("b"), P("c"), W("d?e")]


def test_says_in_words_how_a_query_was_read():
    words = in_words(parse("法治 先/8 培训 OR 同节(a* /b+/) category:0,6 role:plan district:大兴 year:..2020"))
    assert words.splitlines() == [
        "one of these:",
        "  two with at most 8 characters between them, the first before the second:",
        "    the text “法治”",
        "    the text “培训”",
        "  all of these:",
        "    one of these, in a section that holds all of them:",
        "      the text “a”",
        "      the regular expression /b+/ on the text as stored",
        "    category 0 none or 6 disputes",
        "    role plan",
        "    district containing 大兴",
        "    year 2020 or earlier",
    ]
