from __future__ import annotations

import json

import numpy as np

from pipeline import resources
from pipeline.compare import fit
from pipeline.compare.similarity import weights
from pipeline.compare.views import Reader
from pipeline.compare.wordings import REPORT_PAIRS


def test_no_measure_is_fitted_to_and_measured_on_nor_its_twin():
    pairs = fit.read_pairs()
    held_of_all: list[int] = []
    for seen, held in fit.parts(pairs):
        assert not seen & held
        assert not [twins for twins in fit.TWINS if twins & seen and twins & held]
        held_of_all += held
    assert sorted(held_of_all) == sorted({pair.baseline for pair in pairs})


def test_pairs_are_well_formed():
    texts = fit.baseline_texts()
    assert len({pair.text for pair in fit.read_pairs()}) == len(fit.read_pairs()) >= 900
    for pair in (*fit.read_pairs(), *fit.read_pairs(REPORT_PAIRS)):
        assert 0 <= pair.baseline < len(texts)
        assert pair.relation in {"same", "related", "unrelated"}
        assert pair.text.strip() == pair.text != ""


def test_examples_of_some_measures_hold_no_text_of_another(tagger):
    pairs = [pair for pair in fit.read_pairs() if pair.baseline in {4, 23, 41}]
    given = fit.examples(Reader.default(tagger), pairs, "same", ["今天天气很好。"], wordings=True)
    assert set(given.group.tolist()) == {4, 23, 41}
    some = given.of_groups([4, 23])
    assert set(some.group.tolist()) == {4, 23}
    assert set(some.source.tolist()) <= {4, 23, -1}
    assert "wording both" in given.names


def test_trees_as_json_give_what_the_fitted_model_gives():
    rng = np.random.default_rng(0)
    table = rng.random((200, 2)).round(3)
    right = table[:, 0] > 0.5
    given = fit.Examples(("a", "b"), table, right, np.ones(200), np.zeros(200, dtype=np.int64), np.full(200, -1))
    trees = fit.fit(given)
    assert fit.f1(trees.probability({"a": table[:, 0], "b": table[:, 1]}) >= 0.5, right) > 0.97


def test_f1_and_its_best_threshold():
    right = np.array([True, True, False])
    assert fit.f1(right, right) == 1.0
    assert 0.3 <= fit.best_threshold(np.array([0.9, 0.6, 0.3]), right) <= 0.6


def test_the_weights_are_readable_and_name_their_command():
    assert weights()["made by"] == "python -m pipeline.compare.fit"
    assert len((resources.corpus_dir() / "matcher.json").read_text(encoding="utf-8").splitlines()) > 100
    assert min(json.loads((resources.corpus_dir() / "concept-rarity.json").read_text(encoding="utf-8")).values()) > 0
