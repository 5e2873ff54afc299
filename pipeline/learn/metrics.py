"""Figures of merit, each with its formula; plain numpy, so that evaluating loads little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
BINS = 15


def confusion(labels: Codes, tags: Codes, classes: int) -> Array:
    """How often each label got each tag: ``(classes, classes)``, labels down, tags across.

    >>> confusion(np.array([1, 1, 0]), np.array([1, 0, 0]), 2).tolist()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    return np.bincount(labels * classes + tags, minlength=classes * classes).reshape(classes, classes).astype(np.float64)


def precision_recall_f1(table: Array) -> Array:
    """Precision, recall and F1 of every class of a confusion table ``(..., classes, classes)``: ``(..., classes, 3)``.

    ``P = right / tagged``, ``R = right / labelled``, ``F1 = 2 right / (tagged + labelled)``. Not a number where a class has neither label nor tag; otherwise
    0 where a denominator is 0.

    >>> precision_recall_f1(np.array([[1.0, 0.0], [1.0, 1.0]])).round(2).tolist()
    [[0.5, 1.0, 0.67], [1.0, 0.5, 0.67]]
    """
    right = np.diagonal(table, axis1=-2, axis2=-1)
    tagged, labelled = table.sum(axis=-2), table.sum(axis=-1)
    found = np.stack([right / np.maximum(tagged, 1), right / np.maximum(labelled, 1), 2 * right / np.maximum(tagged + labelled, 1)], axis=-1)
    found[(tagged + labelled) == 0] = np.nan
    return np.asarray(found)


def macro_f1(table: Array) -> Array:
    """The mean F1 over the categories, code 0 left out, of confusion tables ``(..., classes, classes)``; categories that do not occur are left out too.

    >>> round(float(macro_f1(np.diag([5.0, 3.0, 2.0]))), 2)
    1.0
    """
    f1 = precision_recall_f1(table)[..., 1:, 2]
    there = ~np.isnan(f1)
    return np.asarray(np.where(there, f1, 0.0).sum(axis=-1) / np.maximum(there.sum(axis=-1), 1))


def calibration_error(probabilities: Array, right: NDArray[np.bool_], bins: int = BINS) -> float:
    """The expected calibration error: the mean, weighted by size, over equal bins of probability, of ``|share right - mean probability|``.

    Naeini, Cooper and Hauskrecht: Obtaining Well Calibrated Probabilities Using Bayesian Binning, AAAI 2015; with 15 bins as Guo et al., ICML 2017,
    equation 3.

    >>> calibration_error(np.array([0.9, 0.9, 0.9, 0.9]), np.array([True, True, True, False]))
    0.15
    """
    where = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(where, weights=right - probabilities, minlength=bins)
    return round(float(np.abs(gaps).sum() / len(probabilities)), 10)


def coverage(probabilities: Array, right: NDArray[np.bool_], precision: float) -> float:
    """The largest share of sentences that a threshold on the probability keeps with at least this share of them right.

    >>> coverage(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True]), 0.75)
    1.0
    """
    order = np.argsort(-probabilities, kind="stable")
    chances = probabilities[order]
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Equal probabilities are kept together or not at all.
    last = np.append(chances[1:] != chances[:-1], True)
    enough = np.flatnonzero((share >= precision) & last)
    return float((enough[-1] + 1) / len(order)) if len(enough) else 0.0


def bootstrap(tables: Array, *, rounds: int = 1000, seed: int = 0, level: float = 0.95) -> tuple[Array, Array]:
    """Percentile intervals, by drawing reports with replacement, of the F1 of every class and, last, of the macro-F1.

    ``tables`` ``(reports, classes, classes)`` are the confusion tables of the reports. Returns the lower and the upper ends, ``(classes + 1,)`` each.

    Efron and Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13.
    """
    count, classes = tables.shape[0], tables.shape[1]
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=rounds)
    sums = (draws @ tables.reshape(count, -1)).reshape(rounds, classes, classes)
    found = np.column_stack([precision_recall_f1(sums)[..., 2], macro_f1(sums)])
    there = ~np.isnan(found).all(axis=0)
    low, high = np.full(classes + 1, np.nan), np.full(classes + 1, np.nan)
    low[there], high[there] = np.nanquantile(found[:, there], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def among_first(probabilities: Array, labels: Codes, count: int = 2) -> float:
    """The share of sentences whose label is among the most probable classes.

    >>> among_first(np.array([[0.5, 0.3, 0.2]]), np.array([1]))
    1.0
    """
    order: NDArray[Any] = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    return float((order == labels[:, None]).any(axis=1).mean())
