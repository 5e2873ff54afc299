"""The second layer: what a heading says of the sentences below it, and how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import lexicon, softmax
from pipeline.tag.estimator import Estimator, check_fitted
from pipeline.tag.folds import grouped_folds
from pipeline.tag.lexicon import Lexicon

Array = NDArray[np.float64]

_HAN = "一二三四五六七八九十百"
_NUMBER = re.compile(
    rf"(?:第[{_HAN}]+(?:部分|章|节)|[（(]\s*[{_HAN}\d]+\s*[）)]|[{_HAN}]{{1,3}}[、.．,]|\d{{1,2}}[、.．,]|[①-⑳]|第?[{_HAN}]{{1,3}}(?:是|要|则))\s*"
)


def bare(heading: str) -> str:
    """A heading without its number.

    >>> bare("(二)健全制度"), bare("一是健全决策机制"), bare("强化思想引领")
    ('健全制度', '健全决策机制', '强化思想引领')
    """
    return _NUMBER.sub("", heading, count=1) if _NUMBER.match(heading) else heading


class HeadingEvidence(Estimator):
    """How the labels of the sentences below a heading are spread, learned from the heading's character n-grams.

    A heading whose n-grams say nothing, such as a slogan, gets the spread of all sentences, and one that joins two subjects gets both: so the layer says
    how much a heading means.

    Parameters
    ----------
    longest : int, default=3
        N-grams of 1 to so many characters.
    bits : int, default=18
        N-grams are hashed to ``2**bits`` slots.
    penalty : float, default=1e-4
        Strength of the ridge penalty.
    classes : int, default=8
    folds : int, default=5
        Parts of the cross-validation, grouped by report.

    Attributes
    ----------
    slots_ : int32 (n,)
    weights_ : float32 (n, classes)
    bias_ : float64 (classes,)
    """

    def __init__(self, *, longest: int = 3, bits: int = 18, penalty: float = 1e-4, classes: int = 8, folds: int = 5) -> None:
        self.longest = longest
        self.bits = bits
        self.penalty = penalty
        self.classes = classes
        self.folds = folds

    def fit(self, X: Sequence[str], y: Array, groups: Sequence[int] | None = None) -> Self:  # noqa: ARG002
        """Learn from headings; a row of ``y`` ``(headings, classes)`` counts the labels of the sentences below one."""
        self._fit_counts(self._counts(X), np.asarray(y, dtype=np.float64))
        return self

    def fit_transform(self, X: Sequence[str], y: Array, groups: Sequence[int] | None = None) -> Array:
        """Fit, and return the log probabilities ``(headings, classes)`` that each heading gets from a fit without its report."""
        matrix, targets = self._counts(X), np.asarray(y, dtype=np.float64)
        logs = np.zeros((len(X), self.classes))
        for train, test in grouped_folds(np.arange(len(X)) if groups is None else np.asarray(groups), self.folds):
            self._fit_counts(matrix[train], targets[train])
            logs[test] = self.predict_log_proba([X[i] for i in test])
        self._fit_counts(matrix, targets)
        return logs

    def predict_log_proba(self, X: Sequence[str]) -> Array:
        """Log probabilities ``(headings, classes)`` of the label of a sentence below each heading."""
        check_fitted(self)
        return softmax.log_softmax(self.lexicon().scores([bare(heading) for heading in X]) + self.bias_)

    def lexicon(self) -> Lexicon:
        """The known n-grams, ready to be looked up; made once."""
        found: Lexicon | None = self.__dict__.get("_lexicon")
        if found is None:
            found = self._lexicon = Lexicon(self.slots_, self.weights_, longest=self.longest, bits=self.bits)
        return found

    def _counts(self, X: Sequence[str]) -> Any:
        return lexicon.counts([bare(heading) for heading in X], longest=self.longest, bits=self.bits)

    def _fit_counts(self, matrix: Any, targets: Array) -> None:
        slots = np.unique(matrix.indices)
        features = lexicon.vectors(matrix, slots, np.ones(len(slots)))
        weights, self.bias_ = softmax.fit_softmax(features, targets, penalty=self.penalty, iterations=100)
        self.slots_, self.weights_ = slots.astype(np.int32), weights.astype(np.float32)
        self.__dict__.pop("_lexicon", None)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lexicon"}
