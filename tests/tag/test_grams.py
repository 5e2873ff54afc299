"""N-grams of many texts at once are those of each text by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tag import grams

texts = st.lists(st.text(alphabet="办件率１２3４%％，, \u3000\n“「A𠮷\ud800", max_size=12), min_size=1, max_size=6)


def folded(text: str) -> str:
    codes, _ = grams.characters([text])
    return "".join(map(chr, codes))[1:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办件１２３件", "办件0件"),
        ("办 理　72 件", "办理0件"),
        ("修订《办法》，公布（试行）", "修订《办法》,公布(试行)"),
        ("「三到位」", "“三到位”"),
        ("Ukey", "ukey"),
        ("", ""),
        (" \n\t", ""),
    ],
)
def test_characters_that_mean_the_same_become_one(text, expected):
    assert folded(text) == expected


def slots_of(text: str) -> list[list[int]]:
    codes, starts = grams.characters([text])
    return [slots.tolist() for slots in grams.hashes(codes, starts, 3, 18)]


@given(texts)
def test_a_text_among_others_has_the_same_n_grams_as_alone(many):
    codes, starts = grams.characters(many)
    together = list(grams.hashes(codes, starts, 3, 18))
    for i, text in enumerate(many):
        assert [slots[starts[i] : starts[i + 1]].tolist() for slots in together] == slots_of(text)


def test_no_n_gram_reaches_over_the_end_of_its_text():
    _, pairs, triples = slots_of("信访")
    assert [slot > 0 for slot in pairs] == [True, True, True, False]
    assert [slot > 0 for slot in triples] == [True, True, False, False]


def test_slots_lie_in_range_and_0_stands_for_none():
    codes, starts = grams.characters(["组织防汛演练3次。"] * 3)
    for slots in grams.hashes(codes, starts, 4, 10):
        assert slots.dtype == np.uint32
        assert slots.max() < 1 << 10
