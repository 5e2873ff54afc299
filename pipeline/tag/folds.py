"""Cross-validation grouped by report: the sentences of one report are never on both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Indexes = NDArray[np.int64]


def grouped_folds(groups: NDArray[Any], folds: int, seed: int = 0) -> list[tuple[Indexes, Indexes]]:
    """Pairs of train and test indexes; every group is in the test part once. There are at most as many folds as groups.

    >>> [test.tolist() for train, test in grouped_folds(np.array([0, 0, 1, 2]), 3)]
    [[3], [0, 1], [2]]
    """
    names, owner = np.unique(groups, return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    fold = np.empty(len(names), dtype=np.int64)
    fold[order] = np.arange(len(names)) % folds
    parts = [np.flatnonzero(fold[owner] == k) for k in range(min(folds, len(names)))]
    everything = np.arange(len(owner))
    return [(np.setdiff1d(everything, test), test) for test in parts]


def known(rows: Indexes, labels: NDArray[Any]) -> Indexes:
    """The rows that have a label, which is below 0 where nobody gave one; where none of the rows has one, all that have, as there is nothing else to learn.

    >>> known(np.array([0, 2]), np.array([6, 6, -1])).tolist()
    [0]
    """
    found = rows[labels[rows] >= 0]
    return found if len(found) else np.flatnonzero(labels >= 0)
