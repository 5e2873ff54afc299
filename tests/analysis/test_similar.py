import numpy as np
import pytest

from pipeline.analysis import similar
from pipeline.errors import CorpusError


def found(corpus, wanted, limit=5):
    return [(one.sentence.report, one.sentence.text) for one in corpus.similar(wanted, limit=limit)]


def test_the_same_sentence_with_other_figures_is_nearest(corpus):
    assert found(corpus, "办理行政复议案件7件,行政复议纠错率3%。", 1) == [("青禾区-2023", "办理行政复议案件9件,行政复议纠错率10%。")]


def test_likeness_lies_between_0_and_1_and_falls(corpus):
    likeness = [one.similarity for one in corpus.similar("受理行政复议申请12件。", limit=20)]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] == pytest.approx(1)
    assert all(0 < one <= 1 for one in likeness)


def test_a_numbered_sentence_is_compared_with_other_reports_only(corpus):
    reports = [report for report, _ in found(corpus, "青禾区-2022#1", 20)]
    assert reports
    assert "青禾区-2022" not in reports


def test_the_baseline_comes_first(corpus, baseline):
    corpus.add([baseline.path], tagger=None)
    reports = [report for report, _ in found(corpus, "受理行政复议申请12件。", 3)]
    assert reports[:3] == ["daxing-2023"] * 3
    assert "daxing-2023" not in reports[3:]


@pytest.mark.parametrize(("wanted", "says"), [("没有#1", "fazhi reports"), ("青禾区-2022#99", "1 to 4"), ("青禾区-2022#0", "1 to 4")])
def test_says_what_is_not_there(corpus, wanted, says):
    with pytest.raises(CorpusError, match=says):
        corpus.similar(wanted)


def test_shared_runs_are_offsets_in_the_sentence(corpus):
    best = corpus.similar("全年办理行政复议案件共9件。", limit=1)[0]
    assert [best.sentence.text[start:end] for start, end in best.shared] == ["办理行政复议案件", "行政复议"]


def test_candidates_of_a_large_corpus_hold_the_nearest(corpus, baseline, monkeypatch):
    corpus.add([baseline.path], tagger=None)
    texts = [sentence.text for sentence in baseline.sentences][5:40]
    whole = [corpus.similar(text, limit=3) for text in texts]
    monkeypatch.setattr(similar, "SAMPLE", 40)
    monkeypatch.setattr(similar, "CANDIDATES", 30)
    sampled = [corpus.similar(text, limit=3) for text in texts]
    assert np.mean([one[0].sentence.id == other[0].sentence.id for one, other in zip(whole, sampled, strict=True)]) > 0.9
