"""How often words occur in the whole corpus: added up from the postings of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.search.exact import layout
from pipeline.search.exact.cut import cut
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.exact.view import View


def frequencies(view: View, lexicon: Lexicon, words: Sequence[str]) -> tuple[list[int], int]:
    """How often each of some words occurs, and how many words there are in all. What is no single word occurs 0 times.

    More than 15 occurrences in one sentence count as 15.
    """
    laid, blocks, lengths = layout.lay(words)
    found = cut(lexicon, layout.folds().take(laid), blocks.astype(np.int64) * layout.BLOCK, lengths)
    at = layout.rows_of_blocks(blocks, len(laid) // layout.BLOCK)[found.at >> layout.SHIFT]
    single = np.bincount(at, minlength=len(words)) == 1
    counts = [0] * len(words)
    for number, key in zip(at.tolist(), found.key.tolist(), strict=True):
        if single[number]:
            counts[number] = _count(view, key)
    return counts, round(view.words_per_sentence * view.sentences)


def _count(view: View, key: int) -> int:
    total = 0
    for segment, alive in zip(view.segments, view.alive, strict=True):
        rows, times = segment.word(key)
        total += int((times if alive is None else times[alive.take(rows)]).sum())
    return total
