"""A report's text as blocks to read: its lines as they were, cut into headings, sentences and what is neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.data import Report


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``sentence`` is the index of the sentence that it belongs to, ``first`` whether the sentence begins with it."""

    text: str
    sentence: int | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the report. ``kind`` is heading, text or other (neither heading nor sentence); ``level`` is a heading's."""

    kind: str
    level: int
    section: int | None
    pieces: tuple[Piece, ...]


def blocks(report: Report) -> list[Block]:
    """The lines of a report that hold anything."""
    marks = _marks(report)
    return [block for start, end in _lines(report.text) if (block := _block(report, marks, start, end))]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield at, at + len(line)
        at += len(line)


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where sentences and headings stand, in order, as (start, end, index)."""

    sentences: tuple[tuple[int, int, int], ...]
    headings: tuple[tuple[int, int, int], ...]


def _marks(report: Report) -> _Marks:
    headings = []
    for index, section in enumerate(report.sections):
        if section.heading:
            headings.append((section.start, _heading_end(report.text, section.start, section.heading), index))
    return _Marks(tuple((s.start, s.end, i) for i, s in enumerate(report.sentences)), tuple(sorted(headings)))


def _heading_end(text: str, start: int, heading: str) -> int:
    """Where a heading ends that may be broken over lines: behind as many characters other than spaces as it has."""
    left, at = sum(not c.isspace() for c in heading), start
    while left and at < len(text):
        left -= not text[at].isspace()
        at += 1
    return at


def _block(report: Report, marks: _Marks, start: int, end: int) -> Block | None:
    if not report.text[start:end].strip():
        return None
    pieces: list[Piece] = []
    heading = next(((a, b, i) for a, b, i in _within(marks.headings, start, end)), None)
    at = start
    for a, b, i in _within(marks.sentences, start, end):
        if a > at:
            pieces.append(Piece(report.text[at:a]))
        pieces.append(Piece(report.text[max(a, start) : min(b, end)].rstrip("\r\n"), i, a >= start))
        at = min(b, end)
    if at < end:
        pieces.append(Piece(report.text[at:end].rstrip()))
    kept = tuple(piece for piece in pieces if piece.text)
    if heading is not None and not any(piece.sentence is not None for piece in kept):
        return Block("heading", max(1, report.sections[heading[2]].level), heading[2], kept)
    kind = "text" if any(piece.sentence is not None for piece in kept) else "other"
    return Block(kind, 0, heading[2] if heading else None, kept)


def _within(marks: tuple[tuple[int, int, int], ...], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The marks that touch a stretch of text."""
    from bisect import bisect_right

    at = max(0, bisect_right(marks, start, key=lambda mark: mark[0]) - 1)
    for mark in marks[at:]:
        if mark[0] >= end:
            return
        if mark[1] > start:
            yield mark


def parts(listed: list[Block], size: int, length: int = 20_000) -> list[list[Block]]:
    """Blocks in parts of at most about so many sentences and characters; a part begins at a heading where one is near its end."""
    made: list[list[Block]] = [[]]
    full = 0.0
    for block in listed:
        more = max(sum(piece.first for piece in block.pieces) / size, sum(len(piece.text) for piece in block.pieces) / length)
        if made[-1] and (full + more > 1 or (full > 0.8 and block.kind == "heading")):
            made.append([])
            full = 0.0
        made[-1].append(block)
        full += more
    return made
