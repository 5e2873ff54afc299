"""What every analysis reads: what a query finds, what is known of every sentence, and the stored texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import CorpusBusy, CorpusError
from pipeline.search.engine import Engine, Hits
from pipeline.search.query import Query
from pipeline.store import Database, StoredReport, StoredSentence

Ints = NDArray[np.int64]
Progress = Callable[[int, int], None]
T = TypeVar("T")
_KEPT = 2_000
_STEP = 5_000


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


class Changed(CorpusBusy):
    """A report went between an answer of the index and the reading of its text; whoever asks again gets the whole truth of a newer state."""


class Source:
    """The corpus as analyses see it, in one state of it."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self.database, self.engine = database, engine
        self._texts: dict[int, str] = {}
        self._sentences: dict[int, list[StoredSentence]] = {}

    def find(self, query: Query, *, exact: bool = False) -> Hits:
        """All that a query finds."""
        return self.engine.find(query, exact=exact)

    def rows(self, query: Query, *, exact: bool = False) -> tuple[Ints, Ints]:
        """The rows of the columns that a query finds, in order, and the number of occurrences in each; without what was added since the columns were read."""
        hits = self.find(query, exact=exact)
        rows = np.searchsorted(self.columns.ids, hits.ids)
        there = rows < len(self.columns.ids)
        there[there] = self.columns.ids[rows[there]] == hits.ids[there]
        return rows[there], hits.counts[there]

    @cached_property
    def columns(self) -> Columns:
        """What is known of every sentence."""
        reports = tuple(self.database.reports())
        places = {report.id: place for place, report in enumerate(reports)}
        roles: dict[str, int] = {}
        headings: dict[str, int] = {}
        rows = [
            (key, places[report], roles.setdefault(role, len(roles)), headings.setdefault(heading, len(headings)), -1 if code is None else code, length)
            for key, report, role, heading, code, length in self.database.facts()
            if report in places
        ]
        ids, report, role, heading, code, length = np.array(rows, dtype=np.int64).reshape(-1, 6).T
        return Columns(ids, report, role, heading, code, length, reports, tuple(roles), tuple(headings))

    def sentences(self, ids: Iterable[int], progress: Progress | None = None) -> Iterator[StoredSentence]:
        """Sentences in the order of their ids given; ``progress`` hears now and then how many of how many.

        Raises
        ------
        Changed
            Where some are gone.
        """
        wanted, found = [int(key) for key in ids], 0
        for sentence in followed(self.database.sentences(wanted), len(wanted), progress):
            found += 1
            yield sentence
        if found < len(wanted):
            raise self._changed()

    def _changed(self) -> Changed:
        return Changed(str(self.database.path.parent), "reports were replaced while they were searched", "try again")

    def text(self, report: int) -> str:
        """The text of a report, by its id."""
        if report not in self._texts:
            _forget(self._texts)
            self._texts |= self.database.texts([report])
            if report not in self._texts:
                raise self._changed()
        return self._texts[report]

    def of_report(self, report: int) -> list[StoredSentence]:
        """The sentences of a report, by its id, in order."""
        if report not in self._sentences:
            _forget(self._sentences)
            self._sentences[report] = list(self.database.sentences(report=report))
        return self._sentences[report]

    def report_id(self, name: str) -> int:
        """The id of a report, by its name.

        Raises
        ------
        CorpusError
            Where the corpus has no report of that name.
        """
        found = next((report.id for report in self.columns.reports if report.name == name), None)
        if found is None:
            raise CorpusError(name, "the corpus has no report of that name", "list the names with `fazhi reports`")
        return found


def followed(items: Iterable[T], total: int, progress: Progress | None) -> Iterator[T]:
    """The items as they are; ``progress`` hears now and then how many were taken."""
    for done, item in enumerate(items, 1):
        yield item
        if progress and (done % _STEP == 0 or done == total):
            progress(done, total)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of a size, the last of which may be shorter.

    >>> list(batches("行政复议", 3))
    [['行', '政', '复'], ['议']]
    """
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _forget(kept: dict[int, Any]) -> None:
    """Let the oldest of many reports go."""
    if len(kept) >= _KEPT:
        kept.pop(next(iter(kept)))
