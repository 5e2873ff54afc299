"""The third layer: a sentence is read together with its headings, its neighbours and its place in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.data import ROLES
from pipeline.tag import softmax
from pipeline.tag.estimator import Estimator, check_fitted
from pipeline.tag.outline import Outline

Array = NDArray[np.float64]

_STEPS = (-1, 1, -2, 2, -3, 3)
_REACH, _FADE = 8, 0.7
#: The columns of evidence, by what they come from.
WORDS, HEADINGS, NEIGHBOURS = slice(0, 1), slice(1, 3), slice(3, 3 + 2 * len(_STEPS) + 3)


@dataclass(frozen=True, slots=True)
class Views:
    """What the layer sees of some sentences.

    ``evidence`` ``(sentences, classes, columns)`` speaks for and against each category: the sentence's own log probabilities, then logarithms of how much
    more likely its headings and its neighbours make each category than it is at large; 0 is no evidence. ``place`` ``(sentences, features)`` says where
    the sentence stands.
    """

    evidence: Array
    place: Array

    def __getitem__(self, rows: Any) -> Views:
        return Views(self.evidence[rows], self.place[rows])

    @staticmethod
    def joined(parts: Sequence[Views]) -> Views:
        """Views of several reports as one."""
        return Views(np.concatenate([part.evidence for part in parts]), np.concatenate([part.place for part in parts]))


def view(outline: Outline, words: Array, said: Mapping[str, Array], prior: Array) -> Views:
    """The views of one report's sentences.

    ``words`` ``(sentences, classes)`` are the log probabilities of each sentence by itself, ``said`` those of every heading, ``prior`` ``(classes,)`` those
    of all sentences.
    """
    section, paragraph = _numbers(outline.sections), _numbers(outline.paragraphs)
    chances, usual = np.exp(words), np.exp(prior)
    nothing = np.zeros_like(prior)
    own = np.array([said[path[-1]] - prior if path else nothing for path in outline.headings])
    above = np.array([np.mean([said[heading] for heading in path[:-1]], axis=0) - prior if path[1:] else nothing for path in outline.headings])
    columns = [words, own, above]
    for step in _STEPS:
        there = _moved(section, step, -1) == section
        close = there & (_moved(paragraph, step, -1) == paragraph)
        message = _message(_moved(chances, step, 0.0), np.ones(len(words)), usual, 0.3)
        columns += [message * close[:, None], message * (there & ~close)[:, None]]
    for owner in (section, paragraph):
        columns.append(_message(*_others(chances, owner), usual, 1.0))
    columns.append(_message(*_around(chances, section), usual, 0.5))
    return Views(np.stack(columns, axis=2), _place(outline, section, paragraph))


def _numbers(values: Sequence[int]) -> NDArray[np.int64]:
    return np.unique(np.asarray(values), return_inverse=True)[1]


def _moved(values: NDArray[Any], step: int, fill: float) -> NDArray[Any]:
    """The values ``step`` places on, with ``fill`` where there are none.

    >>> _moved(np.array([1, 2, 3]), -1, 0).tolist()
    [0, 1, 2]
    """
    out = np.full_like(values, fill)
    if step < 0:
        out[-step:] = values[:step]
    else:
        out[: max(0, len(values) - step)] = values[step:]
    return out


def _message(sums: Array, weight: Array, usual: Array, doubt: float) -> Array:
    """How much more likely than usual other sentences make each category, as logarithms.

    ``sums`` are added-up probabilities of weight ``weight`` ``(sentences,)``; ``doubt`` is the weight of what is usual, mixed in. No weight, no evidence.
    """
    heavy = weight[:, None]
    return np.asarray(np.log((sums + doubt * usual) / ((heavy + doubt) * usual)) * (heavy > 0))


def _others(chances: Array, owner: NDArray[np.int64]) -> tuple[Array, Array]:
    """The added-up probabilities of the other sentences with the same owner, and their number."""
    sums = np.zeros((owner.max() + 1, chances.shape[1]))
    np.add.at(sums, owner, chances)
    return sums[owner] - chances, np.bincount(owner)[owner].astype(np.float64) - 1.0


def _around(chances: Array, section: NDArray[np.int64]) -> tuple[Array, Array]:
    """The mean probabilities of the sentences around in the same section, nearer ones weighing more, and their weight."""
    sums, weight = np.zeros_like(chances), np.zeros(len(chances))
    for distance in range(1, _REACH + 1):
        for step in (-distance, distance):
            there = (_moved(section, step, -1) == section) * _FADE ** (distance - 1)
            sums += _moved(chances, step, 0.0) * there[:, None]
            weight += there
    return sums, weight


def _place(outline: Outline, section: NDArray[np.int64], paragraph: NDArray[np.int64]) -> Array:
    """Role, borders, depth, length and position of each sentence."""
    count = len(section)
    roles = np.eye(len(ROLES))[[ROLES.index(role) for role in outline.roles]]
    first, last = _moved(section, -1, -1) != section, _moved(section, 1, -1) != section
    opens = _moved(paragraph, -1, -1) != paragraph
    deep = np.array([len(path) > 1 for path in outline.headings])
    length = np.log([len(text) + 1 for text in outline.texts]) / 4
    position = np.arange(count) / max(1, count - 1)
    single = np.column_stack([opens, deep, deep & first, length, position]).astype(np.float64)
    return np.hstack([roles, roles * first[:, None], roles * last[:, None], single])


class ContextDecoder(Estimator):
    """A log-linear model: every column of evidence has one weight for all categories, every feature of place one for each category.

    One weight a column keeps the layer from learning what this or that category does in the labelled reports, and it weighs 8 times as few numbers as a
    plain multinomial regression.

    Parameters
    ----------
    evidence_penalty : float, default=1e-3
        Ridge penalty that draws the weights of evidence towards the words alone.
    place_penalty : float, default=3e-3
        Ridge penalty of the weights of place.
    classes : int, default=8

    Attributes
    ----------
    trust_ : float64 (columns,)
        The weights of the columns of evidence.
    weights_ : float64 (features, classes)
        The weights of place.
    bias_ : float64 (classes,)
    mean_, spread_ : float64 (features,)
        What place is standardised with.
    """

    def __init__(self, *, evidence_penalty: float = 1e-3, place_penalty: float = 3e-3, classes: int = 8) -> None:
        self.evidence_penalty = evidence_penalty
        self.place_penalty = place_penalty
        self.classes = classes

    def fit(self, X: Views, y: Sequence[int]) -> Self:
        """Learn from views and labels."""
        from scipy.optimize import minimize

        self.mean_, self.spread_ = X.place.mean(axis=0), np.maximum(X.place.std(axis=0), 1e-2)
        place, targets = (X.place - self.mean_) / self.spread_, softmax.one_hot(np.asarray(y), self.classes)
        count, columns, features = len(targets), X.evidence.shape[2], place.shape[1]
        centre = np.zeros(columns)
        centre[WORDS] = 1.0

        def loss(flat: Array) -> tuple[float, Array]:
            trust, weights, bias = self._unpacked(flat, columns, features)
            logs = softmax.log_softmax(X.evidence @ trust + place @ weights + bias)
            residual = (np.exp(logs) - targets) / count
            off = trust - centre
            penalty = 0.5 * self.evidence_penalty * (off @ off) + 0.5 * self.place_penalty * (weights**2).sum()
            slopes = np.tensordot(residual, X.evidence, axes=([0, 1], [0, 1])) + self.evidence_penalty * off
            return float(-(targets * logs).sum() / count + penalty), np.concatenate(
                [slopes, (place.T @ residual + self.place_penalty * weights).ravel(), residual.sum(axis=0)]
            )

        start = np.concatenate([centre, np.zeros((features + 1) * self.classes)])
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
        self.trust_, self.weights_, self.bias_ = self._unpacked(found.x, columns, features)
        return self

    def _unpacked(self, flat: Array, columns: int, features: int) -> tuple[Array, Array, Array]:
        end = columns + features * self.classes
        return flat[:columns], flat[columns:end].reshape(features, self.classes), flat[end:]

    def decision_function(self, X: Views) -> Array:
        """Scores ``(sentences, classes)`` before the softmax."""
        check_fitted(self)
        return np.asarray(X.evidence @ self.trust_ + self.of_place(X))

    def of_place(self, X: Views) -> Array:
        """The part of the scores that comes from place alone, the bias included."""
        return np.asarray((X.place - self.mean_) / self.spread_ @ self.weights_ + self.bias_)

    def predict_log_proba(self, X: Views) -> Array:
        """Log probabilities ``(sentences, classes)``."""
        return softmax.log_softmax(self.decision_function(X))
