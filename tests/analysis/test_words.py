"""Words in numbers: keyness, collocates and n-grams."""

import math
from collections import Counter

import pytest

from pipeline.analysis import collocates as collocates_module
from pipeline.analysis import ngrams, source
from pipeline.analysis import words as words_module
from pipeline.analysis.collocates import Near, around, collocates, log_dice
from pipeline.analysis.keyness import keywords, log_likelihood, log_ratio
from pipeline.analysis.words import counted, words
from pipeline.errors import CorpusError
from pipeline.search import parse
from pipeline.search.spans import occurrences


def dunning(a: int, b: int, c: int, d: int) -> float:
    """G2 in the textbook's form: both cells of both texts."""

    def term(k: int, n: int, p: float) -> float:
        return (k * math.log(p) if k else 0) + ((n - k) * math.log(1 - p) if n - k else 0)

    p, one, two = (a + b) / (c + d), a / c, b / d
    return 2 * (term(a, c, one) + term(b, d, two) - term(a, c, p) - term(b, d, p))


@pytest.mark.parametrize(("a", "b", "c", "d"), [(20, 5, 10_000, 10_000), (3, 0, 5_000, 90_000), (50, 900, 20_000, 400_000)])
def test_log_likelihood_is_dunnings_for_rare_words(a, b, c, d):
    assert abs(log_likelihood(a, b, c, d)) == pytest.approx(dunning(a, b, c, d), rel=0.02)


def test_log_likelihood_and_effect_size_of_worked_examples():
    assert log_likelihood(10, 10, 1000, 1000) == 0
    assert log_likelihood(1, 20, 1000, 1000) < 0
    assert log_likelihood(52, 20, 10_000, 10_000) == pytest.approx(14.7, abs=0.1)
    assert log_ratio(8, 1, 128, 128) == 3
    assert log_ratio(1, 8, 128, 128) == -3


def test_keywords_are_what_one_text_has_more_of():
    found = keywords({"复议": 30, "的": 100, "渔业": 5}, {"复议": 30, "的": 1000, "调解": 200}, least=3)
    assert [one.word for one in found] == ["复议", "渔业"]
    assert [one.reference_count for one in found] == [30, 0]
    rarer = keywords({"复议": 30, "的": 100}, {"复议": 30, "的": 1000, "调解": 200}, negative=True)
    assert [one.word for one in rarer] == ["调解", "的"]
    assert all(one.log_likelihood < 0 for one in rarer)
    assert keywords({}, {"复议": 1}) == []


def test_key_words_of_a_report_are_counted_against_all_others(corpus_of):
    corpus = corpus_of(["渔业执法检查。", "渔业普法宣传。", "渔业纠纷调解。"], ["开展行政复议。", "开展普法宣传。"] * 5, ["开展执法检查。"] * 5)
    first = corpus.keywords("r0")[0]
    assert (first.word, first.count, first.reference_count) == ("渔业", 3, 0)
    against = corpus.keywords("r0", against="year:2021", least=1)
    assert "执法" in "".join(one.word for one in against)
    assert not any(one.word == "宣传" for one in against)
    rarer = [one.word for one in corpus.keywords("r0", negative=True)]
    assert "开展" in rarer
    with pytest.raises(CorpusError, match="fazhi reports"):
        corpus.keywords("r9")


def test_frequencies_in_all_are_those_of_a_count(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    truth = counted([sentence.text for sentence in corpus.sentences()])
    found, total = corpus._opened_engine().frequencies(list(truth))
    assert dict(zip(truth, found, strict=True)) == dict(truth)
    assert total == truth.total()


def test_words_know_their_places():
    texts = ["推进行政复议体制改革,受理12件。", "", "𠮷祥街道普法😀宣传", "，。"]
    for text, found in zip(texts, words(texts), strict=True):
        assert all(text[word.start : word.end] == word.text for word in found)
    assert [len(found) for found in words(texts)][1::2] == [0, 0]


def near(text: str, *spans: tuple[int, int], window: int) -> Near:
    return around([text], [list(spans)], window=window)


def test_words_are_near_on_both_sides_and_not_within():
    found = near("推进行政复议体制改革", (2, 6), window=1)
    assert (dict(found.left), dict(found.right), found.occurrences) == ({"推进": 1}, {"体制改革": 1}, 1)
    assert dict(near("推进行政复议体制改革", (4, 6), window=5).left) == {"推进": 1}  # a word that reaches into the term belongs to it


def test_a_word_between_two_occurrences_counts_once():
    found = near("复议调解复议", (0, 2), (4, 6), window=5)
    assert (dict(found.left), dict(found.right), found.occurrences) == ({}, {"调解": 1}, 2)


def test_words_near_are_those_of_a_walk_through_every_sentence(baseline):
    texts = [*(sentence.text for sentence in baseline.sentences[:80]), "😀行政复议𠮷祥普法，推进行政复议。", "", "行政复议"]
    spans = [occurrences(text, parse("行政 或 法治 或 普法")) for text in texts]
    left, right = Counter(), Counter()
    for listed, places in zip(words(texts), spans, strict=True):
        sides = {}
        for start, end in places:
            before = [at for at, word in enumerate(listed) if word.end <= start][-3:]
            after = [at for at, word in enumerate(listed) if word.start >= end][:3]
            for at in (*before, *after):
                sides.setdefault(at, at in before)
        for at, before in sides.items():
            if not any(listed[at].start < end and listed[at].end > start for start, end in places):
                (left if before else right)[listed[at].text] += 1
    found = around(texts, spans, window=3)
    assert (dict(found.left), dict(found.right), found.size) == (dict(left), dict(right), left.total() + right.total())


def test_words_of_many_sentences_are_counted_batch_by_batch(corpus, monkeypatch):
    calls = []
    whole = corpus.ngrams(), corpus.collocates("行政复议"), corpus.keywords(corpus.reports()[0].name, negative=True)
    for module in (ngrams, collocates_module, words_module):
        monkeypatch.setattr(module, "BATCH", 7)
    monkeypatch.setattr(source, "_STEP", 10)
    follow = {"progress": lambda done, total: calls.append((done, total))}
    assert corpus.ngrams(**follow) == whole[0]
    assert corpus.collocates("行政复议", **follow) == whole[1]
    assert corpus.keywords(corpus.reports()[0].name, negative=True, **follow) == whole[2]
    assert (10, len(list(corpus.sentences()))) in calls
    assert calls[-1][0] == calls[-1][1]


def test_collocates_by_both_measures(corpus_of):
    corpus = corpus_of(["受理行政复议案件。"] * 8 + ["受理信访事项。"] * 20 + ["行政复议文书公开。"] * 4 + ["开展普法宣传。"] * 30)
    found = {one.word: one for one in corpus.collocates("行政复议")}
    assert (found["受理"].count, found["受理"].left, found["受理"].right, found["受理"].in_all) == (8, 8, 0, 28)
    assert found["案件"].in_all == 8
    assert found["案件"].log_dice == pytest.approx(log_dice(8, 12, 8))
    assert next(iter(found)) == "案件"
    dice = [one.log_dice for one in corpus.collocates("行政复议", measure="log_dice")]
    assert dice == sorted(dice, reverse=True)
    assert [one.word for one in corpus.collocates("行政复议", least=9)] == []


def test_collocates_refuse_other_measures(corpus):
    with pytest.raises(ValueError, match="measure"):
        collocates(Near({}, {}, 0), {}, 1, measure="t")
    with pytest.raises(ValueError, match="window"):
        corpus.collocates("复议", window=0)


def test_runs_of_words_do_not_cross_marks(corpus_of):
    corpus = corpus_of(["推进行政复议体制改革,公开文书。"] * 3, ["推进行政复议体制改革。公开文书。"] * 2)
    found = {gram.text: (gram.size, gram.count, gram.reports) for gram in corpus.ngrams(least=5)}
    assert found["推进行政复议"] == (2, 5, 2)
    assert found["推进行政复议体制改革"] == (3, 5, 2)
    assert not any("公开" in text and "改革" in text for text in found)
    assert [gram.text for gram in corpus.ngrams(least=5, longest=True)] == ["推进行政复议体制改革", "公开文书"]


def test_runs_of_characters_are_counted_like_by_hand(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    texts = [sentence.text for sentence in corpus.sentences()]
    for gram in corpus.ngrams(unit="characters", sizes=range(1, 6), least=4):
        assert gram.count == sum(text.startswith(gram.text, at) for text in texts for at in range(len(text))), gram
        assert gram.size == len(gram.text)


def test_no_run_that_recurs_is_missed(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    texts = [sentence.text for sentence in corpus.sentences()]
    found = {gram.text for gram in corpus.ngrams(unit="characters", sizes=[4], least=3)}
    pieces = {text[at : at + 4] for text in texts for at in range(len(text) - 3)}
    assert found == {p for p in pieces if p.isalnum() and sum(t.startswith(p, at) for t in texts for at in range(len(t))) >= 3}


def test_runs_can_be_limited_to_a_query(corpus_of):
    corpus = corpus_of(["受理行政复议案件。"] * 5, ["开展人民调解。"] * 5)
    assert {gram.text for gram in corpus.ngrams("year:2021")} == {"开展人民调解"}


@pytest.mark.parametrize(("sizes", "unit"), [([0], "words"), ([21], "words"), ([], "words"), ([2], "letters")])
def test_sizes_and_units_are_checked(corpus, sizes, unit):
    with pytest.raises(ValueError, match="must"):
        corpus.ngrams(sizes=sizes, unit=unit)
