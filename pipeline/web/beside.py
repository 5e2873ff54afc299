"""What lies beside a report's text: the figures in it, and its mirror against the baseline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query

from pipeline import categories, resources
from pipeline.data import TaggedReport
from pipeline.web.errors import PageError
from pipeline.web.pages import add_page
from pipeline.web.site import Here, Site
from pipeline.web.why import Name

if TYPE_CHECKING:
    from pipeline.compare import Match, Mirror

_SHOWN = 120
router = APIRouter(tags=["report"])
Code = Annotated[int | None, Query(ge=0, le=99, description="Only this category.")]


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure: ``start`` and ``end`` are offsets in the sentence, ``change`` is up or down for one that tells of a change."""

    sentence: int
    text: str
    start: int
    end: int
    figure: str
    indicator: str | None
    value: int | float
    unit: str
    kind: str
    change: str | None
    bound: str | None
    code: int | None


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The figures of a report in the order of its text."""

    name: str
    title: str | None
    figures: list[FigureLine]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A measure, whether the other report has it (same, related, absent), and the nearest sentence there."""

    sentence: int
    text: str
    code: int
    judgement: str
    near: str | None
    near_sentence: int | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the baseline's measures of a category the report has."""

    code: int
    same: int
    related: int
    absent: int


@dataclass(frozen=True, slots=True)
class MirrorPage:
    """A report read against the baseline; lists hold at most so many measures as are shown, ``of_missing`` and ``of_new`` are how many there are."""

    name: str
    title: str | None
    baseline: str
    is_baseline: bool
    category: int | None
    tallies: list[Tally]
    missing: list[Counterpart]
    of_missing: int
    related: list[Counterpart]
    of_related: int
    new: list[Counterpart]
    of_new: int


def figures_view(site: Here, name: Name) -> FiguresPage:
    """The figures in a report."""
    from pipeline.indicators.figures import figures

    with site.corpus() as corpus:
        site.report(corpus, name)
        tagged = corpus.report(name)
    report = tagged.report
    lines = []
    for one in figures(tagged):
        text = report.sentences[one.sentence].text
        code = tagged.tags[one.sentence].code if tagged.tags else None
        change = one.direction if one.kind == "change" else None
        lines.append(FigureLine(one.sentence + 1, text, one.start, one.end, one.text, one.indicator, one.value, one.unit, one.kind, change, one.bound, code))
    return FiguresPage(report.name, report.metadata.title, lines)


def mirror_view(site: Here, name: Name, category: Code = None) -> MirrorPage:
    """A report beside the baseline, measure by measure."""
    with site.corpus() as corpus:
        stored = site.report(corpus, name)
        tagged = corpus.report(name)
        if not tagged.tags:
            raise PageError(404, name, "the report is not tagged, so it cannot be compared", "tag it with `fazhi retag`")
        if site.scheme().line != categories.default().line:
            raise PageError(404, name, "the baseline has other categories than this corpus", "compare it with `fazhi compare`")
        version = site.tagger().version
        found = site.once(corpus, f"mirror {stored.id} {stored.revision} {version}", lambda _: mirrored(site, tagged))
    return _mirror_page(tagged, found, category)


def baseline_of(site: Site) -> TaggedReport:
    """The baseline report, tagged by the model in use."""
    from pipeline.batch import read_report

    report = read_report(resources.baseline_path())
    return TaggedReport(report, tuple(site.tagger().tag(report)))


def mirrored(site: Site, tagged: TaggedReport) -> Mirror:
    """The mirror of a report, by the learned matcher."""
    from pipeline.compare import Matcher, mirror

    return mirror(baseline_of(site), tagged, matcher=Matcher.learned(site.tagger()))


def _mirror_page(tagged: TaggedReport, found: Mirror, category: int | None) -> MirrorPage:
    counts = Counter((match.measure.code, match.judgement) for match in found.of_baseline)
    codes = categories.scheme().codes
    missing = _some(found.missing, category)
    related = _some([match for match in found.of_baseline if match.judgement == "related"], category)
    new = _some(found.new, category)
    return MirrorPage(
        name=found.report,
        title=tagged.report.metadata.title,
        baseline=found.baseline,
        is_baseline=tagged.report.sha256 == resources.sha256_of(resources.baseline_path()),
        category=category,
        tallies=[Tally(code, counts[code, "same"], counts[code, "related"], counts[code, "absent"]) for code in codes],
        missing=missing[:_SHOWN],
        of_missing=len(missing),
        related=related[:_SHOWN],
        of_related=len(related),
        new=new[:_SHOWN],
        of_new=len(new),
    )


def _some(matches: tuple[Match, ...] | list[Match], category: int | None) -> list[Counterpart]:
    return [_counterpart(match) for match in matches if category is None or match.measure.code == category]


def _counterpart(match: Match) -> Counterpart:
    near, measure = next(iter(match.nearest), None), match.measure
    if near is None:
        return Counterpart(measure.sentence, measure.text, measure.code, match.judgement, None, None, None)
    return Counterpart(measure.sentence, measure.text, measure.code, match.judgement, near.text, near.sentence, near.similarity)


add_page(router, "/report/figures", "figures.html", figures_view, FiguresPage)
add_page(router, "/report/mirror", "mirror.html", mirror_view, MirrorPage)
