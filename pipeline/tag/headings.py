"""The second layer: what the headings above a sentence say, and how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import grams, softmax
from pipeline.tag.estimator import Estimator, check_fitted
from pipeline.tag.folds import grouped_folds

Array = NDArray[np.float64]

_HAN = "一二三四五六七八九十百"
_NUMBER = re.compile(rf"(?:第[{_HAN}]+(?:部分|章|节)|[（(]\s*[{_HAN}\d]+\s*[）)]|[{_HAN}]{{1,3}}[、.．,]|\d{{1,2}}[、.．,]|[①-⑳]|(?:第)?[{_HAN}]{{1,3}}(?:是|要|则))\s*")


def bare(heading: str) -> str:
    """A heading without its number.

    >>> bare("(二)健全制度"), bare("一是健全决策机制")
    ('健全制度', '健全决策机制')
    """
    return _NUMBER.sub("", heading, count=1) if _NUMBER.match(heading) else heading


class HeadingEvidence(Estimator):
    """How the labels of the sentences under a heading are spread, learned from its character n-grams.

    A heading whose n-grams say nothing (a slogan, say) gets the spread of all sentences; that is how the layer says how much a heading means.

    Parameters
    ----------
    longest : int, default=3
        N-grams from 1 to so many characters.
    bits : int, default=16
    penalty : float, default=1e-4
        Strength of the ridge penalty.
    classes : int, default=8
    folds : int, default=5

    Attributes
    ----------
    slots_ : int32 (n,)
    weights_ : float32 (n, classes)
    bias_ : float64 (classes,)
    """

    def __init__(self, *, longest: int = 3, bits: int = 16, penalty: float = 1e-4, classes: int = 8, folds: int = 5) -> None:
        self.longest = longest
        self.bits = bits
        self.penalty = penalty
        self.classes = classes
        self.folds = folds

    def fit(self, X: Sequence[str], y: Array, groups: Sequence[int] | None = None) -> Self:
        """Learn from headings; a row of ``y`` ``(headings, classes)`` counts the labels of the sentences below."""
        features, targets = self._features(X), np.asarray(y, dtype=np.float64)
        used = np.unique(features.indices)
        weights, self.bias_ = softmax.fit_softmax(features[:, used], targets, penalty=self.penalty)
        self.slots_, self.weights_ = used.astype(np.int32), weights.astype(np.float32)
        return self

    def fit_transform(self, X: Sequence[str], y: Array, groups: Sequence[int] | None = None) -> Array:
        """Fit, and return the log probabilities that each heading gets from a fit without its report."""
        logs = np.zeros((len(X), self.classes))
        counts = np.asarray(y, dtype=np.float64)
        for train, test in grouped_folds(np.arange(len(X)) if groups is None else np.asarray(groups), self.folds):
            self.fit([X[i] for i in train], counts[train])
            logs[test] = self.predict_log_proba([X[i] for i in test])
        self.fit(X, y)
        return logs

    def predict_log_proba(self, X: Sequence[str]) -> Array:
        """Log probabilities ``(headings, classes)`` of the label of a sentence below each heading."""
        check_fitted(self)
        table = np.zeros((1 << self.bits, self.classes), dtype=np.float32)
        table[self.slots_] = self.weights_
        scores = np.zeros((len(X), self.classes))
        for i, (slots, counts) in enumerate(self._slots(X)):
            length = np.sqrt((counts**2).sum()) or 1.0
            scores[i] = (table[slots] * counts[:, None]).sum(axis=0) / length
        return softmax.log_softmax(scores + self.bias_)

    def _slots(self, X: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        found = []
        for heading in X:
            codes, starts = grams.characters([bare(heading)])
            slots = np.concatenate(list(grams.hashes(codes, starts, self.longest, self.bits)))
            unique, counts = np.unique(slots[slots > 0], return_counts=True)
            found.append((unique, counts.astype(np.float64)))
        return found

    def _features(self, X: Sequence[str]) -> Any:
        from scipy import sparse

        rows = self._slots(X)
        owner = np.repeat(np.arange(len(X)), [len(slots) for slots, _ in rows])
        values = np.concatenate([counts / (np.sqrt((counts**2).sum()) or 1.0) for _, counts in rows])
        return sparse.csr_matrix((values, (owner, np.concatenate([slots for slots, _ in rows]))), shape=(len(X), 1 << self.bits))
