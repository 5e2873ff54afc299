"""Adding up rows for n-grams gives what counting them into vectors gives."""

from __future__ import annotations

import numpy as np

from pipeline.tag import lexicon
from pipeline.tag.lexicon import Lexicon

TEXTS = ["全年受理行政复议案件72件。", "组织防汛应急演练3次，演练演练。", "行政复议案件办结率100%。", "无"]


def test_scores_are_products_of_vectors_and_weights():
    matrix = lexicon.counts(TEXTS, longest=3, bits=16)
    slots = np.unique(matrix.indices)[::2]
    random = np.random.default_rng(0)
    rarity, weights = random.uniform(1, 3, len(slots)), random.normal(size=(len(slots), 8))
    looked_up = Lexicon(slots, weights * rarity[:, None], rarity, longest=3, bits=16).scores(TEXTS)
    counted = lexicon.vectors(matrix, slots, rarity) @ weights
    np.testing.assert_allclose(looked_up, counted, atol=1e-4)


def test_texts_of_unknown_characters_score_nothing():
    known = Lexicon(np.array([], dtype=int), np.zeros((0, 8)), longest=3, bits=16)
    assert known.scores(["龘龘", ""]).tolist() == [[0.0] * 8] * 2


def test_many_blocks_give_the_same_as_one(monkeypatch):
    slots = np.arange(1, 1 << 12)
    words = Lexicon(slots, np.random.default_rng(1).normal(size=(len(slots), 8)), longest=2, bits=12)
    whole = words.scores(TEXTS * 5)
    monkeypatch.setattr(lexicon, "BLOCK", 10)
    np.testing.assert_allclose(words.scores(TEXTS * 5), whole, atol=1e-5)
