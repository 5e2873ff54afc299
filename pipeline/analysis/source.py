"""What every analysis reads: what a query finds, what is known of every sentence, and the stored texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.search.query import Query
from pipeline.store import Database, StoredReport, StoredSentence

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What a query finds: the ids of sentences, ascending, and the number of occurrences in each."""

    ids: Ints
    counts: Ints

    def among(self, ids: Ints) -> Matches:
        """Those of the sentences that are among others too."""
        keep = np.isin(self.ids, ids, assume_unique=True)
        return Matches(self.ids[keep], self.counts[keep])


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Every sentence as a row, ascending by id: its report (an index into ``reports``), role, heading (indexes too), code (-1 untagged) and length."""

    ids: Ints
    report: Ints
    role: Ints
    heading: Ints
    code: Ints
    length: Ints
    reports: tuple[StoredReport, ...]
    roles: tuple[str, ...]
    headings: tuple[str, ...]

    def rows(self, ids: Ints) -> Ints:
        """The rows of sentences, by their ids."""
        return np.searchsorted(self.ids, ids)


class Source:
    """The corpus as analyses see it, in one state of it."""

    def __init__(self, database: Database, find: Callable[[Query, bool], Matches]) -> None:
        self.database = database
        self._find = find

    def find(self, query: Query, *, exact: bool = False) -> Matches:
        """All that a query finds."""
        return self._find(query, exact)

    @cached_property
    def columns(self) -> Columns:
        """What is known of every sentence."""
        reports = tuple(self.database.reports())
        return _columns(self.database.sentences(), reports)

    def sentences(self, ids: Iterable[int]) -> Iterator[StoredSentence]:
        """Sentences in the order of their ids given."""
        return self.database.sentences([int(key) for key in ids])

    def of_report(self, key: int) -> list[StoredSentence]:
        """The sentences of a report, in order."""
        return list(self.database.sentences(report=key))


def _columns(sentences: Iterable[StoredSentence], reports: tuple[StoredReport, ...]) -> Columns:
    places = {report.id: place for place, report in enumerate(reports)}
    roles: dict[str, int] = {}
    headings: dict[str, int] = {}
    rows = [
        (
            s.id,
            places[s.report_id],
            roles.setdefault(s.role, len(roles)),
            headings.setdefault(s.heading, len(headings)),
            -1 if s.code is None else s.code,
            len(s.text),
        )
        for s in sentences
        if s.report_id in places
    ]
    ids, report, role, heading, code, length = np.array(sorted(rows), dtype=np.int64).reshape(-1, 6).T
    return Columns(ids, report, role, heading, code, length, reports, tuple(roles), tuple(headings))
