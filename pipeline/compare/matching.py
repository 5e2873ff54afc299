"""Two reports read against each other: what both have, and what only one has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.compare.matcher import Matcher
from pipeline.compare.results import Judgement, Match, Measure, Mirror, Near
from pipeline.compare.views import Array, lacking
from pipeline.data import Report, Sentence, TaggedReport

NEAREST = 5
#: From here on two sentences differ in a mark or a figure.
_COPIED = 0.999


def measures(tagged: TaggedReport) -> list[Measure]:
    """The sentences of a report that have a category, in their order."""
    report = tagged.report
    return [
        Measure(report.name, number, sentence.text, tag.category or str(tag.code), tag.code, report.role(sentence), report.heading(sentence))
        for number, (sentence, tag) in enumerate(zip(report.sentences, tagged.tags, strict=True), 1)
        if tag.code != 0
    ]


def mirror(baseline: TaggedReport, report: TaggedReport, *, matcher: Matcher, nearest: int = NEAREST) -> Mirror:
    """Read a report against a baseline; ``nearest`` sentences are listed for every measure.

    A measure that stands in the other report word for word is the same; otherwise it is the same, related or absent by its nearest sentences.
    """
    if nearest < 1:
        raise ValueError(f"nearest must be 1 or more, not {nearest}")
    ours, theirs = ([sentence.text for sentence in side.report.sentences] for side in (baseline, report))
    same, subject = matcher.same.matrix(ours, theirs), matcher.subject.matrix(ours, theirs)
    same = same * _weights(baseline.report, report.report, same >= _COPIED)
    return Mirror(
        baseline.report.name,
        report.report.name,
        _matches(measures(baseline), theirs, same, subject, matcher, nearest),
        _matches(measures(report), ours, same.T, subject.T, matcher, nearest),
    )


def _weights(one: Report, other: Report, copied: NDArray[np.bool_]) -> Array:
    """How far what the sentences are there for lets them state the same measure.

    What is wanting is not what was done, nor, where both reports have a section of plans, is what is planned; an opening is about everything, and a line that
    announces others states nothing.
    What is word for word the same is left alone.
    """
    weight = np.ones(copied.shape)
    for stands, least, needed in ((_wanting, 0.4, False), (_planned, 0.6, True), (_opening, 0.6, False), (_announcing, 0.1, False)):
        first, second = (np.array([stands(side, sentence) for sentence in side.sentences], dtype=bool) for side in (one, other))
        if not needed or (first.any() and second.any()):
            weight[first[:, None] != second[None]] *= least
    return np.where(copied, 1.0, weight)


def _wanting(report: Report, sentence: Sentence) -> bool:
    return report.role(sentence) == "shortcomings" or lacking(sentence.text)


def _planned(report: Report, sentence: Sentence) -> bool:
    return report.role(sentence) == "plan"


def _opening(report: Report, sentence: Sentence) -> bool:
    return report.role(sentence) == "intro" != report.role(report.sentences[-1])


def _announcing(report: Report, sentence: Sentence) -> bool:  # noqa: ARG001 - as the others
    return sentence.text.rstrip().endswith((":", "："))


def _matches(rows: Sequence[Measure], texts: Sequence[str], same: Array, subject: Array, matcher: Matcher, nearest: int) -> tuple[Match, ...]:
    found = []
    for measure in rows:
        likeness = same[measure.sentence - 1]
        order = np.argsort(-likeness, kind="stable").tolist()
        close = subject[measure.sentence - 1][order[:NEAREST]]
        near = tuple(Near(place + 1, texts[place], round(float(likeness[place]), 4)) for place in order[:nearest])
        found.append(Match(measure, _judged(float(likeness[order[0]]) if order else 0.0, close, matcher), near))
    return tuple(found)


def _judged(best: float, close: Array, matcher: Matcher) -> Judgement:
    if best >= matcher.same_from:
        return "same"
    return "related" if len(close) and float(close.max()) >= matcher.subject_from else "absent"
