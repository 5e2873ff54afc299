"""Training: the same data gives the same bytes, and saving and promoting keep models apart."""

from __future__ import annotations

import dataclasses
import json

import pytest

from pipeline.errors import LabelError, ModelError
from pipeline.learn import promote, save, train, training_corpus
from pipeline.learn.labelled import UNLABELLED
from pipeline.learn.training import data_hash, stable_folds, version_name
from pipeline.tag import Tagger, files
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.model import Model


def test_the_same_data_gives_the_same_bytes(few_reports, candidate, tmp_path):
    again = train(list(reversed(few_reports)), jobs=1)
    one, other = save(candidate, tmp_path / "one"), save(again, tmp_path / "other")
    assert one.name == other.name
    for name in (files.MODEL_FILE, files.CARD_FILE):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_other_data_or_settings_are_another_version(few_reports, candidate):
    first = few_reports[0]
    relabelled = dataclasses.replace(first, sentences=(dataclasses.replace(first.sentences[0], label=3), *first.sentences[1:]))
    assert version_name([relabelled, *few_reports[1:]], Model()) != candidate.version
    assert version_name(few_reports, Model(sentence=SentenceEvidence(C=1.0))) != candidate.version
    assert version_name(few_reports, Model()) == candidate.version


def test_the_current_model_is_made_from_the_corpus_as_it_is():
    reports = training_corpus()
    card = files.read_card()
    assert card["data"]["sha256"] == data_hash(reports), "the corpus changed: run `fazhi train`"
    assert version_name(reports, Model()) == card["version"] == Tagger.load().version


def test_the_card_tells_what_the_model_is(candidate, few_reports):
    card = json.loads(json.dumps(candidate.card))
    assert card["version"] == candidate.version
    assert card["data"]["reports"] == len(few_reports)
    assert card["data"]["files"].keys() == {report.name for report in few_reports}
    assert set(card["made_with"]["libraries"]) == {"numpy", "scipy", "scikit-learn", "skops"}
    assert card["made_with"]["dictionary"] == candidate.tagger.shipped.dictionary
    assert card["figures"]["full"]["sentences"] == sum(len(r.sentences) for r in few_reports)
    assert card["known_weaknesses"]


def test_cross_validation_is_worse_than_looking_back(candidate, few_reports, tagger):
    """Figures of reports that the model had not seen lie below those of reports that it learned from."""
    from pipeline.learn import evaluate

    assert candidate.evaluation.alone.accuracy < evaluate(few_reports, candidate.tagger).alone.accuracy


def test_progress_goes_from_nothing_to_all(few_reports):
    steps = []
    train(few_reports[:3], jobs=1, progress=lambda done, total: steps.append((done, total)))
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_two_processes_give_what_one_gives(few_reports, candidate):
    assert train(few_reports, jobs=2).evaluation == candidate.evaluation


def test_what_nobody_labelled_is_context_alone(few_reports):
    """The labels of the other half are hidden: they are neither learned from nor measured, whatever they were."""

    def half(report, label):
        return dataclasses.replace(report, sentences=tuple(s if i % 2 else dataclasses.replace(s, label=label) for i, s in enumerate(report.sentences)))

    hidden = train([half(report, UNLABELLED) for report in few_reports], jobs=1)
    labels = [label for report in few_reports for label in half(report, UNLABELLED).labels]
    assert hidden.evaluation.full.sentences == sum(label >= 0 for label in labels)
    assert len(hidden.tagger.shipped.logs["full"]) == len(labels)
    assert hidden.card["data"]["neighbours"] == sum(label < 0 for label in labels)
    assert all(near.label >= 0 for near in hidden.tagger.explain(None, "受理行政复议案件72件。").nearest)


def test_a_weight_of_two_is_a_sentence_twice():
    texts = ["受理行政复议案件72件。", "开展人民调解9次。", "组织防汛应急演练3次。", "修订应急预案2件。"] * 3
    labels = [1, 1, 2, 2] * 3
    layer = SentenceEvidence(classes=3, bits=12, least=1)
    heavy = layer.fit_words(texts, labels, [2.0] * 12).decision_function(texts)
    twice = SentenceEvidence(classes=3, bits=12, least=1).fit_words(texts, labels, [1.0] * 12).decision_function(texts)
    assert abs(heavy).sum() > abs(twice).sum()


def test_the_curve_rises_from_fewer_reports_to_all(few_reports):
    curve = train(few_reports, jobs=1, curve=True).curve
    assert [point.share for point in curve] == [0.25, 0.5, 0.75, 1.0]
    assert curve[0].sentences < curve[-1].sentences
    assert curve[0].macro_f1 < curve[-1].macro_f1
    assert all(point.low <= point.macro_f1 <= point.high for point in curve)


def test_the_folds_of_reports_do_not_depend_on_the_others():
    digests = [f"{number * 2654435761 % 2**64:016x}" for number in range(120)]
    places = {digests[i]: fold for fold, (_, others) in enumerate(stable_folds(digests)) for i in others}
    fewer = {digests[i]: fold for fold, (_, others) in enumerate(stable_folds(digests[:60])) for i in others}
    assert all(places[digest] == fold for digest, fold in fewer.items())
    assert all(len(others) > 1 for _, others in stable_folds(digests[:10]))


def test_a_report_that_stands_twice_is_held_out_whole(few_reports):
    twin = dataclasses.replace(few_reports[0], name="twin")
    digests = [report.outline.digest for report in [*few_reports, twin]]
    for _, others in stable_folds(digests):
        assert (0 in others) == (len(few_reports) in others)


def test_a_label_that_the_scheme_lacks_is_told(few_reports):
    wrong = dataclasses.replace(few_reports[0], sentences=(dataclasses.replace(few_reports[0].sentences[0], label=9), *few_reports[0].sentences[1:]))
    with pytest.raises(LabelError, match="label 9"):
        train([wrong, *few_reports[1:]], jobs=1)


def test_one_report_is_too_few(few_reports):
    with pytest.raises(LabelError, match="fewer than two"):
        train(few_reports[:1])


def test_promoting_makes_a_version_current(candidate, tmp_path):
    save(candidate, tmp_path)
    promote(candidate.version, tmp_path, force="a small model for a test")
    assert files.current_folder(tmp_path) == tmp_path / candidate.version
    assert Tagger.load(files.current_folder(tmp_path)).version == candidate.version


def test_only_a_model_that_loads_is_promoted(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.skops").write_bytes(b"no model")
    with pytest.raises(ModelError):
        promote("broken", tmp_path)
    assert not (tmp_path / "current").exists()


def test_a_report_lacking_categories_trains_all_the_same(few_reports):
    """Small sets of a user's own may lack whole categories."""
    few = [dataclasses.replace(r, sentences=tuple(s for s in r.sentences if s.label in {0, 3, 6})) for r in few_reports[:3]]
    assert train(few, jobs=1).tagger.tag_sentences(["受理行政复议案件72件。"])[0].code == 6
