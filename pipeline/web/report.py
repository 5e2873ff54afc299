"""A report: its text as it was, its sentences in the colours of their categories, and what is chosen of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from pipeline.categories import NONE_CODE, scheme
from pipeline.data import ROLES, Role, TaggedReport
from pipeline.web import reading
from pipeline.web.labelling import given, shown_labels
from pipeline.web.pages import add_json
from pipeline.web.render import render
from pipeline.web.settings import UNSURE
from pipeline.web.site import Here
from pipeline.web.why import Name, explained_or_none

PART = 260
router = APIRouter(tags=["report"])
Codes = Annotated[list[int] | None, Query(description="Only sentences of these categories.", max_length=9)]
Roles = Annotated[list[Role] | None, Query(description="Only sentences of these roles.", max_length=len(ROLES))]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading, and the index of its first sentence, if it has any."""

    level: int
    heading: str
    role: str
    start: int
    end: int
    sentence: int | None


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with its tag; ``sentence`` counts from 1, ``chosen`` tells whether it passes the page's filters, ``unsure`` whether its probability is low."""

    sentence: int
    start: int
    end: int
    text: str
    role: str
    heading: str
    code: int | None
    category: str | None
    probability: float | None
    second_code: int | None
    second_probability: float | None
    unsure: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many sentences have a code."""

    code: int | None
    sentences: int


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report as its page shows it."""

    name: str
    title: str | None
    district: str | None
    year: int | None
    published: str | None
    source: str | None
    model: str | None
    text: str
    headings: list[Heading]
    sentences: list[TaggedSentence]
    counts: list[CodeCount]
    roles: list[str]
    codes: list[int]
    only_roles: list[str]
    chosen: int


def view(site: Here, name: Name, category: Codes = None, role: Roles = None) -> ReportPage:
    """A report with its text, headings and tagged sentences."""
    with site.corpus() as corpus:
        stored = site.report(corpus, name)
        tagged = corpus.report(name)
    return page_of(tagged, stored.model, category or [], list(role or []))


def page_of(tagged: TaggedReport, model: str | None, codes: list[int], roles: list[str]) -> ReportPage:
    """The data of a report's page."""
    report, known = tagged.report, tagged.report.metadata
    sentences = _sentences(tagged, set(codes), set(roles))
    counts = Counter(one.code for one in sentences)
    order = [*scheme().codes, NONE_CODE, None]
    return ReportPage(
        name=report.name,
        title=known.title,
        district=known.district,
        year=known.year,
        published=known.published,
        source=known.source,
        model=model,
        text=report.text,
        headings=_headings(tagged),
        sentences=sentences,
        counts=[CodeCount(code, counts[code]) for code in order if counts[code] or code is not None],
        roles=[role for role in ROLES if any(one.role == role for one in sentences)],
        codes=codes,
        only_roles=roles,
        chosen=sum(one.chosen for one in sentences),
    )


def _sentences(tagged: TaggedReport, codes: set[int], roles: set[str]) -> list[TaggedSentence]:
    report = tagged.report
    made = []
    for number, (s, tag) in enumerate(zip(report.sentences, tagged.tags or (None,) * len(report.sentences), strict=True), 1):
        role = report.role(s)
        chosen = (not codes or (tag is not None and tag.code in codes)) and (not roles or role in roles)
        made.append(
            TaggedSentence(
                sentence=number,
                start=s.start,
                end=s.end,
                text=s.text,
                role=role,
                heading=report.heading(s),
                code=tag.code if tag else None,
                category=tag.category if tag else None,
                probability=round(tag.probability, 4) if tag else None,
                second_code=tag.second_code if tag else None,
                second_probability=round(tag.second_probability, 4) if tag else None,
                unsure=tag is not None and tag.probability < UNSURE,
                chosen=chosen,
            )
        )
    return made


def _headings(tagged: TaggedReport) -> list[Heading]:
    first: dict[int, int] = {}
    for number, sentence in enumerate(tagged.report.sentences):
        first.setdefault(sentence.section, number)
    return [Heading(s.level, s.heading, s.role, s.start, s.end, first.get(i)) for i, s in enumerate(tagged.report.sections) if s.heading]


@router.get("/report", include_in_schema=False, response_class=HTMLResponse)
def as_html(
    request: Request,
    site: Here,
    name: Name,
    category: Codes = None,
    role: Roles = None,
    part: Annotated[int | None, Query(ge=1, le=10_000)] = None,
    sentence: Annotated[int | None, Query(ge=1, le=1_000_000, description="A sentence to show, and why it has its tag.")] = None,
) -> Response:
    """The page of a report."""
    with site.corpus() as corpus:
        stored = site.report(corpus, name)
        tagged = corpus.report(name)
        labels = given(site, corpus, name)
    page = page_of(tagged, stored.model, category or [], list(role or []))
    why = explained_or_none(site, tagged, sentence) if sentence is not None else None
    listed = reading.parts(reading.blocks(tagged.report), PART)
    at = min(part, len(listed)) if part is not None else _part_of(listed, (sentence or 1) - 1)
    where = {piece.sentence: number for number, some in enumerate(listed, 1) for block in some for piece in block.pieces if piece.first}
    return render(
        request,
        "report.html",
        page,
        blocks=listed[at - 1],
        part=at,
        parts=len(listed),
        part_of=where,
        why=why,
        unsure_below=UNSURE,
        sentence=sentence,
        **shown_labels(request, site, labels, sentence),
    )


def _part_of(listed: list[list[reading.Block]], index: int) -> int:
    return next((n for n, some in enumerate(listed, 1) if any(piece.sentence == index for block in some for piece in block.pieces)), 1)


add_json(router, "/report", view, ReportPage)
