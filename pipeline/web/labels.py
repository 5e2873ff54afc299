"""The labels of a corpus: their batches, each with its undoing, files of them, and how far people agree."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from pipeline.categories import NONE_CODE, scheme
from pipeline.corpus import Corpus
from pipeline.errors import FazhiError, LabelError
from pipeline.show import write_rows
from pipeline.store import ADJUDICATED
from pipeline.web import rounds
from pipeline.web.errors import RESPONSES, PageError
from pipeline.web.labelling import take_back
from pipeline.web.pages import add_page
from pipeline.web.render import render
from pipeline.web.site import Here, Site

if TYPE_CHECKING:
    from pipeline.learn.agreement import Rating
    from pipeline.learn.places import Places

router = APIRouter(tags=["labels"])
_PART = 40
_FIELDS = ("report", "sentence", "text", "label", "category", "annotator", "at", "source", "batch", "slice")
MEDIA = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One import or one labelling action; ``undone`` is when it was taken back."""

    id: int
    source: str
    annotators: list[str]
    at: str
    labels: int
    undone: str | None


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody who labelled, with the number of sentences of which his last label counts."""

    name: str
    sentences: int


@dataclass(frozen=True, slots=True)
class LabelsPage:
    """The labels at a glance; ``batches`` are those of one page, the newest first."""

    labels: int
    sentences: int
    conflicts: int
    annotators: list[Annotator]
    codes: list[tuple[int, int]]
    batches: list[BatchLine]
    of: int
    page: int
    pages: int
    taken: int | None
    may_change: bool


def view(
    site: Here,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    taken: Annotated[int | None, Query(ge=0, le=2**53, description="The batch that was taken in just now.")] = None,
) -> LabelsPage:
    """The batches of labels, who labelled, and what."""
    with site.corpus() as corpus:
        glance, batches = site.once(corpus, "labels at a glance", _glance, state=corpus.labels.state())
    pages = max(1, -(-len(batches) // _PART))
    shown = min(page, pages)
    labels, sentences, conflicts, annotators, codes = glance
    part = batches[(shown - 1) * _PART : shown * _PART]
    return LabelsPage(labels, sentences, conflicts, annotators, codes, part, len(batches), shown, pages, taken, not site.settings.read_only)


_Glance = tuple[int, int, int, list[Annotator], list[tuple[int, int]]]


def _glance(corpus: Corpus) -> tuple[_Glance, list[BatchLine]]:
    from pipeline.learn.resolve import resolved

    labels = corpus.labels.current()
    resolution = resolved(labels)
    counts = Counter(label.annotator for label in labels)
    codes = Counter(one.code for one in resolution.settled)
    people = [Annotator(name, count) for name, count in counts.most_common()]
    lines = [BatchLine(b.id, b.source, list(b.annotators), b.at, b.labels, b.undone) for b in reversed(corpus.labels.batches())]
    shares = [(code, codes[code]) for code in (*scheme().codes, NONE_CODE)]
    return (len(labels), len(resolution.settled) + len(resolution.conflicts), len(resolution.conflicts), people, shares), lines


Batch_ = Annotated[int, Query(ge=1, le=2**53)]


def _batch(corpus: Corpus, batch: int) -> BatchLine:
    found = next((one for one in corpus.labels.batches() if one.id == batch), None)
    if found is None:
        raise PageError(404, f"batch {batch}", "there is no such batch of labels", "choose one on the page of the labels")
    return BatchLine(found.id, found.source, list(found.annotators), found.at, found.labels, found.undone)


@router.get("/labels/undo", include_in_schema=False, response_class=HTMLResponse)
def ask_undo(request: Request, site: Here, batch: Batch_) -> Response:
    """Ask whether a batch is to be undone."""
    site.writable()
    with site.corpus() as corpus:
        found = _batch(corpus, batch)
        samples = [label for label, _ in corpus.labels.history() if label.batch == batch][:5]
    return render(request, "undo.html", found, samples=samples)


@router.post(
    "/labels/undo",
    responses={303: {"description": "The page of the labels"}, **RESPONSES},
    summary="Take a batch back",
    status_code=303,
    response_class=RedirectResponse,
)
def undo(site: Here, batch: Annotated[int, Form(ge=1, le=2**53)]) -> Response:
    """Mark a batch as undone: its labels count no more, and what they superseded holds again. What is undone already stays so."""
    site.writable()
    with site.corpus() as corpus:
        _batch(corpus, batch)
        take_back(corpus, batch)
    return RedirectResponse("/labels", 303)


# Files


def to_file(name: str, format: str, write: Callable[[Path], object]) -> Response:
    """A file that ``write(path)`` writes, to be downloaded; it is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="fazhi-export-"))
    file = folder / f"{name}.{format}"
    try:
        write(file)
    except FazhiError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(file, filename=file.name, media_type=MEDIA[format], background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True))


@router.get("/labels/export", responses=RESPONSES, summary="The labels as a file", response_class=FileResponse)
def export(
    site: Here,
    format: Literal["jsonl", "csv", "xlsx"],
    every: Annotated[bool, Query(description="Every label that ever was: superseded and undone ones too.")] = False,
) -> Response:
    """Of each annotator the last label for each sentence, or all that there ever were. What is written can be imported."""
    from pipeline.learn.label_rows import export_rows

    with site.corpus() as corpus:
        rows, extra = export_rows(corpus.labels, scheme(), every=every)
    fields = (*_FIELDS, *(("state", "undone") if every else ()), *extra)
    return to_file("fazhi-labels", format, lambda file: write_rows(rows, fields, to=file, format=format))


# Agreement


@dataclass(frozen=True, slots=True)
class Measured:
    """A coefficient between annotators, or of the model with them, over ``sentences``; ``None`` where it is not defined."""

    measure: str
    between: list[str]
    sentences: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """How far people agree with each other, and the tags of the corpus with them; ``differ`` sentences are to be settled."""

    annotators: list[str]
    measured: list[Measured]
    differ: int


def agreement_view(site: Here) -> AgreementPage:
    """How far annotators agree, and the tags with them, with 95% intervals."""
    with site.corpus() as corpus:
        state = corpus.state() << 40 | corpus.labels.state()
        return site.once(corpus, "agreement", lambda it: _agreement(site, it), state=state)


def _agreement(site: Site, corpus: Corpus) -> AgreementPage:
    from pipeline.learn.agreement import MODEL, agreement
    from pipeline.learn.disagreements import disagreements

    rated, _ = _rated(site, corpus)
    people = sorted({name for one in rated for name in one.codes} - {MODEL, ADJUDICATED})
    found = [one for one in agreement(rated, (NONE_CODE, *scheme().codes)) if one.code is None] if rated else []
    made = [Measured(one.measure, list(one.between), one.sentences, *(_short(value) for value in (one.value, one.low, one.high))) for one in found]
    return AgreementPage(people, made, len(disagreements(rated)))


def _rated(site: Site, corpus: Corpus) -> tuple[list[Rating], Places]:
    from pipeline.learn.agreement import ratings
    from pipeline.learn.disagreements import model_codes
    from pipeline.learn.places import Places

    labels = corpus.labels.current()
    with rounds.opened(site) as database:
        places = Places.of(database)
    return ratings(labels, model_codes(labels, places, None)), places


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@router.get("/labels/disagreements", responses=RESPONSES, summary="What people differ on, as a spreadsheet", response_class=FileResponse)
def differing(site: Here) -> Response:
    """The sentences that people differ on, with a column in which somebody settles them; the filled-in file can be imported."""
    from pipeline.learn.disagreements import disagreements, write_disagreements

    with site.corpus() as corpus:
        rated, places = _rated(site, corpus)
        used = corpus.scheme
    if not disagreements(rated):
        raise LabelError("labels", "there is no sentence that people differ on", "let two people label the same round")
    return to_file("fazhi-disagreements", "xlsx", lambda file: write_disagreements(rated, used, places, file))


add_page(router, "/labels/agreement", "agreement.html", agreement_view, AgreementPage)
add_page(router, "/labels", "labels.html", view, LabelsPage)
