"""Whether an answer is right: the same query by reading every stored sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.analysis.source import Source
from pipeline.search.engine import IndexedReport
from pipeline.search.memory import matches
from pipeline.search.parser import parse
from pipeline.search.spans import occurrences


@dataclass(frozen=True, slots=True)
class Verification:
    """What the index found and what a scan of all ``scanned`` sentences found; ``differ`` are the ids of sentences on which the two do not agree."""

    sentences: int
    occurrences: int
    scanned_sentences: int
    scanned_occurrences: int
    scanned: int
    differ: tuple[int, ...]

    @property
    def right(self) -> bool:
        """Whether the two agree in everything."""
        return not self.differ and (self.sentences, self.occurrences) == (self.scanned_sentences, self.scanned_occurrences)


def verify(source: Source, reports: Iterable[IndexedReport], query: str, *, exact: bool = False) -> Verification:
    """Compare the index's answer with a scan of the stored text."""
    parsed = parse(query)
    hits = source.find(parsed, exact=exact)
    found = dict(zip(hits.ids.tolist(), hits.counts.tolist(), strict=True))
    truth: dict[int, int] = {}
    scanned = 0
    for report in reports:
        scanned += len(report.sentences)
        truth |= {s.id: len(occurrences(s.text, parsed, exact=exact)) for s in report.sentences if matches(parsed, report, s, exact=exact)}
    differ = tuple(sorted(key for key in found.keys() | truth.keys() if found.get(key) != truth.get(key)))
    return Verification(hits.total, hits.occurrences, len(truth), sum(truth.values()), scanned, differ)
