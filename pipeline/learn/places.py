"""Where labelled sentences stand in a corpus."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.store import Database
from pipeline.store.labels import folded

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Places:
    """The sentences of a corpus by text and by place, and the codes that the model gave them."""

    codes: Mapping[Place, int | None] = field(default_factory=dict)
    texts: Mapping[Place, str] = field(default_factory=dict)
    _by_text: Mapping[str, list[Place]] = field(default_factory=dict)
    _reports: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, database: Database) -> Places:
        """The places of a corpus."""
        codes: dict[Place, int | None] = {}
        texts: dict[Place, str] = {}
        by_text: dict[str, list[Place]] = defaultdict(list)
        for report, number, text, code in database.places():
            codes[report, number], texts[report, number] = code, text
            by_text[folded(text)].append((report, number))
        return cls(codes, texts, dict(by_text), _named((r.name, (r.metadata.title, os.path.basename(r.path))) for r in database.reports()))

    def report(self, name: str | None) -> str | None:
        """The name of the report that is meant by its name, its title or its file's name; a name that the corpus does not know as it stands."""
        if name is None:
            return None
        return self._reports.get(name) or self._reports.get(name.rpartition(".")[0]) or name

    def neighbours(self, place: Place, count: int = 1) -> tuple[str, str]:
        """The text before and the text behind a place: of so many sentences each, as far as the report has them."""
        report, number = place
        before = (self.texts.get((report, number - step), "") for step in range(count, 0, -1))
        return "".join(before), "".join(self.texts.get((report, number + step), "") for step in range(1, count + 1))

    def find(self, text: str, report: str | None = None, number: int | None = None) -> Place | None:
        """The place of a sentence: that of report and number if the text stands there, else the only one of the text in the report or, where none is named, in all.

        >>> places = Places({}, {}, {"全文。": [("甲", 0), ("乙", 4)]})
        >>> places.find("全文。", "乙"), places.find("全 文。", "甲", 7), places.find("全文。")
        (('乙', 4), ('甲', 0), None)
        """
        found = self._by_text.get(folded(text), []) if self._by_text else []
        if report is not None:
            found = [place for place in found if place[0] == report]
            if number is not None and (report, number) in found:
                return report, number
        return found[0] if len(found) == 1 else None


def _named(reports: Iterable[tuple[str, Iterable[str | None]]]) -> dict[str, str | None]:
    """Reports by every name that means one alone; their own names first."""
    found: dict[str, str | None] = {}
    known = list(reports)
    for name, others in known:
        for other in {one for one in others if one}:
            found[other] = None if other in found else name
    return found | {name: name for name, _ in known}
