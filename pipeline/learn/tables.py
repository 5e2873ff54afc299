"""An evaluation as rows, for tables."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.categories import Scheme
from pipeline.categories import default as default_scheme
from pipeline.learn.comparison import CategoryChange, Comparison
from pipeline.learn.curve import CurvePoint
from pipeline.learn.evaluation import Evaluation, Figures
from pipeline.learn.listed import Version
from pipeline.show import Row

SUMMARY_FIELDS = ("setting", "sentences", "accuracy", "macro-F1", "interval", "F1 of none", "top two", "ECE", "coverage at 99%", "right of these")
CATEGORY_FIELDS = ("code", "category", "sentences", "precision", "recall", "F1", "interval")
CURVE_FIELDS = ("share", "reports", "sentences", "macro-F1", "interval")
CHANGE_FIELDS = ("code", "category", "sentences", "old F1", "new F1", "change", "interval")
FLIP_FIELDS = ("report", "label", "old", "new", "outcome", "text")
VERSION_FIELDS = ("version", "state", "scheme", "reports", "sentences", "macro-F1", "when trained")
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


def category_rows(figures: Figures, scheme: Scheme | None = None) -> list[Row]:
    """One row a category, code 0 last; ``scheme`` has their names, by default the seven."""
    used = scheme or default_scheme()
    ordered = [*figures.categories[1:], figures.categories[0]]
    return [
        {
            "code": c.code,
            "category": used.short(c.code),
            "sentences": c.support,
            "precision": _share(c.precision),
            "recall": _share(c.recall),
            "F1": _share(c.f1),
            "interval": "" if c.f1_low is None or c.f1_high is None else f"{c.f1_low:.3f}-{c.f1_high:.3f}",
        }
        for c in ordered
    ]


def confusion_fields(figures: Figures) -> tuple[str, ...]:
    """The columns of the confusion table."""
    return ("label", *(str(code) for code in range(len(figures.confusion))))


def confusion_rows(figures: Figures) -> list[Row]:
    """One row a label, one column a tag."""
    return [{"label": label, **{str(code): count for code, count in enumerate(row)}} for label, row in enumerate(figures.confusion)]


def curve_rows(points: Sequence[CurvePoint]) -> list[Row]:
    """One row a share of the reports."""
    return [
        {
            "share": f"{point.share:.0%}",
            "reports": point.reports,
            "sentences": point.sentences,
            "macro-F1": _share(point.macro_f1),
            "interval": f"{point.low:.3f}-{point.high:.3f}",
        }
        for point in points
    ]


def change_rows(comparison: Comparison, scheme: Scheme) -> list[Row]:
    """The change of the macro-F1, then one row a category, code 0 last."""
    return [_change(change, scheme) for change in comparison.changes]


def _change(change: CategoryChange, scheme: Scheme) -> Row:
    known = change.low is not None and change.high is not None
    return {
        "code": "all" if change.code is None else change.code,
        "category": "macro-F1" if change.code is None else scheme.short(change.code),
        "sentences": change.support,
        "old F1": _share(change.old),
        "new F1": _share(change.new),
        "change": "-" if change.change is None else f"{change.change:+.4f}",
        "interval": f"{change.low:+.4f} to {change.high:+.4f}" if known else "",
    }


def flip_rows(comparison: Comparison) -> list[Row]:
    """One row a sentence whose tag differs: those put wrong first, then those put right, then those wrong either way."""
    order = {"broken": 0, "fixed": 1, "wrong": 2}
    rows = sorted(comparison.flips, key=lambda flip: order[flip.outcome])
    return [{"report": f.report, "label": f.label, "old": f.old, "new": f.new, "outcome": f.outcome, "text": f.text} for f in rows]


def version_rows(versions: Sequence[Version]) -> list[Row]:
    """One row a version."""
    return [
        {
            "version": v.name,
            "state": ", ".join(
                word for word, holds in (("current", v.current), ("shipped", v.shipped), ("candidate", not v.current and not v.shipped)) if holds
            ),
            "scheme": v.scheme or "card unreadable",
            "reports": v.reports,
            "sentences": v.sentences,
            "macro-F1": _share(v.macro_f1),
            "when trained": v.verdict or "",
        }
        for v in versions
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
