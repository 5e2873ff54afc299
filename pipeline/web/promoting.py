"""Taking a version of the model into use, and going back to the one before: each is asked about first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from pipeline.categories import scheme
from pipeline.errors import ModelError
from pipeline.web.comparing import compared, page_of
from pipeline.web.errors import RESPONSES, PageError
from pipeline.web.held import current_name, told, versions
from pipeline.web.render import render, url
from pipeline.web.site import Here
from pipeline.web.versions import view

router = APIRouter(tags=["models"])
Version_ = Annotated[str, Query(max_length=100, description="A version's name.")]


@router.get("/models/promote", include_in_schema=False, response_class=HTMLResponse)
def ask_promote(request: Request, site: Here, version: Version_) -> Response:
    """Ask whether a version is to be used, with what is known of it."""
    site.writable()
    current = current_name()
    with told():
        versions().card(version)
    page, reason = None, None
    if current and version != current:
        try:
            page = page_of(compared(version, current), None, 1)
        except ModelError as exc:
            reason = exc
    refused = reason is not None or (page is not None and page.verdict == "worse")
    return render(request, "promote.html", page, version=version, current=current, reason=reason, refused=refused)


@router.post(
    "/models/promote",
    responses={303: {"description": "The page of the models"}, **RESPONSES},
    summary="Use a version from now on",
    status_code=303,
    response_class=RedirectResponse,
)
def promote(
    site: Here,
    version: Annotated[str, Form(max_length=100)],
    reason: Annotated[str, Form(max_length=500, description="Why it is taken although it is worse or cannot be compared; the card keeps it.")] = "",
) -> Response:
    """Make a version the one in use. One that is worse than the present one beyond chance is refused unless a reason is given."""
    site.writable()
    with told():
        if current_name() != version:
            versions().promote(version, force=reason.strip() or None)
    return RedirectResponse(url("/models", promoted=version), 303)


@router.get("/models/rollback", include_in_schema=False, response_class=HTMLResponse)
def ask_rollback(request: Request, site: Here) -> Response:
    """Ask whether the version before is to be used again."""
    site.writable()
    page = view(request, site)
    if not page.can_roll_back:
        raise PageError(400, page.current or "models", "nothing was promoted, so that there is nothing to go back to", "see the page of the models")
    return render(request, "rollback.html", page)


@router.post(
    "/models/rollback",
    responses={303: {"description": "The page of the models"}, **RESPONSES},
    summary="Use the version before again",
    status_code=303,
    response_class=RedirectResponse,
)
def rollback(site: Here, version: Annotated[str, Form(max_length=100, description="The version in use, which is left.")]) -> Response:
    """Go back to the version that was in use before the last promotion. Where another version is in use by now, nothing happens."""
    site.writable()
    with told():
        held = versions()
        if not version or current_name() != version:
            raise PageError(400, version or "version", "it is not the version in use", "load the page of the models again")
        held.rollback(scheme())
    return RedirectResponse(url("/models", rolled_back=version), 303)
