"""Figures of merit, each with its formula; plain numpy, so that evaluating loads little."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
BINS = 15
_ROUNDS = 100


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
    return _ends(all_f1(redrawn(tables, rounds=rounds, seed=seed)), level)


def bootstrap_change(old: Array, new: Array, *, rounds: int = 1000, seed: int = 0, level: float = 0.95) -> tuple[Array, Array]:
    """Percentile intervals of how much higher the F1 of every class, and last the macro-F1, is in ``new`` than in ``old``.

    Both are the confusion tables ``(reports, classes, classes)`` of the same reports, which are drawn together.
    """
    return _ends(all_f1(redrawn(new, rounds=rounds, seed=seed)) - all_f1(redrawn(old, rounds=rounds, seed=seed)), level)


def all_f1(tables: Array) -> Array:
    """The F1 of every class and, last, the macro-F1 of confusion tables ``(..., classes, classes)``: ``(..., classes + 1)``."""
    return np.concatenate([precision_recall_f1(tables)[..., 2], macro_f1(tables)[..., None]], axis=-1)


def redrawn(tables: Array, *, rounds: int, seed: int) -> Array:
    """The added-up tables of as many reports, drawn with replacement, ``rounds`` times; the same seed draws the same reports."""
    count, classes = tables.shape[0], tables.shape[1]
    flat, random = tables.reshape(count, -1), np.random.default_rng(seed)
    # A few rounds at a time: the draws of many thousand reports would fill the memory.
    steps = [min(_ROUNDS, rounds - begin) for begin in range(0, rounds, _ROUNDS)]
    sums = [random.multinomial(count, np.full(count, 1 / count), size=step) @ flat for step in steps]
    return np.concatenate(sums).reshape(rounds, classes, classes)


def _ends(found: Array, level: float) -> tuple[Array, Array]:
    there = ~np.isnan(found).all(axis=0)
    low, high = np.full(found.shape[1], np.nan), np.full(found.shape[1], np.nan)
    low[there], high[there] = np.nanquantile(found[:, there], [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def mcnemar(fixed: int, broken: int) -> float:
    """The two-sided exact p of McNemar's test (1947): how likely a split at least as uneven is where both sides are as good as each other.

    ``fixed`` sentences are right on the new side alone, ``broken`` on the old side alone; under chance ``fixed`` is binomial with one half.

    >>> mcnemar(5, 5), mcnemar(0, 6), mcnemar(0, 0)
    (1.0, 0.03125, 1.0)
    """
    count = fixed + broken
    tail = sum(math.comb(count, k) for k in range(min(fixed, broken) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**count)))


def cohen_kappa(first: Sequence[int], second: Sequence[int]) -> float:
    """Agreement of two codings beyond chance (Cohen 1960); 1 where both give one code alone and agree.

    >>> round(cohen_kappa([1, 1, 2, 2], [1, 1, 2, 1]), 2)
    0.5
    """
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    mine, theirs = Counter(first), Counter(second)
    chance = sum(mine[code] * theirs[code] for code in mine) / len(first) ** 2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def among_first(probabilities: Array, labels: Codes, count: int = 2) -> float:
    """The share of sentences whose label is among the most probable classes.

    >>> among_first(np.array([[0.5, 0.3, 0.2]]), np.array([1]))
    1.0
    """
    order: NDArray[Any] = np.argsort(-probabilities, axis=1, kind="stable")[:, :count]
    return float((order == labels[:, None]).any(axis=1).mean())


def krippendorff_alpha(units: Sequence[Sequence[int]]) -> float:
    """Krippendorff's alpha for nominal codes: ``units`` holds the codes that each sentence got from two or more people.

    Krippendorff: Content Analysis, 4th edition, 2019, chapter 12: one minus observed over expected disagreement; 1 where one code alone was given.

    >>> round(krippendorff_alpha([[1, 1], [2, 2], [1, 2]]), 3)
    0.444
    """
    given = [Counter(codes) for codes in units if len(codes) > 1]
    totals: Counter[int] = sum(given, Counter())
    count = totals.total()
    observed = sum((sum(codes.values()) ** 2 - sum(n * n for n in codes.values())) / (codes.total() - 1) for codes in given) / count
    expected = (count**2 - sum(n * n for n in totals.values())) / (count * (count - 1))
    return 1.0 if expected == 0 else 1 - observed / expected


def shown_p(p: float) -> str:
    """A p as it is written.

    >>> shown_p(0.0312), shown_p(1e-9)
    ('= 0.031', '< 0.001')
    """
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"
