from __future__ import annotations

import json

import numpy as np

from pipeline import resources
from pipeline.compare import fit
from pipeline.compare.similarity import weights


def test_no_measure_is_fitted_to_and_measured_on():
    pairs = fit.read_pairs()
    held_of_all: list[int] = []
    for seen, held in fit.parts(pairs):
        assert not seen & held
        held_of_all += held
    assert sorted(held_of_all) == sorted({pair.baseline for pair in pairs})


def test_pairs_are_well_formed():
    texts = fit.baseline_texts()
    for pair in fit.read_pairs():
        assert 0 <= pair.baseline < len(texts)
        assert pair.relation in {"same", "related", "unrelated"}
        assert pair.text.strip() == pair.text != ""


def test_trees_as_json_give_what_the_fitted_model_gives():
    rng = np.random.default_rng(0)
    table = rng.random((200, 2)).round(3)
    right = table[:, 0] > 0.5
    given = fit.Examples(("a", "b"), table, right, np.ones(200), np.zeros(200, dtype=np.int64))
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
