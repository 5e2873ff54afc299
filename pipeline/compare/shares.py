"""How much of a report each category takes, with the classifier's known errors taken into account.

The tags of n sentences are counts with the distribution q = p C: p are the true shares, row i of C the chances of each tag for a sentence of category i, known from
the cross-validation of the model. Inverting q = p C (Rogan and Gladen, American Journal of Epidemiology 107, 1978, for two classes; Buonaccorsi, Measurement
Error, 2010, chapter 3, for more) can leave the simplex, so p is the maximum of the multinomial likelihood on it, found by EM (Dempster, Laird and
Rubin, JRSS B 39, 1977). The interval is that of the middle 95% of a Bayesian bootstrap (Rubin, Annals of Statistics 9, 1981): the sentences' counts and
each row of C are drawn from Dirichlet distributions, and p is found for each draw.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.compare.results import Profile, Share
from pipeline.data import TaggedReport
from pipeline.errors import ModelMismatch

Array = NDArray[np.float64]

DRAWS = 1_000
#: Added to every count before drawing, so that a category that was not seen keeps an interval.
_SENTENCE_PRIOR, _CONFUSION_PRIOR = 0.5, 0.02
_STEPS = 200
#: Weight of the tags as they stand. Where every measure can be put down to errors, the likelihood leaves the categories nothing to take shares of.
_AS_TAGGED = 1e-4


def corrected(counts: Sequence[int], confusion: Sequence[Sequence[int]], *, draws: int = DRAWS, seed: int = 0) -> tuple[Array, Array, Array]:
    """True shares of the categories 1, 2, ... among the sentences that have one, and the ends of their 95% intervals.

    ``counts`` (classes,) are how many sentences were tagged 0, 1, 2, ...; ``confusion`` (classes, classes) how many sentences of each true category got each
    tag where the truth is known.

    >>> share, low, high = corrected([0, 50, 50], [[10, 0, 0], [0, 90, 10], [0, 0, 100]])
    >>> share.round(3).tolist()
    [0.556, 0.444]
    """
    seen, table = np.asarray(counts, dtype=np.float64), np.asarray(confusion, dtype=np.float64)
    if table.shape != (len(seen), len(seen)) or seen.min() < 0 or table.min() < 0:
        raise ValueError("confusion must be a square table with a row and a column for every count, and nothing below 0")
    if seen[1:].sum() == 0:
        nothing = np.zeros(len(seen) - 1)
        return nothing, nothing, np.ones(len(seen) - 1)
    point = _measures(_inverted(seen[None], _rows(table)[None]))[0]
    rng = np.random.default_rng(seed)
    observed = rng.dirichlet(seen + _SENTENCE_PRIOR, draws)
    errors = np.stack([rng.dirichlet(row + _CONFUSION_PRIOR + 1e-9, draws) for row in table], axis=1)
    low, high = np.quantile(_measures(_inverted(observed, errors)), [0.025, 0.975], axis=0)
    return point, np.minimum(low, point), np.maximum(high, point)


def _rows(table: Array) -> Array:
    """Every row as chances; a category that was never seen is taken to be told without error."""
    sums = table.sum(axis=1, keepdims=True)
    return np.asarray(np.where(sums > 0, table / np.maximum(sums, 1), np.eye(len(table))))


def _inverted(observed: Array, errors: Array) -> Array:
    """The shares on the simplex under which counts ``(draws, classes)`` are likeliest, with errors ``(draws, true, tagged)``.

    The tags weigh in as a prior, Dirichlet(1 + 0.0001 n tags), so that the maximum is that of the posterior.
    """
    weights = observed / observed.sum(axis=1, keepdims=True)
    shares = np.full_like(weights, 1 / weights.shape[1]) * 0.5 + weights * 0.5
    for _ in range(_STEPS):
        expected = np.einsum("di,dij->dj", shares, errors)
        ratio = np.divide(weights, expected, out=np.zeros_like(weights), where=expected > 0)
        shares = (1 - _AS_TAGGED) * shares * np.einsum("dij,dj->di", errors, ratio) + _AS_TAGGED * weights
        shares /= shares.sum(axis=1, keepdims=True)
    return np.asarray(shares)


def _measures(shares: Array) -> Array:
    """Shares among the categories from 1 up."""
    rest = shares[:, 1:]
    return np.asarray(rest / np.maximum(rest.sum(axis=1, keepdims=True), 1e-12))


def profile(tagged: TaggedReport, confusion: Sequence[Sequence[int]], slugs: Sequence[str]) -> Profile:
    """A report's share of each category; ``slugs`` are those of the categories 1, 2, ....

    Raises
    ------
    ModelMismatch
        Where the report was tagged with other categories than the confusion has.
    """
    codes = [tag.code for tag in tagged.tags]
    if len(confusion) != len(slugs) + 1 or max(codes, default=0) > len(slugs):
        raise ModelMismatch(tagged.report.name, "its tags are of other categories than the model's", "tag it again with the current model")
    counts = np.bincount(codes, minlength=len(slugs) + 1).tolist()
    point, low, high = corrected(counts, confusion)
    measures, meta = sum(counts[1:]), tagged.report.metadata
    shares = tuple(
        Share(slug, code, counts[code], counts[code] / measures if measures else 0.0, float(point[code - 1]), float(low[code - 1]), float(high[code - 1]))
        for code, slug in enumerate(slugs, 1)
    )
    return Profile(tagged.report.name, meta.district, meta.year, measures, shares)
