"""Tag: files or pasted text become tagged reports, to look at, to download, and to add to the corpus or not."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline import batch
from pipeline.categories import NONE_CODE, scheme
from pipeline.data import Failure, TaggedReport
from pipeline.errors import FazhiError
from pipeline.show import TAG_FIELDS, Row, tag_rows, write_rows
from pipeline.web import reading, uploads
from pipeline.web.errors import FILES, MEDIA, RESPONSES, PageError, wants_json
from pipeline.web.jobs import Job, Jobs
from pipeline.web.pages import add_json
from pipeline.web.render import render, url
from pipeline.web.report import PART, CodeCount, page_of
from pipeline.web.settings import MAX_FILES, MAX_TEXT, UNSURE
from pipeline.web.site import Here, Site

router = APIRouter(tags=["tag"])


@dataclass(frozen=True, slots=True)
class TaggedFile:
    """A report that was tagged: ``number`` counts within the job, from 1."""

    number: int
    name: str
    title: str | None
    district: str | None
    year: int | None
    sentences: int
    unsure: int
    counts: list[CodeCount]


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """A job as its page shows it: waiting, tagging, adding, done or failed."""

    id: str
    stage: Literal["waiting", "tagging", "adding", "done", "failed"]
    done: int
    of: int
    finished: bool
    add: bool
    files: list[TaggedFile]
    failures: list[BadFile]
    added: list[str]
    unchanged: list[str]
    error: str | None


@dataclass(frozen=True, slots=True)
class Started:
    """A job that was begun, and where its state is."""

    id: str
    state: str


Job_ = Annotated[str, Query(max_length=40, description="The job's id.")]


@router.get("/tag", include_in_schema=False, response_class=HTMLResponse)
def form(request: Request, site: Here) -> Response:
    """The page to drop files on."""
    return render(request, "tag.html", None, recent=[_work(job) for job in jobs_of(request).recent()[:8]], writable=not site.settings.read_only)


def jobs_of(request: Request) -> Jobs:
    """The jobs of the server that a request came to."""
    jobs: Jobs = request.app.state.jobs
    return jobs


@router.post(
    "/tag",
    responses={200: {"model": Started, "content": {"text/html": {}}}, 303: {"description": "The job's page"}, **RESPONSES},
    summary="Tag report files or a text",
)
def start(
    request: Request,
    site: Here,
    files: Annotated[list[UploadFile] | None, File(description="Report files: txt, html, docx, pdf.")] = None,
    text: Annotated[str, Form(max_length=MAX_TEXT, description="The text of one report.")] = "",
    name: Annotated[str, Form(max_length=200, description="A name for the text.")] = "",
    add: Annotated[bool, Form(description="Whether to add the reports to the corpus too.")] = False,
) -> Response:
    """Tag files or a text: a job whose state is a page; a file that cannot be read does not stop the others."""
    if add:
        site.writable()
    given = [one for one in files or [] if one.filename]
    if len(given) > MAX_FILES:
        raise PageError(413, "the files", f"there are more than {MAX_FILES}", "send them in parts")
    if not given and not text.strip():
        raise PageError(400, "the form", "it has neither a file nor a text", "choose files, or paste a report's text")
    job = jobs_of(request).new(add=add)
    try:
        names, failures = uploads.keep([(one.filename or "", one.file) for one in given], job.folder)
        if text.strip():
            names |= _pasted(text, name, job.folder)
    except OSError as exc:
        jobs_of(request).drop(job)
        raise PageError(503, "the upload", f"it cannot be kept ({exc.strerror or exc})", "free some space and try again") from exc
    job.names, job.failures, job.of = names, failures, len(names) + len(failures)
    job.done = len(failures)
    jobs_of(request).run(job, lambda it: _tag(site, it))
    if wants_json(request):
        return Response(TypeAdapter(Started).dump_json(Started(job.id, url("/tag/job.json", id=job.id))), media_type="application/json")
    return RedirectResponse(url("/tag/job", id=job.id), 303)


def _pasted(text: str, name: str, folder: Path) -> dict[str, str]:
    title = uploads.safe_name(f"{name.strip()}.txt" if name.strip() else "pasted.txt", "pasted.txt")
    path = folder / "text" / title
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8", errors="replace")
    return {str(path): title}


def _tag(site: Site, job: Job) -> None:
    job.stage = "tagging"
    tagger = site.tagger()
    used: set[str] = set()
    for path, shown in job.names.items():
        name = batch.free_name(shown, used)
        used.add(name)
        result = batch.tag_file((path, name), tagger=tagger)
        if isinstance(result, Failure):
            job.failures.append(Failure(shown, result.reason.replace(path, shown)))
        elif result.tagged is not None:
            job.tagged.append(result.tagged)
        job.done += 1
    if job.add and job.tagged:
        _add(site, job)


def _add(site: Site, job: Job) -> None:
    """Add the reports of a job to the corpus, with their files."""
    job.stage = "adding"
    try:
        kept = [uploads.into_corpus(tagged.report.path, site.settings.corpus) for tagged in job.tagged]
    except OSError as exc:
        raise PageError(503, "the corpus", f"the files cannot be kept there ({exc.strerror or exc})", "check the folder, its permissions and the disk") from exc
    with site.corpus() as corpus:
        result = corpus.add(kept, tagger=site.tagger(), jobs=1)
    job.added = [*result.new, *result.replaced]
    job.unchanged = list(result.unchanged)


def state(request: Request, id: Job_) -> Work:
    """How far a job is, and what came of it."""
    return _work(jobs_of(request).get(id))


def _work(job: Job) -> Work:
    files = [_tagged_file(number, tagged) for number, tagged in enumerate(list(job.tagged), 1)]
    bad = [BadFile(failure.path, failure.reason) for failure in list(job.failures)]
    error = str(job.error) if job.error else None
    return Work(job.id, job.stage, job.done, job.of, job.finished, job.add, files, bad, job.added, job.unchanged, error)  # type: ignore[arg-type]


def _tagged_file(number: int, tagged: TaggedReport) -> TaggedFile:
    known = tagged.report.metadata
    counts = Counter(tag.code for tag in tagged.tags)
    listed = [CodeCount(code, counts[code]) for code in (*scheme().codes, NONE_CODE)]
    unsure = sum(tag.probability < UNSURE for tag in tagged.tags)
    return TaggedFile(number, tagged.report.name, known.title, known.district, known.year, len(tagged.tags), unsure, listed)


@router.get("/tag/job", include_in_schema=False, response_class=HTMLResponse)
def job_page(
    request: Request,
    site: Here,
    id: Job_,
    report: Annotated[int | None, Query(ge=1, le=MAX_FILES + 1)] = None,
    part: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The page of a job: its progress, then its reports."""
    job = jobs_of(request).get(id)
    shown = _work(job)
    more: dict[str, Any] = {"reading": None, "blocks": [], "part": 1, "parts": 1}
    if shown.finished and job.tagged and len(shown.files) == len(job.tagged):
        tagged = job.tagged[min(report or 1, len(job.tagged)) - 1]
        listed = reading.parts(reading.blocks(tagged.report), PART)
        at = min(part, len(listed))
        more = {"reading": page_of(tagged, tagged.tags[0].model, [], []), "blocks": listed[at - 1], "part": at, "parts": len(listed)}
    return render(request, "job.html", shown, writable=not site.settings.read_only, number=min(report or 1, max(1, len(job.tagged))), **more)


@router.post(
    "/tag/job/add",
    responses={200: {"content": {"text/html": {}}}, 303: {"description": "The job's page"}, **RESPONSES},
    summary="Add a job's reports to the corpus",
)
def add_to_corpus(request: Request, site: Here, id: Annotated[str, Form(max_length=40)]) -> Response:
    """Add the reports of a finished job to the corpus."""
    site.writable()
    job = jobs_of(request).get(id)
    if not job.finished or not job.tagged:
        raise PageError(400, "the job", "it has nothing to add yet", "wait until it is done")
    if not job.added and not job.unchanged:
        job.add, job.stage, job.error = True, "waiting", None
        jobs_of(request).run(job, lambda it: _add(site, it))
    return RedirectResponse(url("/tag/job", id=job.id), 303)


@router.get("/tag/export", responses=FILES, summary="A job's tagged sentences as a file", response_class=FileResponse)
def export(request: Request, id: Job_, format: Literal["jsonl", "csv", "xlsx"]) -> Response:
    """Every sentence of a job's reports with its tag."""
    job = jobs_of(request).get(id)
    if not job.tagged:
        raise PageError(404, "the job", "it has no tagged report", "wait until it is done, or tag other files")
    folder = Path(tempfile.mkdtemp(prefix="fazhi-export-"))
    file = folder / f"fazhi-tags.{format}"
    try:
        write_rows(_all_rows(list(job.tagged)), TAG_FIELDS, to=file, format=format)
    except FazhiError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(file, filename=os.path.basename(file), media_type=MEDIA[format], background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True))


def _all_rows(reports: list[TaggedReport]) -> Iterator[Row]:
    for tagged in reports:
        yield from tag_rows(tagged)


add_json(router, "/tag/job", state, Work)
