"""What one line of output carries, for each part of a comparison. Sentences are numbered from 1; shares and similarities are rounded to four places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from pipeline.compare.results import Comparison, Match, Mirror, Near, Place
from pipeline.show.export import Row, Value, as_text

_OF_MATCH = ("judgement", "nearest", "report", "category", "role", "heading")
BASELINE_FIELDS = ("baseline_sentence", "baseline_text", *_OF_MATCH, "baseline")
NEW_FIELDS = ("new_sentence", "new_text", *_OF_MATCH, "baseline")
MIRROR_FIELDS = (
    "side", "report", "sentence", "category", "role", "judgement", "text", "similarity", "nearest_report", "nearest_sentence", "nearest_text"
)  # fmt: skip
SPREAD_FIELDS = ("districts", "reports", "in_baseline", "category", "report", "sentence", "text", "places")
REPEAT_FIELDS = ("report", "sentence", "text", "source", "source_sentence", "source_text", "overlap", "exact", "last_year")
COUNT_FIELDS = ("report", "district", "year", "same", "related", "absent", "new", "repeated")


def mirror_lines(comparison: Comparison) -> str:
    """The mirrors as JSON lines, report by report: every measure of the baseline, then every measure of the report that the baseline does not have.

    The former have ``baseline_sentence baseline_text``, the latter ``new_sentence new_text``; both then have ``judgement`` (``same related absent``), ``nearest`` (a
    list of ``sentence text similarity`` in the other report), ``report``, ``category``, ``role``, ``heading`` and ``baseline`` (the baseline's name).
    """
    parts = []
    for mirror in comparison.mirrors:
        parts.append(as_text((_line(mirror, match, "baseline") for match in mirror.of_baseline), BASELINE_FIELDS, "jsonl"))
        parts.append(as_text((_line(mirror, match, "new") for match in mirror.new), NEW_FIELDS, "jsonl"))
    return "".join(parts)


def _line(mirror: Mirror, match: Match, prefix: str) -> Row:
    measure = match.measure
    return {
        f"{prefix}_sentence": measure.sentence,
        f"{prefix}_text": measure.text,
        "judgement": match.judgement,
        "nearest": cast(Value, [_near(near) for near in match.nearest]),
        "report": mirror.report,
        "category": measure.category,
        "role": measure.role,
        "heading": measure.heading,
        "baseline": mirror.baseline,
    }


def _near(near: Near) -> dict[str, Any]:
    return {"sentence": near.sentence, "text": near.text, "similarity": near.similarity}


def mirror_rows(mirrors: Sequence[Mirror]) -> Iterator[Row]:
    """One row a measure with its nearest sentence: those of the baseline (``side`` is baseline), then all of the report (``side`` is report)."""
    for mirror in mirrors:
        for side, matches, other in (("baseline", mirror.of_baseline, mirror.report), ("report", mirror.of_report, mirror.baseline)):
            for match in matches:
                measure, near = match.measure, match.nearest[0] if match.nearest else Near(0, "", 0.0)
                yield {
                    "side": side,
                    "report": measure.report,
                    "sentence": measure.sentence,
                    "category": measure.category,
                    "role": measure.role,
                    "judgement": match.judgement,
                    "text": measure.text,
                    "similarity": near.similarity,
                    "nearest_report": other,
                    "nearest_sentence": near.sentence or None,
                    "nearest_text": near.text,
                }


def share_fields(comparison: Comparison) -> tuple[str, ...]:
    """The columns of :func:`share_rows`: each category's corrected share, the ends of its 95% interval, and its plain share."""
    slugs = [share.category for share in comparison.profiles[0].shares]
    return ("report", "district", "year", "measures", *(f"{slug}{end}" for slug in slugs for end in ("", "_low", "_high", "_observed")))


def share_rows(comparison: Comparison) -> Iterator[Row]:
    """The matrix of reports and categories, the baseline first."""
    for profile in comparison.profiles:
        row: dict[str, Value] = {"report": profile.report, "district": profile.district, "year": profile.year, "measures": profile.measures}
        for share in profile.shares:
            values = {"": share.share, "_low": share.low, "_high": share.high, "_observed": share.observed}
            row |= {f"{share.category}{end}": round(value, 4) for end, value in values.items()}
        yield row


def spread_rows(comparison: Comparison) -> Iterator[Row]:
    """One row a measure, the widest spread first; ``places`` names the sentences that have it."""
    for item in comparison.spread:
        measure = item.measure
        yield {
            "districts": item.districts,
            "reports": len({place.report for place in item.places}),
            "in_baseline": item.in_baseline,
            "category": measure.category,
            "report": measure.report,
            "sentence": measure.sentence,
            "text": measure.text,
            "places": " ".join(_name(place) for place in item.places),
        }


def repeat_rows(comparison: Comparison) -> Iterator[Row]:
    """One row a sentence that an earlier report has."""
    for item in comparison.repeats:
        yield {
            "report": item.place.report,
            "sentence": item.place.sentence,
            "text": item.place.text,
            "source": item.source.report,
            "source_sentence": item.source.sentence,
            "source_text": item.source.text,
            "overlap": item.overlap,
            "exact": item.exact,
            "last_year": item.last_year,
        }


def count_rows(comparison: Comparison) -> Iterator[Row]:
    """One row a report: how many measures of the baseline it has, has something of and has not, how many of its own are new, and how many sentences are repeated."""
    for mirror, profile in zip(comparison.mirrors, comparison.profiles[1:], strict=True):
        judgements = [match.judgement for match in mirror.of_baseline]
        counts = {name: judgements.count(name) for name in ("same", "related", "absent")}
        repeated = sum(item.place.report == mirror.report for item in comparison.repeats)
        yield {"report": mirror.report, "district": profile.district, "year": profile.year, **counts, "new": len(mirror.new), "repeated": repeated}


def _name(place: Place) -> str:
    return f"{place.report}#{place.sentence}"
