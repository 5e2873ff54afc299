"""The seam between a corpus and what answers its queries.

An engine holds a copy of what it needs, derived from the corpus and always to be rebuilt from it. Nothing of a body's own library
shows through here. One contract test runs over every body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.search.query import Query


@dataclass(frozen=True, slots=True)
class IndexedSentence:
    """A sentence as an engine takes it in; ``code`` is ``None`` where it is not tagged."""

    id: int
    text: str
    role: str
    heading: str
    code: int | None


@dataclass(frozen=True, slots=True)
class IndexedReport:
    """A report as an engine takes it in, at one revision."""

    id: int
    revision: int
    name: str
    district: str | None
    year: int | None
    sentences: Sequence[IndexedSentence]


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine finds: the ids of all hits in ranked order, best first, and their scores (comparable within one search only)."""

    ids: tuple[int, ...]
    scores: tuple[float, ...]

    @property
    def total(self) -> int:
        """The exact number of sentences found."""
        return len(self.ids)


class Engine(Protocol):
    """Answers queries over sentences."""

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report that the engine holds, by report id."""

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int]) -> None:
        """Take in reports and drop others (ids), in one step: a reader sees all of it or nothing. A report that is there already is replaced."""

    def search(self, query: Query) -> Found:
        """All sentences that the query finds."""

    def close(self) -> None:
        """Let go of files and memory."""
