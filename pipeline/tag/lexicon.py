"""A lexicon of n-grams: which slots are known, how rare each is, and its weight for every category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import grams

Array = NDArray[np.float64]

#: Texts are looked up in blocks of about so many characters, which stay in the processor's cache.
BLOCK = 1 << 15


class Lexicon:
    """Known n-grams, ready to be looked up.

    A text's vector has for every known n-gram ``count * rarity``, divided by the square root of ``sum(count * rarity**2)``: the length that the vector
    has where no n-gram comes twice. So a text is scored by adding up one row for each of its n-grams, and none has to be counted.

    ``slots`` (n,) are the known slots; ``weights`` (n, classes) have the rarity in them already; ``rarity`` (n,) is 1 for all by default.
    """

    def __init__(self, slots: NDArray[Any], weights: NDArray[Any], rarity: NDArray[Any] | None = None, *, longest: int, bits: int) -> None:
        self.longest, self.bits = longest, bits
        # Row 0 stands for all unknown slots.
        self.weights = np.zeros((len(slots) + 1, weights.shape[1]), dtype=np.float32)
        self.weights[1:] = weights
        self.squares = np.zeros(len(slots) + 1, dtype=np.float32)
        self.squares[1:] = 1.0 if rarity is None else np.asarray(rarity, dtype=np.float32) ** 2
        self.rows = np.zeros(1 << bits, dtype=np.int32)
        self.rows[slots] = np.arange(1, len(slots) + 1, dtype=np.int32)

    def scores(self, texts: Sequence[str]) -> Array:
        """The weighted sum of every text's vector: ``(texts, classes)``."""
        out = np.zeros((len(texts), self.weights.shape[1]))
        for part in _blocks(texts):
            codes, starts = grams.characters(texts[part])
            total, squares = self.at(codes, starts)
            length = np.sqrt(np.add.reduceat(squares, starts[:-1]))
            out[part] = np.add.reduceat(total, starts[:-1], axis=0) / np.maximum(length, 1e-6)[:, None]
        return out

    def at(self, codes: grams.Codes, starts: grams.Ids) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """For each character the summed weights, and summed squared rarities, of the n-grams that begin there."""
        total = np.zeros((len(codes), self.weights.shape[1]), dtype=np.float32)
        squares = np.zeros(len(codes), dtype=np.float32)
        for slots in grams.hashes(codes, starts, self.longest, self.bits):
            # `take` is several times as fast as indexing; all indexes are in bounds, so that clipping only saves a check.
            rows = self.rows.take(slots, mode="clip")
            total += self.weights.take(rows, axis=0, mode="clip")
            squares += self.squares.take(rows, mode="clip")
        return total, squares


def counts(texts: Sequence[str], *, longest: int, bits: int) -> Any:
    """How often each slot occurs in each text: a sparse matrix ``(texts, 2**bits)``."""
    from scipy import sparse

    codes, starts = grams.characters(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(starts))
    rows, columns = [], []
    for slots in grams.hashes(codes, starts, longest, bits):
        there = slots > 0
        rows.append(owner[there])
        columns.append(slots[there])
    row, column = np.concatenate(rows), np.concatenate(columns).astype(np.int64)
    matrix = sparse.csr_matrix((np.ones(len(row), dtype=np.float64), (row, column)), shape=(len(texts), 1 << bits))
    matrix.sum_duplicates()
    return matrix


def vectors(matrix: Any, slots: NDArray[Any], rarity: Array) -> Any:
    """The vectors of the texts of a matrix of :func:`counts` over the known slots, as :class:`Lexicon` scores them."""
    from scipy import sparse

    kept = matrix[:, slots]
    length = np.sqrt(kept @ (rarity**2))
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-6)) @ kept @ sparse.diags(rarity))


def _blocks(texts: Sequence[str]) -> Iterator[slice]:
    begin, size = 0, 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= BLOCK:
            yield slice(begin, i + 1)
            begin, size = i + 1, 0
    if begin < len(texts):
        yield slice(begin, len(texts))
