import pytest

from pipeline.errors import QueryError


def test_counts_by_year_are_exact_and_measured_against_the_text(corpus):
    counts = corpus.counts("行政复议", "year")
    rows = {row.group: row for row in counts.rows}
    assert list(rows) == [2022, 2023, None]
    assert (rows[2022].sentences, rows[2022].occurrences, rows[2022].reports) == (2, 2, 1)
    assert (rows[2023].sentences, rows[2023].occurrences, rows[2023].reports) == (2, 3, 2)
    assert (rows[None].sentences, rows[None].of_sentences, rows[None].of_reports) == (0, 1, 1)
    texts = [s.text for s in corpus.sentences() if s.year == 2023]
    assert (rows[2023].of_sentences, rows[2023].characters) == (len(texts), sum(map(len, texts)))
    assert rows[2023].per_10000 == pytest.approx(3e4 / rows[2023].characters)
    assert (counts.total.sentences, counts.total.occurrences, counts.total.of_sentences) == (4, 5, 11)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("district", {"青禾区": 3, "云门县": 1, None: 0}),
        ("category", {0: 0, 1: 0, 3: 0, 6: 4, 7: 0}),
        ("role", {"measures": 4, "plan": 0}),
        ("heading", {"多元解纷": 4, "规范执法": 0, "下一步打算": 0, "工作": 0}),
        ("report", {"青禾区-2022": 2, "青禾区-2023": 1, "云门县-2023": 1, "无名": 0}),
    ],
)
def test_counts_by_any_property(corpus, by, groups):
    assert {row.group: row.sentences for row in corpus.counts("行政复议", by).rows} == groups


def test_rates_are_measured_against_what_the_filters_let_through(corpus):
    counts = corpus.counts("行政复议 category:disputes year:2023", "year")
    texts = [s.text for s in corpus.sentences() if s.year == 2023 and s.code == 6]
    assert [(row.group, row.characters) for row in counts.rows] == [(2023, sum(map(len, texts)))]
    negative = corpus.counts("行政复议 NOT category:disputes", "year")
    assert (negative.total.sentences, negative.total.of_sentences) == (0, 11 - 6)


def test_terms_by_report_are_counted_at_once(corpus):
    table = corpus.term_table(["行政复议", "人民调解 OR 行政调解", "没有"], "report")
    assert table.groups == ("云门县-2023", "无名", "青禾区-2022", "青禾区-2023")
    assert table.occurrences == ((1, 0, 2, 2), (0, 0, 2, 1), (0, 0, 0, 0))
    assert table.sentences == ((1, 0, 2, 1), (0, 0, 1, 1), (0, 0, 0, 0))
    assert table.reports == (1, 1, 1, 1)
    assert sum(table.characters) == sum(len(s.text) for s in corpus.sentences())


def test_terms_agree_with_searches(corpus):
    terms = ["行政", "调?", "培训", "双随机一公开"]
    table = corpus.term_table(terms, "district")
    for term, occurrences, sentences in zip(terms, table.occurrences, table.sentences, strict=True):
        found = corpus.search(term)
        assert (sum(sentences), sum(occurrences)) == (found.total, found.occurrences)


def test_terms_can_be_joined_to_a_query(corpus):
    table = corpus.term_table(["行政复议", "培训"], "district", within="year:2023")
    assert (table.groups, table.occurrences) == (("云门县", "青禾区"), ((1, 2), (0, 1)))


def test_a_wrong_term_is_named(corpus):
    with pytest.raises(QueryError, match="term 2"):
        corpus.term_table(["复议", "“调解"])


def test_there_is_no_other_property(corpus):
    with pytest.raises(ValueError, match="year, district"):
        corpus.counts("复议", "colour")


def test_facets_count_every_property(corpus):
    facets = corpus.facets("行政复议")
    assert dict(facets.year) == {2022: 2, 2023: 2}
    assert dict(facets.code) == {6: 4}
    assert dict(facets.heading) == {"多元解纷": 4}


def test_what_is_added_is_counted(corpus, tmp_path):
    before = corpus.counts("人民调解", "year").total.sentences
    file = tmp_path / "海阳区.txt"
    file.write_text("海阳区2021年法治政府建设情况报告\n现将有关情况报告如下。\n一、主要举措\n开展人民调解。\n", encoding="utf-8")
    corpus.add([file], tagger=None)
    assert corpus.counts("人民调解", "year").total.sentences == before + 1
    corpus.remove(["海阳区"])
    assert corpus.counts("人民调解", "year").total.sentences == before


def test_an_empty_corpus_counts_nothing(corpus_of):
    empty = corpus_of()
    assert empty.counts("复议", "year").rows == ()
    assert empty.term_table(["复议"]).groups == ()
    assert empty.kwic("复议").lines == ()
    assert empty.ngrams() == []
    assert empty.collocates("复议") == []
    assert empty.similar("办理复议案件。") == []
    assert empty.verify("复议").right
