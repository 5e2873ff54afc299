"""Measures by how many districts have them: those of the baseline, and those that only others have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from pipeline import parallel
from pipeline.compare.concepts import Thesaurus
from pipeline.compare.matcher import Matcher
from pipeline.compare.results import Match, Measure, Mirror, Place, Spread
from pipeline.data import Report

_ROWS = 64


def spread(baseline: Report, reports: Sequence[Report], mirrors: Sequence[Mirror], *, matcher: Matcher, jobs: int = 1) -> tuple[Spread, ...]:
    """Every measure with the places that have it, the widest spread first.

    A measure of the baseline is in every report whose mirror says so. Measures that the baseline does not have are put together where the first of them is the
    same as another; only measures on the same main subject are compared.
    """
    by_name = {report.name: report for report in (baseline, *reports)}
    found = [_of_baseline(position, mirrors, by_name) for position in range(len(mirrors[0].of_baseline))] if mirrors else []
    new = [match.measure for mirror in mirrors for match in mirror.new]
    groups = list(_by_subject(new))
    for grouped in parallel.stream(partial(_together, matcher=matcher), groups, jobs=jobs):
        found += [_spread(members[0], [_place(by_name, m.report, m.sentence) for m in members], in_baseline=False) for members in grouped]
    return tuple(sorted(found, key=lambda item: (-item.districts, -len(item.places), not item.in_baseline)))


def _of_baseline(position: int, mirrors: Sequence[Mirror], by_name: Mapping[str, Report]) -> Spread:
    match = mirrors[0].of_baseline[position]
    found = [_place(by_name, match.measure.report, match.measure.sentence)]
    for mirror in mirrors:
        there: Match = mirror.of_baseline[position]
        if there.judgement == "same":
            found.append(_place(by_name, mirror.report, there.nearest[0].sentence))
    return _spread(match.measure, found, in_baseline=True)


def _spread(measure: Measure, places: Sequence[Place], *, in_baseline: bool) -> Spread:
    """A measure with its places; a report whose district is unknown counts as a district."""
    return Spread(measure, tuple(places), len({place.district or place.report for place in places}), in_baseline)


def _place(by_name: Mapping[str, Report], name: str, number: int) -> Place:
    report = by_name[name]
    return Place(name, report.metadata.district, report.metadata.year, number, report.sentences[number - 1].text)


def _by_subject(measures: Sequence[Measure]) -> Iterator[list[Measure]]:
    """Measures by the subject that most of their things belong to; those without any by category."""
    thesaurus = Thesaurus.default()
    groups: dict[tuple[str, int], list[Measure]] = {}
    for measure in measures:
        subjects = [concept.subject for number in sorted(thesaurus.find(measure.text)) if (concept := thesaurus.concepts[number]).kind == "thing"]
        key = ("subject", max(subjects, key=subjects.count)) if subjects else ("category", measure.code)
        groups.setdefault(key, []).append(measure)
    yield from groups.values()


def _together(measures: Sequence[Measure], *, matcher: Matcher) -> list[list[Measure]]:
    """Groups of the same measure; the first of a group is the one that the others are the same as."""
    texts = [measure.text for measure in measures]
    free = np.ones(len(measures), dtype=bool)
    grouped: list[list[Measure]] = []
    for start in range(0, len(measures), _ROWS):
        rest = np.flatnonzero(free[start:]) + start
        rows = rest[rest < start + _ROWS]
        if not len(rows):
            continue
        same = matcher.same.matrix([texts[i] for i in rows], [texts[i] for i in rest]) >= matcher.same_from
        for row, first in enumerate(rows.tolist()):
            if free[first]:
                members = [int(i) for i in rest[same[row]] if free[i] and i != first]
                free[[first, *members]] = False
                grouped.append([measures[i] for i in (first, *members)])
    return grouped
