"""Two reports read against each other: what both have, and what only one has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.compare.matcher import Matcher
from pipeline.compare.results import Judgement, Match, Measure, Mirror, Near
from pipeline.compare.views import Array
from pipeline.data import TaggedReport

NEAREST = 5


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
    return Mirror(
        baseline.report.name,
        report.report.name,
        _matches(measures(baseline), theirs, same, subject, matcher, nearest),
        _matches(measures(report), ours, same.T, subject.T, matcher, nearest),
    )


def _matches(rows: Sequence[Measure], texts: Sequence[str], same: Array, subject: Array, matcher: Matcher, nearest: int) -> tuple[Match, ...]:
    found = []
    for measure in rows:
        likeness = same[measure.sentence - 1]
        order = np.argsort(-likeness, kind="stable")[:nearest].tolist()
        close = subject[measure.sentence - 1][order]
        near = tuple(Near(place + 1, texts[place], round(float(likeness[place]), 4)) for place in order)
        found.append(Match(measure, _judged(float(likeness[order[0]]) if order else 0.0, close, matcher), near))
    return tuple(found)


def _judged(best: float, close: Array, matcher: Matcher) -> Judgement:
    if best >= matcher.same_from:
        return "same"
    return "related" if len(close) and float(close.max()) >= matcher.subject_from else "absent"
