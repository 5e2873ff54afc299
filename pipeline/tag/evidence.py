"""The first layer: what a sentence says by its own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import grams, softmax
from pipeline.tag.estimator import Estimator, check_fitted
from pipeline.tag.folds import grouped_folds

Array = NDArray[np.float64]


class SentenceEvidence(Estimator):
    """Linear model over hashed character n-grams with inverse document frequencies, calibrated out of fold.

    Parameters
    ----------
    longest : int, default=4
        N-grams from 1 to so many characters.
    bits : int, default=21
        There are ``2**bits`` slots that n-grams are hashed to.
    least : int, default=2
        N-grams in fewer sentences than this are left out.
    C : float, default=1.0
        Inverse strength of the support vector machine's penalty.
    classes : int, default=8
        Labels are ``0`` to ``classes - 1``.
    folds : int, default=5
        Parts of the inner cross-validation, grouped by report.

    Attributes
    ----------
    slots_ : int32 (n,)
        The slots that are used, ascending.
    weights_ : float16 (n, classes)
        Their weights, the inverse document frequency already in them.
    idf_ : float32 (n,)
        Their inverse document frequencies.
    bias_ : float32 (classes,)
    scale_, shift_ : float64 (classes, classes), (classes,)
        Turn the scores into log probabilities (before the softmax).
    """

    def __init__(self, *, longest: int = 4, bits: int = 21, least: int = 2, C: float = 1.0, classes: int = 8, folds: int = 5) -> None:
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

    def fit_transform(self, X: Sequence[str], y: Sequence[int], groups: Sequence[int] | None = None) -> Array:
        """Fit, and return the log probabilities ``(sentences, classes)`` that each sentence gets from a fit without its report."""
        counts, labels = self._counts(X), np.asarray(y, dtype=np.int64)
        parts = grouped_folds(np.arange(len(labels)) if groups is None else np.asarray(groups), self.folds)
        scores = np.zeros((len(labels), self.classes))
        for train, test in parts:
            self._fit_words(counts[train], labels[train])
            scores[test] = self.decision_function([X[i] for i in test])
        self._fit_words(counts, labels)
        targets = softmax.one_hot(labels, self.classes)
        logs = np.zeros_like(scores)
        for train, test in parts:
            scale, shift = self._scaling(scores[train], targets[train])
            logs[test] = softmax.log_softmax(scores[test] @ scale + shift)
        self.scale_, self.shift_ = self._scaling(scores, targets)
        return logs

    def decision_function(self, X: Sequence[str]) -> Array:
        """Scores ``(sentences, classes)`` before calibration."""
        check_fitted(self)
        table, squares, rows = self._tables()
        out = np.empty((len(X), self.classes))
        for part in grams.blocks(X):
            codes, starts = grams.characters(X[part])
            total = np.zeros((len(codes), table.shape[1]), dtype=np.float32)
            norms = np.zeros(len(codes), dtype=np.float32)
            for slots in grams.hashes(codes, starts, self.longest, self.bits):
                ids = rows[slots]
                total += table[ids]
                norms += squares[ids]
            length = np.sqrt(np.maximum(np.add.reduceat(norms, starts[:-1]), 1e-9))
            out[part] = np.add.reduceat(total, starts[:-1], axis=0) / length[:, None] + self.bias_
        return out

    def predict_log_proba(self, X: Sequence[str]) -> Array:
        """Log probabilities ``(sentences, classes)``."""
        return softmax.log_softmax(self.decision_function(X) @ self.scale_ + self.shift_)

    def predict_proba(self, X: Sequence[str]) -> Array:
        """Probabilities ``(sentences, classes)``."""
        return np.asarray(np.exp(self.predict_log_proba(X)))

    def predict(self, X: Sequence[str]) -> NDArray[np.int64]:
        """The most probable label of every sentence."""
        return np.asarray(self.predict_log_proba(X).argmax(axis=1))

    def _counts(self, X: Sequence[str]) -> Any:
        """How often each slot occurs in each sentence, as a sparse matrix."""
        from scipy import sparse

        codes, starts = grams.characters(X)
        owner = np.repeat(np.arange(len(X)), np.diff(starts))
        rows, columns = [], []
        for slots in grams.hashes(codes, starts, self.longest, self.bits):
            there = slots > 0
            rows.append(owner[there])
            columns.append(slots[there])
        row, column = np.concatenate(rows), np.concatenate(columns)
        matrix = sparse.csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=(len(X), 1 << self.bits))
        matrix.sum_duplicates()
        return matrix

    def _fit_words(self, counts: Any, labels: NDArray[np.int64]) -> None:
        """Learn slots, frequencies and weights."""
        from scipy import sparse
        from sklearn.svm import LinearSVC

        documents = np.bincount(counts.indices, minlength=counts.shape[1])
        slots = np.flatnonzero(documents >= self.least)
        idf = np.log((1 + counts.shape[0]) / (1 + documents[slots])) + 1
        kept = counts[:, slots]
        norms = np.sqrt(np.maximum(kept @ (idf**2), 1e-9))
        features = sparse.diags(1 / norms) @ kept @ sparse.diags(idf)
        machine = LinearSVC(C=self.C, random_state=0).fit(features, labels)
        weights, bias = _spread(machine, self.classes)
        self.slots_ = slots.astype(np.int32)
        self.idf_ = idf.astype(np.float32)
        self.weights_ = (weights * self.idf_[:, None]).astype(np.float16)
        self.bias_ = bias.astype(np.float32)
        self._cache = None

    def _scaling(self, scores: Array, targets: Array) -> tuple[Array, Array]:
        return softmax.fit_softmax(scores, targets, penalty=1e-3, start=np.eye(self.classes) * 4)

    def _tables(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int32]]:
        """Weights and squared frequencies a row, row 0 all zeros, and the row of every slot."""
        found = self.__dict__.get("_cache")
        if found is None:
            table = np.zeros((len(self.slots_) + 1, self.classes), dtype=np.float32)
            table[1:] = self.weights_
            squares = np.zeros(len(table), dtype=np.float32)
            squares[1:] = self.idf_**2
            rows = np.zeros(1 << self.bits, dtype=np.int32)
            rows[self.slots_] = np.arange(1, len(table), dtype=np.int32)
            found = self._cache = (table, squares, rows)
        return found

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_cache"}


def _spread(machine: Any, classes: int) -> tuple[Array, Array]:
    """A machine's weights ``(features, classes)`` and bias, with labels that it never saw far below the others."""
    coefficients, intercept = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.concatenate([-intercept, intercept])
    weights, bias = np.zeros((coefficients.shape[1], classes)), np.full(classes, -3.0)
    weights[:, machine.classes_] = coefficients.T
    bias[machine.classes_] = intercept
    return weights, bias
