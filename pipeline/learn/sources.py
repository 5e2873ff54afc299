"""What a model is made from: the baseline, the training corpus, and the labels of a corpus, put together so that no sentence stands in it twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline import categories
from pipeline.categories import Scheme
from pipeline.errors import LabelError
from pipeline.learn.labelled import LabelledReport, LabelledSentence, baseline_report, training_reports
from pipeline.store.labels import folded

Source = Literal["baseline", "corpus", "labels"]
SOURCES: tuple[Source, ...] = ("baseline", "corpus", "labels")


@dataclass(frozen=True, slots=True)
class Own:
    """A corpus's own labels and what is known of them.

    ``sentences`` are labelled, ``conflicts`` left out as people differ on them; more than one person labelled ``doubly``, which Krippendorff's ``alpha``
    is of. ``weight`` is what each counts.
    """

    reports: tuple[LabelledReport, ...]
    sentences: int
    annotators: int
    conflicts: int
    doubly: int
    alpha: float | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Data:
    """Labelled reports with their scheme and where they come from; ``sources`` is empty where nothing is known of it."""

    reports: tuple[LabelledReport, ...]
    scheme: Scheme
    sources: tuple[Source, ...] = ()
    own: Own | None = None


def collect(only: Sequence[Source] = (), *, own: Own | None = None, weight: float = 1.0, scheme: Scheme | None = None) -> Data:
    """The labelled reports of the sources asked for, by default all that there are. ``weight`` is what a sentence of ``own`` labels counts.

    Where an own label is given to a sentence that the training corpus or the baseline has too, it takes the place of the label there. For a scheme other
    than the seven categories there are the own labels alone.

    Raises
    ------
    LabelError
        Where there is nothing of a source asked for.
    """
    used = scheme or categories.default()
    shipped = used.line == categories.default().line
    if weight <= 0:
        raise LabelError("--weight", f"{weight} is not above 0", "give a number such as 2")
    if not shipped and set(only) - {"labels"}:
        raise LabelError(used.name, "the training corpus and the baseline are labelled with the seven categories alone", "train with --only labels")
    if "labels" in only and (own is None or not own.sentences):
        raise LabelError("labels", "there are no labels to learn from", "import some with `fazhi labels import FILE`, and name their corpus with --corpus")
    wanted = tuple(source for source in SOURCES if _there(source, shipped, own) and (not only or source in only))
    if not wanted:
        raise LabelError("training", "there is nothing to learn from", "import labels with `fazhi labels import FILE`")
    reports = [baseline_report()] if "baseline" in wanted else []
    reports += training_reports() if "corpus" in wanted else []
    if "labels" not in wanted or own is None:
        return Data(tuple(reports), used, wanted)
    return Data(tuple(merged(reports, _weighted(own.reports, weight))), used, wanted, replace(own, weight=weight))


def _there(source: Source, shipped: bool, own: Own | None) -> bool:
    return own is not None and own.sentences > 0 if source == "labels" else shipped


def _weighted(reports: Sequence[LabelledReport], weight: float) -> list[LabelledReport]:
    return [replace(report, sentences=tuple(replace(s, weight=weight) if s.label >= 0 else s for s in report.sentences)) for report in reports]


def merged(reports: Sequence[LabelledReport], own: Sequence[LabelledReport]) -> list[LabelledReport]:
    """Reports with own labelled reports, whose labels go first.

    An own report with the same sentences as one of the others gives it its labels; so does a single labelled sentence that stands in one of them.
    """
    by_texts = {_texts(report): at for at, report in enumerate(reports)}
    places = {folded(s.text): (at, number) for at, report in enumerate(reports) for number, s in enumerate(report.sentences)}
    taken: dict[tuple[int, int], LabelledSentence] = {}
    rest: list[LabelledReport] = []
    for report in own:
        at = by_texts.get(_texts(report))
        if at is not None:
            taken |= {(at, number): s for number, s in enumerate(report.sentences) if s.label >= 0}
        elif len(report.sentences) == 1 and (place := places.get(folded(report.sentences[0].text))):
            taken[place] = report.sentences[0]
        else:
            rest.append(report)
    return [_relabelled(report, at, taken) for at, report in enumerate(reports)] + _named_apart(rest, {report.name for report in reports})


def _texts(report: LabelledReport) -> tuple[str, ...]:
    return tuple(folded(sentence.text) for sentence in report.sentences)


def _relabelled(report: LabelledReport, at: int, taken: dict[tuple[int, int], LabelledSentence]) -> LabelledReport:
    sentences = list(report.sentences)
    for number, sentence in enumerate(sentences):
        if own := taken.get((at, number)):
            sentences[number] = replace(sentence, label=own.label, weight=own.weight)
    return replace(report, sentences=tuple(sentences))


def _named_apart(reports: Sequence[LabelledReport], used: set[str]) -> list[LabelledReport]:
    """The reports with names that are not used yet."""
    found = []
    for report in reports:
        name, number = report.name, 2
        while name in used:
            name, number = f"{report.name}-{number}", number + 1
        used.add(name)
        found.append(replace(report, name=name))
    return found
