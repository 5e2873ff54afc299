"""Stretches of text that a term covers: found by reading sentences where a term is no phrase, and joined where two are near."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.search.exact import layout
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.segment import Segment
from pipeline.search.query import Regex, Wildcard
from pipeline.search.spans import occurrences


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches in the order of where they begin: the row of each, its first place, and the place behind its last."""

    rows: Array
    begins: Array
    ends: Array


_NOTHING = np.zeros(0, dtype=np.int64)
NOTHING = Spans(_NOTHING, _NOTHING, _NOTHING)


def union(parts: Sequence[Spans]) -> Spans:
    """The stretches of several lists, each once."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NOTHING
    rows, begins, ends = (np.concatenate([getattr(part, name) for part in parts]) for name in ("rows", "begins", "ends"))
    return _each_once(rows, begins, ends)


def _each_once(rows: Array, begins: Array, ends: Array) -> Spans:
    _, first = np.unique(begins.astype(np.uint64) << np.uint64(32) | ends.astype(np.uint64), return_index=True)
    return Spans(rows[first], begins[first], ends[first])


def pairs(segment: Segment, left: Spans, right: Spans, distance: int) -> Spans:
    """From the beginning of one of ``left`` to the end of one of ``right``, where at most so many characters stand between, and no overlap."""
    behind, before = segment.characters(left.ends), segment.characters(right.begins)
    low, high = np.searchsorted(before, behind), np.searchsorted(before, behind + distance, side="right")
    counts = (high - low).clip(0)
    one = np.repeat(np.arange(len(counts)), counts)
    other = np.arange(len(one)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(low, counts)
    same = left.rows[one] == right.rows[other]
    one, other = one[same], other[same]
    return _each_once(left.rows[one], left.begins[one], right.ends[other])


def read(segment: Segment, rows: Array, query: Wildcard | Regex, *, exact: bool) -> Spans:
    """Where a term stands in some sentences, by reading each."""
    found = [(row, *pair) for row in rows.tolist() for pair in _places(segment, row, query, exact)]
    columns = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return Spans(*columns)


def _places(segment: Segment, row: int, query: Wildcard | Regex, exact: bool) -> Iterator[tuple[int, int]]:
    text, begin = segment.sentence(row), segment.begin(row)
    for start, end in occurrences(text, query, exact=exact or isinstance(query, Regex)):  # a regular expression has no variants to fold
        if len(segment.surrogates):
            start, end = len(layout.units(text[:start])), len(layout.units(text[:end]))
        yield begin + start, begin + end


def literals(query: Wildcard | Regex) -> list[str]:
    """Texts that every sentence with the term holds."""
    if isinstance(query, Wildcard):
        return [piece for piece in re.split(r"[?*]+", query.text) if piece]
    return _literals(query.pattern)


def _literals(pattern: str) -> list[str]:
    """The runs of plain characters of a regular expression that stand outside of groups, choices and repeats."""
    from re import _parser  # type: ignore[attr-defined]

    read = _parser.parse(pattern)
    if read.state.flags & re.IGNORECASE:
        return []
    found = [""]
    for operation, value in read:
        if str(operation) == "LITERAL":
            found[-1] += chr(value)
        elif found[-1]:
            found.append("")
    return [text for text in found if text]
