"""Labels that are likely wrong: those that a model which had not seen their report thinks least of.

Northcutt, Jiang and Chuang, Confident Learning: Estimating Uncertainty in Dataset Labels, Journal of Artificial Intelligence Research 70, 2021: labels are ranked
by the normalised margin, the probability of the label less that of the best other category, from cross-validation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline import parallel
from pipeline.categories import Scheme
from pipeline.errors import LabelError
from pipeline.learn.labelled import LabelledReport
from pipeline.learn.sources import Data
from pipeline.show import Row
from pipeline.show.sheets import Column, category_name, category_names
from pipeline.store import ADJUDICATED
from pipeline.store.labels import folded
from pipeline.tag.estimator import fresh
from pipeline.tag.folds import grouped_folds
from pipeline.tag.model import Model

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
#: Whose labels are looked at: those of a corpus, or those that ship with Fazhi.
Whose = Literal["labels", "shipped"]
FOLDS = 5
FIELDS = ("report", "training_report", "sentence", "heading", "before", "text", "after", "labelled", "label_probability", "suggested", "probability", "label", "annotator", "note")  # fmt: skip
_WIDTHS = {"text": 70, "before": 36, "after": 36, "heading": 24, "report": 18, "training_report": 18, "labelled": 14, "suggested": 14, "note": 30}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that may be wrong.

    ``number`` counts the sentences of the report from 0. ``probability`` is the model's for ``suggested``, its choice, and ``label_probability`` that for the
    label. ``margin``, in [-1, 1], is the lower the likelier the label is wrong.
    """

    report: str
    number: int
    text: str
    heading: str
    before: str
    after: str
    label: int
    label_probability: float
    suggested: int
    probability: float
    margin: float


def out_of_fold(
    reports: Sequence[LabelledReport], *, model: Model | None = None, classes: int = 8, jobs: int | None = None, progress: Progress | None = None
) -> list[Array]:
    """The log probabilities ``(sentences, classes)`` of every report, read as a whole, from a model that was made without it.

    Raises
    ------
    LabelError
        Where there are fewer than two reports with a label.
    """
    if sum(any(label >= 0 for label in report.labels) for report in reports) < 2:
        raise LabelError("labels", "fewer than two reports have labels", "label sentences of more reports, or add the training corpus with --training")
    parts = grouped_folds(np.arange(len(reports)), FOLDS, seed=2)
    tasks = [([reports[i] for i in train], [reports[i] for i in test]) for train, test in parts]
    logs: list[Array] = [np.empty(0)] * len(reports)
    work = partial(_fold, options=model or Model(classes=classes))
    for done, found in enumerate(parallel.stream(work, tasks, jobs=parallel.sensible_jobs(len(tasks) * 16, jobs))):
        for i, log in zip(parts[done][1], found, strict=True):
            logs[i] = log
        if progress:
            progress(done + 1, len(tasks))
    return logs


def _fold(task: tuple[list[LabelledReport], list[LabelledReport]], *, options: Model) -> list[Array]:
    # The limit holds for libraries that are loaded already.
    import scipy.optimize  # noqa: F401
    from threadpoolctl import threadpool_limits

    known, others = task
    known = [report for report in known if any(label >= 0 for label in report.labels)]
    with threadpool_limits(1):
        if not known:
            return [np.full((len(r.sentences), options.classes), -np.log(options.classes)) for r in others]
        fitted = fresh(options).fit([r.outline for r in known], [r.labels for r in known], [r.weights for r in known])
        return [fitted.predict_log_proba(r.outline) for r in others]


def label_margins(labels: NDArray[np.int64], chances: Array) -> Array:
    """The probability of each label less that of the best other category.

    >>> label_margins(np.array([0, 1]), np.array([[0.75, 0.25, 0.0], [0.75, 0.25, 0.0]])).tolist()
    [0.5, -0.5]
    """
    rows = np.arange(len(labels))
    rest = chances.copy()
    rest[rows, labels] = -1.0
    return np.asarray(chances[rows, labels] - rest.max(axis=1))


def suspects(reports: Sequence[LabelledReport], logs: Sequence[Array]) -> list[Suspect]:
    """Every label of the reports, the likeliest to be wrong first; ``logs`` are those of :func:`out_of_fold`."""
    found = [suspect for report, log in zip(reports, logs, strict=True) for suspect in _of_report(report, np.exp(log))]
    return sorted(found, key=lambda one: (one.margin, one.report, one.number))


def _of_report(report: LabelledReport, chances: Array) -> list[Suspect]:
    labels = np.array(report.labels)
    there = np.flatnonzero(labels >= 0)
    texts = [sentence.text for sentence in report.sentences]
    found = []
    for at, margin in zip(there.tolist(), label_margins(labels[there], chances[there]).tolist(), strict=True):
        best, label = int(chances[at].argmax()), int(labels[at])
        before, after = "".join(texts[max(0, at - 2) : at]), "".join(texts[at + 1 : at + 3])
        heading = report.sentences[at].heading
        found.append(
            Suspect(report.name, at, texts[at], heading, before, after, label, float(chances[at, label]), best, float(chances[at, best]), float(margin))
        )
    return found


def of_data(data: Data, whose: Whose, *, jobs: int | None = None, progress: Progress | None = None) -> list[Suspect]:
    """The labels of a corpus, or those that ship with Fazhi, the likeliest to be wrong first. The model learns from all of the data."""
    reports = list(data.reports)
    own = {folded(s.text) for report in (data.own.reports if data.own else ()) for s in report.sentences if s.label >= 0}
    found = suspects(reports, out_of_fold(reports, classes=len(data.scheme.codes) + 1, jobs=jobs, progress=progress))
    return [one for one in found if (folded(one.text) in own) == (whose == "labels")]


def suspect_rows(found: Sequence[Suspect], whose: Whose, scheme: Scheme) -> list[Row]:
    """Suspects as rows. What is written into ``label`` comes back as adjudication; ``labelled`` is the label that it has now.

    A report that ships with Fazhi is no ``report`` of the corpus: what is settled of its sentences goes by their text.
    """
    name = "report" if whose == "labels" else "training_report"
    return [
        {
            name: one.report, "sentence": one.number + 1, "heading": one.heading, "before": one.before, "text": one.text, "after": one.after,
            "labelled": category_name(scheme, one.label), "label_probability": round(one.label_probability, 4),
            "suggested": category_name(scheme, one.suggested), "probability": round(one.probability, 4),
            "label": None, "annotator": ADJUDICATED, "note": None,
        }
        for one in found
    ]  # fmt: skip


def columns(whose: Whose, scheme: Scheme) -> list[Column]:
    """The columns of suspects in a spreadsheet: the label is chosen from a list."""
    left_out = "training_report" if whose == "labels" else "report"
    filled = {"label": category_names(scheme), "note": ()}
    return [Column(name, _WIDTHS.get(name, 12), wrap=name in _WIDTHS, choices=filled.get(name, ()), fill=name in filled) for name in FIELDS if name != left_out]
