"""Work that takes longer than a request: one worker, a few jobs waiting, and what became of the last ones.

A job's files lie in a temporary folder of its own, until it is forgotten or its reports are added to the corpus.
"""

from __future__ import annotations

import contextvars
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.data import Failure, TaggedReport
from pipeline.errors import FazhiError
from pipeline.web.errors import PageError

_KEPT = 20
_WAITING = 6


@dataclass(slots=True)
class Job:
    """A job and how far it is. ``names`` are the names that files came with, by their paths here."""

    id: str
    folder: Path
    names: dict[str, str]
    add: bool
    stage: str = "waiting"
    done: int = 0
    of: int = 0
    tagged: list[TaggedReport] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    error: FazhiError | None = None
    result: Any = None

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in {"done", "failed"}

    @property
    def running(self) -> bool:
        """Whether it waits or works."""
        return not self.finished


class Jobs:
    """The jobs of a server."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="fazhi-serve-"))
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="fazhi-job")
        #: Set when the server ends: long work looks at it between its steps.
        self.closing = threading.Event()

    def new(self, *, add: bool) -> Job:
        """A job with an empty folder for its files.

        Raises
        ------
        PageError
            Where too many are waiting.
        """
        with self._lock:
            if sum(job.running for job in self._jobs.values()) >= _WAITING:
                raise PageError(503, "the tagger", "too many jobs are waiting", "try again when some have finished")
            name = secrets.token_urlsafe(9)
            job = Job(name, Path(tempfile.mkdtemp(prefix="job-", dir=self._home)), {}, add)
            self._jobs[name] = job
            self._forget()
        return job

    def _forget(self) -> None:
        for name in [name for name, job in self._jobs.items() if job.finished][: max(0, len(self._jobs) - _KEPT)]:
            shutil.rmtree(self._jobs.pop(name).folder, ignore_errors=True)

    def drop(self, job: Job) -> None:
        """Forget a job that never began."""
        with self._lock:
            self._jobs.pop(job.id, None)
        shutil.rmtree(job.folder, ignore_errors=True)

    def run(self, job: Job, work: Callable[[Job], None]) -> None:
        """Do the work of a job when its turn comes; an error of it is the job's."""

        def guarded() -> None:
            try:
                work(job)
                job.stage = "done"
            except FazhiError as error:
                job.error, job.stage = error, "failed"
            except Exception as error:
                job.error, job.stage = PageError(500, "the job", f"it failed unexpectedly ({type(error).__name__})", "try again with fewer files"), "failed"

        self._worker.submit(contextvars.copy_context().run, guarded)  # the categories in use come along

    def get(self, name: str) -> Job:
        """A job by its id.

        Raises
        ------
        PageError
            Where it is not there any more.
        """
        job = self._jobs.get(name)
        if job is None:
            raise PageError(404, name[:40], "there is no such job or upload any more", "begin it again")
        return job

    def recent(self) -> list[Job]:
        """The jobs, newest first."""
        return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Let what waits go, wait for what runs, and remove all files."""
        self.closing.set()
        self._worker.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self._home, ignore_errors=True)
