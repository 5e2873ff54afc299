"""Where the sentences of a report stand: what the context layer sees besides the words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from typing import Self

from pipeline.data import Report, Role


@dataclass(frozen=True, slots=True)
class Outline:
    """The sentences of one report with their places; all tuples have one entry a sentence.

    ``headings`` holds the headings above the sentence, the top one first; ``sections`` and ``paragraphs`` are running numbers. A paragraph below 0, and each
    another, says that nobody knows where the sentence stands.
    """

    texts: tuple[str, ...]
    roles: tuple[Role, ...]
    headings: tuple[tuple[str, ...], ...]
    sections: tuple[int, ...]
    paragraphs: tuple[int, ...]

    @classmethod
    def of(cls, report: Report) -> Self:
        """The outline of a parsed report."""
        paths = _paths(report)
        return cls(
            tuple(s.text for s in report.sentences),
            tuple(report.role(s) for s in report.sentences),
            tuple(paths[s.section] for s in report.sentences),
            tuple(s.section for s in report.sentences),
            tuple(s.paragraph for s in report.sentences),
        )

    @property
    def digest(self) -> str:
        """Tells reports apart by all that the tagger sees of them: 16 hexadecimal digits."""
        return hashlib.sha256(json.dumps(astuple(self), ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def without_headings(self) -> Outline:
        """The same report as if its sub-headings were not there: top headings stay, with their roles.

        >>> there = Outline(("甲。", "乙。"), ("measures", "measures"), (("一、举措", "(一)学法"), ("一、举措", "(二)执法")), (1, 2), (0, 1))
        >>> gone = there.without_headings()
        >>> gone.headings, gone.sections
        ((('一、举措',), ('一、举措',)), (0, 0))
        """
        tops = tuple(path[:1] for path in self.headings)
        sections, number, before = [], -1, None
        for *top, paragraph in zip(tops, self.roles, self.paragraphs, strict=True):
            number += top != before or paragraph < 0
            before = top
            sections.append(number)
        return replace(self, headings=tops, sections=tuple(sections))


def _paths(report: Report) -> list[tuple[str, ...]]:
    """The headings above each section's text, its own last."""
    paths: list[tuple[str, ...]] = []
    open_: list[str] = []
    for section in report.sections:
        if section.level:
            open_ = [*open_[: section.level - 1], section.heading]
        paths.append(tuple(open_) if section.role != "closing" else ())
    return paths
