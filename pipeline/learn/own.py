"""A corpus's own labels as labelled reports: every labelled sentence in the place that it has in the corpus, among its neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from pipeline.data import Metadata, TaggedReport
from pipeline.learn.labelled import UNLABELLED, LabelledReport, LabelledSentence
from pipeline.learn.metrics import krippendorff_alpha
from pipeline.learn.resolve import Resolution, Settled, resolved
from pipeline.learn.sources import Own
from pipeline.store.labels import ADJUDICATED, Label, folded
from pipeline.tag.outline import Outline


class Holder(Protocol):
    """What holds reports: a corpus, or its database."""

    def report(self, name: str) -> TaggedReport | None:
        """One report by its name."""

    def reports(self) -> Sequence[Any]:
        """All reports, each with a ``name``."""

    def sentences(self) -> Iterable[Any]:
        """All sentences, each with ``report``, ``number`` and ``text``."""


class Labelling(Protocol):
    """What holds labels: those of a corpus."""

    def all(self) -> list[Label]:
        """Every label that counts."""


def own_labels(holder: Holder, labels: Labelling) -> Own:
    """All that a corpus's labels give to learn from, with what is known of those who gave them."""
    given = labels.all()
    resolution = resolved(given)
    people = [{label.annotator: label.code for label in one.labels if label.annotator != ADJUDICATED} for one in resolution.settled]
    people += [{label.annotator: label.code for label in group} for group in resolution.conflicts]
    doubly = [list(codes.values()) for codes in people if len(codes) > 1]
    return Own(
        reports=tuple(own_reports(holder, resolution)),
        sentences=len(resolution.settled),
        annotators=len({label.annotator for label in given} - {ADJUDICATED}),
        conflicts=len(resolution.conflicts),
        doubly=len(doubly),
        alpha=krippendorff_alpha(doubly) if doubly else None,
    )


def own_reports(holder: Holder, resolution: Resolution) -> list[LabelledReport]:
    """The labelled sentences of a corpus, ordered by the names of their reports.

    A report of the corpus comes whole: sentences that nobody labelled are :data:`UNLABELLED` and only neighbours. A sentence without a known place gets the
    first that its text has in the corpus. Those in no report of the corpus stand together under the report's name that was given with them, each a section of
    its own; where there is none, each is a report of its own.
    """
    there = {report.name for report in holder.reports()}
    placed: dict[str, dict[int, int]] = defaultdict(dict)
    lost: list[Settled] = []
    for name, group in _by_report(resolution.settled).items():
        lost += _place(holder, name, group, placed[name]) if name in there else group
    lost = _anywhere(holder, lost, placed) if lost else []
    found = [_whole(name, tagged, codes) for name, codes in placed.items() if codes and (tagged := holder.report(name)) is not None]
    return sorted([*found, *_unplaced(lost, there)], key=lambda report: report.name)


def _by_report(settled: Sequence[Settled]) -> dict[str, list[Settled]]:
    groups: dict[str, list[Settled]] = defaultdict(list)
    for one in settled:
        groups[one.label.report or ""].append(one)
    return groups


def _place(holder: Holder, name: str, group: Sequence[Settled], codes: dict[int, int]) -> list[Settled]:
    """Find sentences in the report that they are said to stand in: by number, if the text there is still theirs, else by text. Returns those not found."""
    tagged = holder.report(name)
    texts = [folded(sentence.text) for sentence in tagged.report.sentences] if tagged else []
    numbers: dict[str, int] = {}
    for number, text in enumerate(texts):
        numbers.setdefault(text, number)
    lost = []
    for one in group:
        text, given = folded(one.label.text), one.label.number
        at = given if given is not None and given < len(texts) and texts[given] == text else numbers.get(text)
        if at is None:
            lost.append(one)
        else:
            codes[at] = one.code
    return lost


def _anywhere(holder: Holder, lost: Sequence[Settled], placed: Mapping[str, dict[int, int]]) -> list[Settled]:
    """Find sentences whose report is not known by their text, wherever it stands first. Returns those not found."""
    wanted = {folded(one.label.text) for one in lost if one.label.report is None}
    first: dict[str, tuple[str, int]] = {}
    for sentence in holder.sentences() if wanted else ():
        if (text := folded(sentence.text)) in wanted:
            first.setdefault(text, (sentence.report, sentence.number))
    rest = []
    for one in lost:
        place = first.get(folded(one.label.text)) if one.label.report is None else None
        if place is None:
            rest.append(one)
        else:
            placed[place[0]].setdefault(place[1], one.code)
    return rest


def _whole(name: str, tagged: TaggedReport, codes: Mapping[int, int]) -> LabelledReport:
    report = tagged.report
    outline = Outline.of(report)
    places = zip(outline.texts, outline.roles, outline.headings, outline.sections, outline.paragraphs, strict=True)
    sentences = (
        LabelledSentence(_one_line(text), codes.get(number, UNLABELLED), role, tuple(map(_one_line, headings)), section, paragraph)
        for number, (text, role, headings, section, paragraph) in enumerate(places)
    )
    return LabelledReport(name, report.path, report.metadata, tuple(sentences))


def _unplaced(lost: Sequence[Settled], there: set[str]) -> list[LabelledReport]:
    """Sentences without a place: in groups by the report that was given with them, or each by itself."""
    groups: dict[str, list[Settled]] = defaultdict(list)
    for one in lost:
        groups[one.label.report or f"label-{one.label.id:06}"].append(one)
    return [
        LabelledReport(f"{name} (labels)" if name in there else name, "", Metadata(), tuple(_alone(one, number) for number, one in enumerate(group)))
        for name, group in groups.items()
    ]


def _alone(one: Settled, number: int) -> LabelledSentence:
    # Rows of a table are often sorted by category: their order must say nothing.
    return LabelledSentence(_one_line(one.label.text), one.code, "measures", (), number, -1 - number)


def _one_line(text: str) -> str:
    """A text without breaks of line, as sentences of reports are."""
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


__all__ = ["UNLABELLED", "own_labels", "own_reports"]
