"""An engine in memory that reads every sentence for every query: the definition of what a query finds, and the yardstick of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.search.engine import Facets, IndexedReport, IndexedSentence, Order, Ranked
from pipeline.search.fold import flat
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Wildcard, Within
from pipeline.search.spans import occurrences
from pipeline.structure.headings import NUMBER
from pipeline.tokenize import Segmenter


class MemoryEngine:
    """Scans; the score is the number of occurrences."""

    def __init__(self) -> None:
        self._reports: dict[int, IndexedReport] = {}
        self._state: int | None = None

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report held, by report id."""
        return {key: report.revision for key, report in self._reports.items()}

    def state(self) -> int | None:
        """The corpus's state that it was last brought up to."""
        return self._state

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int], *, state: int | None = None, patience: float = 0.0) -> None:
        """Take in reports and drop others; there is no other writer to wait for."""
        del patience
        for key in remove:
            self._reports.pop(key, None)
        for report in add:
            self._reports[report.id] = report
        self._state = state

    def find(self, query: Query, *, exact: bool = False) -> MemoryHits:
        """All sentences that the query finds."""
        found = [(r, s) for r in self._reports.values() for s in r.sentences if matches(query, r, s, exact=exact)]
        found.sort(key=lambda pair: pair[1].id)
        return MemoryHits([Hit(report, sentence, len(occurrences(sentence.text, query, exact=exact))) for report, sentence in found])

    def reports(self, text: str, limit: int | None = None) -> list[tuple[int, float]]:
        """The reports that hold a text in title, name or headings, those with most first."""
        found = [(report.id, float(sum(text in held for held in _described(report)))) for report in self._reports.values()]
        return sorted((pair for pair in found if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def nearest(self, text: str, limit: int) -> Ranked:
        """The sentences that share most pairs of characters with a text, for their length."""
        scores = {s.id: _shared(text, s.text) for report in self._reports.values() for s in report.sentences}
        first = sorted((key for key, score in scores.items() if score), key=lambda key: (-scores[key], key))[:limit]
        return Ranked(np.array(first, dtype=np.int64), np.array([scores[key] for key in first], dtype=np.float64))

    def frequencies(self, words: Sequence[str]) -> tuple[list[int], int]:
        """How often each of some words occurs, by cutting every sentence."""
        from pipeline.search.exact.cut import words as cut
        from pipeline.search.exact.lexicon import lexicon

        known = lexicon(Segmenter.default())
        found = Counter(word.text for report in self._reports.values() for sentence in report.sentences for word in cut(known, sentence.text))
        return [found[word] for word in words], found.total()

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that was found, with its report and the number of occurrences in it."""

    report: IndexedReport
    sentence: IndexedSentence
    count: int


class MemoryHits:
    """Hits as a list, by id."""

    def __init__(self, found: list[Hit]) -> None:
        self._found = found
        self.total = len(found)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The ids of the sentences, ascending."""
        return np.array([hit.sentence.id for hit in self._found], dtype=np.int64)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """The number of occurrences in every sentence."""
        return np.array([hit.count for hit in self._found], dtype=np.int64)

    @property
    def occurrences(self) -> int:
        """The number of occurrences in all of them."""
        return int(self.counts.sum())

    def ranked(self, order: Order = "score", limit: int | None = None) -> Ranked:
        """The first hits in an order."""
        first = sorted(self._found, key=lambda hit: (_key(order, hit), hit.sentence.id))[:limit]
        return Ranked(np.array([hit.sentence.id for hit in first], dtype=np.int64), np.array([hit.count for hit in first], dtype=np.float64))

    def facets(self) -> Facets:
        """Counts over all hits."""
        reports, sentences = [hit.report for hit in self._found], [hit.sentence for hit in self._found]
        return Facets(
            _counted(report.district for report in reports), _counted(report.year for report in reports), _counted(s.code for s in sentences),
            _counted(s.role for s in sentences), _counted(NUMBER.sub("", s.heading, count=1) if NUMBER.match(s.heading) else s.heading for s in sentences),
        )  # fmt: skip


def _key(order: Order, hit: Hit) -> Any:
    report = hit.report
    return {
        "score": -hit.count,
        "report": report.name,
        "year": (report.year is None, -(report.year or 0), report.name),
        "district": (report.district is None, report.district or "", report.name),
    }[order]


def _counted(values: Iterable[Hashable]) -> Any:
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0])))


def _described(report: IndexedReport) -> set[str]:
    return {report.title or "", report.name, *(sentence.heading for sentence in report.sentences)}


def _shared(one: str, other: str) -> float:
    pairs, others = ({flat(text)[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
    return len(pairs & others) / max(1, len(pairs | others))


def matches(query: Query, report: IndexedReport, sentence: IndexedSentence, *, exact: bool = False) -> bool:
    """Whether a query finds a sentence: the definition that every engine must agree with."""
    match query:
        case Phrase() | Wildcard() | Regex() | Near():
            return bool(occurrences(sentence.text, query, exact=exact))
        case Within(scope, parts):
            around = [other for other in report.sentences if getattr(other, scope) == getattr(sentence, scope)]
            return any(matches(part, report, sentence, exact=exact) for part in parts) and all(
                any(matches(part, report, other, exact=exact) for other in around) for part in parts
            )
        case And(parts):
            return all(matches(part, report, sentence, exact=exact) for part in parts)
        case Or(parts):
            return any(matches(part, report, sentence, exact=exact) for part in parts)
        case Not(part):
            return not matches(part, report, sentence, exact=exact)
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
    return any(flat(str(value)) in flat(holder or "") for value in values)
