"""The engine that a corpus uses: segments that never change, a state that names them, and one writer at a time.

What is written never touches what readers have open. New reports become a new segment; reports that are replaced or removed are gone from the state, and
from the files when segments are merged. Only the state file is ever replaced, last of all, so that a reader and whoever is killed find the old state or the
new one. Files that no state names are removed by the next writer.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.errors import CorpusBusy, CorpusError
from pipeline.search import fold
from pipeline.search.engine import IndexedReport, Ranked
from pipeline.search.exact import ranking, state as states
from pipeline.search.exact.arrays import Damaged
from pipeline.search.exact.cut import words
from pipeline.search.exact.hits import ExactHits
from pipeline.search.exact.lexicon import Lexicon, lexicon
from pipeline.search.exact.state import State
from pipeline.search.exact.view import View
from pipeline.search.exact.writer import Writer
from pipeline.search.query import Query
from pipeline.tokenize import Segmenter

FORMAT = 2
PATIENCE = 5.0


class ExactEngine:
    """Answers queries from the index in a folder.

    An index made with another dictionary is refused, because its figures could differ from those of a new one; ``fresh`` makes the index anew, whatever is
    there. Damaged and missing files are made anew too: the index is derived. Opening writes nothing.
    """

    def __init__(self, folder: Path, *, segmenter: Segmenter | None = None, fresh: bool = False) -> None:
        self._folder, self._segmenter = folder, segmenter or Segmenter.default()
        self._signature: states.Signature | None = None
        self._view: View | None = None
        if fresh:
            self._write(lambda: State(self._made_by()))
        try:
            self._open()
        except Damaged:
            self._view = View(folder, State(self._made_by()))

    def _made_by(self) -> str:
        return f"format {FORMAT}, {self._segmenter.version}, table {fold.version()}"

    @property
    def _words(self) -> Lexicon:
        return lexicon(self._segmenter)

    # Reading

    def _open(self) -> View:
        """The view of the newest state. Files may go while it is opened, when a newer state has come: then that one is opened."""
        for attempt in range(100):
            found = states.signature(self._folder)
            if self._view is not None and found == self._signature:
                return self._view
            try:
                view = View(self._folder, states.load(self._folder) or State(self._made_by()), self._view.segments if self._view else ())
            except Damaged:
                if states.signature(self._folder) == found and attempt:
                    raise
                continue
            self._check(view.state)
            self._let_go()
            self._view, self._signature = view, found
        raise Damaged(states.NAME)

    def _check(self, state: State) -> None:
        if state.made_by != self._made_by():
            wrong = f"the index was made with {state.made_by}, the program has {self._made_by()}"
            raise CorpusError(str(self._folder.parent), wrong, "make it anew with `fazhi index`; nothing is lost")

    def _current(self) -> View:
        try:
            return self._open()
        except Damaged as exc:
            raise CorpusError(str(self._folder.parent), f"the index is damaged ({exc})", "make it anew with `fazhi index`; nothing is lost") from exc

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report held, by report id."""
        return {report.id: report.revision for report in self._current().state.reports}

    def state(self) -> int | None:
        """The corpus's state that the index was last brought up to."""
        return self._current().state.corpus

    def find(self, query: Query, *, exact: bool = False) -> ExactHits:
        """All sentences that the query finds."""
        return ExactHits(self._current(), self._words, query, exact=exact)

    def reports(self, text: str, limit: int | None = None) -> list[tuple[int, float]]:
        """The reports that are about the words of a text."""
        asked = dict.fromkeys(word.text for word in words(self._words, text))
        return self._current().whoosh.ranked(list(asked), limit)

    def nearest(self, text: str, limit: int) -> Ranked:
        """The sentences that share most with a text."""
        return ranking.nearest(self._current(), self._words, text, limit)

    # Writing

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int], *, state: int | None = None) -> None:
        """Take in reports and drop others, in one step, then merge segments where there are many small ones."""
