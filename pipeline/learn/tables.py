"""An evaluation as rows, for tables."""

from __future__ import annotations

from pipeline.categories import scheme
from pipeline.learn.evaluation import Evaluation, Figures
from pipeline.show import Row

SUMMARY_FIELDS = ("setting", "sentences", "accuracy", "macro-F1", "interval", "F1 of none", "top two", "ECE", "coverage at 99%", "right of these")
CATEGORY_FIELDS = ("code", "category", "sentences", "precision", "recall", "F1", "interval")
CONFUSION_FIELDS = ("label", *(str(code) for code in range(8)))
_SETTINGS = (("alone", "sentence alone"), ("no-headings", "no sub-headings"), ("full", "whole report"))


def summary_rows(evaluation: Evaluation) -> list[Row]:
    """One row a setting."""
    return [_summary(name, evaluation.setting(setting)) for setting, name in _SETTINGS]  # type: ignore[arg-type]


def _summary(name: str, figures: Figures) -> Row:
    strict = next(a for a in figures.abstentions if a.min_precision == 0.99)
    return {
        "setting": name,
        "sentences": figures.sentences,
        "accuracy": _share(figures.accuracy),
        "macro-F1": _share(figures.macro_f1),
        "interval": f"{figures.macro_f1_low:.3f}-{figures.macro_f1_high:.3f}",
        "F1 of none": _share(figures.none_f1),
        "top two": _share(figures.top_two),
        "ECE": _share(figures.calibration_error),
        "coverage at 99%": _share(strict.best_coverage if strict.coverage is None else strict.coverage),
        "right of these": _share(strict.precision),
    }


def category_rows(figures: Figures) -> list[Row]:
    """One row a category, code 0 last."""
    ordered = [*figures.categories[1:], figures.categories[0]]
    return [
        {
            "code": c.code,
            "category": found.short if (found := scheme().get(c.code)) else "非举措",
            "sentences": c.support,
            "precision": _share(c.precision),
            "recall": _share(c.recall),
            "F1": _share(c.f1),
            "interval": "" if c.f1_low is None or c.f1_high is None else f"{c.f1_low:.3f}-{c.f1_high:.3f}",
        }
        for c in ordered
    ]


def confusion_rows(figures: Figures) -> list[Row]:
    """One row a label, one column a tag."""
    return [{"label": label, **{str(code): count for code, count in enumerate(row)}} for label, row in enumerate(figures.confusion)]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
