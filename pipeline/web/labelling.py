"""Labels given on a report's page: a person's choice for a sentence, and its undoing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Form, Request
from pydantic import TypeAdapter
from starlette.responses import RedirectResponse, Response

from pipeline.categories import NONE_CODE, scheme
from pipeline.corpus import Corpus
from pipeline.store.labels import Label, NewLabel
from pipeline.web.errors import RESPONSES, PageError, wants_json
from pipeline.web.render import url
from pipeline.web.site import Here, Site

ANNOTATOR = "fazhi-annotator"
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
) -> Response:
    """Say which category a sentence has; earlier labels stay, and the last one of each annotator counts."""
    site.writable()
    if code not in {*scheme().codes, NONE_CODE}:
        raise PageError(400, f"code {code}", "there is no such category", f"give one of {', '.join(map(str, scheme().codes))} or 0")
    name = " ".join(annotator.split())
    if not name or not name.isprintable():
        raise PageError(400, "annotator", "it is no name", "say who you are")
    with site.corpus() as corpus:
        site.report(corpus, report)
        sentences = corpus.report(report).report.sentences
        if sentence > len(sentences):
            raise PageError(404, f"{report} #{sentence}", f"the report has {len(sentences)} sentences", "choose one of them")
        batch = corpus.labels.add([NewLabel(sentences[sentence - 1].text, code, name, report, sentence - 1)], source="web")
    return _answer(request, _write(Given(batch, report, sentence, code, name)), report, sentence, name)


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
) -> Response:
    """Take one labelling action back; only those that were made on these pages."""
    site.writable()
    with site.corpus() as corpus:
        found = next((one for one in corpus.labels.batches() if one.id == batch), None)
        if found is None or found.source != "web":
            raise PageError(404, f"batch {batch}", "it was not made on these pages", "see `fazhi labels list`")
        corpus.labels.undo(batch)
    return _answer(request, _write_undone(Undone(batch)), report, sentence, None)


def _answer(request: Request, data: bytes, report: str, sentence: int, annotator: str | None) -> Response:
    if wants_json(request):
        return Response(data, media_type="application/json")
    there = url("/report", name=report, sentence=sentence) + f"#s{sentence}" if report else "/"
    answer = RedirectResponse(there, 303)
    if annotator:
        answer.set_cookie(ANNOTATOR, quote(annotator), max_age=31_536_000, httponly=True, samesite="strict")
    return answer


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
        "annotator": unquote(request.cookies.get(ANNOTATOR, ""))[:60],
        "codes": [*scheme().codes, NONE_CODE],
        "may_label": not site.settings.read_only,
    }
