"""Two models side by side, on sentences that neither had seen.

Every model keeps what its labelled sentences got out of fold, so that nothing is fitted again. A sentence counts with each model's out-of-fold result; for
a model that was not made from it, that is simply its tag. Reports are held out in the same folds by every model (`training.stable_folds`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelMismatch
from pipeline.learn import metrics
from pipeline.store.labels import folded
from pipeline.tag import Tagger

Array = NDArray[np.float64]
Verdict = Literal["better", "worse", "not told apart"]
#: Differences at least as large come by chance in fewer cases than this where two models are equally good.
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Flip:
    """A labelled sentence to which the two models give different tags; ``outcome`` is ``fixed``, ``broken``, or ``wrong`` where both are."""

    report: str
    text: str
    label: int
    old: int
    new: int

    @property
    def outcome(self) -> Literal["fixed", "broken", "wrong"]:
        """What the flip did."""
        return "fixed" if self.new == self.label else "broken" if self.old == self.label else "wrong"


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """The F1 of one code with the old and the new model, and the change with its 95% interval over reports; ``code`` is ``None`` for the macro-F1."""

    code: int | None
    support: int
    old: float | None
    new: float | None
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Test:
    """How many sentences the new model put right and wrong, and McNemar's exact p of that."""

    fixed: int
    broken: int

    @property
    def p(self) -> float:
        """The two-sided exact p."""
        return metrics.mcnemar(self.fixed, self.broken)

    @property
    def verdict(self) -> Verdict:
        """What can be said beyond chance."""
        if self.p >= LEVEL:
            return "not told apart"
        return "better" if self.fixed > self.broken else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A new model against an old one; ``relabelled`` sentences have another label now than the old model was made with."""

    old: str
    new: str
    reports: int
    sentences: int
    relabelled: int
    old_right: int
    new_right: int
    test: Test
    agreed: Test
    changes: tuple[CategoryChange, ...]
    flips: tuple[Flip, ...]

    @property
    def verdict(self) -> Verdict:
        """Worse where it is so on all sentences, or on those whose labels both models agree on; better where it is so on all and worse on none."""
        return "worse" if "worse" in {self.test.verdict, self.agreed.verdict} else self.test.verdict

    @property
    def p(self) -> float:
        """The p that the verdict rests on."""
        return self.agreed.p if self.verdict == "worse" != self.test.verdict else self.test.p

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        said = {"better": "is better than", "worse": "is worse than", "not told apart": "cannot be told apart from"}[self.verdict]
        counts = f"{self.test.fixed} sentences put right and {self.test.broken} put wrong of {self.sentences}"
        return f"{self.new} {said} {self.old}: {counts} (McNemar's exact test, p {metrics.shown_p(self.p)})"

    def as_dict(self) -> dict[str, Any]:
        """The figures as plain data for JSON, with counts in the place of sentences."""
        counts = Counter(f"{flip.old}>{flip.new}" for flip in self.flips)
        return {
            "against": self.old,
            "verdict": self.verdict,
            "reports": self.reports,
            "sentences": self.sentences,
            "relabelled": self.relabelled,
            "accuracy": [round(right / self.sentences, 4) for right in (self.old_right, self.new_right)],
            "fixed": self.test.fixed,
            "broken": self.test.broken,
            "p": float(f"{self.test.p:.4g}"),
            "agreed": {"fixed": self.agreed.fixed, "broken": self.agreed.broken, "p": float(f"{self.agreed.p:.4g}")},
            "changes": [{name: _short(getattr(change, name)) for name in CategoryChange.__slots__} for change in self.changes],
            "flips": dict(sorted(counts.items())),
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """A sentence with its label and both tags; ``before`` is the label that the old model was made with, if any."""

    report: str
    text: str
    label: int
    before: int | None
    old: int
    new: int


def compare(new: Tagger, old: Tagger) -> Comparison:
    """Compare a new model with an old one on all labelled sentences that either was made from.

    Where both were made from a sentence, the new model's label counts.

    Raises
    ------
    ModelMismatch
        Where the models have other categories, or no sentence in common.
    """
    if new.scheme.line != old.scheme.line:
        raise ModelMismatch(
            new.version, f"its categories ({new.scheme.name}) are others than those of {old.version} ({old.scheme.name})", "compare models of one scheme"
        )
    rows = list(_rows(_Side(new), _Side(old)))
    if not rows:
        raise ModelMismatch(new.version, f"it has no labelled sentence to be compared with {old.version}", "train it with labels")
    ones = [row for row in rows if row.new != row.old]
    steady = [row for row in ones if row.before in {None, row.label}]
    return Comparison(
        old=old.version,
        new=new.version,
        reports=len({row.report for row in rows}),
        sentences=len(rows),
        relabelled=sum(row.before not in {None, row.label} for row in rows),
        old_right=sum(row.old == row.label for row in rows),
        new_right=sum(row.new == row.label for row in rows),
        test=_test(ones),
        agreed=_test(steady),
        changes=_changes(rows, len(new.scheme.codes) + 1),
        flips=tuple(Flip(row.report, row.text, row.label, row.old, row.new) for row in ones),
    )


def _test(rows: Sequence[_Row]) -> Test:
    return Test(sum(row.new == row.label for row in rows), sum(row.old == row.label for row in rows))


class _Side:
    """One of the two models with what it says of sentences that it had not seen."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger
        self.shipped = tagger.shipped
        self.tags = self.shipped.logs["full"].argmax(axis=1).tolist()
        self.labels = self.shipped.labels.tolist()
        self.outlines = self.shipped.outlines()
        sizes = [len(outline.texts) for outline in self.outlines]
        self.starts = np.concatenate(([0], np.cumsum(sizes))).tolist()

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The first row of each outline, by what tells it apart."""
        return {outline.digest: start for outline, start in zip(self.outlines, self.starts, strict=False)}

    @cached_property
    def learned(self) -> Mapping[str, int]:
        """The row of each labelled sentence, by its text."""
        texts = (text for outline in self.outlines for text in outline.texts)
        return {folded(text): row for row, (text, label) in enumerate(zip(texts, self.labels, strict=True)) if label >= 0}

    def said(self, other: _Side, at: int) -> list[tuple[int, int | None]]:
        """What the model says of a report of the other side: tags, and labels where it has any."""
        outline = other.outlines[at]
        start = self.places.get(outline.digest)
        if start is not None:
            rows = range(start, start + len(outline.texts))
            return [(self.tags[row], self.labels[row] if self.labels[row] >= 0 else None) for row in rows]
        codes = self.tagger.shipped.model.predict_log_proba(outline, "full").argmax(axis=1).tolist()
        found: list[tuple[int, int | None]] = []
        for text, code in zip(outline.texts, codes, strict=True):
            # A sentence that this side was made from elsewhere has an out-of-fold tag from there.
            row = self.learned.get(folded(text))
            found.append((code, None) if row is None else (self.tags[row], self.labels[row]))
        return found


def _rows(new: _Side, old: _Side) -> Iterator[_Row]:
    for at, outline in enumerate(new.outlines):
        start, name = new.starts[at], new.shipped.reports[at]
        if not any(label >= 0 for label in new.labels[start : start + len(outline.texts)]):
            continue
        for number, (text, (tag, before)) in enumerate(zip(outline.texts, old.said(new, at), strict=True), start):
            if new.labels[number] >= 0:
                yield _Row(name, text, new.labels[number], before, tag, new.tags[number])
    yield from _rows_of_old(new, old)


def _rows_of_old(new: _Side, old: _Side) -> Iterator[_Row]:
    """The sentences that the old model alone was made from."""
    for at, outline in enumerate(old.outlines):
        start, name = old.starts[at], old.shipped.reports[at]
        labels = old.labels[start : start + len(outline.texts)]
        left = [label >= 0 and folded(text) not in new.learned for text, label in zip(outline.texts, labels, strict=True)]
        if outline.digest in new.places or not any(left):
            continue
        for number, (text, there, (tag, _)) in enumerate(zip(outline.texts, left, new.said(old, at), strict=True), start):
            if there:
                yield _Row(name, text, old.labels[number], old.labels[number], old.tags[number], tag)


def _changes(rows: Sequence[_Row], classes: int) -> tuple[CategoryChange, ...]:
    """The change of every category, of code 0 and, first of all, of the macro-F1."""
    olds, news = [], []
    for _, group in groupby(rows, key=lambda row: row.report):
        part = list(group)
        labels = np.array([row.label for row in part])
        olds.append(metrics.confusion(labels, np.array([row.old for row in part]), classes))
        news.append(metrics.confusion(labels, np.array([row.new for row in part]), classes))
    low, high = metrics.bootstrap_change(np.array(olds), np.array(news))
    before, after = (metrics.all_f1(np.sum(tables, axis=0)) for tables in (olds, news))
    support = np.sum(olds, axis=0).sum(axis=1)
    order: Iterable[int] = (classes, *range(1, classes), 0)
    return tuple(
        CategoryChange(
            None if at == classes else at,
            int(support[at]) if at < classes else len(rows),
            *(_known(value) for value in (before[at], after[at], after[at] - before[at], low[at], high[at])),
        )
        for at in order
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _short(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value
