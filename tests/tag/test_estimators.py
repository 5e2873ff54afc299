"""Each layer keeps scikit-learn's contract for estimators."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from pipeline.tag.context import ContextDecoder, Views
from pipeline.tag.estimator import Estimator
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.folds import grouped_folds
from pipeline.tag.headings import HeadingEvidence
from pipeline.tag.model import Model

SENTENCES = ["受理行政复议案件72件。", "办结行政复议案件60件。", "组织防汛演练3次。", "开展消防演练5次。"] * 3
LABELS = [6, 6, 4, 4] * 3
HEADINGS = ["(一)健全应急体系", "(二)化解矛盾纠纷", "(三)提升应急能力", "(四)多元化解纠纷"]
SPREADS = np.eye(8)[[4, 6, 4, 6]] * 10
RANDOM = np.random.default_rng(0)
VIEWS = Views(RANDOM.normal(size=(12, 8, 18)), RANDOM.normal(size=(12, 23)))
CASES = [(SentenceEvidence(), (SENTENCES, LABELS)), (HeadingEvidence(), (HEADINGS, SPREADS)), (ContextDecoder(), (VIEWS, LABELS))]
each_layer = pytest.mark.parametrize(("layer", "data"), CASES, ids=[type(layer).__name__ for layer, _ in CASES])


@pytest.mark.parametrize(
    "estimator", [SentenceEvidence(C=0.5), HeadingEvidence(bits=10), ContextDecoder(place_penalty=1.0), Model(sentence=SentenceEvidence(C=0.1))]
)
def test_a_clone_has_the_same_options(estimator):
    assert repr(clone(estimator)) == repr(estimator)


def test_options_reach_estimators_among_the_options():
    model = Model(sentence=SentenceEvidence())
    model.set_params(sentence__C=0.25, folds=3)
    assert (model.sentence.C, model.folds, model.get_params()["sentence__C"]) == (0.25, 3, 0.25)
    with pytest.raises(ValueError, match="no option 'depth'"):
        model.set_params(depth=3)


@each_layer
def test_fit_returns_the_estimator_and_learned_names_end_in_an_underscore(layer, data):
    fresh = clone(layer)
    options = set(vars(fresh))
    assert fresh.fit(*data) is fresh
    learned = {name for name in vars(fresh) if not name.startswith("_")} - options
    assert learned
    assert all(name.endswith("_") for name in learned)
    assert repr(fresh) == repr(layer)


@each_layer
def test_the_same_data_gives_the_same_numbers(layer, data):
    first, second = clone(layer).fit(*data), clone(layer).fit(*data)
    assert first.predict_log_proba(data[0]).tolist() == second.predict_log_proba(data[0]).tolist()


@each_layer
def test_probabilities_add_up_to_1(layer, data):
    np.testing.assert_allclose(np.exp(clone(layer).fit(*data).predict_log_proba(data[0])).sum(axis=1), 1)


@each_layer
def test_an_estimator_that_was_not_fitted_says_so(layer, data):
    with pytest.raises(ValueError, match="call fit first"):
        clone(layer).predict_log_proba(data[0])


def test_sentences_get_their_label_even_where_most_categories_were_never_seen():
    assert SentenceEvidence(least=1).fit(SENTENCES, LABELS).predict(["办结复议案件9件。", "组织应急演练。"]).tolist() == [6, 4]


def test_out_of_fold_output_comes_from_models_without_the_report():
    """A label that one report alone has cannot be known out of fold."""
    texts, labels = [*SENTENCES, "锦旗飘飘。", "锦旗猎猎。"], [*LABELS, 5, 5]
    groups = [i // 4 for i in range(12)] + [9, 9]
    layer = SentenceEvidence(least=1, folds=4)
    logs = layer.fit_transform(texts, labels, groups)
    assert logs[-2:].argmax(axis=1).tolist() != [5, 5]
    assert layer.decision_function(texts[-2:]).argmax(axis=1).tolist() == [5, 5]


def test_a_slogan_says_less_than_an_outline_heading(tagger):
    said = np.exp(tagger.shipped.model.heading_.predict_log_proba(["(四)健全突发事件应对体系", "(四)锚定“总导向”,奋楫再出发"])).max(axis=1)
    assert said[0] > 0.6 > said[1]


def test_a_joined_heading_says_both(tagger):
    (said,) = np.exp(tagger.shipped.model.heading_.predict_log_proba(["(二)推进依法决策和规范执法"]))
    assert set(np.argsort(-said)[:2]) == {2, 3}


def test_folds_never_part_a_report():
    groups = np.array([3, 3, 1, 1, 1, 2, 4])
    for train, test in grouped_folds(groups, 3):
        assert not set(groups[train]) & set(groups[test])
    assert sorted(np.concatenate([test for _, test in grouped_folds(groups, 3)])) == list(range(7))


def test_estimators_need_no_import_of_scikit_learn():
    assert all(base.__module__.startswith("pipeline") or base is object for base in SentenceEvidence.__mro__)
    assert issubclass(Model, Estimator)
