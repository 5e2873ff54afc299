"""Where a reader gives the token, and where the files of the pages come from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline.web import guard
from pipeline.web.errors import RESPONSES, PageError
from pipeline.web.render import STATIC, render
from pipeline.web.site import Here

router = APIRouter()
_FILES = {path.name: path for path in sorted(STATIC.iterdir()) if path.is_file()}


@router.get("/login", include_in_schema=False, response_class=HTMLResponse)
def form(request: Request) -> Response:
    """The form for the token."""
    return render(request, "login.html", None)


@router.post("/login", responses={200: {"content": {"text/html": {}}}, 303: {"description": "The overview"}, **RESPONSES}, summary="Give the token")
def login(site: Here, token: Annotated[str, Form(max_length=500)]) -> Response:
    """Let a browser that gives the right token in."""
    wanted = site.settings.token
    if wanted is not None and not guard.same(token, wanted):
        raise PageError(401, "the token", "it is not the right one", "take the one that the server printed")
    answer = RedirectResponse("/", 303)
    if wanted is not None:
        guard.remember(answer, wanted)
    return answer


@router.get("/static/{name}", include_in_schema=False)
def static(name: str) -> Response:
    """A file of the pages; its address changes with its content."""
    if name not in _FILES:
        raise PageError(404, name[:100], "there is no such file", "begin at the overview")
    return FileResponse(_FILES[name], headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.get("/favicon.ico", include_in_schema=False)
def icon() -> Response:
    """The sign that a browser shows beside the name."""
    return FileResponse(_FILES["icon.svg"], media_type="image/svg+xml")
