"""BM25 over words: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with k1 = 1.2 and b = 0.75.

A phrase counts as a word wherever it stands literally, so that 复议 weighs in 行政复议; one of several words weighs by each of them too. All figures are
those of the sentences that are there, so that a score depends on the corpus and not on the history of its index.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pipeline.search.engine import Ranked
from pipeline.search.exact.answer import Answer, runs
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.cut import words
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.exact.view import View
from pipeline.search.query import Phrase, Query, terms

K1, B = 1.2, 0.75
Found = list[tuple[Array, Array]]  # for every segment: rows in order, and how often the word stands in each


def scores(view: View, lexicon: Lexicon, answers: Sequence[Answer], rows: Sequence[Array], query: Query) -> Array:
    """The score of every hit."""
    total = Scores(view, rows)
    asked = list(dict.fromkeys(terms(query)))
    for term in asked:
        total.add([runs(answer.spans(term).rows if not isinstance(term, Phrase) else answer.segment.rows(answer.begins(term.text))) for answer in answers])
    for key in _keys(lexicon, [term.text for term in asked if isinstance(term, Phrase)]):
        total.add(_of_word(view, key))
    return total.of_rows()


def nearest(view: View, lexicon: Lexicon, text: str, limit: int) -> Ranked:
    """The sentences that score best by the words of a text."""
    from pipeline.search.exact.hits import joined, smallest

    total = Scores(view, None)
    for word in dict.fromkeys(words(lexicon, text)):
        total.add(_of_word(view, word.key))
    rows = total.rows()
    found, ids = total.of_rows(), joined([segment.column("id").take(one) for segment, one in zip(view.segments, rows, strict=True)])
    by_id = np.argsort(ids)
    first = by_id[smallest(-found[by_id], limit)]
    return Ranked(ids[first], found[first])


def _keys(lexicon: Lexicon, texts: Sequence[str]) -> list[int]:
    """The words of phrases that have several."""
    cut = [words(lexicon, text) for text in texts]
    return list(dict.fromkeys(word.key for one in cut if len(one) > 1 for word in one))


def _of_word(view: View, key: int) -> Found:
    found = [segment.word(key) for segment in view.segments]
    return [(rows, times) if alive is None else (rows[keep := alive.take(rows)], times[keep]) for (rows, times), alive in zip(found, view.alive, strict=True)]


class Scores:
    """Sums of BM25 scores: of some rows of every segment, or of all rows that have any word (``rows=None``)."""

    def __init__(self, view: View, rows: Sequence[Array] | None) -> None:
        self._view, self._rows = view, rows
        self._sums = [np.zeros(len(segment)) for segment in view.segments]

    def add(self, found: Found) -> None:
        """Add a word to the sums."""
        holding = sum(len(rows) for rows, _ in found)
        weight = math.log(1 + (self._view.sentences - holding + 0.5) / (holding + 0.5))
        for number, (rows, times) in enumerate(found):
            self._add(number, rows, times, weight)

    def _add(self, number: int, rows: Array, times: Array, weight: float) -> None:
        wanted = None if self._rows is None else self._rows[number]
        if wanted is not None and len(wanted) * 16 < len(rows):
            at = np.searchsorted(rows, wanted.astype(rows.dtype))
            at = at[(at < len(rows)) & (rows.take(at, mode="clip") == wanted)]
            rows, times = rows[at], times[at]
        lengths = self._view.segments[number].column("words").take(rows)
        spread = K1 * (1 - B + B / max(1e-9, self._view.words_per_sentence) * lengths)
        self._sums[number][rows] += weight * (K1 + 1) * times / (times + spread)

    def rows(self) -> list[Array]:
        """All rows that have any of the words."""
        self._rows = [np.flatnonzero(sums) for sums in self._sums]
        return list(self._rows)

    def of_rows(self) -> Array:
        """The sums of the rows."""
        parts = [sums.take(rows) for sums, rows in zip(self._sums, self._rows or self.rows(), strict=True)]
        return np.concatenate(parts) if parts else np.zeros(0)
