"""From one state of the index to the next: new reports become new segments, and several small segments become one."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from pipeline.search import whoosh_reports as whoosh
from pipeline.search.engine import IndexedReport
from pipeline.search.exact import arrays, build
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.entries import digest, entries
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.exact.merge import Source, merged
from pipeline.search.exact.segment import Segment
from pipeline.search.exact.state import HeldReport, SegmentFile, State

CHARACTERS = 12_000_000  # of a segment while it is made: indexing takes some 50 bytes of memory for each
LARGEST = 1 << 18  # sentences that a merged segment may have
ALIKE = 4  # so many neighbours of like size become one
SMALL = 500  # sentences of a segment of the smallest size


class Change:
    """The next state while it is made. Files are written as it goes; nothing refers to them before the state is saved."""

    def __init__(self, folder: Path, state: State, lexicon: Callable[[], Lexicon]) -> None:
        self._folder, self._state, self._lexicon = folder, state, lexicon
        self._held = {report.id: report for report in state.reports}
        self._segments, self._whoosh = list(state.segments), state.whoosh
        self._codes: dict[int, Array] = {}
        self._waiting: dict[int, tuple[IndexedReport, str]] = {}
        self._characters = 0

    def apply(self, add: Iterable[IndexedReport], remove: Iterable[int], corpus: int | None) -> State:
        """Take in reports and drop others."""
        dropped = set(remove) & self._held.keys()
        for report in add:
            dropped.discard(report.id)
            self._take(report)
        self._flush()
        self._drop(dropped)
        return self._finished(corpus)

    def _take(self, report: IndexedReport) -> None:
        held, content = self._held.get(report.id), digest(report)
        if held is None or held.digest != content:
            self._waiting[report.id] = (report, content)
            self._characters += sum(len(sentence.text) for sentence in report.sentences)
            if self._characters >= CHARACTERS:
                self._flush()
        elif held.revision != report.revision:
            self._recode(held, report)

    def _recode(self, held: HeldReport, report: IndexedReport) -> None:
        """A report that differs from the held one in its codes only."""
        if held.segment not in self._codes:
            self._codes[held.segment] = read_codes(self._folder, self._segments[held.segment]).copy()
        self._codes[held.segment][held.first : held.first + held.sentences] = build.codes_of(report.sentences)
        self._held[report.id] = replace(held, revision=report.revision)

    def _flush(self) -> None:
        """Write the reports that wait as a segment, and tell Whoosh of them."""
        if not self._waiting:
            return
        reports = [report for report, _ in self._waiting.values()]
        made, words = build.from_reports(reports, self._lexicon())
        replaced = [report.id for report in reports if report.id in self._held]
        self._whoosh = whoosh.update(self._folder, self._whoosh, entries(reports, made, words, self._lexicon()), replaced)
        first = 0
        for place, (report, content) in enumerate(self._waiting.values()):
            where = (len(self._segments), place, first, len(report.sentences))
            self._held[report.id] = HeldReport(report.id, report.revision, *where, content, report.name, report.district, report.year)
            first += len(report.sentences)
        self._segments.append(write(self._folder, made, len(reports)))
        self._waiting, self._characters = {}, 0

    def _drop(self, keys: set[int]) -> None:
        for key in keys:
            del self._held[key]
        if keys:
            self._whoosh = whoosh.update(self._folder, self._whoosh, (), keys)

    def _finished(self, corpus: int | None) -> State:
        for number, codes in self._codes.items():
            self._segments[number] = replace(self._segments[number], codes=write_codes(self._folder, codes))
        sizes = tuple((name, (self._folder / name).stat().st_size) for name in whoosh.files(self._whoosh))
        return compact(State(self._state.made_by, corpus, tuple(self._segments), tuple(self._held.values()), self._whoosh, sizes))


def write(folder: Path, made: build.Made, reports: int) -> SegmentFile:
    """Write a segment under a name that no other has."""
    name = f"{secrets.token_hex(6)}.segment"
    arrays.write(folder / name, made.arrays)
    return SegmentFile(name, write_codes(folder, made.codes), reports, len(made.codes))


def read_codes(folder: Path, segment: SegmentFile) -> Array:
    """The codes of a segment's sentences."""
    return arrays.read(folder / segment.codes)["code"]


def write_codes(folder: Path, codes: Array) -> str:
    """Write codes to a new file; returns its name."""
    name = f"{secrets.token_hex(6)}.codes"
    arrays.write(folder / name, {"code": codes})
    return name


def compact(state: State) -> State:
    """The state without segments that no report is left in; segments and reports in the order of the ids."""
    first: dict[int, int] = {}
    for report in state.reports:
        first[report.segment] = min(report.id, first.get(report.segment, report.id))
    order = sorted(first, key=first.__getitem__)
    number = {old: new for new, old in enumerate(order)}
    moved = (report if number[report.segment] == report.segment else replace(report, segment=number[report.segment]) for report in state.reports)
    reports = sorted(moved, key=lambda report: report.id)
    return replace(state, segments=tuple(state.segments[old] for old in order), reports=tuple(reports))


def to_merge(state: State) -> list[int]:
    """The numbers of segments that should become one: one that is more than half gone, or neighbours of like size."""
    left = [0] * len(state.segments)
    for report in state.reports:
        left[report.segment] += report.sentences
    for number, segment in enumerate(state.segments):
        if left[number] * 2 < segment.sentences:
            return [number]
    sizes = [int(math.log(max(count, SMALL) / SMALL, ALIKE)) for count in left]
    for size in sorted(set(sizes)):
        for run in _runs(sizes, size):
            if sum(sizes[number] == size for number in run) >= ALIKE and sum(left[number] for number in run) <= LARGEST:
                return run
    return []


def _runs(sizes: Sequence[int], most: int) -> list[list[int]]:
    """Neighbours that are of a size or smaller.

    >>> _runs([3, 0, 1, 2, 1], 1)
    [[1, 2], [4]]
    """
    groups = groupby(range(len(sizes)), key=lambda number: sizes[number] <= most)
    return [list(run) for small, run in groups if small]


def merge(folder: Path, state: State, numbers: Sequence[int]) -> State:
    """The state with some segments made one."""
    moved = sorted((report for report in state.reports if report.segment in numbers), key=lambda report: (report.segment, report.place))
    renumbered = {number: np.full(state.segments[number].reports, -1, dtype=np.int64) for number in numbers}
    reports, first = [report for report in state.reports if report.segment not in numbers], 0
    for place, report in enumerate(moved):
        renumbered[report.segment][report.place] = place
        reports.append(replace(report, segment=len(state.segments), place=place, first=first))
        first += report.sentences
    sources = [Source(Segment(folder, state.segments[n].file), read_codes(folder, state.segments[n]), renumbered[n]) for n in numbers]
    segment = write(folder, merged(sources), len(moved))
    return compact(replace(state, segments=(*state.segments, segment), reports=tuple(reports)))
