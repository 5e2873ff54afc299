"""Reviews: which sentences were handed out to be labelled, how each was picked, and the tag that it had at that time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.store.database import Database

Slice = Literal["random", "chosen"]
#: A report's name and the number of a sentence in it, from 0.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A sentence that was handed out, with the model's tag at that time."""

    report: str
    number: int
    text: str
    slice: Slice
    code: int
    probability: float
    second: int
    second_probability: float
    model: str

    @property
    def place(self) -> Place:
        """Where the sentence stands."""
        return self.report, self.number


@dataclass(frozen=True, slots=True)
class Review:
    """One export; ``revision`` is the state of the corpus and ``batch`` the last batch of labels at that time."""

    id: int
    at: str
    file: str
    seed: int
    again: bool
    revision: int
    batch: int


class Reviews:
    """The reviews of a corpus. They hold on to the corpus's file and end with it."""

    def __init__(self, database: Database) -> None:
        self._file = database.file

    def writing(self) -> AbstractContextManager[None]:
        """A transaction, in which nobody else hands anything out."""
        return self._file.writing()

    def add(self, sentences: Iterable[Reviewed], *, file: str, seed: int, again: bool) -> int:
        """Record an export within a transaction; returns its id."""
        batch = self._file.run("select coalesce(max(id), 0) from label_batches").fetchone()[0]
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = (at, file, seed, int(again), self._file.counted("revision"), batch)
        key = self._file.run("insert into reviews (at, file, seed, again, revision, batch) values (?,?,?,?,?,?)", values).lastrowid
        self._file.run_many(
            "insert into review_sentences values (?,?,?,?,?,?,?,?,?,?)",
            ((key, s.report, s.number, s.text, s.slice, s.code, s.probability, s.second, s.second_probability, s.model) for s in sentences),
        )
        return int(key or 0)

    def all(self) -> list[Review]:
        """Every review, the oldest first."""
        rows = self._file.run("select id, at, file, seed, again, revision, batch from reviews order by id")
        return [Review(key, at, file, seed, bool(again), revision, batch) for key, at, file, seed, again, revision, batch in rows]

    def sentences(self, review: int) -> list[Reviewed]:
        """The sentences of a review, ordered by report and place."""
        rows = self._file.run(
            "select report, number, text, slice, code, probability, second, second_probability, model from review_sentences"
            " where review = ? order by report, number",
            (review,),
        )
        return [Reviewed(*row) for row in rows]
