"""Boosted decision trees as plain data: the weighting of features, small enough to be read and kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from pipeline.compare.views import Array


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree whose node 0 is its root. At node ``i``, a pair whose ``feature[i]`` is at most ``threshold[i]`` goes to node ``low[i]``, else to ``high[i]``.

    A leaf has no feature (``""``), and adds its ``value[i]`` to the score.
    """

    feature: tuple[str, ...]
    threshold: tuple[float, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    value: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trees:
    """The score of a pair is ``start`` plus what its leaves add; its probability is the logistic function of it (Friedman, Annals of Statistics 29, 2001)."""

    start: float
    trees: tuple[Tree, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Trees from what :meth:`data` gives.

        Raises ``KeyError``, ``TypeError`` or ``ValueError`` where it is something else.
        """
        parts = [Tree(**{name: tuple(values) for name, values in tree.items()}) for tree in data["trees"]]
        return cls(float(data["start"]), tuple(parts))

    def data(self) -> dict[str, Any]:
        """The trees as JSON has them."""
        return asdict(self)

    def probability(self, features: Mapping[str, Array]) -> Array:
        """The probability of every pair, in the shape of each feature."""
        names = sorted({name for tree in self.trees for name in tree.feature if name})
        shape = next(iter(features.values())).shape
        table = np.stack([features[name].ravel() for name in names]) if names else np.zeros((1, int(np.prod(shape))))
        score = np.full(table.shape[1], self.start)
        for tree in self.trees:
            score += _leaves(tree, names, table)
        return np.asarray(1 / (1 + np.exp(-score))).reshape(shape)


def _leaves(tree: Tree, names: Sequence[str], table: Array) -> Array:
    """What a tree adds for every column of a table with a row a feature."""
    out = np.empty(table.shape[1])
    waiting = [(0, np.arange(table.shape[1]))]
    while waiting:
        node, pairs = waiting.pop()
        if not tree.feature[node]:
            out[pairs] = tree.value[node]
            continue
        below = table[names.index(tree.feature[node])].take(pairs) <= tree.threshold[node]
        waiting += [(tree.low[node], pairs[below]), (tree.high[node], pairs[~below])]
    return out
