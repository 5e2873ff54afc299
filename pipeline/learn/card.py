"""The card of a model: what it is, what it was made from and with, how good it is and where it is weak."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from typing import Any

import numpy as np

from pipeline import categories, resources
from pipeline.learn.curve import CurvePoint
from pipeline.learn.evaluation import PRECISIONS, Evaluation
from pipeline.learn.labelled import LabelledReport
from pipeline.learn.metrics import cohen_kappa
from pipeline.learn.sources import Data, Own
from pipeline.tag.model import SETTINGS, Model
from pipeline.tag.shipped import Shipped

LIBRARIES = ("numpy", "scipy", "scikit-learn", "skops")
_CORPUS = "Labelled reports of fictional places, written for this project after the code book"
_BASELINE = "the baseline report (Daxing district of Beijing, 2023) with its labels"
_NO_OTHER = "no real report besides the baseline, and nothing of the sets that measure it"
_WEAKNESSES = (
    "Its training reports are written in the manner of real ones and are richer in unusual sentences than these; figures on real reports can differ.",
    "Sentences that join measures of two categories get one tag; the second category is often the other.",
    "Sentences without any word of their subject (a scene, a metaphor, a bare result) are told by their neighbours alone, and poorly by themselves.",
    "Wordings later than 2025, and traditional characters, are known only as far as they share n-grams with what was learned.",
)
_OWN_WEAKNESSES = (
    "Its figures hold for reports like the labelled ones; of others they say little.",
    "It knows the categories only as far as these labels show them; rare categories are told poorly.",
)


def card(shipped: Shipped, reports: Sequence[LabelledReport], evaluation: Evaluation, curve: Sequence[CurvePoint], data: Data) -> dict[str, Any]:
    """The card as plain data for JSON; the same training gives the same card."""
    known = shipped.labels[shipped.labels >= 0]
    seven = data.scheme.line == categories.default().line
    return {
        "version": shipped.version,
        "task": f"one of {len(data.scheme.codes)} categories, or none, for every sentence of an annual report on law-based government",
        "scheme": shipped.scheme,
        "categories": {"0": "none", **{str(category.code): category.slug for category in data.scheme.categories}},
        "data": {
            "statement": statement(data),
            "sources": list(data.sources),
            "reports": len(reports),
            "sentences": len(known),
            "neighbours": len(shipped.labels) - len(known),
            "labels": {str(code): int(count) for code, count in enumerate(np.bincount(known, minlength=len(data.scheme.codes) + 1))},
            "own": _own(data.own) if data.own else None,
            "second_coding": second_coding(reports) if seven else None,
            "sha256": data_hash(reports),
            "files": {report.name: data_hash([report])[:16] for report in reports},
        },
        "made_with": {
            "code": _code_version(),
            "format": shipped.format,
            "dictionary": shipped.dictionary,
            "libraries": {name: metadata.version(name) for name in LIBRARIES},
            "settings": repr(Model(**shipped.model.get_params(deep=False))),
        },
        "figures": {
            "method": "5-fold cross-validation by report: every report is tagged by a model made without it; intervals are 95% bootstrap intervals over reports",
            **{setting: evaluation.setting(setting).as_dict(sentences=False) for setting in SETTINGS},
        },
        "learning_curve": [{key: round(value, 4) for key, value in asdict(point).items()} for point in curve],
        "thresholds": {setting: {str(p): round(shipped.threshold(p, setting), 4) for p in PRECISIONS} for setting in SETTINGS},
        "known_weaknesses": [*(_WEAKNESSES if seven and "".join(data.sources) != "labels" else _OWN_WEAKNESSES)],
        "comparison": None,
        "promotions": [],
    }


def statement(data: Data) -> str:
    """What the model was made from, in a sentence or two.

    >>> statement(Data((), categories.default(), ("baseline",)))
    'The baseline report (Daxing district of Beijing, 2023) with its labels.'
    """
    sources = data.sources or ("baseline", "corpus")
    parts = [text for source, text in (("corpus", _CORPUS), ("baseline", _BASELINE)) if source in sources]
    if data.own and "labels" in sources:
        parts.append(f"{data.own.sentences} sentences that {data.own.annotators} {'person' if data.own.annotators == 1 else 'people'} labelled in a corpus")
    joined = ", and ".join(parts)
    joined = joined[:1].upper() + joined[1:]
    return f"{joined}; {_NO_OTHER}." if set(sources) == {"baseline", "corpus"} else f"{joined}."


def _own(own: Own) -> dict[str, Any]:
    found = {name: getattr(own, name) for name in ("sentences", "annotators", "conflicts", "doubly", "weight")}
    return found | {"alpha": None if own.alpha is None else round(own.alpha, 4)}


def second_coding(reports: Sequence[LabelledReport]) -> dict[str, Any] | None:
    """How far the labels of the training corpus agree with a second, blind coding: the sentences coded twice and Cohen's kappa; ``None`` without them."""
    file = resources.corpus_dir() / "second-coding.csv"
    names = Counter(report.name for report in reports)
    if not file.is_file():
        return None
    with file.open(encoding="utf-8", newline="") as lines:
        pairs = [(int(row["first"]), int(row["second"])) for row in csv.DictReader(lines) if names[row["report"]]]
    return {"sentences": len(pairs), "kappa": round(cohen_kappa(*zip(*pairs, strict=True)), 4)} if pairs else None


def data_hash(reports: Sequence[LabelledReport]) -> str:
    """The SHA-256 of what is learned from: names, texts, labels, weights and places."""
    digest = hashlib.sha256()
    for report in reports:
        rows = [[s.text, s.label, s.weight, s.role, s.headings, s.section, s.paragraph] for s in report.sentences]
        digest.update(json.dumps([report.name, rows], ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _code_version() -> str:
    import pipeline

    return str(getattr(pipeline, "__version__", "0"))
