"""Comparing two models: on sentences that neither saw, with nothing fitted again, and nothing called better by chance."""

from __future__ import annotations

import dataclasses
import random
from math import comb

import pytest

from pipeline.errors import ModelMismatch
from pipeline.learn import metrics, save, train
from pipeline.learn.comparison import Test, compare
from pipeline.tag import Tagger

Test.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def more(few_reports):
    from pipeline.learn import training_corpus

    return train([*few_reports, *training_corpus()[6:10]], jobs=1).tagger


def shuffled(reports, share, seed=0):
    """The reports with the labels of a share of their sentences dealt out anew among these."""
    labels = [s.label for r in reports for s in r.sentences]
    chosen = random.Random(seed).sample(range(len(labels)), int(share * len(labels)))
    dealt = [labels[i] for i in chosen]
    random.Random(seed + 1).shuffle(dealt)
    for i, label in zip(chosen, dealt, strict=True):
        labels[i] = label
    it = iter(labels)
    return [dataclasses.replace(r, sentences=tuple(dataclasses.replace(s, label=next(it)) for s in r.sentences)) for r in reports]


def test_a_model_beside_itself_is_equal(candidate, model_folder):
    found = compare(candidate.tagger, Tagger.load(model_folder))
    assert found.verdict == "not told apart"
    assert (found.flips, found.p, found.test.fixed, found.test.broken) == ((), 1.0, 0, 0)
    assert all(change.change == 0 for change in found.changes if change.change is not None)


def test_what_both_were_made_from_counts_with_its_out_of_fold_result(candidate, few_reports):
    found = compare(candidate.tagger, candidate.tagger)
    figures = candidate.evaluation.full
    assert found.sentences == figures.sentences
    assert found.old_right == found.new_right == round(figures.accuracy * figures.sentences)


def test_sentences_of_either_side_count(candidate, more, few_reports):
    for new, old in ((more, candidate.tagger), (candidate.tagger, more)):
        found = compare(new, old)
        assert found.sentences == len(more.shipped.labels)
        assert found.reports == 10
        assert found.new_right - found.old_right == found.test.fixed - found.test.broken
        assert len(found.flips) >= found.test.fixed + found.test.broken
        assert {flip.outcome for flip in found.flips} <= {"fixed", "broken", "wrong"}
    assert compare(more, candidate.tagger).test.fixed == compare(candidate.tagger, more).test.broken


def test_more_reports_are_better_and_fewer_are_worse(candidate, more):
    assert compare(more, candidate.tagger).verdict == "better"
    assert compare(candidate.tagger, more).verdict == "worse"


def test_shuffled_labels_make_a_worse_model(candidate, few_reports):
    bad = train(shuffled(few_reports, 0.5), jobs=1)
    found = compare(bad.tagger, candidate.tagger)
    assert found.verdict == "worse"
    assert found.relabelled > 0
    assert found.agreed.broken > found.agreed.fixed


def test_a_sentence_that_moved_is_not_taken_as_unseen(candidate, few_reports):
    """Its report grew: the old model was made from it all the same, and its plain tag would flatter the old model."""
    first = few_reports[0]
    grown = dataclasses.replace(first, sentences=(*first.sentences, dataclasses.replace(few_reports[1].sentences[5], text="另设一处便民服务点。")))
    found = compare(train([grown, *few_reports[1:]], jobs=1).tagger, candidate.tagger)
    assert found.sentences == len(candidate.tagger.shipped.labels) + 1
    assert abs(found.old_right - round(candidate.evaluation.full.accuracy * candidate.evaluation.full.sentences)) <= 1


def test_other_categories_cannot_be_compared(candidate):
    from pipeline.categories import Scheme, scheme

    other = Scheme("other-7", scheme().categories)
    outlines = candidate.tagger.shipped.outlines()
    from pipeline.tag.shipped import Shipped

    shipped = candidate.tagger.shipped
    foreign = Tagger(Shipped("x", shipped.model, other, logs=shipped.logs, names=shipped.reports, outlines=outlines, labels=shipped.labels))
    with pytest.raises(ModelMismatch, match="categories"):
        compare(foreign, candidate.tagger)


def test_outlines_come_back_out_of_the_file_as_they_went_in(few_reports, model_folder):
    assert list(Tagger.load(model_folder).shipped.outlines()) == [report.outline for report in few_reports]


@pytest.mark.parametrize(("fixed", "broken"), [(0, 0), (1, 0), (3, 9), (9, 3), (40, 60), (600, 500)])
def test_mcnemar_is_the_binomial_test(fixed, broken):
    count = fixed + broken
    both_tails = sum(comb(count, k) for k in range(count + 1) if comb(count, k) <= comb(count, fixed)) / 2**count
    assert metrics.mcnemar(fixed, broken) == pytest.approx(min(1.0, both_tails))


def test_equal_models_are_seldom_called_better():
    """Where a flip is as likely to put right as to put wrong, fewer than one in twenty comparisons finds a difference."""
    dice = random.Random(7)
    found = [Test(fixed, 60 - fixed).verdict for fixed in (sum(dice.random() < 0.5 for _ in range(60)) for _ in range(400))]
    assert sum(verdict != "not told apart" for verdict in found) <= 0.05 * len(found)


def test_saving_keeps_the_comparison_on_the_card(candidate, more, tmp_path):
    from pipeline.learn import Versions

    versions = Versions(tmp_path)
    versions.save(candidate, compare(candidate.tagger, more))
    assert versions.card(candidate.version)["comparison"]["verdict"] == "worse"
    assert save(candidate, tmp_path / "plain").name == candidate.version
