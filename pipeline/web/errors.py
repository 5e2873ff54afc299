"""The one place where an error becomes a page or JSON: ``{"error": {"status", "kind", "thing", "wrong", "remedy"}}``."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from pipeline.errors import CorpusBusy, CorpusError, FazhiError, LabelError, ModelError, OutputError, QueryError, ReadError

_LOG = logging.getLogger("fazhi.web")
_STATUS: tuple[tuple[type[FazhiError], int], ...] = (
    (QueryError, 400), (ReadError, 400), (LabelError, 400), (OutputError, 400), (CorpusBusy, 503), (CorpusError, 503), (ModelError, 503),
)  # fmt: skip


class PageError(FazhiError):
    """Something that only a page can say: a status, and what to do."""

    def __init__(self, status: int, thing: str, wrong: str, remedy: str) -> None:
        super().__init__(thing, wrong, remedy)
        self.status = status

    def __reduce__(self) -> tuple[type[PageError], tuple[int, str, str, str]]:
        return PageError, (self.status, self.thing, self.wrong, self.remedy)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader is told of an error."""

    status: int
    kind: str
    thing: str
    wrong: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An error as JSON."""

    error: Problem


#: What the description of the API says of errors.
RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": Answer, "content": {"text/html": {}}} for status in (400, 401, 403, 404, 405, 413, 421, 500, 503)
}
#: The media types of files by their formats.
MEDIA = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES: dict[int | str, dict[str, object]] = {200: {"content": {media: {} for media in MEDIA.values()}}, **RESPONSES}

_OF_STATUS = {
    401: ("a token is needed", "open the address with the token that the server printed, or log in"),
    403: ("this is not allowed", "open the page itself and do it there"),
    404: ("there is no such page", "begin at the overview"),
    405: ("the page does not take this method", "see openapi.json for what it takes"),
    413: ("too much was sent at once", "send fewer or smaller files"),
}


def problem_of(error: Exception, path: str = "") -> Problem:
    """What is told of an error; of an unexpected one only that it happened."""
    if isinstance(error, PageError):
        return Problem(error.status, "PageError", error.thing, error.wrong, error.remedy)
    if isinstance(error, FazhiError):
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
        return Problem(status, type(error).__name__, error.thing, error.wrong, error.remedy)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        wrong, remedy = _OF_STATUS.get(error.status_code, (str(error.detail), "check what was sent"))
        return Problem(error.status_code, "PageError", path, wrong, remedy)
    _LOG.error("unexpected error at %s", path, exc_info=error)
    return Problem(500, "Unexpected", path, "something went wrong in the program", "try again; if it happens again, report it with what the server printed")


def _invalid(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "the request"
    return Problem(400, "PageError", where, str(first["msg"])[:200], "see openapi.json for what it takes")


def wants_json(request: Request) -> bool:
    """Whether an answer is for a program: by the path's suffix, or by what it accepts."""
    accepts = request.headers.get("accept", "")
    return request.url.path.endswith(".json") or ("application/json" in accepts and "text/html" not in accepts)


def respond(request: Request, error: Exception) -> Response:
    """An error as the page or the JSON that was asked for."""
    problem = problem_of(error, request.url.path)
    headers = {"Retry-After": "2"} if problem.status == 503 else None
    if wants_json(request):
        return JSONResponse(asdict(Answer(problem)), problem.status, headers)
    from pipeline.web.render import render

    return render(request, "error.html", problem, status=problem.status, headers=headers)


def install(app: FastAPI) -> None:
    """Let every error of an app end here."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(request, error)

    for kind in (FazhiError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)
