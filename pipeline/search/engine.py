"""The seam between a corpus and what answers its queries.

An engine holds a copy of what it needs, derived from the corpus and always to be rebuilt from it. Nothing of a body's own library
shows through here. One contract test runs over every body; :func:`pipeline.search.memory.matches` is the definition of what a query finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from pipeline.search.query import Query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Order = Literal["score", "report", "year", "district"]


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """A sentence as an engine takes it in; ``code`` is ``None`` where it is not tagged, ``paragraph`` and ``section`` count within the report."""

    id: int
    text: str
    role: str
    heading: str
    code: int | None
    paragraph: int = 0
    section: int = 0


@dataclass(frozen=True, slots=True)
class IndexedReport:
    """A report as an engine takes it in, at one revision."""

    id: int
    revision: int
    name: str
    district: str | None
    year: int | None
    sentences: Sequence[IndexedSentence]
    title: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Some hits in an order: the ids of the sentences, and their scores, which compare within one search only."""

    ids: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many hits have each value of a field, most frequent first; headings without their numbers."""

    district: tuple[tuple[str | None, int], ...]
    year: tuple[tuple[int | None, int], ...]
    code: tuple[tuple[int | None, int], ...]
    role: tuple[tuple[str, int], ...]
    heading: tuple[tuple[str, int], ...]


class Hits(Protocol):
    """All that a query finds in one state of the index, whatever changes afterwards."""

    @property
    def total(self) -> int:
        """The exact number of sentences."""

    @property
    def occurrences(self) -> int:
        """The exact number of occurrences in them."""

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids of the sentences, ascending."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """The number of occurrences in every sentence, in the order of ``ids``."""

    def ranked(self, order: Order = "score", limit: int | None = None) -> Ranked:
        """The first hits by relevance (BM25), or by report and place, year (newest first) or district; all of them with ``limit=None``."""

    def facets(self) -> Facets:
        """Counts over all hits."""


class Engine(Protocol):
    """Answers queries over sentences."""

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report that the engine holds, by report id."""

    def state(self) -> int | None:
        """The corpus's state that the engine was last brought up to; ``None`` where it never was."""

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int], *, state: int | None = None, patience: float = 5.0) -> None:
        """Take in reports and drop others (ids), in one step: a reader sees all of it or nothing. A report that is there already is replaced.

        ``state`` is the corpus's state with that done. Another writer is waited for ``patience`` seconds, then it is a :class:`CorpusBusy`.
        """

    def find(self, query: Query, *, exact: bool = False) -> Hits:
        """All sentences that the query finds. With ``exact``, variants of writing are told apart."""

    def reports(self, text: str, limit: int | None = None) -> list[tuple[int, float]]:
        """The ids of reports that are about the words of a text, by their titles, headings, places and most telling words; best first, with scores."""

    def nearest(self, text: str, limit: int) -> Ranked:
        """The sentences that share most with a text, by BM25 over its words."""

    def frequencies(self, words: Sequence[str]) -> tuple[list[int], int]:
        """How often each of some words (folded, as the engine cuts text) occurs, and how many words there are in all."""

    def close(self) -> None:
        """Let go of files and memory."""
