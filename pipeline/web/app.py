"""The application: every family of pages behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Timer

import anyio.to_thread
from fastapi import FastAPI

from pipeline import __version__
from pipeline.errors import FazhiError
from pipeline.web import (
    beside,
    comparing,
    errors,
    importing,
    labelling,
    labels,
    login,
    overview,
    promoting,
    report,
    reviewing,
    search,
    tag,
    training,
    versions,
    why,
)  # fmt: skip
from pipeline.web.guard import Guard
from pipeline.web.jobs import Jobs
from pipeline.web.settings import Settings
from pipeline.web.site import Site

ROUTERS = (
    overview.router, search.router, report.router, why.router, beside.router, labelling.router, tag.router, login.router,
    reviewing.router, importing.router, labels.router, training.router, versions.router, comparing.router,
    promoting.router,
)  # fmt: skip
_THREADS = 16
#: The first page comes first; what later ones need is loaded after so many seconds.
_PATIENCE = 2.0


def create_app(settings: Settings) -> FastAPI:
    """The application that serves a corpus."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        warm = Timer(_PATIENCE, _warm, args=(app.state.site,))
        warm.daemon = True
        warm.start()
        yield
        warm.cancel()
        app.state.jobs.close()
        app.state.work.close()
        app.state.site.close()

    app = FastAPI(
        title="Fazhi", version=__version__, description="Annual reports on law-based government: search, tags and reports as JSON.",
        docs_url=None, redoc_url=None, lifespan=lifespan, redirect_slashes=False,
    )  # fmt: skip
    app.state.site, app.state.jobs, app.state.work = Site(settings), Jobs(), Jobs()
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
    app.add_middleware(Guard, settings=settings)
    return app


def _warm(site: Site) -> None:
    """Load what the first explanation needs."""
    try:
        site.tagger().explain(None, "受理行政复议案件。")
    except FazhiError:
        return
