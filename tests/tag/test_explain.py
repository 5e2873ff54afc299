"""Explanations: words, headings, neighbours and the nearest labelled sentences."""

from __future__ import annotations

import numpy as np
import pytest

TEXT = "全年受理行政复议案件７２件， 开展调解 16 次。"


def test_words_are_the_sentence_and_the_telling_one_weighs_most(tagger):
    found = tagger.explain(None, TEXT)
    assert [TEXT[w.start : w.end] for w in found.word_weights] == [w.word for w in found.word_weights]
    assert "".join(w.word for w in found.word_weights) == TEXT.replace(" ", "")
    assert max(found.word_weights, key=lambda w: w.weight).word == "行政复议"
    assert found.tag == tagger.tag_sentences([TEXT])[0]


def test_words_and_place_add_up_to_the_decision(tagger):
    found = tagger.explain(None, TEXT)
    (logs,) = tagger.shipped.model.sentence_.predict_log_proba([TEXT])
    assert found.words + found.place == pytest.approx(logs[found.tag.code] - np.delete(logs, found.tag.code).mean(), abs=1e-3)


def test_in_a_report_headings_and_neighbours_have_their_share(tagger, baseline):
    index = next(i for i, s in enumerate(baseline.sentences) if s.text == "印发案例分析5期。")
    found = tagger.explain(baseline, index)
    assert found.tag == tagger.tag(baseline)[index]
    assert sum(found.shares) == pytest.approx(1)
    assert found.headings > 0
    assert found.neighbours > 0
    assert found.shares[1] + found.shares[2] > tagger.explain(baseline, 2).shares[1]


def test_the_parts_add_up_to_the_decision_in_a_report(tagger, baseline):
    from pipeline.tag.outline import Outline

    index = 20
    logs = tagger.shipped.model.predict_log_proba(Outline.of(baseline))[index]
    found = tagger.explain(baseline, index)
    total = found.words + found.headings + found.neighbours + found.place
    assert total == pytest.approx(logs[found.tag.code] - np.delete(logs, found.tag.code).mean(), abs=1e-6)


def test_a_labelled_sentence_is_nearest_to_itself(tagger):
    text = tagger.shipped.texts.split("\n")[100]
    first, *rest = tagger.explain(None, text).nearest
    assert (first.text, first.similarity) == (text, pytest.approx(1))
    assert [n.similarity for n in rest] == sorted((n.similarity for n in rest), reverse=True)
    assert first.label == tagger.shipped.labels[100]
    assert first.report in tagger.shipped.reports


@pytest.mark.parametrize("text", ["。", "龘", "长" * 5000, " x "])
def test_odd_sentences_can_be_explained(tagger, text):
    assert tagger.explain(None, text).text == text


def test_misuse_is_told(tagger, baseline):
    with pytest.raises(ValueError, match="the sentence itself"):
        tagger.explain(None, "  ")
    with pytest.raises(TypeError, match="index"):
        tagger.explain(baseline, "全年受理案件。")
    with pytest.raises(IndexError, match="there is no 999"):
        tagger.explain(baseline, 999)
