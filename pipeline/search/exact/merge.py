"""Making one segment of several: the reports that are left, without reading or cutting them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.search.exact import layout
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.build import COLUMNS, MOST, Made, whole
from pipeline.search.exact.segment import Segment


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A segment to be merged, its codes, and the new number of each of its reports, -1 where it is gone."""

    segment: Segment
    codes: Array
    numbers: Array


def merged(sources: Sequence[Source]) -> Made:
    """One segment of the reports that are left, in the order of the segments."""
    headings = sorted({heading for source in sources for heading in source.segment.headings})
    number = {heading: at for at, heading in enumerate(headings)}
    empty = np.zeros(layout.BLOCK, dtype=np.uint16)
    kept = [np.flatnonzero((source.numbers >= 0)[source.segment.column("report")]) for source in sources]
    text = np.concatenate([empty, *(_text(source.segment, rows) for source, rows in zip(sources, kept, strict=True)), empty])
    columns = [_columns(source, rows, number) for source, rows in zip(sources, kept, strict=True)]
    joined = {name: np.concatenate([column[name] for column in columns]) for name in (*COLUMNS, "length")}
    first_rows = np.cumsum([0, *map(len, kept)])
    postings = np.concatenate([_postings(source.segment, rows, first) for source, rows, first in zip(sources, kept, first_rows, strict=False)])
    lengths = joined.pop("length")
    sizes = (lengths >> layout.SHIFT) + 1
    blocks = (np.cumsum(sizes) - sizes + 1).astype(np.int32)
    return Made(whole(text, blocks, lengths, joined, headings, postings), np.concatenate([s.codes[rows] for s, rows in zip(sources, kept, strict=True)]))


def _text(segment: Segment, rows: Array) -> Array:
    """The blocks of some rows."""
    blocks = segment.text.reshape(-1, layout.BLOCK)
    if len(rows) == len(segment):
        return blocks[1:-1].ravel()
    kept = np.zeros(len(segment), dtype=bool)
    kept[rows] = True
    return blocks[1:-1][kept[segment.column("row")[1:-1]]].ravel()


def _columns(source: Source, rows: Array, number: dict[str, int]) -> dict[str, Array]:
    found = {name: source.segment.column(name)[rows] for name in (*COLUMNS, "length")}
    headings = np.array([number[heading] for heading in source.segment.headings], dtype=np.int32)
    return found | {"report": source.numbers[found["report"]].astype(np.int32), "heading": headings[found["heading"]]}


def _postings(segment: Segment, rows: Array, first: int) -> Array:
    """The words of some rows, which get numbers from ``first`` on."""
    renumbered = np.full(len(segment), -1, dtype=np.int64)
    renumbered[rows] = np.arange(first, first + len(rows))
    posting = segment.column("posting")
    keys = np.repeat(segment.column("word"), np.diff(segment.column("word_end"), prepend=np.uint32(0))).astype(np.uint64)
    new = renumbered[posting >> 4]
    found = keys << np.uint64(32) | new.astype(np.uint64) << np.uint64(4) | (posting & MOST).astype(np.uint64)
    kept: Array = found[new >= 0]
    return kept
