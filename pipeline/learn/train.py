"""Training: from labelled reports to a candidate model, and from a candidate to the current model."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import resources
from pipeline.learn.labelled import LabelledReport, training_corpus
from pipeline.tag import skopsfile
from pipeline.tag.model import Model
from pipeline.tag.shipped import FORMAT, Shipped, dictionary_version, scheme_name
from pipeline.tag.tagger import CARD_FILE, CURRENT_FILE, MODEL_FILE, Tagger

#: The year and month of the method; part of every version's name.
RELEASE = "2026.11"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that was trained and not promoted yet."""

    tagger: Tagger
    card: dict[str, object]

    @property
    def version(self) -> str:
        """The version's name; the same data and settings always give the same."""
        return self.tagger.version


def train(reports: Sequence[LabelledReport] | None = None, *, model: Model | None = None, progress: Progress | None = None) -> Candidate:
    """Train on labelled reports, by default the training corpus with the baseline."""
    say = progress or (lambda _: None)
    used = list(reports) if reports is not None else training_corpus()
    fresh = model or Model()
    say(f"{len(used)} reports, {sum(len(r.sentences) for r in used)} sentences")
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        logs = fresh.fit_transform([r.outline for r in used], [r.labels for r in used])
    labels = np.concatenate([r.labels for r in used])
    confidence, correct = {}, {}
    for setting, log in logs.items():
        confidence[setting], correct[setting] = _curve(log, labels)
    name = version_name(used, fresh)
    shipped = Shipped(
        name,
        fresh,
        confidence=confidence,
        correct=correct,
        sentences=[s.text for r in used for s in r.sentences],
        labels=labels.astype(np.int8),
        owners=[r.name for r in used],
        owner=np.repeat(np.arange(len(used)), [len(r.sentences) for r in used]).astype(np.int16),
    )
    say(f"trained {name}")
    return Candidate(Tagger(shipped), {"version": name, "data": data_hash(used), "dictionary": dictionary_version()})


def _curve(logs: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    chances = np.exp(logs.max(axis=1)).astype(np.float32)
    order = np.argsort(-chances, kind="stable")
    return chances[order], (logs.argmax(axis=1) == labels)[order]


def data_hash(reports: Sequence[LabelledReport]) -> str:
    """The SHA-256 of what is trained on: texts, labels and places."""
    digest = hashlib.sha256()
    for report in reports:
        rows = [[s.text, s.label, s.role, s.headings, s.section, s.paragraph] for s in report.sentences]
        digest.update(json.dumps([report.name, rows], ensure_ascii=False).encode())
    return digest.hexdigest()


def version_name(reports: Sequence[LabelledReport], model: Model) -> str:
    """The version's name: scheme, release, and a hash of data and settings."""
    settings = json.dumps([data_hash(reports), repr(model), FORMAT, RELEASE, dictionary_version(), scheme_name()], ensure_ascii=False)
    return f"{scheme_name().partition(':')[0]}-{RELEASE}-{hashlib.sha256(settings.encode()).hexdigest()[:8]}"


def save(candidate: Candidate, models: Path | None = None) -> Path:
    """Write a candidate to ``<models>/<version>/``; returns that folder."""
    folder = (models or resources.models_dir()) / candidate.version
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / MODEL_FILE, skopsfile.dumps(candidate.tagger.shipped))
    _write(folder / CARD_FILE, (json.dumps(candidate.card, ensure_ascii=False, indent=2) + "\n").encode())
    return folder


def promote(version: str, models: Path | None = None) -> None:
    """Make a saved version the current one."""
    folder = models or resources.models_dir()
    Tagger.load(folder / version)
    _write(folder / CURRENT_FILE, f"{version}\n".encode())


def train_current(*, progress: Progress | None = None) -> Candidate:
    """Train on the training corpus, save the model and make it the current one."""
    candidate = train(progress=progress)
    save(candidate)
    promote(candidate.version)
    return candidate


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
