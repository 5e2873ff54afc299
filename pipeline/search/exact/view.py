"""One state of the index, opened: what queries are answered from, unchanged by whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.search.engine import Order
from pipeline.search.exact import arrays
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.segment import Segment
from pipeline.search.exact.state import HeldReport, State
from pipeline.search.fold import flat

if TYPE_CHECKING:
    from pipeline.search.whoosh_reports import Reports


K1, B = np.float32(1.2), np.float32(0.75)  # of BM25


class View:
    """The segments of a state, and the reports of all of them as one table.

    ``numbers[s]`` gives for every report of segment ``s`` its row in the table, -1 where it is gone; ``alive[s]`` says which rows of the segment are in
    reports that are there, or is ``None`` where all are.
    """

    def __init__(self, folder: Path, state: State, opened: Sequence[Segment] = ()) -> None:
        self.folder, self.state = folder, state
        known = {segment.name: segment for segment in opened}
        self.segments = [known.get(part.file) or Segment(folder, part.file) for part in state.segments]
        self.codes = [arrays.read(folder / part.codes)["code"] for part in state.segments]
        self.numbers = [np.full(part.reports, -1, dtype=np.int64) for part in state.segments]
        for number, report in enumerate(state.reports):
            self.numbers[report.segment][report.place] = number
        self.alive = [self._alive(segment, numbers) for segment, numbers in zip(self.segments, self.numbers, strict=True)]
        for name, size in state.whoosh_files:
            if not (folder / name).is_file() or (folder / name).stat().st_size != size:
                raise arrays.Damaged(name)
        self._spread: dict[int, Array] = {}
        self._filtered: dict[tuple[str, tuple[str | int, ...]], Array] = {}
        self._whoosh: Reports | None = None

    @staticmethod
    def _alive(segment: Segment, numbers: Array) -> Array | None:
        gone = numbers < 0
        return None if not gone.any() else ~gone[segment.column("report")]

    @cached_property
    def ascending(self) -> bool:
        """Whether the ids come in order from the first segment to the last."""
        borders = [int(segment.column("id")[at]) for segment in self.segments if len(segment) for at in (0, -1)]
        return borders == sorted(borders) and all(segment.ascending for segment in self.segments)

    def spread(self, number: int) -> Array:
        """For every row of a segment, what its length in words does to the weight of its words; see :mod:`pipeline.search.exact.ranking`."""
        if number not in self._spread:
            lengths = self.segments[number].column("words") / np.float32(max(1e-9, self.words_per_sentence))
            self._spread[number] = K1 * (1 - B + B * lengths)
        return self._spread[number]

    @cached_property
    def sentences(self) -> int:
        """The number of sentences."""
        return sum(len(segment) if alive is None else int(alive.sum()) for segment, alive in zip(self.segments, self.alive, strict=True))

    @cached_property
    def words_per_sentence(self) -> float:
        """How many words a sentence has on average."""
        words = sum(
            int(s.column("words").sum() if alive is None else s.column("words")[alive].sum()) for s, alive in zip(self.segments, self.alive, strict=True)
        )
        return words / max(1, self.sentences)

    @property
    def whoosh(self) -> Reports:
        """The reports as Whoosh has them.

        Raises
        ------
        Damaged
            Where its files are gone or are none.
        """
        if self._whoosh is None:
            from pipeline.search.whoosh_reports import Reports

            try:
                self._whoosh = Reports(self.folder, self.state.whoosh)
            except Exception as exc:
                raise arrays.Damaged("the files of Whoosh") from exc
        return self._whoosh

    def reports_with(self, field: str, values: tuple[str | int, ...]) -> Array:
        """Which reports of the table a filter by name, district or year lets through."""
        found = self._filtered.get((field, values))
        if found is None:
            asked = [flat(value) if isinstance(value, str) else value for value in values]
            found = np.isin(self.report_ids, self.whoosh.filtered({"report": "name"}.get(field, field), asked))
            self._filtered[field, values] = found
        return found

    @cached_property
    def report_ids(self) -> Array:
        """The id of every report of the table."""
        return np.array([report.id for report in self.state.reports], dtype=np.int64)

    def report_order(self, order: Order) -> Array:
        """Where every report of the table stands by name, by year (newest first) or by district; those without one come last."""
        keys = [_key(order, report) for report in self.state.reports]
        places = np.zeros(len(keys), dtype=np.int64)
        places[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
        return places

    def close(self) -> None:
        """Close Whoosh's files; mapped arrays go with their last user."""
        if self._whoosh is not None:
            self._whoosh.close()
            self._whoosh = None


def _key(order: Order, report: HeldReport) -> tuple[bool, int | str, str]:
    if order == "year":
        return report.year is None, -(report.year or 0), report.name
    return order == "district" and report.district is None, (report.district or "") if order == "district" else "", report.name
