"""A segment: some reports with everything that answers queries about them, in one file that never changes, and their codes in another."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from pipeline.search.exact import arrays, layout
from pipeline.search.exact.arrays import Array
from pipeline.search.fold import MARKS

_NONE = np.zeros(0, dtype=np.uint32)
NEEDED = {
    "text",
    "block",
    "length",
    "row",
    "id",
    "report",
    "paragraph",
    "section",
    "heading",
    "role",
    "words",
    "pair",
    "pair_end",
    "place",
    "word",
    "word_end",
    "posting",
    "surrogate",
}


class Segment:
    """The arrays of a segment, mapped into memory; a row is the number of a sentence in it, a place an index into its text."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.arrays = arrays.read(folder / name)
        if not self.arrays.keys() >= NEEDED:
            raise arrays.Damaged(name)
        self.text, self._row = self.arrays["text"], self.arrays["row"]
        self._pair, self._pair_end, self._place = (self.arrays[name] for name in ("pair", "pair_end", "place"))
        self._word, self._word_end, self._posting = (self.arrays[name] for name in ("word", "word_end", "posting"))

    def __len__(self) -> int:
        return len(self.arrays["id"])

    def column(self, name: str) -> Array:
        """One value for every row."""
        return self.arrays[name]

    def rows(self, places: Array) -> Array:
        """The rows that places stand in."""
        return self._row.take(places >> layout.SHIFT)

    def pair(self, first: int, second: int) -> Array:
        """The places of a character before another, marks passed over, in order."""
        return _group(self._pair, self._pair_end, self._place, first << 16 | second)

    def every(self, character: int) -> Array:
        """The places of a character, in order: of all pairs that it begins, but those with a mark, which repeat them."""
        begin, end = self._pair.searchsorted(np.array([(character << 16) + len(MARKS) + 1, (character << 16) + 0xFFFF], dtype=np.uint32))
        ending = self.pair(character, 0)
        others = self._place[self._pair_end[begin - 1] if begin else 0 : self._pair_end[end - 1]] if end > begin else _NONE
        return np.sort(np.concatenate((ending, others)))

    def word(self, key: int) -> tuple[Array, Array]:
        """The rows that hold a word, in order, and how often each does."""
        found = _group(self._word, self._word_end, self._posting, key)
        return found >> 4, found & 15

    def sentence(self, row: int) -> str:
        """The text of a row, as stored."""
        begin = self.begin(row)
        return layout.text_of(self.text[begin : begin + int(self.arrays["length"][row])])

    def begin(self, row: int) -> int:
        """The place where a row begins."""
        return int(self.arrays["block"][row]) * layout.BLOCK

    @property
    def surrogates(self) -> Array:
        """The places of the second halves of characters beyond the first plane of Unicode."""
        return self.arrays["surrogate"]

    def characters(self, places: Array) -> Array:
        """Places counted in characters, for distances."""
        return places - np.searchsorted(self.surrogates, places) if len(self.surrogates) else places

    @cached_property
    def ascending(self) -> bool:
        """Whether the ids of the sentences come in order."""
        ids = self.arrays["id"]
        return bool((ids[1:] > ids[:-1]).all())

    @cached_property
    def headings(self) -> list[str]:
        """The headings of the segment, each once."""
        return arrays.unpack(self.arrays["heading_bytes"], self.arrays["heading_ends"])

    @cached_property
    def topics(self) -> list[str]:
        """The headings without their numbers, each once."""
        return arrays.unpack(self.arrays["topic_bytes"], self.arrays["topic_ends"])

    @cached_property
    def folded_headings(self) -> list[str]:
        """The same without differences of writing."""
        return arrays.unpack(self.arrays["folded_bytes"], self.arrays["folded_ends"])


def _group(keys: Array, ends: Array, values: Array, key: int) -> Array:
    at = int(keys.searchsorted(np.uint32(key)))
    if at == len(keys) or keys[at] != key:
        return _NONE
    return values[ends[at - 1] if at else 0 : ends[at]]
