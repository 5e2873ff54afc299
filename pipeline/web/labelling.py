"""Labels given on the pages: a person's choice for a sentence, and its undoing. Each is in the corpus before it is answered.

A form that is sent twice gives one label: it brings a key, which is kept with the label.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Request
from pydantic import TypeAdapter
from starlette.responses import RedirectResponse, Response

from pipeline.categories import NONE_CODE, scheme
from pipeline.corpus import Corpus
from pipeline.errors import LabelError
from pipeline.store.labels import Label, NewLabel
from pipeline.web.errors import RESPONSES, PageError, wants_json
from pipeline.web.render import url
from pipeline.web.site import Here, Site

ANNOTATOR = "fazhi-annotator"
#: Where labels of the pages say that they come from: a report's page, or review.
WEB, REVIEW = "web", "review"
#: What a label's form is known by.
KEY = "form"
router = APIRouter(tags=["labels"])


@dataclass(frozen=True, slots=True)
class Given:
    """A label that was given: ``sentence`` counts from 1."""

    batch: int
    report: str
    sentence: int
    code: int
    annotator: str


@dataclass(frozen=True, slots=True)
class Undone:
    """A batch of labels that was taken back."""

    batch: int


_write, _write_undone = TypeAdapter(Given).dump_json, TypeAdapter(Undone).dump_json


@router.post(
    "/label",
    responses={200: {"model": Given, "content": {"text/html": {}}}, 303: {"description": "The sentence in its report"}, **RESPONSES},
    summary="Label a sentence",
)
def label(
    request: Request,
    site: Here,
    report: Annotated[str, Form(max_length=500)],
    sentence: Annotated[int, Form(ge=1, le=1_000_000, description="The sentence's number in the report, from 1.")],
    code: Annotated[int, Form(ge=0, le=99)],
    annotator: Annotated[str, Form(max_length=60)],
    key: Annotated[str, Form(max_length=60, description="The same choice of the same person that is sent twice with one key is one label.")] = "",
    round: Annotated[int | None, Form(ge=1, le=2**53, description="The round of review that the sentence was handed out in.")] = None,
) -> Response:
    """Say which category a sentence has; earlier labels stay, and the last one of each annotator counts."""
    site.writable()
    if code not in {*scheme().codes, NONE_CODE}:
        raise PageError(400, f"code {code}", "there is no such category", f"give one of {', '.join(map(str, scheme().codes))} or 0")
    name = named(annotator)
    with site.corpus() as corpus:
        site.report(corpus, report)
        sentences = corpus.report(report).report.sentences
        if sentence > len(sentences):
            raise PageError(404, f"{report} #{sentence}", f"the report has {len(sentences)} sentences", "choose one of them")
        part = _slice(site, corpus, round, report, sentence) if round is not None else None
        key = f"{key}.{code}.{name}" if key else ""  # whoever goes back in the browser and chooses otherwise sends the old key
        extra = {KEY: key} if key else {}
        new = NewLabel(sentences[sentence - 1].text, code, name, report, sentence - 1, part, extra)
        batch = stored(corpus, new, key, WEB if round is None else REVIEW)
    return _answer(request, _write(Given(batch, report, sentence, code, name)), report, sentence, name, round)


def named(annotator: str) -> str:
    """A name without spaces around it.

    Raises
    ------
    PageError
        Where it is none.
    """
    name = " ".join(annotator.split())
    if not name or not name.isprintable():
        raise PageError(400, "annotator", "it is no name", "say who you are")
    return name


def _slice(site: Site, corpus: Corpus, round: int, report: str, sentence: int) -> str | None:
    """How the sentence of a round was picked."""
    from pipeline.web import rounds

    _, review = rounds.found_round(site, round)
    found = rounds.load(site, corpus, review) if review else None
    item = next((one for one in found.items if (one.report, one.sentence) == (report, sentence)), None) if found else None
    if found is None or item is None:
        raise PageError(404, f"{report} #{sentence}", "the round has no such sentence", "load the review page again")
    return found.slices[item.n]


def stored(corpus: Corpus, new: NewLabel, key: str, source: str) -> int:
    """Store a label unless one of the same key was; returns its batch."""
    while True:
        state = corpus.labels.state()
        if key and (before := corpus.labels.batch_with(KEY, key)) is not None:
            return before
        if made := corpus.labels.add_unless_changed([(source, [new])], state=state):
            return made[0]


@router.post(
    "/label/undo",
    responses={200: {"model": Undone, "content": {"text/html": {}}}, 303: {"description": "The sentence in its report"}, **RESPONSES},
    summary="Take a label back",
)
def undo(
    request: Request,
    site: Here,
    batch: Annotated[int, Form(ge=1, le=2**53)],
    report: Annotated[str, Form(max_length=500)] = "",
    sentence: Annotated[int, Form(ge=1, le=1_000_000)] = 1,
    round: Annotated[int | None, Form(ge=1, le=2**53)] = None,
    n: Annotated[int | None, Form(ge=1, le=1_000_000, description="The sentence's place in the round.")] = None,
) -> Response:
    """Take one labelling action back; only those that were made on these pages. What is undone already stays so."""
    site.writable()
    with site.corpus() as corpus:
        found = next((one for one in corpus.labels.batches() if one.id == batch), None)
        if found is None or found.source not in {WEB, REVIEW}:
            raise PageError(404, f"batch {batch}", "it was not made on these pages", "take it back on the page of the labels")
        take_back(corpus, batch)
    return _answer(request, _write_undone(Undone(batch)), report, sentence, None, round, n)


def take_back(corpus: Corpus, batch: int) -> None:
    """Undo a batch; one that is undone already stays so."""
    try:
        corpus.labels.undo(batch)
    except LabelError:
        if any(one.id == batch and one.undone for one in corpus.labels.batches()):
            return
        raise


def _answer(request: Request, data: bytes, report: str, sentence: int, annotator: str | None, round: int | None, n: int | None = None) -> Response:
    if wants_json(request):
        answer = Response(data, media_type="application/json")
    elif round is not None:
        answer = RedirectResponse(url("/review", round=round, n=n), 303)
    else:
        answer = RedirectResponse(url("/report", name=report, sentence=sentence) + f"#s{sentence}" if report else "/", 303)
    if annotator:
        remember(answer, annotator)
    return answer


def remember(answer: Response, annotator: str) -> None:
    """Let a browser know who labels."""
    answer.set_cookie(ANNOTATOR, quote(annotator), max_age=31_536_000, httponly=True, samesite="strict")


def remembered(request: Request) -> str:
    """Who labelled last in this browser; empty where nobody did."""
    name = " ".join(unquote(request.cookies.get(ANNOTATOR, "")).split())[:60]
    return name if name.isprintable() else ""


def new_key() -> str:
    """A key for a form that will be sent."""
    return secrets.token_urlsafe(12)


def given(site: Site, corpus: Corpus, report: str) -> dict[int, list[Label]]:
    """The labels that count of a report's sentences, by the sentences' numbers from 1."""
    return site.once(corpus, "labels", _by_report, state=corpus.labels.state()).get(report, {})


def _by_report(corpus: Corpus) -> dict[str, dict[int, list[Label]]]:
    found: dict[str, dict[int, list[Label]]] = defaultdict(lambda: defaultdict(list))
    for one in corpus.labels.current():
        if one.report is not None and one.number is not None:
            found[one.report][one.number + 1].append(one)
    return found


def shown_labels(request: Request, site: Site, labels: dict[int, list[Label]], sentence: int | None) -> dict[str, Any]:
    """What the panel of a sentence shows of its labels."""
    return {
        "labels": labels.get(sentence or 0, []),
        "labelled": labels,
        "annotator": remembered(request),
        "form_key": new_key(),
        "codes": [*scheme().codes, NONE_CODE],
        "may_label": not site.settings.read_only,
    }
