"""The three layers as one estimator: from outlines of reports to probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import context, softmax
from pipeline.tag.context import ContextDecoder, Views
from pipeline.tag.estimator import Estimator, check_fitted, fresh
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.folds import grouped_folds, known
from pipeline.tag.headings import HeadingEvidence
from pipeline.tag.outline import Outline

Array = NDArray[np.float64]
#: A sentence by itself; in its report, the sub-headings taken away; in its report as it stands.
Setting = Literal["alone", "no-headings", "full"]
SETTINGS: tuple[Setting, ...] = ("alone", "no-headings", "full")


class Model(Estimator):
    """Sentence evidence, heading evidence and the context decoder.

    What is fitted on another layer's output is fitted on output for reports that the other layer had not seen. The context decoder learns every report
    twice, with its sub-headings and without.

    Parameters
    ----------
    sentence, heading, context : estimators or None
        The layers, unfitted; by default with their default options.
    classes : int, default=8
    folds : int, default=5
        Parts of the cross-validations, grouped by report.

    Attributes
    ----------
    sentence_, heading_, context_ : the fitted layers
    prior_ : float64 (classes,)
        The log frequencies of the labels.
    temperature_ : dict of setting to float
        The scores of the context decoder are divided by it.
    """

    def __init__(
        self,
        *,
        sentence: SentenceEvidence | None = None,
        heading: HeadingEvidence | None = None,
        context: ContextDecoder | None = None,
        classes: int = 8,
        folds: int = 5,
    ) -> None:
        self.sentence = sentence
        self.heading = heading
        self.context = context
        self.classes = classes
        self.folds = folds

    def fit(self, X: Sequence[Outline], y: Sequence[Sequence[int]], weights: Sequence[Sequence[float]] | None = None) -> Self:
        """Learn from the outlines of reports and the labels of their sentences.

        Sentences with a label below 0 are the neighbours of others and nothing more: nothing is learned of them. ``weights`` says how much each sentence
        counts, 1 by default. A single report is held apart from itself sentence by sentence.
        """
        sizes = [len(outline.texts) for outline in X]
        owner, labels = _owners(X), np.concatenate([np.asarray(part, dtype=np.int64) for part in y])
        heavy = np.ones(len(labels)) if weights is None else np.concatenate([np.asarray(part, dtype=np.float64) for part in weights])
        there = known(np.arange(len(labels)), labels)
        if not len(there):
            raise ValueError("there is no labelled sentence to learn from")
        counts = np.bincount(labels[there], weights=heavy[there], minlength=self.classes)
        self.prior_ = np.log((counts + 1) / (counts.sum() + self.classes))
        self.sentence_ = fresh(self.sentence or SentenceEvidence(classes=self.classes, folds=self.folds))
        words = self.sentence_.fit_transform([text for outline in X for text in outline.texts], labels.tolist(), owner.tolist(), heavy.tolist())
        said = self._fit_headings(X, np.split(labels, np.cumsum(sizes)[:-1]), np.split(heavy, np.cumsum(sizes)[:-1]))
        by_report = np.split(words, np.cumsum(sizes)[:-1])
        bare = [outline.without_headings() for outline in X]
        views: dict[Setting, Views] = {
            "no-headings": Views.joined([context.view(*each, self.prior_) for each in zip(bare, by_report, said, strict=True)]),
            "full": Views.joined([context.view(*each, self.prior_) for each in zip(X, by_report, said, strict=True)]),
        }
        self._fit_context(views, labels, owner, heavy)
        return self

    def _fit_headings(self, X: Sequence[Outline], y: Sequence[NDArray[np.int64]], weights: Sequence[Array]) -> list[dict[str, Array]]:
        """Fit the heading layer; returns for each report what its headings say, out of fold."""
        names: list[str] = []
        counts: list[Array] = []
        owners: list[int] = []
        for i, (outline, labels, heavy) in enumerate(zip(X, y, weights, strict=True)):
            seen: dict[str, Array] = {}
            for path, label, weight in zip(outline.headings, labels.tolist(), heavy.tolist(), strict=True):
                for heading in path:
                    counted = seen.setdefault(heading, np.zeros(self.classes))
                    if label >= 0:
                        counted[label] += weight
            names += list(seen)
            counts += list(seen.values())
            owners += [i] * len(seen)
        self.heading_ = fresh(self.heading or HeadingEvidence(classes=self.classes, folds=self.folds))
        found: list[dict[str, Array]] = [{} for _ in X]
        if not any(one.any() for one in counts):
            # No heading is known: one without words stands for all, and every heading will say what is usual.
            self.heading_.fit([""], np.exp(self.prior_)[None])
            return [{name: self.prior_ for path in outline.headings for name in path} for outline in X]
        groups = owners if len(X) > 1 else list(range(len(owners)))
        for name, logs, i in zip(names, self.heading_.fit_transform(names, np.array(counts), groups), owners, strict=True):
            found[i][name] = logs
        return found

    def _fit_context(self, views: Mapping[Setting, Views], labels: NDArray[np.int64], owner: NDArray[np.int64], heavy: Array) -> None:
        self.context_ = fresh(self.context or ContextDecoder(classes=self.classes))
        scores = {setting: np.zeros((len(labels), self.classes)) for setting in views}
        for train, test in grouped_folds(owner, self.folds, seed=1):
            self._fit_decoder(views, labels, heavy, known(train, labels))
            for setting, seen in views.items():
                scores[setting][test] = self.context_.decision_function(seen[test])
        there = known(np.arange(len(labels)), labels)
        self.temperature_ = {setting: softmax.temperature(scores[setting][there], labels[there], heavy[there]) for setting in views}
        self._fit_decoder(views, labels, heavy, there)

    def _fit_decoder(self, views: Mapping[Setting, Views], labels: NDArray[np.int64], heavy: Array, rows: NDArray[np.int64]) -> None:
        seen = Views.joined([part[rows] for part in views.values()])
        self.context_.fit(seen, np.tile(labels[rows], len(views)).tolist(), np.tile(heavy[rows], len(views)))

    def views(self, outline: Outline, *, headings: bool = True) -> Views:
        """What the context decoder sees of a report."""
        seen = outline if headings else outline.without_headings()
        names = sorted({heading for path in seen.headings for heading in path})
        said = dict(zip(names, self.heading_.predict_log_proba(names), strict=True)) if names else {}
        return context.view(seen, self.sentence_.predict_log_proba(outline.texts), said, self.prior_)

    def predict_log_proba(self, X: Outline, setting: Setting = "full") -> Array:
        """Log probabilities ``(sentences, classes)`` of one report's sentences."""
        check_fitted(self)
        if setting == "alone":
            return self.sentence_.predict_log_proba(X.texts)
        scores = self.context_.decision_function(self.views(X, headings=setting == "full"))
        return softmax.log_softmax(scores / self.temperature_[setting])


def _owners(X: Sequence[Outline]) -> NDArray[np.int64]:
    """The report that each sentence belongs to; the sentences themselves where there is one report alone, whose sections would take whole categories away."""
    sizes = [len(outline.texts) for outline in X]
    return np.repeat(np.arange(len(X)), sizes) if len(X) > 1 else np.arange(sizes[0])
