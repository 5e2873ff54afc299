"""Training and tagging anew: work that goes on behind the pages. Whatever ends it, models and tags are as before or as they should be."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from pydantic import TypeAdapter
from starlette.responses import RedirectResponse, Response

from pipeline.categories import scheme
from pipeline.errors import FazhiError, ModelError
from pipeline.web.errors import RESPONSES, PageError, wants_json
from pipeline.web.held import current_name
from pipeline.web.importing import work_of
from pipeline.web.jobs import Job, Jobs
from pipeline.web.pages import add_page
from pipeline.web.render import url
from pipeline.web.site import Here, Site

if TYPE_CHECKING:
    from pipeline.learn.retag import Retagged
    from pipeline.learn.sources import Data
    from pipeline.learn.training import Candidate
    from pipeline.learn.versions import Versions

router = APIRouter(tags=["models"])
Sources = Literal["all", "labels"]
_SHOWN = 200
_BEGIN = threading.Lock()


@dataclass(slots=True)
class Work:
    """What a job does, and what came of it. ``version`` is the model that was made, or that tagged; ``why_not`` why it was not compared."""

    kind: Literal["train", "retag"]
    version: str | None = None
    against: str | None = None
    verdict: str | None = None
    why_not: str | None = None
    conflicts: int = 0
    retagged: Retagged | None = None


@dataclass(frozen=True, slots=True)
class Went:
    """How many sentences went from one category to another; ``old`` is ``None`` for those without a tag."""

    old: int | None
    new: int
    sentences: int


@dataclass(frozen=True, slots=True)
class ChangedTag:
    """A sentence with another tag now."""

    report: str
    sentence: int
    text: str
    old: int | None
    new: int
    probability: float


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A job: training (``train``) or tagging anew (``retag``), how far it is, and what came of it."""

    id: str
    kind: str
    stage: str
    done: int
    of: int
    finished: bool
    error: str | None
    version: str | None
    against: str | None
    verdict: str | None
    why_not: str | None
    conflicts: int
    reports: int
    unchanged: int
    went: list[Went]
    changes: list[ChangedTag]
    of_changes: int


@dataclass(frozen=True, slots=True)
class Started:
    """A job that was begun, or goes on already, and where its state is."""

    id: str
    state: str


class Stopped(FazhiError):
    """The server ends."""


def recent(request: Request) -> list[WorkPage]:
    """What was done lately, the newest first."""
    return [_shown(job) for job in work_of(request).recent() if isinstance(job.result, Work)][:6]


def _shown(job: Job, *, whole: bool = False) -> WorkPage:
    work: Work = job.result
    done = work.retagged
    counts = Counter((change.old, change.new) for change in done.changes) if done else Counter()
    changes = done.changes[:_SHOWN] if done and whole else ()
    return WorkPage(
        id=job.id,
        kind=work.kind,
        stage=job.stage,
        done=job.done,
        of=job.of,
        finished=job.finished,
        error=str(job.error) if job.error else None,
        version=work.version,
        against=work.against,
        verdict=work.verdict,
        why_not=work.why_not,
        conflicts=work.conflicts,
        reports=done.reports if done else 0,
        unchanged=done.unchanged if done else 0,
        went=[Went(old, new, count) for (old, new), count in counts.most_common()],
        changes=[ChangedTag(c.report, c.number + 1, c.text, c.old, c.new, round(c.probability, 4)) for c in changes],
        of_changes=len(done.changes) if done else 0,
    )


def state(request: Request, id: Annotated[str, Query(max_length=40, description="The job's id.")]) -> WorkPage:
    """How far training or tagging anew is, and what came of it."""
    job = work_of(request).get(id)
    if not isinstance(job.result, Work):
        raise PageError(404, id, "there is no such job", "see the page of the models")
    return _shown(job, whole=True)


def _begun(request: Request, kind: Literal["train", "retag"], work: Callable[[Job], None]) -> Response:
    """Begin a job, or lead to the one of its kind that goes on already."""
    jobs = work_of(request)
    with _BEGIN:
        job = next((one for one in jobs.recent() if isinstance(one.result, Work) and one.result.kind == kind and one.running), None)
        if job is None:
            job = jobs.new(add=False)
            job.result = Work(kind)
            jobs.run(job, work)
    if wants_json(request):
        return Response(TypeAdapter(Started).dump_json(Started(job.id, url("/models/job.json", id=job.id))), media_type="application/json")
    return RedirectResponse(url("/models/job", id=job.id), 303)


def _progress(job: Job, jobs: Jobs) -> Callable[[int, int], None]:
    def progress(done: int, of: int) -> None:
        if jobs.closing.is_set():
            raise Stopped("the job", "the server was stopped", "begin it again")
        job.done, job.of = done, of

    return progress


# Training


@router.post("/models/train", responses={200: {"model": Started}, 303: {"description": "The job's page"}, **RESPONSES}, summary="Train a candidate")
def train(
    request: Request,
    site: Here,
    current: Annotated[str, Form(max_length=100, description="The version in use, which the candidate is compared with; empty where there is none.")],
    sources: Annotated[Sources, Form(description="All labelled reports, or the labels of the corpus alone.")] = "all",
    weight: Annotated[float, Form(gt=0, le=100, description="What a label of the corpus counts beside one of the training corpus.")] = 1.0,
) -> Response:
    """Train a model on the labels and compare it with the one in use, which stays in use. One is trained at a time."""
    site.writable()
    if current != current_name():
        raise PageError(400, current or "current", "it is not the version in use", "load the page of the models again")
    jobs = work_of(request)
    return _begun(request, "train", lambda job: _train(site, job, jobs, sources, weight))


def _train(site: Site, job: Job, jobs: Jobs, sources: Sources, weight: float) -> None:
    from pipeline.learn.training import train
    from pipeline.learn.versions import Versions

    job.stage = "training"
    work: Work = job.result
    progress = _progress(job, jobs)
    data = _data(site, work, sources, weight)
    # In processes of their own, so that the pages go on.
    candidate = train(data, jobs=max(2, (os.cpu_count() or 2) - 1), progress=progress)
    job.stage = "comparing"
    progress(job.of, job.of)
    _save(Versions(), candidate, work)


def _data(site: Site, work: Work, sources: Sources, weight: float) -> Data:
    from pipeline.learn.own import own_labels
    from pipeline.learn.sources import collect

    with site.corpus() as corpus:
        own = own_labels(corpus, corpus.labels)
    work.conflicts = own.conflicts
    return collect(("labels",) if sources == "labels" else (), own=own, weight=weight, scheme=scheme())


def _save(versions: Versions, candidate: Candidate, work: Work) -> None:
    """Put a candidate among the versions, with how it compares with the one in use."""
    from pipeline.learn.comparison import compare

    comparison = None
    try:
        current = versions.current_tagger(candidate.tagger.scheme)
        if current is None:
            work.why_not = "first"
        elif current.version == candidate.version:
            work.why_not = "same"
        else:
            comparison = compare(candidate.tagger, current)
            work.against, work.verdict = comparison.old, comparison.verdict
    except ModelError as error:
        work.why_not = str(error)
    try:
        versions.save(candidate, comparison)
    except OSError as exc:
        raise PageError(
            503, str(candidate.version), f"the model cannot be kept ({exc.strerror or exc})", "check the folder of the models and the disk"
        ) from exc
    work.version = candidate.version


# Tagging anew


@router.post("/models/retag", responses={200: {"model": Started}, 303: {"description": "The job's page"}, **RESPONSES}, summary="Tag the corpus anew")
def retag(request: Request, site: Here, model: Annotated[str, Form(max_length=100, description="The version in use, which is to tag.")]) -> Response:
    """Tag every report anew that another model has tagged. Each report is one step: what ends the work leaves the rest as it was."""
    site.writable()
    if not model or model != current_name():
        raise PageError(400, model or "model", "it is not the version in use", "load the page of the models again")
    jobs = work_of(request)
    return _begun(request, "retag", lambda job: _retag(site, job, jobs))


def _retag(site: Site, job: Job, jobs: Jobs) -> None:
    job.stage = "tagging"
    tagger = site.tagger()
    job.result.version = tagger.version
    with site.corpus() as corpus:
        job.result.retagged = corpus.retag(tagger, progress=_progress(job, jobs))


add_page(router, "/models/job", "work.html", state, WorkPage)
