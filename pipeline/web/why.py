"""Why a sentence has its tag: its words, headings and neighbours, and the labelled sentences that are most like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from pipeline.data import TaggedReport
from pipeline.errors import ModelError
from pipeline.web.errors import PageError
from pipeline.web.labelling import given, shown_labels
from pipeline.web.pages import add_json
from pipeline.web.render import render
from pipeline.web.site import Here, Site

if TYPE_CHECKING:
    from pipeline.tag.explain import Explanation

router = APIRouter(tags=["report"])
Name = Annotated[str, Query(max_length=500, description="The report's name.")]
Number = Annotated[int, Query(ge=1, le=1_000_000, description="The sentence's number, from 1.")]


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of the sentence and its weight: above 0 for its category, below 0 against it; ``level`` is its strength, -4 to 4."""

    text: str
    weight: float
    level: int


@dataclass(frozen=True, slots=True)
class Near:
    """A labelled sentence that is like this one."""

    text: str
    code: int
    similarity: float
    report: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence has its tag. ``shares`` are those of its words, headings, neighbours and place in the decision, adding up to 1.

    ``code`` and what follows are what the model in use says; ``stored_code`` is the tag in the corpus, which may be of an older model.
    """

    report: str
    sentence: int
    of: int
    text: str
    role: str
    headings: list[str]
    before: str | None
    after: str | None
    code: int
    probability: float
    second_code: int
    second_probability: float
    model: str
    stored_code: int | None
    stored_model: str | None
    shares: list[float]
    words: list[Word]
    nearest: list[Near]


def explained_or_none(site: Site, tagged: TaggedReport, sentence: int) -> Why | None:
    """The explanation; none where no model can be used, so that the text can still be read."""
    try:
        return explained(site, tagged, sentence)
    except ModelError:
        return None


def why_view(site: Here, report: Name, sentence: Number) -> Why:
    """Why a sentence of a report has its tag."""
    return explained(site, _report(site, report), sentence)


def _report(site: Site, name: str) -> TaggedReport:
    with site.corpus() as corpus:
        site.report(corpus, name)
        return corpus.report(name)


def explained(site: Site, tagged: TaggedReport, sentence: int) -> Why:
    """The explanation of a sentence, counted from 1.

    Raises
    ------
    PageError
        Where the report has no such sentence.
    """
    report, index = tagged.report, sentence - 1
    if index >= len(report.sentences):
        raise PageError(404, f"{report.name} #{sentence}", f"the report has {len(report.sentences)} sentences", "choose one of them")
    found = site.tagger().explain(report, index)
    tag, stored, one = found.tag, tagged.tags[index] if tagged.tags else None, report.sentences[index]
    return Why(
        report=report.name,
        sentence=sentence,
        of=len(report.sentences),
        text=found.text,
        role=report.role(one),
        headings=report.headings(one),
        before=report.sentences[index - 1].text if index else None,
        after=report.sentences[index + 1].text if sentence < len(report.sentences) else None,
        code=tag.code,
        probability=round(tag.probability, 4),
        second_code=tag.second_code,
        second_probability=round(tag.second_probability, 4),
        model=tag.model,
        stored_code=stored.code if stored else None,
        stored_model=stored.model if stored else None,
        shares=[round(share, 4) for share in found.shares],
        words=_words(found),
        nearest=[Near(near.text, near.label, round(near.similarity, 4), near.report) for near in found.nearest],
    )


def _words(found: Explanation) -> list[Word]:
    """The whole sentence in pieces, each with its weight; what is between words has none."""
    strongest = max((abs(word.weight) for word in found.word_weights), default=0) or 1
    made, at = [], 0
    for word in found.word_weights:
        if word.start > at:
            made.append(Word(found.text[at : word.start], 0.0, 0))
        made.append(Word(word.word, round(word.weight, 4), round(4 * word.weight / strongest)))
        at = word.end
    return [*made, *([Word(found.text[at:], 0.0, 0)] if at < len(found.text) else [])]


@router.get("/why/panel", include_in_schema=False, response_class=HTMLResponse)
def panel(request: Request, site: Here, report: Name, sentence: Number) -> Response:
    """The explanation alone, to be put beside the text."""
    with site.corpus() as corpus:
        site.report(corpus, report)
        tagged, labels = corpus.report(report), given(site, corpus, report)
    why = explained(site, tagged, sentence)
    return render(request, "_why.html", None, why=why, **shown_labels(request, site, labels, sentence))


@router.get("/why", include_in_schema=False, response_class=HTMLResponse)
def why_page(request: Request, site: Here, report: Name, sentence: Number) -> Response:
    """The explanation on a page of its own."""
    with site.corpus() as corpus:
        site.report(corpus, report)
        tagged, labels = corpus.report(report), given(site, corpus, report)
    why = explained(site, tagged, sentence)
    return render(request, "why.html", why, why=why, **shown_labels(request, site, labels, sentence))


add_json(router, "/why", why_view, Why)
