"""The application: every family of pages behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import anyio.to_thread
from fastapi import FastAPI

from pipeline import __version__
from pipeline.errors import FazhiError
from pipeline.web import beside, errors, labelling, login, overview, report, search, tag
from pipeline.web.guard import Guard
from pipeline.web.jobs import Jobs
from pipeline.web.settings import Settings
from pipeline.web.site import Site

ROUTERS = (overview.router, search.router, report.router, beside.router, labelling.router, tag.router, login.router)
_THREADS = 16


def create_app(settings: Settings) -> FastAPI:
    """The application that serves a corpus."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        Thread(target=_warm, args=(app.state.site,), daemon=True).start()
        yield
        app.state.jobs.close()
        app.state.site.close()

    app = FastAPI(
        title="Fazhi", version=__version__, description="Annual reports on law-based government: search, tags and reports as JSON.",
        docs_url=None, redoc_url=None, lifespan=lifespan, redirect_slashes=False,
    )  # fmt: skip
    app.state.site, app.state.jobs = Site(settings), Jobs()
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
    app.add_middleware(Guard, settings=settings)
    return app


def _warm(site: Site) -> None:
    """Load what the first search and the first explanation need."""
    try:
        with site.corpus() as corpus:
            site.versions(corpus)
            site.reports(corpus)
        site.tagger().explain(None, "受理行政复议案件。")
    except FazhiError:
        return
