"""The words of many sentences at once, as the index has them: folded, without marks, with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.source import Ints, batches
from pipeline.search.exact import layout
from pipeline.search.exact.cut import cut
from pipeline.search.exact.lexicon import lexicon
from pipeline.tokenize import Segmenter

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word, and where it stands in its sentence."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Laid:
    """Sentences as one array of characters (``text``, 0 between sentences): the sentence, the place and the length of every word, and the key that is the same for the same word."""

    text: NDArray[np.uint16]
    sentence: Ints
    place: Ints
    length: Ints
    key: Ints
    starts: Ints

    @cached_property
    def folded(self) -> str:
        """The text without differences of writing, a character a place."""
        folded = layout.folds().take(self.text)
        return layout.text_of(np.where(folded & 0xF800 == 0xD800, np.uint16(0xFFFD), folded))

    def counted(self, which: Ints) -> dict[str, int]:
        """How often every word stands among some of them."""
        _, first, counts = np.unique(self.key[which], return_index=True, return_counts=True)
        places, lengths = self.place[which[first]].tolist(), self.length[which[first]].tolist()
        return {self.folded[place : place + length]: count for place, length, count in zip(places, lengths, counts.tolist(), strict=True)}

    def places(self, sentences: Ints, offsets: Ints) -> Ints:
        """The places in the text of offsets in sentences; characters beyond the first plane of Unicode take two places."""
        second = self.text & 0xFC00 == 0xDC00
        if not second.any():
            return self.starts[sentences] + offsets
        character = np.arange(len(self.text)) - np.cumsum(second)
        found: Ints = np.searchsorted(character, character[self.starts[sentences]] + offsets)
        return found


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
    for at in range(0, len(texts), BATCH):
        yield from _listed(texts[at : at + BATCH])


def _listed(texts: Sequence[str]) -> Iterator[list[Word]]:
    laid = lay(texts)
    folded = laid.folded
    skipped = np.cumsum(laid.text & 0xFC00 == 0xDC00)  # characters beyond the first plane take two places
    begins = laid.place - laid.starts[laid.sentence] - (skipped[laid.place] - skipped[laid.starts[laid.sentence]])
    rows = zip(laid.place.tolist(), begins.tolist(), laid.length.tolist(), strict=True)
    for count in np.bincount(laid.sentence, minlength=len(texts)).tolist():
        yield [Word(folded[place : place + length], begin, begin + length) for place, begin, length in islice(rows, count)]


def counted(texts: Iterable[str]) -> Counter[str]:
    """How often every word stands in some sentences.

    >>> counted(["复议和复议。", "调解。"])
    Counter({'复议': 2, '和': 1, '调解': 1})
    """
    found: Counter[str] = Counter()
    for batch in batches(texts, BATCH):
        laid = lay(batch)
        found.update(laid.counted(np.arange(len(laid.key))))
    return found
