"""The learning curve: what fewer reports would have given.

It is measured in the cheapest setting, each sentence alone by its own words and without calibration, in the same folds as all other figures: from each
fold's reports to learn from, a quarter, a half, three quarters and all are taken, the smaller parts inside the larger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.learn import metrics
from pipeline.learn.labelled import LabelledReport
from pipeline.tag.estimator import fresh
from pipeline.tag.model import Model

Array = NDArray[np.float64]
SHARES = (0.25, 0.5, 0.75, 1.0)
#: For each share the number of reports and of labelled sentences that were learned from, and the confusion tables of the reports that were tagged.
Tables = list[tuple[int, int, list[Array]]]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The macro-F1 that a share of the reports gives, sentence by sentence, with its 95% interval over reports; ``reports`` and ``sentences`` are means of the folds."""

    share: float
    reports: int
    sentences: int
    macro_f1: float
    low: float
    high: float


def curve_tables(model: Model, known: Sequence[LabelledReport], others: Sequence[LabelledReport]) -> Tables:
    """What shares of the known reports make of the others; the fitted model stands for all of them."""
    order = np.random.default_rng(3).permutation(len(known))
    found: Tables = []
    for share in SHARES:
        part = [known[i] for i in sorted(order[: max(1, round(share * len(known)))].tolist())]
        learned = [sentence for report in part for sentence in report.sentences if sentence.label >= 0]
        layer = model.sentence_
        if share < 1:
            layer = fresh(layer).fit_words([s.text for s in learned], [s.label for s in learned], [s.weight for s in learned])
        found.append((len(part), len(learned), [_table(layer.decision_function, report, model.classes) for report in others]))
    return found


def _table(score: Callable[[Sequence[str]], Array], report: LabelledReport, classes: int) -> Array:
    known = [sentence for sentence in report.sentences if sentence.label >= 0]
    tags = score([sentence.text for sentence in known]).argmax(axis=1)
    return metrics.confusion(np.array([sentence.label for sentence in known]), tags, classes)


def curve_points(folds: Sequence[Tables]) -> tuple[CurvePoint, ...]:
    """The curve out of the tables of all folds."""
    points = []
    for share, parts in zip(SHARES, zip(*folds, strict=True), strict=True):
        tables = np.array([table for _, _, tables in parts for table in tables])
        low, high = metrics.bootstrap(tables)
        reports, sentences = (round(sum(part[at] for part in parts) / len(parts)) for at in (0, 1))
        points.append(CurvePoint(share, reports, sentences, float(metrics.macro_f1(tables.sum(axis=0))), float(low[-1]), float(high[-1])))
    return tuple(points)
