"""The third layer: a sentence is read together with its headings, its neighbours and its place in the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.data import ROLES
from pipeline.tag import softmax
from pipeline.tag.estimator import Estimator, check_fitted
from pipeline.tag.outline import Outline

Array = NDArray[np.float64]
Indexes = NDArray[np.int64]

_NEUTRAL = 0.0


def features(outline: Outline, words: Array, own: Array, above: Array) -> Array:
    """What the layer sees of each sentence: ``(sentences, features)``.

    ``words``, ``own`` and ``above`` are log probabilities ``(sentences, classes)`` of the sentence by itself, of its nearest heading and of the headings
    above that; the last two are zero where there is no such heading.
    """
    section, paragraph = np.asarray(outline.sections), np.asarray(outline.paragraphs)
    roles = np.array([ROLES.index(role) for role in outline.roles])
    parts = [words, own, above]
    for step in (-1, 1, -2, 2):
        there = shifted(section, step, -1) == section
        close = shifted(paragraph, step, -1) == paragraph
        parts += [shifted(words, step, 0.0) * there[:, None], shifted(words, step, 0.0) * close[:, None]]
        parts += [there[:, None].astype(float), close[:, None].astype(float)]
    parts += [_others(words, section), _others(words, paragraph)]
    place = np.arange(len(section)) / max(1, len(section) - 1)
    first = shifted(section, -1, -1) != section
    last = shifted(section, 1, -1) != section
    hot = np.eye(len(ROLES))[roles]
    length = np.log([len(text) + 1 for text in outline.texts]) / 4
    parts += [hot, place[:, None], first[:, None], last[:, None], hot * first[:, None], hot * last[:, None], length[:, None]]
    return np.hstack([np.asarray(part, dtype=np.float64) for part in parts])


def shifted(values: NDArray[np.generic], step: int, fill: float) -> NDArray[np.generic]:
    """The values ``step`` places on, with ``fill`` where there are none.

    >>> shifted(np.array([1, 2, 3]), -1, 0).tolist()
    [0, 1, 2]
    """
    out = np.full_like(values, fill)
    if abs(step) >= len(values):
        return out
    if step < 0:
        out[-step:] = values[:step]
    else:
        out[:-step] = values[step:]
    return out


def _others(words: Array, owner: Indexes) -> Array:
    """The mean log probabilities of the other sentences of the same section or paragraph; zero where there is none."""
    _, index = np.unique(owner, return_inverse=True)
    counts = np.bincount(index)[index][:, None]
    sums = np.zeros((index.max() + 1, words.shape[1]))
    np.add.at(sums, index, words)
    return (sums[index] - words) / np.maximum(counts - 1, 1)


class ContextDecoder(Estimator):
    """Multinomial logistic regression over :func:`features`.

    Parameters
    ----------
    penalty : float, default=1e-4
    classes : int, default=8

    Attributes
    ----------
    mean_, spread_ : float64 (features,)
    weights_ : float64 (features, classes)
    bias_ : float64 (classes,)
    """

    def __init__(self, *, penalty: float = 3e-4, classes: int = 8) -> None:
        self.penalty = penalty
        self.classes = classes

    def fit(self, X: Array, y: Sequence[int]) -> Self:
        """Learn from features and labels."""
        table = np.asarray(X, dtype=np.float64)
        self.mean_ = table.mean(axis=0)
        self.spread_ = np.maximum(table.std(axis=0), 1e-3)
        self.weights_, self.bias_ = softmax.fit_softmax((table - self.mean_) / self.spread_, softmax.one_hot(np.asarray(y), self.classes), penalty=self.penalty)
        return self

    def predict_log_proba(self, X: Array) -> Array:
        """Log probabilities ``(sentences, classes)``."""
        check_fitted(self)
        return softmax.log_softmax((X - self.mean_) / self.spread_ @ self.weights_ + self.bias_)
