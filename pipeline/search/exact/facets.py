"""How many hits have each value of a field: one count over the hits for every column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from pipeline.data import ROLES
from pipeline.search.engine import Facets
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.build import NO_CODE
from pipeline.search.exact.view import View

V = TypeVar("V")


def facets(view: View, rows: Sequence[Array]) -> Facets:
    """The counts of hits, given as rows of every segment."""
    reports = np.zeros(len(view.state.reports), dtype=np.int64)
    codes, roles = np.zeros(256, dtype=np.int64), np.zeros(len(ROLES), dtype=np.int64)
    topics: Counter[str] = Counter()
    for segment, numbers, column, found in zip(view.segments, view.numbers, view.codes, rows, strict=True):
        places = np.bincount(segment.column("report").take(found), minlength=len(numbers))
        np.add.at(reports, numbers[places > 0], places[places > 0])
        codes += np.bincount(column.take(found), minlength=256)
        roles += np.bincount(segment.column("role").take(found), minlength=len(ROLES))
        topics.update(_topics(segment.topics, segment.column("topic"), np.bincount(segment.column("heading").take(found))))
    held = [(report, count) for report, count in zip(view.state.reports, reports.tolist(), strict=True) if count]
    return Facets(
        _sorted((report.district, count) for report, count in held),
        _sorted((report.year, count) for report, count in held),
        _sorted((None if code == NO_CODE else code, count) for code, count in enumerate(codes.tolist()) if count),
        _sorted((role, count) for role, count in zip(ROLES, roles.tolist(), strict=True) if count),
        _sorted(topics.items()),
    )


def _topics(names: Sequence[str], topic: Array, counts: Array) -> dict[str, int]:
    """The counts of headings as counts of headings without their numbers."""
    there = np.flatnonzero(counts)
    sums = np.bincount(topic.take(there), counts[there]).astype(np.int64)
    return {names[number]: int(sums[number]) for number in np.flatnonzero(sums).tolist()}


def _sorted(pairs: Iterable[tuple[V, int]]) -> tuple[tuple[V, int], ...]:
    counts: Counter[V] = Counter()
    for value, count in pairs:
        counts[value] += count
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0])))
