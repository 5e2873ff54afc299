"""Which sentences are worth labelling next: those that the model is unsure of, spread over all that such sentences are about.

The unsure sentences are parted into as many clusters as are wanted, sentences that the model is less sure of weighing more, and the one in the middle of each
is taken: Zhdanov, Diverse mini-batch Active Learning, 2019 (arXiv:1901.05954), with the margin as its measure of doubt. Of what was tried on the training
corpus (margin, entropy and least probability alone, k-centre, density, committees, quotas for each category) this came furthest with the fewest labels. The margin of
each sentence by itself carries further in the first rounds, that in its report in the later ones; the mean of both does in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import lexicon

Array = NDArray[np.float64]
Indexes = NDArray[np.int64]

#: So many times the wanted number of sentences are weighed, the least sure ones, but only of the less sure half of all.
REACH = 40
#: No more than so many, as long as that is four times the wanted number.
MOST = 8000
_LONGEST, _BITS, _DIMENSIONS = 2, 18, 64


def margins(probabilities: Array) -> Array:
    """How far the first choice is ahead of the second: ``(sentences, classes)`` probabilities to ``(sentences,)`` in [0, 1].

    >>> margins(np.array([[0.7, 0.1, 0.2]])).round(2).tolist()
    [0.5]
    """
    ordered = np.sort(probabilities, axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def choose(texts: Sequence[str], margins: Array, count: int, *, seed: int = 0) -> list[int]:
    """The indexes of ``count`` sentences to label next, or of all where there are no more; ``margins`` says how sure the model is of each, in [0, 1].

    >>> texts = ["办理复议案件12件。", "办理复议案件13件。", "开展防汛演练。", "召开会议。", "出台文件。", "清理文件。"]
    >>> choose(texts, np.array([0.1, 0.11, 0.2, 0.9, 0.8, 0.9]), 2)
    [0, 2]
    """
    if len(texts) != len(margins):
        raise ValueError(f"there are {len(texts)} texts and {len(margins)} margins")
    if count >= len(texts):
        return list(range(len(texts)))
    if count < 1:
        return []
    order = np.argsort(margins, kind="stable")
    unsure = order[: max(min(REACH * count, MOST), 4 * count)]
    unsure = unsure[margins[unsure] <= margins[order[max(count, len(texts) // 2) - 1]]]
    # A little weight is left to those that the model is sure of, so that there is one to part by.
    found = _middles(_places([texts[i] for i in unsure]), np.maximum(1 - margins[unsure], 1e-3), count, seed)
    rest = np.setdiff1d(np.arange(len(unsure)), found)[: count - len(found)]
    return sorted(unsure[np.concatenate([found, rest])].tolist())


def _places(texts: Sequence[str]) -> Array:
    """The texts as points: their n-grams, each text of length 1, in few dimensions."""
    counts = lexicon.counts(texts, longest=_LONGEST, bits=_BITS)
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    slots = np.flatnonzero(df >= (2 if len(texts) > _DIMENSIONS else 1))
    vectors = lexicon.vectors(counts, slots, np.log((1 + len(texts)) / (1 + df[slots])) + 1)
    points = _fewer(vectors) if min(vectors.shape) > _DIMENSIONS else vectors.toarray()
    return np.asarray(points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9))


def _fewer(vectors: Any) -> Array:
    from sklearn.decomposition import TruncatedSVD

    return np.asarray(TruncatedSVD(_DIMENSIONS, random_state=0).fit_transform(vectors))


def _middles(points: Array, weights: Array, count: int, seed: int) -> Indexes:
    """The point nearest to the middle of each of ``count`` clusters; fewer where points coincide."""
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct points than clusters
        clusters = KMeans(count, n_init=1, random_state=seed).fit(points, sample_weight=weights)
    far = ((points - clusters.cluster_centers_[clusters.labels_]) ** 2).sum(axis=1)
    order = np.lexsort((far, clusters.labels_))
    _, first = np.unique(clusters.labels_[order], return_index=True)
    return np.sort(order[first])
