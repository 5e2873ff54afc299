"""Learn: labelled reports, training and evaluation. Names are loaded when they are first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.learn.comparison import Comparison
    from pipeline.learn.evaluation import Evaluation, evaluate
    from pipeline.learn.labelled import LabelledReport, read_labelled, training_corpus
    from pipeline.learn.own import own_labels, own_reports
    from pipeline.learn.sources import collect
    from pipeline.learn.tables import CATEGORY_FIELDS, SUMMARY_FIELDS, category_rows, confusion_fields, confusion_rows, summary_rows
    from pipeline.learn.training import Candidate, train
    from pipeline.learn.versions import Versions, promote, save

__all__ = [
    "CATEGORY_FIELDS",
    "SUMMARY_FIELDS",
    "Candidate",
    "Comparison",
    "Evaluation",
    "LabelledReport",
    "Versions",
    "category_rows",
    "collect",
    "confusion_fields",
    "confusion_rows",
    "evaluate",
    "own_labels",
    "own_reports",
    "promote",
    "read_labelled",
    "save",
    "summary_rows",
    "train",
    "training_corpus",
]
_HOMES = dict.fromkeys(("Candidate", "train"), "training") | dict.fromkeys(("Versions", "promote", "save"), "versions")
_HOMES |= dict.fromkeys(("own_labels", "own_reports"), "own") | {"Comparison": "comparison", "collect": "sources"}
_HOMES |= dict.fromkeys(("CATEGORY_FIELDS", "SUMMARY_FIELDS", "category_rows", "confusion_fields", "confusion_rows", "summary_rows"), "tables")
_HOMES |= dict.fromkeys(("Evaluation", "evaluate"), "evaluation") | dict.fromkeys(("LabelledReport", "read_labelled", "training_corpus"), "labelled")


#: Modules that are used by their own names, as ``learn.imports.import_labels``.
_MODULES = {"agreement", "imports", "methods"}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
