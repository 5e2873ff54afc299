"""One label a sentence out of those of several people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.store.labels import ADJUDICATED, Label, latest, sentence_keys


@dataclass(frozen=True, slots=True)
class Settled:
    """A sentence with the one code that holds for it, and the labels that it comes from; ``label`` is the last of those with that code."""

    code: int
    label: Label
    labels: tuple[Label, ...]

    @property
    def adjudicated(self) -> bool:
        """Whether the code was settled by adjudication."""
        return self.label.annotator == ADJUDICATED


@dataclass(frozen=True, slots=True)
class Resolution:
    """The sentences that have one label, and those on which as many people say one thing as another, with all their labels."""

    settled: tuple[Settled, ...]
    conflicts: tuple[tuple[Label, ...], ...]


def resolved(labels: Sequence[Label]) -> Resolution:
    """One label a sentence: that of the annotator ``adjudicated``, else the majority's; ties are left out and listed. Only the last label of each annotator counts.

    >>> def label(number, code, annotator): return Label(number, 1, "全文。", code, annotator, "", "", None, None, None, {})
    >>> [one.code for one in resolved([label(1, 6, "甲"), label(2, 6, "乙"), label(3, 5, "丙")]).settled]
    [6]
    >>> len(resolved([label(1, 6, "甲"), label(2, 5, "乙")]).conflicts)
    1
    """
    settled: list[Settled] = []
    conflicts: list[tuple[Label, ...]] = []
    for group in by_sentence(labels):
        code = _winner(group)
        if code is None:
            conflicts.append(group)
        else:
            settled.append(Settled(code, _speaker(group, code), group))
    return Resolution(tuple(settled), tuple(conflicts))


def by_sentence(labels: Sequence[Label]) -> list[tuple[Label, ...]]:
    """The last label of each annotator, sentence by sentence, in the order in which the sentences came first."""
    groups: dict[str, list[Label]] = defaultdict(list)
    there = set(map(id, latest(labels)))
    for key, label in zip(sentence_keys(labels), labels, strict=True):
        group = groups[key]
        if id(label) in there:
            group.append(label)
    return [tuple(group) for group in groups.values()]


def _winner(group: Sequence[Label]) -> int | None:
    adjudicated = [label.code for label in group if label.annotator == ADJUDICATED]
    if adjudicated:
        return adjudicated[-1]
    (first, most), *rest = Counter(label.code for label in group).most_common(2)
    return first if not rest or rest[0][1] < most else None


def _speaker(group: Sequence[Label], code: int) -> Label:
    """The label that speaks for a sentence: adjudication's, else the last of those with the code, one whose place is known before others."""
    agreeing = [label for label in group if label.code == code]
    return max(agreeing, key=lambda label: (label.annotator == ADJUDICATED, label.number is not None, label.report is not None, label.id))
