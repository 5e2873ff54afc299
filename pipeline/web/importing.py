"""Labels from a spreadsheet: what its columns are taken for and what is wrong with its rows, and only then the labels."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from pydantic import TypeAdapter
from starlette.responses import RedirectResponse, Response

from pipeline.errors import LabelError
from pipeline.web.errors import RESPONSES, PageError, wants_json
from pipeline.web.jobs import Job, Jobs
from pipeline.web.pages import add_page
from pipeline.web.render import url
from pipeline.web.site import Here, Site
from pipeline.web.uploads import safe_name

if TYPE_CHECKING:
    from pipeline.learn.columns import Wanted
    from pipeline.learn.imports import ImportReport, Said
    from pipeline.learn.sheets import Table

router = APIRouter(tags=["labels"])
#: The largest spreadsheet that a page takes, in bytes; larger ones go through `fazhi labels import`.
MOST = 24_000_000
_CHUNK = 1 << 20
_SHOWN, _SAMPLE, _WIDE = 100, 5, 60


@dataclass(slots=True)
class Upload:
    """A spreadsheet that waits for a decision; ``batches`` are those that its labels became."""

    path: Path
    batches: tuple[int, ...] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row, by its number in the spreadsheet; ``kind`` names the sort of mistake, ``value`` what stands there."""

    row: int
    wrong: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A label beside others that differ from it: in a ``row`` of the spreadsheet, or in the corpus already."""

    text: str
    annotator: str
    code: int
    row: int | None
    where: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """What an import would do. ``found`` says which column is taken for what; ``columns`` are all, with a ``sample`` of rows.

    ``problem`` is why nothing can be taken at all. Counts are of rows; ``batch`` is that of the labels where they were taken already.
    """

    id: str
    file: str
    sheet: str
    other_sheets: list[str]
    columns: list[str]
    sample: list[list[str]]
    wanted: dict[str, str]
    found: dict[str, str]
    annotator: str | None
    problem: str | None
    rows: int
    taken: int
    repeated: int
    already: int
    superseding: int
    placed: int
    unlabelled: int
    wrong: int
    errors: list[RowProblem]
    conflicts: list[list[SaidLine]]
    of_conflicts: int
    near: list[list[SaidLine]]
    of_near: int
    batch: int | None


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A spreadsheet that was sent, and where its preview is."""

    id: str
    preview: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The batch that labels became; ``None`` where none of them was new."""

    batch: int | None


def work_of(request: Request) -> Jobs:
    """What the server keeps of longer work: uploads, training, tagging anew."""
    jobs: Jobs = request.app.state.work
    return jobs


@router.post("/labels/import", responses={200: {"model": Uploaded}, 303: {"description": "The preview"}, **RESPONSES}, summary="Send a spreadsheet of labels")
def send(request: Request, site: Here, file: Annotated[UploadFile, File(description="xlsx, xls, csv, tsv or JSON lines.")]) -> Response:
    """Keep a spreadsheet to be looked at; nothing is taken from it yet."""
    from pipeline.learn.sheets import SUFFIXES

    site.writable()
    name = safe_name(file.filename or "", "labels.csv")
    if Path(name).suffix.lower() not in SUFFIXES:
        raise PageError(400, name, "files of this kind are not read", f"give one of {', '.join(SUFFIXES)}")
    job = work_of(request).new(add=False)
    job.stage = "done"
    path = job.folder / name
    try:
        with path.open("xb") as kept:
            while block := file.file.read(_CHUNK):
                kept.write(block)
                if kept.tell() > MOST:
                    raise PageError(413, name, f"the file has more than {MOST // 1_000_000} MB", "take it in with `fazhi labels import`, or split it")
    except (OSError, PageError) as exc:
        work_of(request).drop(job)
        if isinstance(exc, PageError):
            raise
        raise PageError(503, "the upload", f"it cannot be kept ({exc.strerror or exc})", "free some space and try again") from exc
    job.result = Upload(path)
    if wants_json(request):
        return Response(TypeAdapter(Uploaded).dump_json(Uploaded(job.id, url("/labels/import.json", id=job.id))), media_type="application/json")
    return RedirectResponse(url("/labels/import", id=job.id), 303)


Id = Annotated[str, Query(max_length=40, description="The upload's id.")]
Column = Annotated[str, Query(max_length=300, description="A column's name; found by itself without it.")]


def _upload(request: Request, name: str) -> tuple[Job, Upload]:
    job = work_of(request).get(name)
    if not isinstance(job.result, Upload):
        raise PageError(404, name[:40], "there is no such upload", "send the spreadsheet again")
    return job, job.result


def preview(
    request: Request,
    site: Here,
    id: Id,
    text: Column = "",
    label: Column = "",
    annotator: Column = "",
    report: Column = "",
    name: Annotated[str, Query(max_length=60, description="Who labelled it all, where no column says it.")] = "",
    sheet: Annotated[str, Query(max_length=100, description="The sheet; the first filled one without it.")] = "",
) -> ImportPage:
    """What an import of a spreadsheet would do: its columns, what would be taken, and what is wrong with which row."""
    from pipeline.learn.imports import import_labels

    job, upload = _upload(request, id)
    wanted = {"text": text, "label": label, "annotator": annotator, "report": report, "name": name.strip()}
    table, found, problem = None, None, None
    try:
        table = _table(upload, sheet)
        found = import_labels(site.settings.corpus, [upload.path], wanted=_wanted(wanted), sheet=sheet or None, dry_run=True, skip_bad=True)
    except LabelError as exc:
        problem = exc.wrong.replace(str(upload.path), upload.path.name)
    return _page(job.id, upload, sheet, wanted, table, found, problem)


def _table(upload: Upload, sheet: str) -> Table:
    from pipeline.learn.sheets import read_table

    return read_table(upload.path, sheet=sheet or None)


def _wanted(wanted: dict[str, str]) -> Wanted:
    from pipeline.learn.columns import Wanted

    return Wanted(wanted["text"] or None, wanted["label"] or None, wanted["annotator"] or wanted["name"] or None, wanted["report"] or None)


def _page(id: str, upload: Upload, sheet: str, wanted: dict[str, str], table: Table | None, found: ImportReport | None, problem: str | None) -> ImportPage:
    read = found.sheets[0] if found else None
    return ImportPage(
        id=id,
        file=upload.path.name,
        sheet=sheet,
        other_sheets=list(table.others) if table else [],
        columns=list(table.columns) if table else [],
        sample=[[_cut(cell) for cell in cells] for _, cells in table.rows[:_SAMPLE]] if table else [],
        wanted=wanted,
        found=dict(read.columns) if read else {},
        annotator=read.annotator if read else None,
        problem=problem,
        rows=found.rows if found else 0,
        taken=found.taken if found else 0,
        repeated=found.repeated if found else 0,
        already=found.already if found else 0,
        superseding=found.superseding if found else 0,
        placed=found.placed if found else 0,
        unlabelled=found.unlabelled if found else 0,
        wrong=len(found.errors) if found else 0,
        errors=[_problem(error.row, error.wrong) for error in found.errors[:_SHOWN]] if found else [],
        conflicts=_said(found.conflicts) if found else [],
        of_conflicts=len(found.conflicts) if found else 0,
        near=_said(found.near) if found else [],
        of_near=len(found.near) if found else 0,
        batch=upload.batches[0] if upload.batches else None,
    )


_KINDS = {
    "there is a label and no sentence": "no_sentence",
    "there is a label and no annotator": "no_annotator",
    "there is no category": "no_category",
    "the sentence is in an evaluation set": "evaluation",
}


def _problem(row: int, wrong: str) -> RowProblem:
    kind = next((kind for start, kind in _KINDS.items() if wrong.startswith(start)), "other")
    value = wrong.split("'")[1] if kind == "no_category" and wrong.count("'") > 1 else ""
    return RowProblem(row, wrong, kind, value)


def _said(groups: Sequence[Sequence[Said]]) -> list[list[SaidLine]]:
    return [[SaidLine(_cut(one.text), one.annotator, one.code, _row(one.where), one.where) for one in group] for group in groups[:20]]


def _row(where: str) -> int | None:
    number = where.rpartition(" row ")[2]
    return int(number) if number.isdecimal() else None


def _cut(text: str) -> str:
    return text if len(text) <= _WIDE else text[: _WIDE - 1] + "…"


@router.post(
    "/labels/import/take", responses={200: {"model": Taken}, 303: {"description": "The labels"}, **RESPONSES}, summary="Take the labels of a spreadsheet"
)
def take(
    request: Request,
    site: Here,
    id: Annotated[str, Form(max_length=40)],
    text: Annotated[str, Form(max_length=300)] = "",
    label: Annotated[str, Form(max_length=300)] = "",
    annotator: Annotated[str, Form(max_length=300)] = "",
    report: Annotated[str, Form(max_length=300)] = "",
    name: Annotated[str, Form(max_length=60)] = "",
    sheet: Annotated[str, Form(max_length=100)] = "",
    skip_bad: Annotated[bool, Form(description="Leave out the rows that are wrong and take the others.")] = False,
) -> Response:
    """Take the labels in as one batch: all of them or, where a row is wrong, none. A spreadsheet that is taken twice gives one batch."""
    site.writable()
    _, upload = _upload(request, id)
    wanted = {"text": text, "label": label, "annotator": annotator, "report": report, "name": name.strip()}
    with upload.lock:
        if upload.batches is None:
            upload.batches = _take(site, upload, _wanted(wanted), sheet, skip_bad)
    batch = upload.batches[0] if upload.batches else None
    if wants_json(request):
        return Response(TypeAdapter(Taken).dump_json(Taken(batch)), media_type="application/json")
    return RedirectResponse(url("/labels", taken=batch or 0), 303)


def _take(site: Site, upload: Upload, wanted: Wanted, sheet: str, skip_bad: bool) -> tuple[int, ...]:
    from pipeline.learn.imports import import_labels

    try:
        found = import_labels(site.settings.corpus, [upload.path], wanted=wanted, sheet=sheet or None, skip_bad=skip_bad)
    except LabelError as exc:
        raise PageError(400, upload.path.name, exc.wrong, "choose the columns in the preview") from exc
    if found.refused:
        raise PageError(400, upload.path.name, f"{len(found.errors)} rows are wrong, and nothing was taken", "mend the rows, or leave them out")
    return found.batches


add_page(router, "/labels/import", "import.html", preview, ImportPage)
