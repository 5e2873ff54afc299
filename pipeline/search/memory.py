"""An engine in memory that reads every sentence for every query: for tests, and as the yardstick of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.search.engine import Found, IndexedReport, IndexedSentence
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Wildcard, Within
from pipeline.search.spans import occurrences


class MemoryEngine:
    """Scans; the score is the number of occurrences."""

    def __init__(self) -> None:
        self._reports: dict[int, IndexedReport] = {}

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report held, by report id."""
        return {key: report.revision for key, report in self._reports.items()}

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int]) -> None:
        """Take in reports and drop others."""
        for key in remove:
            self._reports.pop(key, None)
        for report in add:
            self._reports[report.id] = report

    def search(self, query: Query) -> Found:
        """All sentences that the query finds, those with most occurrences first."""
        hits = [
            (-len(occurrences(sentence.text, query)), sentence.id)
            for report in self._reports.values()
            for sentence in report.sentences
            if matches(query, report, sentence)
        ]
        hits.sort()
        return Found(tuple(key for _, key in hits), tuple(float(-score) for score, _ in hits))

    def close(self) -> None:
        """Nothing to let go of."""


def matches(query: Query, report: IndexedReport, sentence: IndexedSentence) -> bool:
    """Whether a query finds a sentence: the definition that every engine must agree with."""
    match query:
        case Phrase() | Wildcard() | Regex() | Near():
            return bool(occurrences(sentence.text, query))
        case Within(scope, parts):
            around = [other for other in report.sentences if getattr(other, scope) == getattr(sentence, scope)]
            return any(matches(part, report, sentence) for part in parts) and all(any(matches(part, report, other) for other in around) for part in parts)
        case And(parts):
            return all(matches(part, report, sentence) for part in parts)
        case Or(parts):
            return any(matches(part, report, sentence) for part in parts)
        case Not(part):
            return not matches(part, report, sentence)
        case Filter(field, values):
            return _passes(field, values, report, sentence)


def _passes(field: str, values: tuple[str | int, ...], report: IndexedReport, sentence: IndexedSentence) -> bool:
    if field == "year":
        first, last = values
        return report.year is not None and int(first) <= report.year <= int(last)
    if field == "category":
        return sentence.code in values
    if field == "role":
        return sentence.role in values
    holder = {"district": report.district, "heading": sentence.heading, "report": report.name}[field]
    return any(str(value) in (holder or "") for value in values)
