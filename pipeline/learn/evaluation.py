"""Evaluation: how well tags agree with people's labels, in three settings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.categories import Scheme
from pipeline.errors import LabelError
from pipeline.learn import metrics
from pipeline.learn.labelled import LabelledReport
from pipeline.tag import Tagger
from pipeline.tag.model import SETTINGS, Setting

Array = NDArray[np.float64]
PRECISIONS = (0.95, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """Precision, recall and F1 of one code, with the 95% interval of F1; ``support`` sentences have the label. ``None`` where the code does not occur."""

    code: int
    slug: str | None
    support: int
    precision: float | None
    recall: float | None
    f1: float | None
    f1_low: float | None
    f1_high: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One labelled sentence and the tag that it got."""

    report: str
    text: str
    label: int
    code: int
    probability: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """What is left where tags below a threshold are withheld: the share kept, and the share of these that are right.

    ``threshold`` is the model's own for ``min_precision``, found on its training reports out of fold; ``best_coverage`` is the largest share that any
    threshold keeps at that precision on the reports at hand.
    """

    min_precision: float
    threshold: float | None
    coverage: float | None
    precision: float | None
    best_coverage: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one setting. ``macro_f1`` is the mean over the categories; code 0 has its figures in ``categories[0]``."""

    sentences: int
    accuracy: float
    macro_f1: float
    macro_f1_low: float
    macro_f1_high: float
    top_two: float
    calibration_error: float
    categories: tuple[CategoryFigures, ...]
    abstentions: tuple[Abstention, ...]
    confusion: tuple[tuple[int, ...], ...]
    outcomes: tuple[Outcome, ...]

    @property
    def none_f1(self) -> float | None:
        """F1 of code 0."""
        return self.categories[0].f1

    def cell(self, label: int, code: int) -> list[Outcome]:
        """The sentences of one cell of the confusion table: those with this label that got this code, the surest first."""
        return sorted((o for o in self.outcomes if o.label == label and o.code == code), key=lambda o: -o.probability)

    def as_dict(self, *, sentences: bool = True) -> dict[str, Any]:
        """The figures as plain data for JSON; ``sentences`` adds the wrongly tagged ones, under ``label>code``."""
        plain: dict[str, Any] = {
            "sentences": self.sentences,
            "accuracy": _short(self.accuracy),
            "macro_f1": _short(self.macro_f1),
            "macro_f1_interval": [_short(self.macro_f1_low), _short(self.macro_f1_high)],
            "none_f1": _short(self.none_f1),
            "top_two": _short(self.top_two),
            "calibration_error": _short(self.calibration_error),
            "categories": [{name: _short(getattr(c, name)) for name in CategoryFigures.__slots__} for c in self.categories],
            "abstentions": [{name: _short(getattr(a, name)) for name in Abstention.__slots__} for a in self.abstentions],
            "confusion": [list(row) for row in self.confusion],
        }
        if sentences:
            plain["wrong"] = {
                f"{label}>{code}": [{"report": o.report, "text": o.text, "probability": _short(o.probability)} for o in self.cell(label, code)]
                for label, row in enumerate(self.confusion)
                for code, count in enumerate(row)
                if count and label != code
            }
        return plain


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures in the three settings: each sentence alone, in its report without the sub-headings, and in its report as it stands."""

    version: str
    reports: int
    alone: Figures
    no_headings: Figures
    full: Figures

    def setting(self, name: Setting) -> Figures:
        """The figures of a setting."""
        return {"alone": self.alone, "no-headings": self.no_headings, "full": self.full}[name]

    def as_dict(self, *, sentences: bool = True) -> dict[str, Any]:
        """The figures as plain data for JSON."""
        return {"version": self.version, "reports": self.reports} | {name: self.setting(name).as_dict(sentences=sentences) for name in SETTINGS}


def evaluate(reports: Sequence[LabelledReport], tagger: Tagger) -> Evaluation:
    """Tag labelled reports and compare; sentences without a label are not counted.

    Raises
    ------
    LabelError
        Where there is nothing to compare with.
    """
    if not any(label >= 0 for report in reports for label in report.labels):
        raise LabelError("evaluation", "there is no labelled sentence", "give labelled reports")
    logs = {setting: [tagger.shipped.model.predict_log_proba(report.outline, setting) for report in reports] for setting in SETTINGS}
    return compare(reports, logs, tagger.version, tagger.scheme, tagger)


def compare(
    reports: Sequence[LabelledReport], logs: Mapping[Setting, Sequence[Array]], version: str, scheme: Scheme, tagger: Tagger | None = None
) -> Evaluation:
    """The evaluation of log probabilities ``(sentences, classes)``, one array a report, in each setting."""
    found = {setting: _figures(reports, logs[setting], setting, scheme, tagger) for setting in SETTINGS}
    return Evaluation(version, len(reports), found["alone"], found["no-headings"], found["full"])


def _figures(reports: Sequence[LabelledReport], logs: Sequence[Array], setting: Setting, scheme: Scheme, tagger: Tagger | None) -> Figures:
    given = [np.asarray(report.labels, dtype=np.int64) for report in reports]
    # What nobody labelled is not measured.
    there = [labels >= 0 for labels in given]
    known = [log[rows] for log, rows in zip(logs, there, strict=True)]
    chances = np.exp(np.concatenate(known))
    classes = chances.shape[1]
    labels = np.concatenate([labels[rows] for labels, rows in zip(given, there, strict=True)])
    tags, high = chances.argmax(axis=1), chances.max(axis=1)
    right = tags == labels
    by_report = [metrics.confusion(labels[rows], log.argmax(axis=1), classes) for labels, rows, log in zip(given, there, known, strict=True)]
    table = np.sum(by_report, axis=0)
    low, high_end = metrics.bootstrap(np.array(by_report))
    places = ((report.name, sentence.text) for report in reports for sentence in report.sentences if sentence.label >= 0)
    rows = zip(places, labels.tolist(), tags.tolist(), high.tolist(), strict=True)
    return Figures(
        sentences=len(labels),
        accuracy=float(right.mean()),
        macro_f1=float(metrics.macro_f1(table)),
        macro_f1_low=float(low[-1]),
        macro_f1_high=float(high_end[-1]),
        top_two=metrics.among_first(chances, labels),
        calibration_error=metrics.calibration_error(high, right),
        categories=_by_category(table, low, high_end, scheme),
        abstentions=tuple(_abstention(high, right, precision, setting, tagger) for precision in PRECISIONS),
        confusion=tuple(tuple(int(count) for count in row) for row in table),
        outcomes=tuple(Outcome(name, text, label, code, chance) for (name, text), label, code, chance in rows),
    )


def _by_category(table: Array, low: Array, high: Array, scheme: Scheme) -> tuple[CategoryFigures, ...]:
    found = metrics.precision_recall_f1(table)
    return tuple(
        CategoryFigures(code, scheme.slug(code), int(table[code].sum()), *(_known(value) for value in (*found[code], low[code], high[code])))
        for code in range(len(table))
    )


def _abstention(chances: Array, right: NDArray[np.bool_], precision: float, setting: Setting, tagger: Tagger | None) -> Abstention:
    best = metrics.coverage(chances, right, precision)
    if tagger is None:
        return Abstention(precision, None, None, None, best)
    threshold = tagger.threshold(precision, setting)
    kept = chances >= threshold
    return Abstention(precision, threshold, float(kept.mean()), float(right[kept].mean()) if kept.any() else None, best)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _short(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
