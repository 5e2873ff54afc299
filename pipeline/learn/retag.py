"""Bringing a corpus's tags up to a model, report by report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.categories import Scheme
from pipeline.show import Row
from pipeline.store import Database
from pipeline.tag import Tagger

CHANGE_FIELDS = ("report", "sentence", "old", "new", "probability", "old_model", "new_model", "text")
COUNT_FIELDS = ("old", "new", "sentences")


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that got another code; ``old`` is ``None`` where it had none, ``number`` counts from 0."""

    report: str
    number: int
    text: str
    old: int | None
    new: int
    probability: float
    old_model: str | None


@dataclass(frozen=True, slots=True)
class Retagged:
    """What tagging anew did: how many reports were tagged and how many had the model's tags already, and the sentences with another code."""

    model: str
    reports: int
    unchanged: int
    changes: tuple[Change, ...]

    def counted(self, scheme: Scheme) -> list[Row]:
        """How many sentences went from which category to which, most first."""
        counts = Counter((change.old, change.new) for change in self.changes)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][0] is not None, item[0]))
        return [{"old": _shown(scheme, old), "new": _shown(scheme, new), "sentences": count} for (old, new), count in ordered]

    def rows(self) -> Iterator[Row]:
        """One row a sentence with another code; sentences are numbered from 1."""
        for c in self.changes:
            yield {
                "report": c.report, "sentence": c.number + 1, "old": c.old, "new": c.new, "probability": round(c.probability, 4),
                "old_model": c.old_model, "new_model": self.model, "text": c.text,
            }  # fmt: skip


def _shown(scheme: Scheme, code: int | None) -> str:
    return "untagged" if code is None else f"{code} {scheme.short(code)}"


def retag(database: Database, tagger: Tagger, *, progress: Callable[[int, int], None] | None = None) -> Retagged:
    """Tag every report that another model has tagged, or none; each is one transaction, so that whoever kills the process loses nothing that is done."""
    reports = database.reports()
    stale = [report for report in reports if report.model != tagger.version]
    changes: list[Change] = []
    count = 0
    for done, stored in enumerate(stale, 1):
        found = database.report(stored.name)
        if found is not None and found.report.sentences:
            tags = tagger.tag(found.report)
            # A report that was replaced in the meantime has another id, and is left to whoever replaced it.
            if database.set_tags(stored.id, tags):
                count += 1
                old = [tag.code for tag in found.tags] if found.tags else [None] * len(tags)
                pairs = enumerate(zip(found.report.sentences, old, tags, strict=True))
                changes += [Change(stored.name, n, s.text, a, b.code, b.probability, stored.model) for n, (s, a, b) in pairs if a != b.code]
        if progress:
            progress(done, len(stale))
    return Retagged(tagger.version, count, len(reports) - len(stale), tuple(changes))
