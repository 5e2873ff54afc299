"""Learn: labelled reports, training and evaluation. Names are loaded when they are first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.learn.evaluation import Evaluation, evaluate
    from pipeline.learn.labelled import LabelledReport, read_labelled, training_corpus
    from pipeline.learn.tables import CATEGORY_FIELDS, CONFUSION_FIELDS, SUMMARY_FIELDS, category_rows, confusion_rows, summary_rows
    from pipeline.learn.training import Candidate, promote, save, train, train_current

__all__ = [
    "CATEGORY_FIELDS",
    "CONFUSION_FIELDS",
    "SUMMARY_FIELDS",
    "Candidate",
    "Evaluation",
    "LabelledReport",
    "category_rows",
    "confusion_rows",
    "evaluate",
    "promote",
    "read_labelled",
    "save",
    "summary_rows",
    "train",
    "train_current",
    "training_corpus",
]
_HOMES = dict.fromkeys(("Candidate", "promote", "save", "train", "train_current"), "training")
_HOMES |= dict.fromkeys(("CATEGORY_FIELDS", "CONFUSION_FIELDS", "SUMMARY_FIELDS", "category_rows", "confusion_rows", "summary_rows"), "tables")
_HOMES |= dict.fromkeys(("Evaluation", "evaluate"), "evaluation") | dict.fromkeys(("LabelledReport", "read_labelled", "training_corpus"), "labelled")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
