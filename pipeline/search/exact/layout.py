"""How the text of a segment lies in one array, and what is derived from it alone.

The text is UTF-16, so that every array has one width. A sentence begins at a multiple of 16 and is followed by a 0, so that the sentence of a place is
one look-up away; the first and the last block are empty, so that every place has a neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from pipeline.search import fold
from pipeline.search.exact.arrays import Array

BLOCK = 16
SHIFT = 4
MARK = 1  # what a mark that may be left out is folded to; no text holds it


@lru_cache(maxsize=1)
def folds() -> Array:
    """What every code unit is folded to; 0 stays 0."""
    made = fold.codes().copy()
    made[0] = 0
    return made


@lru_cache(maxsize=1)
def characters() -> Array:
    """The same, with every mark folded to 1."""
    made = folds().copy()
    made[np.isin(made, [ord(mark) for mark in fold.MARKS])] = MARK
    return made


@lru_cache(maxsize=1)
def digits() -> Array:
    """Which code units are digits once folded."""
    return folds() - 0x30 < 10


def units(text: str) -> Array:
    """A text as UTF-16."""
    found = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    return np.where(found == 0, np.uint16(0xFFFD), found) if 0 in found else found


def text_of(found: Array) -> str:
    """The text of some UTF-16."""
    return found.tobytes().decode("utf-16-le", "surrogatepass")


def lay(texts: Sequence[str]) -> tuple[Array, Array, Array]:
    """Texts as one array, the block where each begins, and its length in code units."""
    whole = units("".join(texts))
    lengths = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
    if int(lengths.sum()) != len(whole):
        lengths = np.fromiter((len(units(text)) for text in texts), dtype=np.int32, count=len(texts))
    sizes = (lengths >> SHIFT) + 1
    ends = np.cumsum(sizes, dtype=np.int32) + 1
    laid = np.zeros(((int(ends[-1]) if len(ends) else 1) + 1) * BLOCK, dtype=np.uint16)
    blocks = (ends - sizes).astype(np.int32)
    before = np.cumsum(lengths, dtype=np.int64) - lengths
    laid[np.repeat(blocks.astype(np.int64) * BLOCK - before, lengths) + np.arange(len(whole))] = whole
    return laid, blocks, lengths


def rows_of_blocks(blocks: Array, count: int) -> Array:
    """The sentence that each of ``count`` blocks belongs to."""
    rows = np.zeros(count, dtype=np.int32)
    rows[blocks] = 1
    return (np.cumsum(rows, dtype=np.int32) - 1).clip(0)


def pairs(text: Array) -> tuple[Array, Array, Array]:
    """Every pair of neighbouring characters with the places where it stands, in order.

    Gives the pairs in order (the first character's folded code unit times 65,536, plus the second's), where the places of each end, and the places. Marks
    between characters are passed over. Every mark stands in pairs of its own: the character before it, with :func:`mark_unit` for the second, and the mark
    before the next character. A character at the end of its sentence has 0 for a neighbour.
    """
    folded, passed = folds().take(text), left_out(text)
    stay, skipped = np.flatnonzero(~passed), np.flatnonzero(passed)
    second = np.zeros(len(text), dtype=np.uint16)
    second[stay[:-1]] = folded[stay[1:]]
    second[skipped] = folded[stay[np.searchsorted(stay, skipped)]]
    marks = np.flatnonzero(characters().take(text) == MARK)
    before = marks[text[marks - 1] != 0] - 1
    number = np.zeros(1 << 16, dtype=np.uint16)
    number[[ord(mark) for mark in fold.MARKS]] = range(1, len(fold.MARKS) + 1)
    there = np.flatnonzero(text)
    return grouped(np.concatenate((_keyed(folded[there], second[there], there), _keyed(folded[before], number[folded[before + 1]], before))))


def _keyed(first: Array, second: Array, places: Array) -> Array:
    return first.astype(np.uint64) << np.uint64(48) | second.astype(np.uint64) << np.uint64(32) | places.astype(np.uint64)


def mark_unit(unit: int) -> int:
    """What stands for a mark as the second of a pair.

    >>> mark_unit(ord("、"))
    1
    """
    return fold.MARKS.index(chr(unit)) + 1


def left_out(text: Array) -> Array:
    """Which places hold a mark that may be left out: any that does not stand between two digits."""
    passed: Array = characters().take(text) == MARK
    at = np.flatnonzero(passed)
    digit = digits()
    passed[at] = ~(digit[text[at - 1]] & digit[text[at + 1]])
    return passed


def grouped(found: Array) -> tuple[Array, Array, Array]:
    """Sort values whose upper half is a key: the keys, where the values of each end, and the lower halves."""
    found.sort()
    high, low = (found >> np.uint64(32)).astype(np.uint32), found.astype(np.uint32)
    ends = np.append(np.flatnonzero(high[1:] != high[:-1]) + 1, len(high)) if len(high) else np.zeros(0, dtype=np.int64)
    return high[ends - 1] if len(high) else high, ends.astype(np.uint32), low
