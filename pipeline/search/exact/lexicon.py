"""The words of the dictionary as arrays: which characters may follow, and how likely every word is.

They are made from jieba's words and the domain dictionary's, which takes a second, and kept in the user's cache folder.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import platformdirs

from pipeline.search import fold
from pipeline.search.exact import arrays
from pipeline.search.exact.arrays import Array
from pipeline.tokenize import Segmenter

_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: Fibonacci hashing, Knuth, TAOCP 3, 6.4


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """A trie: state 0 is the empty word, and a state stands for the characters that lead to it.

    ``keys`` and ``values`` are a hash table from (state, character) to state; ``weight`` is the logarithm of a state's probability as a word, -inf where
    it is none; ``unknown`` is that of a single character that is no word.
    """

    keys: Array
    values: Array
    weight: Array

    @property
    def unknown(self) -> np.float32:
        """The weight of a character that is no word."""
        return np.float32(self.weight[-1])

    def follow(self, states: Array, characters: Array) -> Array:
        """The states that the characters lead to; 0 where no word goes on so."""
        wanted = states.astype(np.uint64) << np.uint64(16) | characters
        slots = _slots(wanted, len(self.keys))
        found = np.zeros(len(wanted), dtype=np.int32)
        open_ = np.arange(len(wanted))
        while len(open_):
            keys = self.keys.take(slots)
            hit = keys == wanted
            found[open_[hit]] = self.values.take(slots[hit])
            on = ~hit & (keys != 0)
            open_, wanted, slots = open_[on], wanted[on], (slots[on] + 1) & (len(self.keys) - 1)
        return found


def lexicon(segmenter: Segmenter) -> Lexicon:
    """The words that a segmenter knows."""
    return _lexicon(segmenter, f"lexicon-{segmenter.version}-{fold.version()}.arrays")


@lru_cache(maxsize=4)
def _lexicon(segmenter: Segmenter, name: str) -> Lexicon:
    path = Path(platformdirs.user_cache_dir("fazhi")) / name
    with contextlib.suppress(arrays.Damaged, KeyError):
        return Lexicon(**arrays.read(path))
    made = build(segmenter.frequencies())
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(f".{os.getpid()}.part")
        arrays.write(part, {"keys": made.keys, "values": made.values, "weight": made.weight})
        part.replace(path)
    return made


def build(frequencies: Mapping[str, int]) -> Lexicon:
    """Make the arrays from words with their frequencies. Words with marks, and beyond the first plane of Unicode, are left out."""
    folded: dict[str, int] = {}
    for word, count in frequencies.items():
        plain = fold.flat(word)
        if plain.isalnum() and plain <= "\uffff" and max(plain) <= "\uffff":
            folded[plain] = max(count, folded.get(plain, 0))
    prefixes = {word[:end] for word in folded for end in range(1, len(word) + 1)}
    states = {prefix: state for state, prefix in enumerate(sorted(prefixes), 1)}
    edges = [(states.get(prefix[:-1], 0) << 16) | ord(prefix[-1]) for prefix in states]
    counts = np.array([0, *(folded.get(prefix, 0) for prefix in states), 1], dtype=np.float64)
    with np.errstate(divide="ignore"):
        weight = np.log(counts) - np.log(max(1.0, counts.sum()))
    keys, values = _table(np.array(edges, dtype=np.uint64), np.arange(1, len(states) + 1, dtype=np.int32))
    return Lexicon(keys, values, weight.astype(np.float32))


def _table(wanted: Array, values: Array) -> tuple[Array, Array]:
    """A hash table with linear probing, half full at most."""
    size = 1 << max(4, (2 * len(wanted) - 1).bit_length())
    table, held = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int32)
    slots = _slots(wanted, size)
    while len(wanted):
        _, first = np.unique(slots, return_index=True)
        first = first[table[slots[first]] == 0]
        table[slots[first]], held[slots[first]] = wanted[first], values[first]
        rest = np.ones(len(wanted), dtype=bool)
        rest[first] = False
        wanted, values, slots = wanted[rest], values[rest], (slots[rest] + 1) & (size - 1)
    return table, held


def _slots(keys: Array, size: int) -> Array:
    return ((keys * _SPREAD) >> np.uint64(64 - (size - 1).bit_length())).astype(np.intp)
