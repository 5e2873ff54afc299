"""Training: from labelled reports to a candidate model, and from a candidate to the current model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import categories, parallel, resources
from pipeline.errors import LabelError
from pipeline.learn.evaluation import PRECISIONS, Evaluation, compare
from pipeline.learn.labelled import LabelledReport, training_corpus
from pipeline.tag import Tagger, files, skopsfile
from pipeline.tag.estimator import fresh
from pipeline.tag.folds import grouped_folds
from pipeline.tag.model import SETTINGS, Model, Setting
from pipeline.tag.shipped import FORMAT, Shipped, scheme_name
from pipeline.tokenize import Segmenter

Array = NDArray[np.float64]
#: Called with the number of steps done and the number of all.
Progress = Callable[[int, int], None]
#: The year and month of the method: part of every version's name.
RELEASE = "2026.11"
#: Parts of the outer cross-validation.
FOLDS = 5
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "skops")
_STATEMENT = (
    "Labelled reports of fictional places, written for this project after the code book, and the baseline report with its labels; "
    "no real report besides the baseline, and nothing of the sets that measure it."
)
_WEAKNESSES = (
    "Its training reports are written in the manner of real ones and are richer in unusual sentences than these; figures on real reports can differ.",
    "Sentences that join measures of two categories get one tag; the second category is often the other.",
    "Sentences without any word of their subject (a scene, a metaphor, a bare result) are told by their neighbours alone, and poorly by themselves.",
    "Wordings later than 2025, and traditional characters, are known only as far as they share n-grams with what was learned.",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that was trained and is not saved yet, with its cross-validated evaluation and its card."""

    tagger: Tagger
    evaluation: Evaluation
    card: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version's name; the same data and settings always give the same."""
        return self.tagger.version


def train(
    reports: Sequence[LabelledReport] | None = None, *, model: Model | None = None, jobs: int | None = None, progress: Progress | None = None
) -> Candidate:
    """Train a candidate on labelled reports, by default the training corpus with the baseline.

    The figures come from cross-validation: every report is tagged by a model that was made, in all its parts, without it. ``jobs`` is the number of
    processes, by default all cores.

    Raises
    ------
    LabelError
        Where there are fewer than two labelled reports.
    """
    used = sorted(reports if reports is not None else training_corpus(), key=lambda report: report.name)
    if len(used) < 2:
        raise LabelError("training", "there are fewer than two labelled reports", "give more, so that some can be held back")
    options = model or Model(classes=len(categories.scheme().codes) + 1)
    logs, fitted = _fitted(used, options, jobs, progress or (lambda _done, _total: None))
    version = version_name(used, options)
    shipped = _shipped(version, fitted, used, logs)
    evaluation = compare(used, logs, version)
    return Candidate(Tagger(shipped), evaluation, _card(shipped, used, evaluation))


def _fitted(reports: Sequence[LabelledReport], options: Model, jobs: int | None, progress: Progress) -> tuple[dict[Setting, list[Array]], Model]:
    """Log probabilities of every report from a model without it, in each setting, and the model of all reports."""
    parts = grouped_folds(np.arange(len(reports)), FOLDS, seed=2)
    progress(0, len(parts) + 1)
    # The largest task comes first, so that no process waits for it at the end.
    tasks: list[tuple[list[LabelledReport], list[LabelledReport]]] = [(list(reports), [])]
    tasks += [([reports[i] for i in train], [reports[i] for i in test]) for train, test in parts]
    work = partial(_fold, options=options)
    logs: dict[Setting, list[Array]] = {setting: [np.empty(0)] * len(reports) for setting in SETTINGS}
    models: list[Model] = []
    for done, (model, found) in enumerate(parallel.stream(work, tasks, jobs=parallel.sensible_jobs(len(tasks) * 16, jobs))):
        if done == 0:
            models.append(model)
        for setting in SETTINGS:
            for i, log in zip(parts[done - 1][1] if done else (), found[setting], strict=True):
                logs[setting][i] = log
        progress(done + 1, len(tasks))
    return logs, models[0]


def _fold(task: tuple[list[LabelledReport], list[LabelledReport]], *, options: Model) -> tuple[Model, dict[Setting, list[Array]]]:
    """Fit a model on some reports; returns it with the log probabilities of others."""
    # The limit holds for libraries that are loaded already.
    import scipy.optimize  # noqa: F401
    from threadpoolctl import threadpool_limits

    known, others = task
    # One thread, whatever the machine has: sums come out the same to the last bit.
    with threadpool_limits(1):
        model = fresh(options).fit([report.outline for report in known], [report.labels for report in known])
        return model, {setting: [model.predict_log_proba(report.outline, setting) for report in others] for setting in SETTINGS}


def _shipped(version: str, model: Model, reports: Sequence[LabelledReport], logs: Mapping[Setting, Sequence[Array]]) -> Shipped:
    labels = np.concatenate([report.labels for report in reports])
    curves = {setting: _curve(np.concatenate(logs[setting]), labels) for setting in SETTINGS}
    return Shipped(
        version,
        model,
        probabilities={setting: curve[0] for setting, curve in curves.items()},
        right={setting: curve[1] for setting, curve in curves.items()},
        texts="\n".join(sentence.text for report in reports for sentence in report.sentences),
        labels=labels.astype(np.int8),
        reports=[report.name for report in reports],
        owner=np.repeat(np.arange(len(reports)), [len(report.sentences) for report in reports]).astype(np.int16),
    )


def _curve(logs: Array, labels: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    chances = np.exp(logs.max(axis=1)).astype(np.float32)
    order = np.argsort(-chances, kind="stable")
    return chances[order], (logs.argmax(axis=1) == labels)[order]


def data_hash(reports: Sequence[LabelledReport]) -> str:
    """The SHA-256 of what is learned from: names, texts, labels and places."""
    digest = hashlib.sha256()
    for report in reports:
        rows = [[s.text, s.label, s.role, s.headings, s.section, s.paragraph] for s in report.sentences]
        digest.update(json.dumps([report.name, rows], ensure_ascii=False).encode())
    return digest.hexdigest()


def version_name(reports: Sequence[LabelledReport], model: Model) -> str:
    """The version's name: scheme, release, and a hash of data and settings."""
    settings = [data_hash(reports), repr(model), FORMAT, FOLDS, RELEASE, Segmenter.default().version, scheme_name()]
    digest = hashlib.sha256(json.dumps(settings, ensure_ascii=False).encode()).hexdigest()
    return f"{scheme_name().partition(':')[0]}-{RELEASE}-{digest[:8]}"


def _card(shipped: Shipped, reports: Sequence[LabelledReport], evaluation: Evaluation) -> dict[str, Any]:
    """What the model is, where it comes from, how good it is and where it is weak."""
    return {
        "version": shipped.version,
        "task": "one of seven categories of measures, or none, for every sentence of an annual report on law-based government",
        "categories": {str(code): shipped_slug for code, shipped_slug in enumerate(_slugs(shipped))},
        "data": {
            "statement": _STATEMENT,
            "reports": len(reports),
            "sentences": sum(len(report.sentences) for report in reports),
            "labels": {str(code): int(count) for code, count in enumerate(np.bincount(shipped.labels))},
            "sha256": data_hash(reports),
            "files": {report.name: data_hash([report])[:16] for report in reports},
        },
        "made_with": {
            "code": _code_version(),
            "format": FORMAT,
            "dictionary": shipped.dictionary,
            "libraries": {name: metadata.version(name) for name in _LIBRARIES},
            "settings": repr(Model(**shipped.model.get_params(deep=False))),
        },
        "figures": {
            "method": f"{FOLDS}-fold cross-validation by report: every report is tagged by a model made without it",
            **{setting: evaluation.setting(setting).as_dict(sentences=False) for setting in SETTINGS},
        },
        "thresholds": {setting: {str(p): round(shipped.threshold(p, setting), 4) for p in PRECISIONS} for setting in SETTINGS},
        "known_weaknesses": list(_WEAKNESSES),
    }


def _slugs(shipped: Shipped) -> list[str]:
    return ["none", *shipped.scheme.partition(": ")[2].split()]


def _code_version() -> str:
    import pipeline

    return str(getattr(pipeline, "__version__", "0"))


def save(candidate: Candidate, models: Path | None = None) -> Path:
    """Write a candidate to ``<models>/<version>/``; returns that folder. The same candidate always gives the same bytes."""
    folder = (models or resources.models_dir()) / candidate.version
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / files.MODEL_FILE, skopsfile.dumps(candidate.tagger.shipped))
    files.write(folder / files.CARD_FILE, (json.dumps(candidate.card, ensure_ascii=False, indent=2) + "\n").encode())
    return folder


def promote(version: str, models: Path | None = None) -> None:
    """Make a saved version the current one.

    Raises
    ------
    ModelError
        Where that version cannot be loaded.
    """
    folder = models or resources.models_dir()
    Tagger.load(folder / version)
    files.write(folder / files.CURRENT_FILE, f"{version}\n".encode())


def train_current(*, jobs: int | None = None, progress: Progress | None = None) -> Candidate:
    """Train on the training corpus, save the model and make it the current one."""
    candidate = train(jobs=jobs, progress=progress)
    save(candidate)
    promote(candidate.version)
    return candidate
