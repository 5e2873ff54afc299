"""The engine that a corpus uses: segments that never change, a state that names them, and one writer at a time.

What is written never touches what readers have open. New reports become a new segment; reports that are replaced or removed are gone from the state, and
from the files when segments are merged. Only the state file is ever replaced, last of all, so that a reader and whoever is killed find the old state or the
new one. Files that no state names are removed by the next writer.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pipeline.errors import CorpusBusy, CorpusError
from pipeline.search import fold
from pipeline.search.engine import IndexedReport, Ranked
from pipeline.search.exact import frequency, ranking
from pipeline.search.exact import state as states
from pipeline.search.exact.arrays import Damaged
from pipeline.search.exact.cut import words
from pipeline.search.exact.hits import ExactHits
from pipeline.search.exact.lexicon import Lexicon, lexicon
from pipeline.search.exact.state import State
from pipeline.search.exact.view import View
from pipeline.search.query import Query
from pipeline.tokenize import Segmenter

T = TypeVar("T")
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
        self._where = str(folder.parent)
        if fresh:
            with self._writing(PATIENCE):
                self._save(State(self._made_by()))
        with self._reading():
            try:
                self._open()
            except Damaged:  # what is damaged holds nothing, so that whoever fills the index makes it anew
                self._view, self._signature = View(folder, State(self._made_by())), states.signature(folder)

    def _made_by(self) -> str:
        return f"format {FORMAT}, {self._segmenter.version}, table {fold.version()}"

    # Reading

    def _open(self) -> View:
        """The view of the newest state. Files may go while they are opened, when a newer state has come: then that one is opened."""
        for attempt in range(100):
            found = states.signature(self._folder)
            if self._view is not None and found == self._signature:
                return self._view
            try:
                view = View(self._folder, states.load(self._folder) or State(self._made_by()), self._view.segments if self._view else ())
            except Damaged:
                if attempt and states.signature(self._folder) == found:
                    raise
                continue
            self._check(view.state)
            self.close()
            self._view, self._signature = view, found
        raise Damaged(states.NAME)

    def _check(self, state: State) -> None:
        if state.made_by != self._made_by():
            wrong = f"the index was made with {state.made_by}, the program has {self._made_by()}"
            raise CorpusError(self._where, wrong, "make it anew with `fazhi index`; nothing is lost")

    def _answer(self, ask: Callable[[View], T]) -> T:
        """Ask the newest view; once more where files went while it answered, because a newer one has come."""
        with self._reading():
            view = self._open()
            try:
                return ask(view)
            except Damaged:
                if (newer := self._open()) is view:
                    raise
                return ask(newer)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (Damaged, IndexError) as exc:
            raise CorpusError(self._where, f"the index is damaged ({exc})", "make it anew with `fazhi index`; nothing is lost") from exc
        except OSError as exc:
            raise CorpusError(self._where, f"the index cannot be read ({exc.strerror or exc})", "check the folder and its permissions") from exc

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report held, by report id."""
        return self._answer(lambda view: {report.id: report.revision for report in view.state.reports})

    def state(self) -> int | None:
        """The corpus's state that the index was last brought up to."""
        return self._answer(lambda view: view.state.corpus)

    def find(self, query: Query, *, exact: bool = False) -> ExactHits:
        """All sentences that the query finds."""
        return self._answer(lambda view: ExactHits(view, self._lexicon, query, exact=exact))

    def reports(self, text: str, limit: int | None = None) -> list[tuple[int, float]]:
        """The reports that are about the words of a text."""
        asked = dict.fromkeys(word.text for word in words(self._lexicon(), text))
        return self._answer(lambda view: view.whoosh.ranked(list(asked), limit))

    def nearest(self, text: str, limit: int) -> Ranked:
        """The sentences that share most with a text."""
        return self._answer(lambda view: ranking.nearest(view, self._lexicon(), text, limit))

    def frequencies(self, words: Sequence[str]) -> tuple[list[int], int]:
        """How often each of some words occurs, and how many words there are in all."""
        return self._answer(lambda view: frequency.frequencies(view, self._lexicon(), words))

    def _lexicon(self) -> Lexicon:
        return lexicon(self._segmenter)

    # Writing

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int], *, state: int | None = None, patience: float = PATIENCE) -> None:
        """Take in reports and drop others, in one step; then make one segment of several small ones.

        Raises
        ------
        CorpusBusy
            Where another process is still writing after ``patience`` seconds.
        """
        from pipeline.search.exact import writer

        with self._writing(patience):
            held = self._held()
            changed = writer.Change(self._folder, held, self._lexicon).apply(add, remove, state)
            self._save(changed)
            while numbers := writer.to_merge(changed):
                changed = writer.merge(self._folder, changed, numbers)
                self._save(changed)

    def _held(self) -> State:
        """The state to go on from: none where what is there is damaged."""
        try:
            view = View(self._folder, states.load(self._folder) or State(self._made_by()))
        except Damaged:
            return State(self._made_by())
        self._check(view.state)
        return view.state

    def _save(self, state: State) -> None:
        """Put a state in place, and remove whatever belongs to none."""
        states.save(self._folder, state)
        for path in self._folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in state.files:
                with contextlib.suppress(OSError):  # some systems keep files that are open
                    path.unlink()

    @contextmanager
    def _writing(self, patience: float) -> Iterator[None]:
        busy = CorpusBusy(self._where, "another process is updating the index", "wait until it has finished and try again")
        try:
            with states.locked(self._folder, busy, patience=patience):
                yield
        except OSError as exc:
            raise CorpusError(self._where, f"the index cannot be written ({exc.strerror or exc})", "check the folder, its permissions and the disk") from exc

    def close(self) -> None:
        """Let go of what is open."""
        if self._view is not None:
            self._view.close()
            self._view, self._signature = None, None
