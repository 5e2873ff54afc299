"""Sentences that are nearly the same but have different labels, found without comparing each with each.

Sentences count as nearly the same where they are so after folding and without their figures, or where the sets of their runs of three characters have a
Jaccard similarity of at least 0.8. Candidates come from MinHash signatures in bands (Broder: On the resemblance and containment of documents, 1997;
Leskovec, Rajaraman and Ullman: Mining of Massive Datasets, 2014, chapter 3.4): of pairs at 0.8 all but one in five hundred are looked at.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.search.fold import flat

Hashes = NDArray[np.uint32]
SIMILAR = 0.8
_LEAST = 0.6
_BANDS, _ROWS = 12, 4
_NEIGHBOURS = 6
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_LEFT_OUT = re.compile(r"\W+")


def near_pairs(texts: Sequence[str], codes: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of places in ``texts`` that are nearly the same and have different codes.

    Of texts with one skeleton each that differs from the most frequent code is paired with one that has it; of similar skeletons one text each is paired.

    >>> near_pairs(["全年受理行政复议案件72件。", "全年受理行政复议案件９件。", "组织防汛演练。"], [6, 5, 4])
    [(0, 1)]
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        groups[_skeleton(text)].append(at)
    plain, found, first = list(groups), set[tuple[int, int]](), []
    for places in groups.values():
        usual = Counter(codes[at] for at in places).most_common(1)[0][0]
        first.append(next(at for at in places if codes[at] == usual))
        found.update((min(first[-1], at), max(first[-1], at)) for at in places if codes[at] != usual)
    similar = _similar(plain, [codes[at] for at in first])
    return sorted(found | {(min(first[a], first[b]), max(first[a], first[b])) for a, b in similar})


def _similar(texts: Sequence[str], codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of similar texts with different codes."""
    if len(texts) < 2:
        return
    signatures = _signatures(texts)
    pairs = _candidates(signatures, np.asarray(codes))
    equal = np.zeros(len(pairs), np.int64)
    for row in signatures:
        equal += row[pairs[:, 0]] == row[pairs[:, 1]]
    # The share of equal hashes estimates the similarity, to a standard error of 0.06 at 0.8.
    likely = pairs[equal >= _LEAST * len(signatures)]
    grams: dict[int, frozenset[str]] = {}
    yield from ((one, other) for one, other in likely.tolist() if _similarity(texts, grams, one, other) >= SIMILAR)


def _skeleton(text: str) -> str:
    """A folded text without figures, spaces and marks."""
    return _LEFT_OUT.sub("", _FIGURE.sub("0", flat(text)))


def _candidates(signatures: Hashes, codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs that may be similar and have different codes, ``(pairs, 2)``: those that agree in a band of their signatures, each with the next few of its bucket.

    A bucket of thousands costs no more than its size.
    """
    count = signatures.shape[1]
    found = [np.zeros(0, np.int64)]
    for band in range(_BANDS):
        key = np.zeros(count, np.uint64)
        for row in signatures[band * _ROWS : (band + 1) * _ROWS]:
            key = key * np.uint64(0x9E3779B97F4A7C15) + row
        order = np.argsort(key, kind="stable")
        for lag in range(1, _NEIGHBOURS + 1):
            one, other = order[:-lag], order[lag:]
            chosen = (key[one] == key[other]) & (codes[one] != codes[other])
            found.append(one[chosen] * count + other[chosen])
    both = np.unique(np.concatenate(found))
    return np.stack([both // count, both % count], axis=1)


def _signatures(texts: Sequence[str]) -> Hashes:
    """The smallest hash of every text's runs of three characters, under each of several hash functions: ``(bands * rows, texts)``."""
    padded = [f"\1{text}\2\2" for text in texts]
    letters = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    starts = np.concatenate([[0], np.cumsum([len(text) for text in padded])[:-1]])
    later = np.concatenate([letters, [0, 0]]).astype(np.uint64)
    runs = letters * np.uint64(0x9E3779B97F4A7C15) ^ later[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F) ^ later[2:] * np.uint64(0x165667B19E3779F9)
    draw = np.random.default_rng(0)
    short = (runs * np.uint64(0xFF51AFD7ED558CCD) >> np.uint64(32)).astype(np.uint32)
    return np.array([np.minimum.reduceat(_mixed(short, seed), starts) for seed in draw.integers(1, 1 << 32, _BANDS * _ROWS, np.uint32)])


def _mixed(runs: Hashes, seed: np.uint32) -> Hashes:
    """One hash function of a family: the seed mixed in, multiplied and folded."""
    mixed = (runs ^ seed) * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(15)
    return np.asarray(mixed * np.uint32(0xC2B2AE35))


def _similarity(texts: Sequence[str], grams: dict[int, frozenset[str]], one: int, other: int) -> float:
    for at in (one, other):
        if at not in grams:
            grams[at] = frozenset(texts[at][i : i + 3] for i in range(max(1, len(texts[at]) - 2)))
    return len(grams[one] & grams[other]) / len(grams[one] | grams[other])
