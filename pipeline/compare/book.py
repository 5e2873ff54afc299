"""A comparison arranged for reading: every report has a label, every sentence an address on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from pipeline.categories import NONE_CODE, Scheme
from pipeline.compare.results import Comparison, Judgement, Match, Mirror, Place, Profile, Repeat, Spread
from pipeline.data import TaggedReport

JUDGEMENTS: tuple[Judgement, ...] = ("same", "related", "absent")


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure as a report writes it, the number of its sentence, from 1, and how far it moved against last year."""

    text: str
    sentence: int
    change: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One indicator: for every report, the baseline first, the figures that it gives."""

    indicator: str
    cells: tuple[tuple[Mention, ...], ...]

    @property
    def reports(self) -> int:
        """How many reports give it."""
        return sum(bool(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a full text; ``number`` counts from 1, ``probability`` is the tag's."""

    number: int
    text: str
    code: int
    probability: float
    repeat: Repeat | None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the paragraphs below it; ``level`` is 0 for the text before the first heading."""

    heading: str
    level: int
    paragraphs: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A report of the page: its place in the row (the baseline is 0) and what it is called there."""

    index: int
    tagged: TaggedReport
    label: str
    profile: Profile

    @property
    def id(self) -> str:
        """The anchor of its full text."""
        return f"r{self.index}"

    @property
    def short(self) -> str:
        """The label, cut where it is long."""
        return self.label if len(self.label) <= 14 else f"{self.label[:6]}…{self.label[-7:].lstrip()}"


@dataclass(frozen=True, slots=True)
class Seen:
    """One report's mirror with its counts: how many measures of the baseline it has (``same``), has the subject of (``related``) and lacks (``absent``)."""

    leaf: Leaf
    mirror: Mirror
    count: Mapping[Judgement, int]

    @property
    def total(self) -> int:
        """The number of measures of the baseline."""
        return len(self.mirror.of_baseline)


class Book:
    """What the template asks of a comparison."""

    def __init__(self, comparison: Comparison, scheme: Scheme, figures: Sequence[FigureRow] = (), *, dated: str = "{district} {year}") -> None:
        self.comparison, self.scheme, self._dated = comparison, scheme, dated
        self.shared = [row for row in figures if row.reports > 1]
        self.single = [row for row in figures if row.reports == 1]
        profiles = {profile.report: profile for profile in comparison.profiles}
        tagged = (comparison.baseline, *comparison.reports)
        self.leaves = tuple(Leaf(i, one, label, profiles[one.report.name]) for i, (one, label) in enumerate(zip(tagged, labels(tagged, dated), strict=True)))
        self._by_name = {leaf.tagged.report.name: leaf for leaf in reversed(self.leaves)}

    @property
    def baseline(self) -> Leaf:
        """The report that the others are read against."""
        return self.leaves[0]

    @cached_property
    def seen(self) -> tuple[Seen, ...]:
        """The reports in their order, each with its mirror."""
        return tuple(Seen(leaf, mirror, _counted(mirror)) for leaf, mirror in zip(self.leaves[1:], self.comparison.mirrors, strict=True))

    @property
    def new_count(self) -> int:
        """How many measures of the reports the baseline does not have."""
        return sum(len(mirror.new) for mirror in self.comparison.mirrors)

    def leaf(self, report: str) -> Leaf | None:
        """The report of that name, ``None`` where it is not on the page."""
        return self._by_name.get(report)

    def address(self, report: str, sentence: int) -> str | None:
        """The anchor of a sentence's place in the full texts."""
        leaf = self.leaf(report)
        return f"r{leaf.index}s{sentence}" if leaf and 1 <= sentence <= len(leaf.tagged.tags) else None

    def of_code(self, leaf: Leaf, code: int) -> list[int]:
        """The numbers of a report's sentences of a category."""
        return [number for number, tag in enumerate(leaf.tagged.tags, 1) if tag.code == code]

    def by_category(self, matches: Sequence[Match]) -> Iterator[tuple[int, list[Match]]]:
        """Matches in the order of the categories, and of the text within each."""
        for code, group in groupby(sorted(matches, key=lambda match: match.measure.code), key=lambda match: match.measure.code):
            yield code, list(group)

    def by_districts(self) -> list[tuple[int, list[Match]]]:
        """The baseline's measures by how many of the reports have them, most first: that number, and one match a report."""
        rows = zip(*(mirror.of_baseline for mirror in self.comparison.mirrors), strict=True)
        counted = [(sum(match.judgement == "same" for match in row), list(row)) for row in rows]
        return sorted(counted, key=lambda pair: -pair[0])

    def elsewhere(self) -> list[Spread]:
        """Measures that several districts have and the baseline has not."""
        return [spread for spread in self.comparison.spread if not spread.in_baseline and spread.districts > 1]

    def single_of(self, leaf: Leaf) -> list[FigureRow]:
        """The indicators that only this report gives."""
        return [row for row in self.single if row.cells[leaf.index]]

    def parts(self, leaf: Leaf) -> list[Part]:
        """A report's text by sections and paragraphs; sections without sentences keep their heading."""
        lines: dict[int, dict[int, list[Line]]] = {}
        report, repeats = leaf.tagged.report, self._repeats(leaf)
        for number, (sentence, tag) in enumerate(zip(report.sentences, leaf.tagged.tags, strict=True), 1):
            line = Line(number, sentence.text, tag.code, tag.probability, repeats.get(number))
            lines.setdefault(sentence.section, {}).setdefault(sentence.paragraph, []).append(line)
        return [
            Part(section.heading, section.level, tuple(tuple(found) for found in lines.get(i, {}).values()))
            for i, section in enumerate(report.sections)
            if section.heading or i in lines
        ]

    def _repeats(self, leaf: Leaf) -> dict[int, Repeat]:
        name = leaf.tagged.report.name
        return {repeat.place.sentence: repeat for repeat in self.comparison.repeats if repeat.place.report == name}

    def called(self, place: Place) -> str:
        """What the report of a place is called, whether it is on the page or not."""
        leaf = self.leaf(place.report)
        return leaf.label if leaf else (_label(place.district, place.year, self._dated) or place.report)

    @property
    def codes(self) -> list[int]:
        """The codes of all categories that the page shows, 0 last."""
        return [*self.scheme.codes, NONE_CODE]

    @property
    def models(self) -> list[str]:
        """The versions of the models that tagged the reports."""
        return sorted({tag.model for leaf in self.leaves for tag in leaf.tagged.tags})


def _counted(mirror: Mirror) -> Mapping[Judgement, int]:
    found = Counter(match.judgement for match in mirror.of_baseline)
    return {judgement: found[judgement] for judgement in JUDGEMENTS}


def _label(district: str | None, year: int | None, dated: str) -> str | None:
    return dated.format(district=district, year=year) if district and year else district


def labels(tagged: Sequence[TaggedReport], dated: str) -> list[str]:
    """District and year of each report, as ``dated`` puts them; its name where it says no district, and after them where two say the same."""
    plain = [_label(one.report.metadata.district, one.report.metadata.year, dated) or one.report.name for one in tagged]
    often = Counter(plain)
    return [label if often[label] == 1 else f"{label} ({one.report.name})" for label, one in zip(plain, tagged, strict=True)]
