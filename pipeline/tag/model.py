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
from pipeline.tag.folds import grouped_folds
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

    def fit(self, X: Sequence[Outline], y: Sequence[Sequence[int]]) -> Self:
        """Learn from the outlines of reports and the labels of their sentences."""
        sizes = [len(outline.texts) for outline in X]
        owner, labels = np.repeat(np.arange(len(X)), sizes), np.concatenate([np.asarray(part, dtype=np.int64) for part in y])
        self.prior_ = np.log((np.bincount(labels, minlength=self.classes) + 1) / (len(labels) + self.classes))
        self.sentence_ = fresh(self.sentence or SentenceEvidence(classes=self.classes, folds=self.folds))
        words = self.sentence_.fit_transform([text for outline in X for text in outline.texts], labels.tolist(), owner.tolist())
        said = self._fit_headings(X, y)
        by_report = np.split(words, np.cumsum(sizes)[:-1])
        bare = [outline.without_headings() for outline in X]
        views: dict[Setting, Views] = {
            "no-headings": Views.joined([context.view(*each, self.prior_) for each in zip(bare, by_report, said, strict=True)]),
            "full": Views.joined([context.view(*each, self.prior_) for each in zip(X, by_report, said, strict=True)]),
        }
        self._fit_context(views, labels, owner)
        return self

    def _fit_headings(self, X: Sequence[Outline], y: Sequence[Sequence[int]]) -> list[dict[str, Array]]:
        """Fit the heading layer; returns for each report what its headings say, out of fold."""
        names: list[str] = []
        counts: list[Array] = []
        owners: list[int] = []
        for i, (outline, labels) in enumerate(zip(X, y, strict=True)):
            seen: dict[str, Array] = {}
            for path, label in zip(outline.headings, labels, strict=True):
                for heading in path:
                    seen.setdefault(heading, np.zeros(self.classes))[label] += 1
            names += list(seen)
            counts += list(seen.values())
            owners += [i] * len(seen)
        self.heading_ = fresh(self.heading or HeadingEvidence(classes=self.classes, folds=self.folds))
        found: list[dict[str, Array]] = [{} for _ in X]
        for name, logs, i in zip(names, self.heading_.fit_transform(names, np.array(counts), owners), owners, strict=True):
            found[i][name] = logs
        return found

    def _fit_context(self, views: Mapping[Setting, Views], labels: NDArray[np.int64], owner: NDArray[np.int64]) -> None:
        self.context_ = fresh(self.context or ContextDecoder(classes=self.classes))
        scores = {setting: np.zeros((len(labels), self.classes)) for setting in views}
        for train, test in grouped_folds(owner, self.folds, seed=1):
            self.context_.fit(Views.joined([seen[train] for seen in views.values()]), np.tile(labels[train], len(views)).tolist())
            for setting, seen in views.items():
                scores[setting][test] = self.context_.decision_function(seen[test])
        self.temperature_ = {setting: softmax.temperature(scores[setting], labels) for setting in views}
        self.context_.fit(Views.joined(list(views.values())), np.tile(labels, len(views)).tolist())

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
