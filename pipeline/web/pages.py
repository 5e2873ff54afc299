"""A page and its JSON: one function gives the data, two addresses show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter
from starlette.responses import Response

from pipeline.web.errors import RESPONSES
from pipeline.web.render import render


def add_page(router: APIRouter, path: str, template: str, view: Callable[..., Any], model: type, *, json: str | None = None) -> None:
    """Register ``path`` as HTML and ``path.json`` as JSON; ``view`` takes the parameters and gives a ``model``."""

    def as_html(request: Request, data: Any = Depends(view)) -> Response:  # noqa: B008
        return render(request, template, data)

    router.add_api_route(path, as_html, include_in_schema=False, response_class=HTMLResponse)
    add_json(router, json or path, view, model)


def add_json(router: APIRouter, path: str, view: Callable[..., Any], model: type) -> None:
    """Register ``path.json``; the view's first line describes it."""
    shape: TypeAdapter[Any] = TypeAdapter(model)

    def as_json(data: Any = Depends(view)) -> Response:  # noqa: B008
        return Response(shape.dump_json(data), media_type="application/json")

    summary = (view.__doc__ or "").split("\n")[0].rstrip(".")
    name = path.strip("/").replace("/", "_")
    router.add_api_route(f"{path}.json", as_json, name=f"{name}.json", summary=summary, responses={200: {"model": model}, **RESPONSES})
