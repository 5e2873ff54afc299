"""What a query finds in one segment: rows for every node of its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from pipeline.data import ROLES
from pipeline.search.exact import phrase, spans
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.segment import Segment
from pipeline.search.exact.spans import Spans
from pipeline.search.exact.view import View
from pipeline.search.fold import flat
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Wildcard, Within

Leaf = Phrase | Wildcard | Regex | Near


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Rows that hold something, in order and each once; which of the occurrences, counted from 0, is the first in each; and how many there are."""

    rows: Array
    first: Array
    occurrences: int

    @classmethod
    def of(cls, rows: Array) -> Held:
        """From a row for every occurrence, in order."""
        begins = np.empty(len(rows), dtype=bool)
        begins[:1] = True
        np.not_equal(rows[1:], rows[:-1], out=begins[1:])
        first = np.flatnonzero(begins)
        return cls(rows.take(first).astype(np.int64), first, len(rows))

    @property
    def times(self) -> Array:
        """How many occurrences every row has."""
        return np.diff(self.first, append=self.occurrences)

    def times_in(self, rows: Array) -> Array:
        """How many occurrences each of some other rows has."""
        if np.array_equal(self.rows, rows):
            return self.times
        if not len(self.rows):
            return np.zeros(len(rows), dtype=np.int64)
        at = np.searchsorted(self.rows, rows)
        return np.where(self.rows.take(at, mode="clip") == rows, self.times.take(at, mode="clip"), 0)


class Answer:
    """Answers from one segment of a view. Rows come in order, each once, and only of reports that are there."""

    def __init__(self, view: View, number: int, *, exact: bool) -> None:
        self.view, self.number, self.exact = view, number, exact
        self.segment: Segment = view.segments[number]
        self._alive = view.alive[number]
        self._begins: dict[phrase.Needle, Array] = {}
        self._spans: dict[Leaf, Spans] = {}
        self._held: dict[Leaf, Held] = {}

    # Rows

    def rows(self, query: Query) -> Array:
        """The rows that a query finds."""
        match query:
            case Phrase() | Wildcard() | Regex() | Near():
                return self.held(query).rows
            case And(parts):
                return self._and(parts)
            case Or(parts):
                return self._union([self.rows(part) for part in parts])
            case Not(part):
                return self._but(self.everything, self.rows(part))
            case Within(scope, parts):
                return self._within(scope, [self.rows(part) for part in parts])
            case Filter(name, wanted):
                return self.everything[self._passes(name, wanted)(self.everything)]

    @cached_property
    def everything(self) -> Array:
        """All rows."""
        return np.arange(len(self.segment)) if self._alive is None else np.flatnonzero(self._alive)

    def _and(self, parts: tuple[Query, ...]) -> Array:
        """Terms first, then filters on what they found, then what is not wanted."""
        filters = [part for part in parts if isinstance(part, Filter)]
        unwanted = [part.part for part in parts if isinstance(part, Not)]
        wanted = [part for part in parts if not isinstance(part, Filter | Not)]
        rows = self.everything if not wanted else self.rows(wanted[0])
        for part in wanted[1:]:
            rows = self.among(rows, self.rows(part)) if len(rows) else rows
        for one in filters:
            rows = rows[self._passes(one.field, one.values)(rows)]
        for other in unwanted:
            rows = self._but(rows, self.rows(other)) if len(rows) else rows
        return rows

    def among(self, rows: Array, others: Array) -> Array:
        """Those rows that are among others."""
        return rows[self._are_among(rows, others)]

    def _union(self, found: list[Array]) -> Array:
        if sum(map(len, found)) * 16 < len(self.segment):
            return np.unique(np.concatenate(found))
        held = np.zeros(len(self.segment), dtype=bool)
        for rows in found:
            held[rows] = True
        return np.flatnonzero(held)

    def _but(self, rows: Array, others: Array) -> Array:
        return rows[~self._are_among(rows, others)]

    def _are_among(self, rows: Array, others: Array) -> Array:
        if len(rows) * 16 < len(others):
            return _contains(others, rows)
        held = np.zeros(len(self.segment), dtype=bool)
        held[others] = True
        return held.take(rows)

    def _within(self, scope: str, found: list[Array]) -> Array:
        group = self.segment.column("report").astype(np.int64) << 32 | self.segment.column(scope)
        common = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), [np.unique(group[rows]) for rows in found])
        rows = self._union(found)
        return rows[_contains(common, group[rows])]

    # Filters

    def _passes(self, field: str, values: tuple[str | int, ...]) -> Callable[[Array], Array]:
        """A function from rows to whether each passes a filter."""
        if field in {"category", "role"}:
            column = self.view.codes[self.number] if field == "category" else self.segment.column("role")
            wanted = np.zeros(256, dtype=bool)
            wanted[[ROLES.index(value) if field == "role" else int(value) for value in values]] = True
            return lambda rows: wanted.take(column.take(rows))
        if field == "heading":
            needles = [flat(str(value)) for value in values]
            headings = np.array([any(needle in heading for needle in needles) for heading in self.segment.folded_headings], dtype=bool)
            return lambda rows: headings.take(self.segment.column("heading").take(rows))
        through = self.view.reports_with(field, values)
        through = np.append(through, False).take(self.view.numbers[self.number])
        return lambda rows: through.take(self.segment.column("report").take(rows))

    # Places

    def begins(self, text: str) -> Array:
        """Where a phrase begins, in order."""
        needle = phrase.needle(text)
        if (found := self._begins.get(needle)) is None:
            found = self._living(phrase.find(self.segment, needle, exact=self.exact))
            self._begins[needle] = found
        return found

    def _living(self, places: Array) -> Array:
        return places if self._alive is None else places[self._alive.take(self.segment.rows(places))]

    def spans(self, query: Query) -> Spans:
        """Where a term, or terms joined by OR, or two that are near, stand."""
        match query:
            case Phrase(text):
                begins = self.begins(text)
                return Spans(self.segment.rows(begins), begins, phrase.ends(self.segment, phrase.needle(text), begins, exact=self.exact))
            case Wildcard() | Regex() | Near():
                if query not in self._spans:
                    self._spans[query] = self._near(query) if isinstance(query, Near) else self._matched(query)
                return self._spans[query]
            case Or(parts) | And(parts) | Within(_, parts):
                return spans.union([self.spans(part) for part in parts])
            case _:
                return spans.union([])

    def _near(self, query: Near) -> Spans:
        left, right = self.spans(query.left), self.spans(query.right)
        pairs = [spans.pairs(self.segment, left, right, query.distance)]
        if not query.ordered:
            pairs.append(spans.pairs(self.segment, right, left, query.distance))
        return spans.union(pairs)

    def _matched(self, query: Wildcard | Regex) -> Spans:
        """By reading the sentences that hold all of the term's literal parts."""
        rows = self.everything
        for text in spans.literals(query):
            rows = self.among(rows, self.held(Phrase(text)).rows)
        return spans.read(self.segment, rows, query, exact=self.exact)

    # Occurrences

    def held(self, leaf: Leaf) -> Held:
        """The rows that hold a term, with their occurrences."""
        if leaf not in self._held:
            self._held[leaf] = Held.of(self.segment.rows(self.begins(leaf.text)) if isinstance(leaf, Phrase) else self.spans(leaf).rows)
        return self._held[leaf]

    def occurrences(self, query: Query, rows: Array) -> int:
        """How many occurrences of the query's terms these rows have."""
        return self.held(query).occurrences if isinstance(query, Phrase) else int(self.counts(query, rows).sum())

    def counts(self, query: Query, rows: Array) -> Array:
        """How many occurrences of the query's terms each of these rows has."""
        leaves = list(dict.fromkeys(_leaves(query)))
        if all(isinstance(leaf, Phrase) for leaf in leaves):
            found = [self.held(leaf) for leaf in {self._same(leaf.text): leaf for leaf in leaves if isinstance(leaf, Phrase)}.values()]
        else:
            found = [Held.of(spans.union([self.spans(leaf) for leaf in leaves]).rows)]
        return sum((one.times_in(rows) for one in found), np.zeros(len(rows), dtype=np.int64))

    def _same(self, text: str) -> object:
        """What two phrases share whose occurrences are the same."""
        needle = phrase.needle(text)
        return needle.typed if self.exact else (needle.lead, needle.core, needle.trail)


def _contains(values: Array, wanted: Array) -> Array:
    """Which of the wanted are among values, which come in order."""
    if not len(values):
        return np.zeros(len(wanted), dtype=bool)
    at = np.searchsorted(values, wanted)
    found: Array = values.take(at, mode="clip") == wanted
    return found


def _leaves(query: Query) -> Iterator[Leaf]:
    match query:
        case Phrase() | Wildcard() | Regex() | Near():
            yield query
        case And(parts) | Or(parts) | Within(_, parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            return
