"""The words of many sentences at once, as the index has them: folded, without marks, with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.source import Ints
from pipeline.search.exact import layout
from pipeline.search.exact.cut import cut
from pipeline.search.exact.lexicon import lexicon
from pipeline.tokenize import Segmenter

_BATCH = 200_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and where it stands in its sentence."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Sentences as one array of characters (``text``, 0 between sentences): the sentence, the place and the length of every word, and the key that is the same for the same word."""

    text: NDArray[np.uint16]
    sentence: Ints
    place: Ints
    length: Ints
    key: Ints
    starts: Ints


def lay(texts: Sequence[str]) -> Laid:
    """Cut sentences into words."""
    text, blocks, lengths = layout.lay(texts)
    starts = blocks.astype(np.int64) * layout.BLOCK
    found = cut(lexicon(Segmenter.default()), layout.folds().take(text), starts, lengths)
    place = found.at.astype(np.int64)
    return Laid(text, np.searchsorted(starts, place, side="right") - 1, place, found.length.astype(np.int64), found.key.astype(np.int64), starts)


def words(texts: Sequence[str]) -> Iterator[list[Word]]:
    """The words of every sentence.

    >>> [word.text for word in next(words(["推进行政复议体制改革,受理12件。"]))]
    ['推进', '行政复议', '体制改革', '受理', '12', '件']
    """
    for at in range(0, len(texts), _BATCH):
        yield from _listed(texts[at : at + _BATCH])


def _listed(texts: Sequence[str]) -> Iterator[list[Word]]:
    laid = lay(texts)
    folded = _folded(laid)
    skipped = np.cumsum(laid.text & 0xFC00 == 0xDC00)  # characters beyond the first plane take two places
    begins = laid.place - laid.starts[laid.sentence] - (skipped[laid.place] - skipped[laid.starts[laid.sentence]])
    rows = zip(laid.place.tolist(), begins.tolist(), laid.length.tolist(), strict=True)
    for count in np.bincount(laid.sentence, minlength=len(texts)).tolist():
        yield [Word(folded[place : place + length], begin, begin + length) for place, begin, length in islice(rows, count)]


def counted(texts: Sequence[str]) -> Counter[str]:
    """How often every word stands in some sentences.

    >>> counted(["复议和复议。", "调解。"])
    Counter({'复议': 2, '和': 1, '调解': 1})
    """
    found: Counter[str] = Counter()
    for at in range(0, len(texts), _BATCH):
        laid = lay(texts[at : at + _BATCH])
        folded = _folded(laid)
        _, first, counts = np.unique(laid.key, return_index=True, return_counts=True)
        rows = zip(laid.place[first].tolist(), laid.length[first].tolist(), counts.tolist(), strict=True)
        found.update({folded[place : place + length]: count for place, length, count in rows})
    return found


def _folded(laid: Laid) -> str:
    """The text without differences of writing, a character a place."""
    folded = layout.folds().take(laid.text)
    return layout.text_of(np.where(folded & 0xF800 == 0xD800, np.uint16(0xFFFD), folded))
