"""The first layer: what a sentence says by its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import lexicon, softmax
from pipeline.tag.estimator import Estimator, check_fitted
from pipeline.tag.folds import grouped_folds, known
from pipeline.tag.lexicon import Lexicon

Array = NDArray[np.float64]


class SentenceEvidence(Estimator):
    """A linear support vector machine over hashed character n-grams, whose scores are calibrated out of fold.

    Parameters
    ----------
    longest : int, default=3
        N-grams of 1 to so many characters.
    bits : int, default=21
        N-grams are hashed to ``2**bits`` slots.
    least : int, default=2
        Slots that occur in fewer sentences are left out.
    C : float, default=3.0
        Inverse strength of the support vector machine's penalty.
    classes : int, default=8
        Labels are ``0`` to ``classes - 1``.
    folds : int, default=5
        Parts of the inner cross-validation, grouped by report.

    Attributes
    ----------
    slots_ : int32 (n,)
        The known slots, ascending.
    rarity_ : float32 (n,)
        Their inverse document frequencies, ``ln((1 + sentences) / (1 + df)) + 1``.
    weights_ : float16 (n, classes)
        Their weights, the rarity already in them.
    bias_ : float64 (classes,)
    scale_, shift_ : float64 (classes, classes), (classes,)
        The softmax of ``scores @ scale_ + shift_`` is the probability.
    """

    def __init__(self, *, longest: int = 3, bits: int = 21, least: int = 2, C: float = 3.0, classes: int = 8, folds: int = 5) -> None:
        self.longest = longest
        self.bits = bits
        self.least = least
        self.C = C
        self.classes = classes
        self.folds = folds

    def fit(self, X: Sequence[str], y: Sequence[int], groups: Sequence[int] | None = None) -> Self:
        """Learn from sentences and their labels; ``groups`` names each sentence's report."""
        self.fit_transform(X, y, groups)
        return self

    def fit_words(self, X: Sequence[str], y: Sequence[int], weights: Sequence[float] | None = None) -> Self:
        """Learn the words alone, without calibration: a fifth of the work, enough to choose a category by :meth:`decision_function`."""
        labels = np.asarray(y, dtype=np.int64)
        self._fit_words(lexicon.counts(X, longest=self.longest, bits=self.bits), labels, _ones(labels) if weights is None else np.asarray(weights))
        return self

    def fit_transform(self, X: Sequence[str], y: Sequence[int], groups: Sequence[int] | None = None, weights: Sequence[float] | None = None) -> Array:
        """Fit, and return the log probabilities ``(sentences, classes)`` that each sentence gets from a fit without its report.

        Sentences with a label below 0 are not learned from. ``weights`` says how much each sentence counts, 1 by default.
        """
        matrix, labels = lexicon.counts(X, longest=self.longest, bits=self.bits), np.asarray(y, dtype=np.int64)
        heavy = _ones(labels) if weights is None else np.asarray(weights, dtype=np.float64)
        parts = grouped_folds(np.arange(len(labels)) if groups is None else np.asarray(groups), self.folds)
        targets = softmax.one_hot(labels, self.classes) * heavy[:, None]
        scores = np.zeros((len(labels), self.classes))
        for train, test in parts:
            there = known(train, labels)
            self._fit_words(matrix[there], labels[there], heavy[there])
            scores[test] = self.decision_function([X[i] for i in test])
        logs = np.zeros_like(scores)
        for train, test in parts:
            there = known(train, labels)
            scale, shift = self._scaling(scores[there], targets[there])
            logs[test] = softmax.log_softmax(scores[test] @ scale + shift)
        there = known(np.arange(len(labels)), labels)
        self.scale_, self.shift_ = self._scaling(scores[there], targets[there])
        self._fit_words(matrix[there], labels[there], heavy[there])
        return logs

    def decision_function(self, X: Sequence[str]) -> Array:
        """Scores ``(sentences, classes)`` before calibration."""
        check_fitted(self)
        return self.lexicon().scores(X) + self.bias_

    def predict_log_proba(self, X: Sequence[str]) -> Array:
        """Log probabilities ``(sentences, classes)``."""
        return softmax.log_softmax(self.decision_function(X) @ self.scale_ + self.shift_)

    def predict_proba(self, X: Sequence[str]) -> Array:
        """Probabilities ``(sentences, classes)``."""
        return np.asarray(np.exp(self.predict_log_proba(X)))

    def predict(self, X: Sequence[str]) -> NDArray[np.int64]:
        """The most probable label of every sentence."""
        return np.asarray(self.predict_log_proba(X).argmax(axis=1))

    def lexicon(self) -> Lexicon:
        """The known n-grams, ready to be looked up; made once."""
        found: Lexicon | None = self.__dict__.get("_lexicon")
        if found is None:
            found = self._lexicon = Lexicon(self.slots_, self.weights_, self.rarity_, longest=self.longest, bits=self.bits)
        return found

    def _fit_words(self, matrix: Any, labels: NDArray[np.int64], heavy: Array) -> None:
        """Learn slots, rarities and weights."""
        df = np.bincount(matrix.indices, minlength=matrix.shape[1])
        # Very few sentences may have no n-gram in common; then every n-gram is known.
        slots = np.flatnonzero(df >= (self.least if df.max(initial=0) >= self.least else 1))
        rarity = np.log((1 + matrix.shape[0]) / (1 + df[slots])) + 1
        weights, self.bias_ = self._separated(lexicon.vectors(matrix, slots, rarity), labels, heavy)
        self.slots_ = slots.astype(np.int32)
        self.rarity_ = rarity.astype(np.float32)
        self.weights_ = (weights * rarity[:, None]).astype(np.float16)
        self.__dict__.pop("_lexicon", None)

    def _separated(self, vectors: Any, labels: NDArray[np.int64], heavy: Array) -> tuple[Array, Array]:
        """The weights ``(features, classes)`` and bias that part the labels; of one label alone, that label."""
        from sklearn.svm import LinearSVC

        seen = np.unique(labels)
        if len(seen) < 2:
            bias = np.full(self.classes, -3.0)
            bias[seen] = 3.0
            return np.zeros((vectors.shape[1], self.classes)), bias
        return _spread(LinearSVC(C=self.C, random_state=0).fit(vectors, labels, sample_weight=heavy), self.classes)

    def _scaling(self, scores: Array, targets: Array) -> tuple[Array, Array]:
        return softmax.fit_softmax(scores, targets, penalty=1e-4, start=np.eye(self.classes) * 4)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lexicon"}


def _ones(labels: NDArray[np.int64]) -> Array:
    return np.ones(len(labels))


def _spread(machine: Any, classes: int) -> tuple[Array, Array]:
    """A machine's weights ``(features, classes)`` and bias, with labels that it never saw far below the others."""
    coefficients, intercept = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.concatenate([-intercept, intercept])
    weights, bias = np.zeros((coefficients.shape[1], classes)), np.full(classes, -3.0)
    weights[:, machine.classes_] = coefficients.T
    bias[machine.classes_] = intercept
    return weights, bias
