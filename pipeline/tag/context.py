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
Indexes = NDArray[np.int64]

_STEPS = (-1, 1, -2, 2, -3, 3)
_REACH, _FADE = 6, 0.7
#: The columns of evidence, by what they come from.
WORDS, HEADINGS, NEIGHBOURS = slice(0, 1), slice(1, 3), slice(3, 3 + 2 * len(_STEPS) + 3)
_ROLE_INDEX = {role: number for number, role in enumerate(ROLES)}
_ROLE_ROWS = np.eye(len(ROLES))


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
    evidence = np.empty((*words.shape, NEIGHBOURS.stop))
    evidence[..., 0] = words
    evidence[..., HEADINGS] = _of_headings(outline, said, prior)
    evidence[..., NEIGHBOURS] = _of_neighbours(np.exp(words), section, paragraph, np.exp(prior))
    return Views(evidence, _place(outline, section, paragraph))


def _numbers(values: Sequence[int]) -> Indexes:
    """The runs of equal values, numbered from 0.

    >>> _numbers([3, 3, 7, 5, 5]).tolist()
    [0, 0, 1, 2, 2]
    """
    given = np.asarray(values)
    return np.concatenate(([0], np.cumsum(given[1:] != given[:-1])))


def _of_headings(outline: Outline, said: Mapping[str, Array], prior: Array) -> Array:
    """What the nearest heading and those above it say, beyond what is usual: ``(sentences, classes, 2)``; 0 where there is none."""
    paths = {path: number for number, path in enumerate(dict.fromkeys(outline.headings))}
    found = np.zeros((len(paths), len(prior), 2))
    for path, number in paths.items():
        if path:
            found[number, :, 0] = said[path[-1]] - prior
        if path[1:]:
            found[number, :, 1] = sum(said[heading] - prior for heading in path[:-1]) / (len(path) - 1)
    return found[[paths[path] for path in outline.headings]]


def _of_neighbours(chances: Array, section: Indexes, paragraph: Indexes, usual: Array) -> Array:
    """How much more likely than usual other sentences make each category, as logarithms: ``(sentences, classes, columns)``.

    The columns: the sentences one, two and three places before and after, in the same paragraph and in another of the same section; the rest of the section;
    the rest of the paragraph; and all that is near in the section. Of each come added-up probabilities and their weight; a weight of ``doubt`` of what is
    usual is mixed in, so that one unsure neighbour says little.
    """
    count, classes = chances.shape
    padded = np.zeros((count + 2 * _REACH, classes))
    padded[_REACH : _REACH + count] = chances
    sections, paragraphs = (np.pad(owner, _REACH, constant_values=-1) for owner in (section, paragraph))
    sums, weights = np.zeros((NEIGHBOURS.stop - NEIGHBOURS.start, count, classes)), np.zeros((NEIGHBOURS.stop - NEIGHBOURS.start, count))
    for step in range(-_REACH, _REACH + 1):
        if not step:
            continue
        there = slice(_REACH + step, _REACH + step + count)
        near = (sections[there] == section).astype(np.float64)
        faded = near * _FADE ** (abs(step) - 1)
        sums[-1] += faded[:, None] * padded[there]
        weights[-1] += faded
        if step in _STEPS:
            at = 2 * _STEPS.index(step)
            weights[at] = near * (paragraphs[there] == paragraph)
            weights[at + 1] = near - weights[at]
            sums[at : at + 2] = weights[at : at + 2, :, None] * padded[there]
    for at, owner in ((-3, section), (-2, paragraph)):
        sums[at], weights[at] = _others(chances, owner)
    doubt = np.array([0.3] * 2 * len(_STEPS) + [1.0, 1.0, 0.5])[:, None, None]
    heavy = weights[:, :, None]
    return np.moveaxis(np.log((sums + doubt * usual) / ((heavy + doubt) * usual)) * (heavy > 0), 0, 2)


def _others(chances: Array, owner: Indexes) -> tuple[Array, Array]:
    """The added-up probabilities of the other sentences with the same owner, and their number; owners are numbered as :func:`_numbers` does."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    sums = np.add.reduceat(chances, starts, axis=0)
    return sums[owner] - chances, np.bincount(owner)[owner].astype(np.float64) - 1.0


def _place(outline: Outline, section: Indexes, paragraph: Indexes) -> Array:
    """Role, borders, depth, length and position of each sentence: ``(sentences, features)``."""
    count = len(section)
    roles = _ROLE_ROWS[[_ROLE_INDEX[role] for role in outline.roles]]
    border = np.concatenate(([True], section[1:] != section[:-1], [True]))
    # Where nobody knows the place, the order of the sentences says nothing.
    known = np.asarray(outline.paragraphs) >= 0
    first, last = border[:-1] & known, border[1:] & known
    single = np.empty((count, 5))
    single[:, 0] = np.concatenate(([True], paragraph[1:] != paragraph[:-1])) & known
    single[:, 1] = [len(path) > 1 for path in outline.headings]
    single[:, 2] = single[:, 1] * first
    single[:, 3] = np.log([len(text) + 1 for text in outline.texts]) / 4
    single[:, 4] = np.where(known, np.arange(count) / max(1, count - 1), 0.5)
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

    def fit(self, X: Views, y: Sequence[int], weights: Array | None = None) -> Self:
        """Learn from views and labels; ``weights`` ``(sentences,)`` says how much each counts, 1 by default."""
        from scipy.optimize import minimize

        self.mean_, self.spread_ = X.place.mean(axis=0), np.maximum(X.place.std(axis=0), 1e-2)
        place, targets = (X.place - self.mean_) / self.spread_, softmax.one_hot(np.asarray(y), self.classes)
        columns, features = X.evidence.shape[2], place.shape[1]
        heavy = (np.ones(len(targets)) if weights is None else weights)[:, None]
        count = heavy.sum()
        targets *= heavy
        centre = np.zeros(columns)
        centre[WORDS] = 1.0

        def loss(flat: Array) -> tuple[float, Array]:
            trust, weights, bias = self._unpacked(flat, columns, features)
            logs = softmax.log_softmax(X.evidence @ trust + place @ weights + bias)
            residual = (np.exp(logs) * heavy - targets) / count
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
