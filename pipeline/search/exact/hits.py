"""All that a query finds: counted, ranked, ordered and summed up, from one view of the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from pipeline.search.engine import Facets, Order, Ranked
from pipeline.search.exact import facets, ranking
from pipeline.search.exact.answer import Answer
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.exact.view import View
from pipeline.search.query import Query


class ExactHits:
    """Hits of a query in a view: rows of every segment."""

    def __init__(self, view: View, lexicon: Callable[[], Lexicon], query: Query, *, exact: bool) -> None:
        self._view, self._lexicon, self._query = view, lexicon, query
        self._answers = [Answer(view, number, exact=exact) for number in range(len(view.segments))]
        self._rows = [answer.rows(query) for answer in self._answers]
        self.total = sum(map(len, self._rows))

    @cached_property
    def _unsorted(self) -> Array:
        return joined([segment.column("id").take(rows) for segment, rows in zip(self._view.segments, self._rows, strict=True)])

    @cached_property
    def _order(self) -> Array | None:
        """The order of the ids, where they do not come in order."""
        return None if self._view.ascending else np.argsort(self._unsorted)

    @property
    def ids(self) -> Array:
        """The ids of the sentences, ascending."""
        return self._in_order(self._unsorted)

    def _in_order(self, values: Array) -> Array:
        return values if self._order is None else values[self._order]

    @cached_property
    def counts(self) -> Array:
        """The number of occurrences in every sentence."""
        return self._in_order(joined([answer.counts(self._query, rows) for answer, rows in zip(self._answers, self._rows, strict=True)]))

    @property
    def occurrences(self) -> int:
        """The number of occurrences in all of them."""
        return sum(answer.occurrences(self._query, rows) for answer, rows in zip(self._answers, self._rows, strict=True))

    def ranked(self, order: Order = "score", limit: int | None = None) -> Ranked:
        """The first hits in an order; equal ones by id."""
        scores = self._in_order(ranking.scores(self._view, self._lexicon(), self._answers, self._rows, self._query))
        keys = -scores if order == "score" else self._in_order(joined(self._keys(order)))
        first = smallest(keys, limit)
        return Ranked(self.ids[first], scores[first])

    def _keys(self, order: Order) -> list[Array]:
        """A number for every hit, smaller where it comes first: its report's place in the order, then its place in the report."""
        ranks = self._view.report_order(order)
        return [
            ranks[numbers[segment.column("report").take(rows)]] << 32 | rows
            for segment, numbers, rows in zip(self._view.segments, self._view.numbers, self._rows, strict=True)
        ]

    def facets(self) -> Facets:
        """Counts over all hits."""
        return facets.facets(self._view, self._rows)


def joined(parts: Sequence[Array]) -> Array:
    """Arrays one after the other."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def smallest(keys: Array, limit: int | None) -> Array:
    """Where the smallest values stand, smallest first, equal ones in their order.

    >>> smallest(np.array([3, 1, 2, 1]), 3).tolist()
    [1, 3, 2]
    """
    if limit is None or limit >= len(keys):
        return np.argsort(keys, kind="stable")
    if limit == 0:
        return np.zeros(0, dtype=np.int64)
    most = np.partition(keys, limit - 1)[limit - 1]
    below, equal = np.flatnonzero(keys < most), np.flatnonzero(keys == most)
    first = np.sort(np.concatenate((below, equal[: limit - len(below)])))
    return first[np.argsort(keys[first], kind="stable")]
