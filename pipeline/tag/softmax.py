"""Multinomial logistic regression on soft targets, by L-BFGS; what the layers above the words are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def log_softmax(scores: NDArray[Any]) -> Array:
    """The logarithms of the softmax over the last axis.

    >>> np.exp(log_softmax(np.array([[0.0, 0.0]]))).tolist()
    [[0.5, 0.5]]
    """
    shifted = np.asarray(scores, dtype=np.float64) - np.max(scores, axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def one_hot(labels: NDArray[Any], classes: int) -> Array:
    """One row a label with a 1 in its column; nothing for a label below 0."""
    rows = np.zeros((len(labels), classes))
    there = np.flatnonzero(np.asarray(labels) >= 0)
    rows[there, np.asarray(labels, dtype=np.int64)[there]] = 1.0
    return rows


def fit_softmax(features: Any, targets: Array, *, penalty: float, start: Array | None = None, iterations: int = 300) -> tuple[Array, Array]:
    """Weights ``(features, classes)`` and bias that minimise the mean cross-entropy to soft targets plus ``penalty / 2`` times the squared weights.

    ``features`` is dense or sparse, ``(rows, features)``; a row of ``targets`` may sum to any weight. With ``start`` the penalty draws towards those weights
    and not towards zero.
    """
    from scipy.optimize import minimize

    width, classes = features.shape[1], targets.shape[1]
    centre = np.zeros((width, classes)) if start is None else start
    total, mass = max(targets.sum(), 1e-12), targets.sum(axis=1, keepdims=True)

    def loss(flat: Array) -> tuple[float, Array]:
        table = flat.reshape(width + 1, classes)
        logs = log_softmax(features @ table[:-1] + table[-1])
        away = table[:-1] - centre
        residual = (np.exp(logs) * mass - targets) / total
        gradient = np.vstack([np.asarray(features.T @ residual) + penalty * away, residual.sum(axis=0)])
        return float(-(targets * logs).sum() / total + 0.5 * penalty * (away**2).sum()), gradient.ravel()

    first = np.vstack([centre, np.zeros(classes)])
    found = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": iterations})
    table = found.x.reshape(width + 1, classes)
    return table[:-1], table[-1]


def temperature(scores: Array, labels: NDArray[Any], weights: Array) -> float:
    """The number that scores ``(rows, classes)`` are divided by so that their softmax has the least mean log loss; ``weights`` ``(rows,)``.

    Guo, Pleiss, Sun and Weinberger: On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return float(-np.average(log_softmax(scores / np.exp(log_temperature))[rows, labels], weights=weights))

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))
