"""Training: from labelled reports to a candidate model, with figures from cross-validation by report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import categories, parallel
from pipeline.categories import Scheme
from pipeline.errors import LabelError
from pipeline.learn import card as cards
from pipeline.learn.curve import CurvePoint, Tables, curve_points, curve_tables
from pipeline.learn.evaluation import Evaluation, compare
from pipeline.learn.labelled import LabelledReport, training_corpus
from pipeline.learn.sources import Data
from pipeline.tag import Tagger
from pipeline.tag.estimator import fresh
from pipeline.tag.model import SETTINGS, Model, Setting
from pipeline.tag.shipped import FORMAT, Shipped
from pipeline.tokenize import Segmenter

Logs = dict[Setting, list[NDArray[np.float16]]]
#: Called with the number of steps done and the number of all.
Progress = Callable[[int, int], None]
#: The year and month of the method: part of every version's name.
RELEASE = "2026.11"
#: Parts of the outer cross-validation.
FOLDS = 5
_FEW = 8 * FOLDS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that was trained and is not saved yet, with its cross-validated evaluation, its learning curve, if one was asked for, and its card."""

    tagger: Tagger
    evaluation: Evaluation
    card: Mapping[str, Any]
    curve: tuple[CurvePoint, ...] = ()

    @property
    def version(self) -> str:
        """The version's name; the same data and settings always give the same."""
        return self.tagger.version


@dataclass(frozen=True, slots=True)
class _Task:
    """The reports to learn from and those to tag."""

    known: list[LabelledReport]
    others: list[LabelledReport]


@dataclass(frozen=True, slots=True)
class _Fold:
    model: Model
    logs: Logs
    curve: Tables


def train(
    reports: Sequence[LabelledReport] | Data | None = None,
    *,
    model: Model | None = None,
    scheme: Scheme | None = None,
    curve: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Candidate:
    """Train a candidate on labelled reports, by default the training corpus with the baseline.

    The figures come from cross-validation: every report is tagged by a model that was made, in all its parts, without it. ``scheme`` holds the categories, by
    default the seven; ``curve`` adds what fewer reports give. ``jobs`` is the number of processes, by default all cores.

    Raises
    ------
    LabelError
        Where there are fewer than two labelled reports, or a label is none of the scheme's.
    """
    data = reports if isinstance(reports, Data) else Data(tuple(reports if reports is not None else training_corpus()), scheme or categories.default())
    used = _usable(data)
    options = model or Model(classes=len(data.scheme.codes) + 1)
    folds = stable_folds([report.outline.digest for report in used])
    first, found = _fitted(used, folds, options, curve, jobs, progress or (lambda _done, _total: None))
    logs = _in_order(folds, found, len(used))
    version = version_name(used, options, data.scheme)
    labels = np.array([label for report in used for label in report.labels], dtype=np.int8)
    joined = {setting: np.concatenate(logs[setting]) for setting in SETTINGS}
    shipped = Shipped(version, first.model, data.scheme, logs=joined, names=[r.name for r in used], outlines=[r.outline for r in used], labels=labels)
    evaluation = compare(used, _exact(logs), version, data.scheme)
    points = curve_points([fold.curve for fold in found]) if curve else ()
    return Candidate(Tagger(shipped), evaluation, cards.card(shipped, used, evaluation, points, data), points)


def _usable(data: Data) -> list[LabelledReport]:
    """The reports that have a label, ordered by name."""
    used = sorted((report for report in data.reports if any(label >= 0 for label in report.labels)), key=lambda report: report.name)
    if len({report.outline.digest for report in used}) < 2:
        raise LabelError("training", "there are fewer than two labelled reports", "give more, so that some can be held back")
    most = len(data.scheme.codes)
    for report in used:
        if wrong := next((label for label in report.labels if label > most), None):
            raise LabelError(report.name, f"it has the label {wrong}, and the scheme {data.scheme.name} has {most} categories", "give the scheme of the labels")
    return used


def stable_folds(digests: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    """The indexes of the reports to learn from and to tag, fold by fold.

    What a report holds decides on its fold, so that it is held out together with the same others by every model that knows them all; only where there are
    few reports are they dealt out in turn.
    """
    ranks = {digest: rank for rank, digest in enumerate(sorted(set(digests)))}
    many = len(ranks) >= _FEW
    places = [(int(digest, 16) if many else ranks[digest]) % FOLDS for digest in digests]
    everything = range(len(digests))
    return [([i for i in everything if places[i] != fold], [i for i in everything if places[i] == fold]) for fold in sorted(set(places))]


def _fitted(
    reports: Sequence[LabelledReport], folds: Sequence[tuple[list[int], list[int]]], options: Model, curve: bool, jobs: int | None, progress: Progress
) -> tuple[_Fold, list[_Fold]]:
    """The model of all reports, and the folds."""
    progress(0, len(folds) + 1)
    # The largest task comes first, so that no process waits for it at the end.
    tasks = [_Task(list(reports), [])] + [_Task([reports[i] for i in known], [reports[i] for i in others]) for known, others in folds]
    work = partial(_fold, options=options, curve=curve)
    found: list[_Fold] = []
    for done, fold in enumerate(parallel.stream(work, tasks, jobs=parallel.sensible_jobs(len(tasks) * 16, jobs)), 1):
        found.append(fold)
        progress(done, len(tasks))
    return found[0], found[1:]


def _fold(task: _Task, *, options: Model, curve: bool) -> _Fold:
    """Fit a model on some reports, and tag others with it."""
    # The limit holds for libraries that are loaded already.
    import scipy.optimize  # noqa: F401
    from threadpoolctl import threadpool_limits

    known, others = task.known, task.others
    # One thread, whatever the machine has: sums come out the same to the last bit.
    with threadpool_limits(1):
        model = fresh(options).fit([r.outline for r in known], [r.labels for r in known], [r.weights for r in known])
        # Half precision is what the model's file keeps; all figures are those of the file.
        logs: Logs = {setting: [model.predict_log_proba(r.outline, setting).astype(np.float16) for r in others] for setting in SETTINGS}
        return _Fold(model if not others else options, logs, curve_tables(model, known, others) if curve and others else [])


def _in_order(folds: Sequence[tuple[list[int], list[int]]], found: Sequence[_Fold], count: int) -> Logs:
    logs: Logs = {setting: [np.empty(0, dtype=np.float16)] * count for setting in SETTINGS}
    for (_, others), fold in zip(folds, found, strict=True):
        for setting in SETTINGS:
            for i, log in zip(others, fold.logs[setting], strict=True):
                logs[setting][i] = log
    return logs


def _exact(logs: Logs) -> dict[Setting, list[NDArray[np.float64]]]:
    return {setting: [log.astype(np.float64) for log in found] for setting, found in logs.items()}


def data_hash(reports: Sequence[LabelledReport]) -> str:
    """The SHA-256 of what is learned from: names, texts, labels, weights and places."""
    return cards.data_hash(reports)


def version_name(reports: Sequence[LabelledReport], model: Model, scheme: Scheme | None = None) -> str:
    """The version's name: scheme, release, and a hash of data and settings."""
    used = scheme or categories.default()
    settings = [data_hash(reports), repr(model), FORMAT, FOLDS, RELEASE, Segmenter.default().version, used.as_dict()]
    digest = hashlib.sha256(json.dumps(settings, ensure_ascii=False).encode()).hexdigest()
    return f"{used.name}-{RELEASE}-{digest[:8]}"
