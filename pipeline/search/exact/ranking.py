"""BM25 over words: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with k1 = 1.2 and b = 0.75.

A phrase counts as a word wherever it stands literally, so that 复议 weighs in 行政复议; one of several words weighs by each of them too. All figures are
those of the sentences that are there, so that a score depends on the corpus and not on the history of its index.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.search.engine import Ranked
from pipeline.search.exact.answer import Answer
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.cut import words
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.exact.view import K1, View
from pipeline.search.query import Phrase, Query, terms

Found = list[tuple[Array, Array]]  # for every segment: rows in order, and how often a word stands in each


def scores(view: View, lexicon: Lexicon, answers: Sequence[Answer], rows: Sequence[Array], query: Query) -> Array:
    """The score of every hit, given as rows of every segment."""
    asked = list(dict.fromkeys(terms(query)))
    found = [[(held.rows, held.times) for held in (answer.held(term) for answer in answers)] for term in asked]
    found += [_of_word(view, key) for key in _keys(lexicon, [term.text for term in asked if isinstance(term, Phrase)])]
    return _sums(view, rows, found)


def nearest(view: View, lexicon: Lexicon, text: str, limit: int) -> Ranked:
    """The sentences that score best by the words of a text."""
    from pipeline.search.exact.hits import joined, smallest

    found = [_of_word(view, word.key) for word in dict.fromkeys(words(lexicon, text))]
    rows = [np.unique(np.concatenate([_NONE, *(word[number][0] for word in found)])) for number in range(len(view.segments))]
    sums, ids = _sums(view, rows, found), joined([segment.column("id").take(one) for segment, one in zip(view.segments, rows, strict=True)])
    by_id = np.argsort(ids)
    first = by_id[smallest(-sums[by_id], limit)]
    return Ranked(ids[first], sums[first])


_NONE = np.zeros(0, dtype=np.int64)


def _keys(lexicon: Lexicon, texts: Sequence[str]) -> list[int]:
    """The words of phrases that have several."""
    cut = [words(lexicon, text) for text in texts]
    return list(dict.fromkeys(word.key for one in cut if len(one) > 1 for word in one))


def _of_word(view: View, key: int) -> Found:
    found = [segment.word(key) for segment in view.segments]
    return [(rows, times) if alive is None else (rows[keep := alive.take(rows)], times[keep]) for (rows, times), alive in zip(found, view.alive, strict=True)]


def _sums(view: View, rows: Sequence[Array], found: Sequence[Found]) -> Array:
    """The sums of what every word weighs in some rows of every segment."""
    sums = [np.zeros(len(one)) for one in rows]
    for word in found:
        holding = sum(len(held) for held, _ in word)
        weight = math.log(1 + (view.sentences - holding + 0.5) / (holding + 0.5)) * float(K1 + 1)
        for number, (held, times) in enumerate(word):
            _add(sums[number], rows[number], held, times, weight, view.spread(number))
    return np.concatenate(sums) if sums else np.zeros(0)


def _add(sums: Array, rows: Array, held: Array, times: Array, weight: float, spread: Array) -> None:
    """Add what a word weighs to the sums of some rows; it is held by others, of which all, some or none are among them."""
    if np.array_equal(held, rows):
        sums += weight * times / (times + spread.take(held))
    elif len(rows) * 16 < len(held):
        at = held.searchsorted(rows.astype(held.dtype))
        there = np.flatnonzero(held.take(at, mode="clip") == rows)
        at = at[there]
        sums[there] += weight * times[at] / (times[at] + spread.take(held[at]))
    else:
        dense = np.zeros(len(spread))
        dense[held] = weight * times / (times + spread.take(held))
        sums += dense.take(rows)
