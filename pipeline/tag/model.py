"""The three layers as one estimator: from outlines of reports to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.tag import context, softmax
from pipeline.tag.context import ContextDecoder
from pipeline.tag.estimator import Estimator
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.folds import grouped_folds
from pipeline.tag.headings import HeadingEvidence
from pipeline.tag.outline import Outline

Array = NDArray[np.float64]
Setting = Literal["alone", "no-headings", "full"]
SETTINGS: tuple[Setting, ...] = ("alone", "no-headings", "full")


class Model(Estimator):
    """Sentence evidence, heading evidence and the context decoder.

    Everything that is fitted on another layer's output is fitted on output for reports that the other layer did not see.

    Attributes
    ----------
    sentence_, heading_, context_ : the fitted layers
    out_of_fold_ : dict of setting to log probabilities, only right after ``fit_transform``
    """

    def __init__(
        self,
        *,
        sentence: SentenceEvidence | None = None,
        heading: HeadingEvidence | None = None,
        context: ContextDecoder | None = None,
        folds: int = 5,
        classes: int = 8,
    ) -> None:
        self.sentence = sentence
        self.heading = heading
        self.context = context
        self.folds = folds
        self.classes = classes

    def fit(self, X: Sequence[Outline], y: Sequence[Sequence[int]]) -> Self:
        """Learn from the outlines of reports and the labels of their sentences."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Sequence[Outline], y: Sequence[Sequence[int]]) -> dict[Setting, Array]:
        """Fit, and return for each setting the log probabilities of all sentences, each from a fit without its report."""
        self.sentence_ = _fresh(self.sentence, SentenceEvidence(classes=self.classes))
        self.heading_ = _fresh(self.heading, HeadingEvidence(classes=self.classes))
        self.context_ = _fresh(self.context, ContextDecoder(classes=self.classes))
        owner = np.repeat(np.arange(len(X)), [len(outline.texts) for outline in X])
        labels = np.concatenate([np.asarray(part, dtype=np.int64) for part in y])
        words = self.sentence_.fit_transform([text for outline in X for text in outline.texts], labels, owner)
        above = self._fit_headings(X, y)
        bounds = np.concatenate(([0], np.cumsum([len(outline.texts) for outline in X])))
        tables: dict[Setting, Array] = {}
        for setting in ("no-headings", "full"):
            rows = []
            for i, outline in enumerate(X):
                seen = outline if setting == "full" else outline.without_headings()
                rows.append(self._features(seen, words[bounds[i] : bounds[i + 1]], above[i]))
            tables[setting] = np.vstack(rows)
        out: dict[Setting, Array] = {"alone": words, "no-headings": np.zeros_like(words), "full": np.zeros_like(words)}
        for train, test in grouped_folds(owner, self.folds, seed=1):
            self.context_.fit(np.vstack([tables["full"][train], tables["no-headings"][train]]), np.concatenate([labels[train]] * 2))
            for setting, table in tables.items():
                out[setting][test] = self.context_.predict_log_proba(table[test])
        self.context_.fit(np.vstack([tables["full"], tables["no-headings"]]), np.concatenate([labels] * 2))
        return out

    def _fit_headings(self, X: Sequence[Outline], y: Sequence[Sequence[int]]) -> list[dict[str, Array]]:
        """Fit the heading layer; returns for each report what its headings say, out of fold."""
        names, counts, owners = [], [], []
        for i, (outline, labels) in enumerate(zip(X, y, strict=True)):
            seen: dict[str, Array] = {}
            for path, label in zip(outline.headings, labels, strict=True):
                for heading in path:
                    seen.setdefault(heading, np.zeros(self.classes))[label] += 1
            names += list(seen)
            counts += list(seen.values())
            owners += [i] * len(seen)
        logs = self.heading_.fit_transform(names, np.array(counts), owners)
        found: list[dict[str, Array]] = [{} for _ in X]
        for name, log, i in zip(names, logs, owners, strict=True):
            found[i][name] = log
        return found

    def _features(self, outline: Outline, words: Array, said: dict[str, Array]) -> Array:
        nothing = np.zeros(self.classes)
        own = np.array([said[path[-1]] if path else nothing for path in outline.headings])
        above = np.array([np.mean([said[h] for h in path[:-1]], axis=0) if path[:-1] else nothing for path in outline.headings])
        return context.features(outline, words, own, above)

    def predict_log_proba(self, outline: Outline, *, headings: bool = True, neighbours: bool = True) -> Array:
        """Log probabilities ``(sentences, classes)`` of one report's sentences."""
        words = self.sentence_.predict_log_proba(outline.texts)
        if not neighbours:
            return words
        seen = outline if headings else outline.without_headings()
        names = sorted({heading for path in seen.headings for heading in path})
        said = dict(zip(names, self.heading_.predict_log_proba(names), strict=True)) if names else {}
        return self.context_.predict_log_proba(self._features(seen, words, said))


def _fresh(given: E | None, default: E) -> E:
    """A copy of the given estimator with its options alone, or the default."""
    return type(given)(**given.get_params(deep=False)) if given is not None else default


__all__ = ["SETTINGS", "Model", "Setting", "softmax"]
