"""What all pages share: open corpora for the threads that work, and what is known of the corpus in one state of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, Request

from pipeline import categories
from pipeline.categories import Scheme
from pipeline.corpus import Corpus
from pipeline.data import ROLES
from pipeline.search.query import Filter
from pipeline.show import Provenance
from pipeline.store import StoredReport
from pipeline.web.errors import PageError
from pipeline.web.settings import Settings

if TYPE_CHECKING:
    from pipeline.tag.tagger import Tagger

T = TypeVar("T")
_KEPT = 64
#: The query that finds every sentence.
EVERYTHING = Filter("role", ROLES)


class Site:
    """A served corpus. Every request borrows an open corpus for itself, so that no connection is used by two threads at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._idle: list[Corpus] = []
        self._free = threading.BoundedSemaphore(settings.readers)
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, Any]] = {}
        self._scheme: tuple[int, Scheme] | None = None
        Corpus.open(settings.corpus, create=not settings.read_only).close()

    def scheme(self) -> Scheme:
        """The categories of the corpus."""
        file = self.settings.corpus / categories.FILE
        stamp = file.stat().st_mtime_ns if file.is_file() else 0
        if self._scheme is None or self._scheme[0] != stamp:
            self._scheme = (stamp, categories.of_corpus(self.settings.corpus))
        return self._scheme[1]

    def tagger(self) -> Tagger:
        """The model in use.

        Raises
        ------
        ModelError
            Where there is none that can be used.
        """
        from pipeline.tag.tagger import Tagger

        return Tagger.current(self.scheme())

    @contextmanager
    def corpus(self) -> Iterator[Corpus]:
        """An open corpus that nobody else uses meanwhile; waits until one is free."""
        with self._free:
            with self._lock:
                opened = self._idle.pop() if self._idle else None
            opened = opened or Corpus.open(self.settings.corpus)
            try:
                yield opened
            finally:
                with self._lock:
                    self._idle.append(opened)

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            for corpus in self._idle:
                corpus.close()
            self._idle.clear()

    def once(self, corpus: Corpus, key: str, make: Callable[[Corpus], T], *, state: int | None = None) -> T:
        """What ``make`` gives for the corpus, worked out once for every state of it, or of the part that ``state`` counts."""
        state = corpus.state() if state is None else state
        known = self._known.get(key)
        if known is not None and known[0] == state:
            return known[1]  # type: ignore[no-any-return]
        made = make(corpus)
        with self._lock:
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = (state, made)
        return made

    def versions(self, corpus: Corpus) -> Provenance:
        """The state of the corpus and the versions of model, dictionary and program."""
        return self.once(corpus, "versions", lambda it: it.provenance(None))

    def reports(self, corpus: Corpus) -> dict[str, StoredReport]:
        """The reports by name."""
        return self.once(corpus, "reports", lambda it: {report.name: report for report in it.reports()})

    def report(self, corpus: Corpus, name: str) -> StoredReport:
        """One line of the list of reports."""
        found = self.reports(corpus).get(name)
        if found is None:
            raise PageError(404, name, "the corpus has no report of that name", "choose one on the overview")
        return found

    def writable(self) -> None:
        """Refuse changes where the server only shows.

        Raises
        ------
        PageError
            With ``--read-only``.
        """
        if self.settings.read_only:
            raise PageError(403, "this server", "it is read-only", "start it without --read-only to change the corpus")


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(site_of)]
