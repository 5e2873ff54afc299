"""A corpus: a folder of reports that were read, tagged, stored and indexed.

``corpus.sqlite`` in the folder is its truth; ``index/`` is derived from it and can always be rebuilt.

>>> import tempfile
>>> from pipeline import resources
>>> with Corpus.open(tempfile.mkdtemp(), create=True) as corpus:
...     _ = corpus.add([resources.baseline_path()], tagger=None)
...     [hit.report for hit in corpus.search("“行政复议案件720件”").hits]
['daxing-2023']
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import Token
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline import batch, categories, parallel, read, resources, search
from pipeline.analysis.methods import Analyses
from pipeline.categories import Scheme
from pipeline.data import Failure, TaggedReport
from pipeline.errors import CorpusBusy, CorpusError, QueryError
from pipeline.search import Engine, Hits, IndexedReport, IndexedSentence, Order, Query, Ranked
from pipeline.search.spans import occurrences
from pipeline.store import Database, Labels, StoredReport, StoredSentence

if TYPE_CHECKING:
    import pandas

    from pipeline.analysis.source import Source
    from pipeline.compare import Comparison
    from pipeline.learn.retag import Retagged
    from pipeline.tag import Tagger

Progress = Callable[[int, int], None]
T = TypeVar("T")
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that a search found: ``matches`` are offset pairs in ``sentence.text``; ``score`` orders hits within one search."""

    sentence: StoredSentence
    matches: tuple[tuple[int, int], ...]
    score: float

    @property
    def report(self) -> str:
        """The name of the report that the sentence stands in."""
        return self.sentence.report


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found: the exact ``total`` numbers of sentences and of ``occurrences``, and the hits asked for, best first."""

    query: str
    total: int
    hits: tuple[Hit, ...]
    occurrences: int = 0


@dataclass(frozen=True, slots=True)
class Added:
    """What adding files did: names of reports that are new, that replaced an older file, that were there already; and files that failed."""

    new: tuple[str, ...]
    replaced: tuple[str, ...]
    unchanged: tuple[str, ...]
    failures: tuple[Failure, ...]


class Corpus(Analyses):
    """An open corpus folder. Use it in a ``with`` statement, or call :meth:`close`."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._engine: Engine | None = None
        self._in_use: Token[Scheme | None] | None = None
        self._analysed: tuple[int, Source] | None = None

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, create: bool = False) -> Corpus:
        """Open the corpus in a folder; with ``create``, make an empty one where there is none.

        Raises
        ------
        NotACorpus
            Where there is none, or one of another format.
        """
        path = Path(folder)
        return cls(path, Database(path / "corpus.sqlite", create=create))

    def __enter__(self) -> Corpus:
        self._in_use = categories.use(self.scheme)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._in_use is not None:
            categories.leave(self._in_use)
        self.close()

    def close(self) -> None:
        """Close the corpus's files."""
        if self._engine is not None:
            self._engine.close()
            self._engine, self._analysed = None, None
        self._database.close()

    # Reports

    def add(self, paths: Iterable[str | os.PathLike[str]], *, tagger: Tagger | None, jobs: int | None = None, progress: Progress | None = None) -> Added:
        """Read, tag and store report files, folders and glob patterns, then bring the index up to date.

        A file whose content is stored already is skipped; a file that changed replaces its report. A file that cannot be read is a
        :class:`Failure` of the result and does not stop the others. Every finished report is kept, whatever happens to the rest.
        ``tagger=None`` stores reports without tags.

        Raises
        ------
        CorpusError
            Where the tagger's categories are others than the corpus's.
        """
        if tagger is not None and tagger.scheme.line != self.scheme.line:
            wrong = f"the model {tagger.version} has the categories {tagger.scheme.name}, and the corpus {self.scheme.name}"
            raise CorpusError(str(self.folder), wrong, "give a model of the corpus's categories, or use another corpus")
        self._opened_engine()
        files = [os.path.abspath(path) for path in read.find_files(paths)]
        known, hashes = self._database.hashes(), set(self._database.hashes().values())
        names = _names(files, self._database.names())
        skip = {path: digest for path in files if (digest := known.get(path))}
        work = partial(batch.tag_file, tagger=tagger, known=skip)
        new: list[str] = []
        replaced: list[str] = []
        unchanged: list[str] = []
        failures: list[Failure] = []
        items = [(path, names[path]) for path in files]
        for done, result in enumerate(parallel.stream(work, items, jobs=parallel.sensible_jobs(len(files), jobs)), 1):
            if isinstance(result, Failure):
                failures.append(result)
            elif result.tagged is None or result.tagged.report.sha256 in hashes:
                unchanged.append(result.name)
            else:
                self._database.put(result.tagged)
                hashes.add(result.tagged.report.sha256)
                (replaced if result.path in known else new).append(result.name)
            if progress:
                progress(done, len(files))
        self.update_index()
        return Added(tuple(new), tuple(replaced), tuple(unchanged), tuple(failures))

    def remove(self, names: Sequence[str]) -> None:
        """Remove reports by name: all of them or, where one is not there, none.

        Raises
        ------
        CorpusError
            Where the corpus has no report of that name.
        """
        there = {report.name for report in self.reports()}
        for name in names:
            if name not in there:
                raise CorpusError(name, "the corpus has no report of that name", "list the names with `fazhi reports`")
        self._database.remove(names)
        self.update_index()

    def retag(self, tagger: Tagger, *, progress: Progress | None = None) -> Retagged:
        """Bring the tags up to a model: every report that another model has tagged is tagged anew, each in one step.

        A model of another scheme brings its categories into the corpus, and the tags of the categories before go.

        Raises
        ------
        CorpusError
            Where the corpus holds labels of other categories.
        """
        from pipeline.learn.retag import retag

        if tagger.scheme.line != self.scheme.line:
            self.use_scheme(tagger.scheme, drop_tags=True)
        done = retag(self._database, tagger, progress=progress)
        self.update_index()
        return done

    @property
    def scheme(self) -> Scheme:
        """The categories of the corpus: those of its ``categories.toml``, else the seven."""
        return self._database.scheme

    def use_scheme(self, scheme: Scheme, *, drop_tags: bool = False) -> None:
        """Make a scheme the corpus's own: it is written to ``categories.toml`` in the corpus's folder.

        Raises
        ------
        CorpusError
            Where the corpus holds tags, or labels, of other categories; ``drop_tags`` takes such tags away.
        """
        if scheme == self.scheme:
            return
        if scheme.line != self.scheme.line:
            if self.labels.all():
                raise CorpusError(str(self.folder), f"it holds labels of the scheme {self.scheme.name}", "use another corpus, or undo the labels first")
            if not drop_tags and any(report.model for report in self.reports()):
                raise CorpusError(str(self.folder), f"it is tagged with the scheme {self.scheme.name}", "use another corpus, or `fazhi retag --model VERSION`")
            self._database.clear_tags()
        categories.write(scheme, self.folder)
        self._database.scheme = scheme
        if self._in_use is not None:
            categories.use(scheme)

    def reports(self) -> list[StoredReport]:
        """The reports of the corpus, ordered by name."""
        return self._database.reports()

    def report(self, name: str) -> TaggedReport:
        """One report with its text, structure and tags.

        Raises
        ------
        CorpusError
            Where the corpus has no report of that name.
        """
        found = self._database.report(name)
        if found is None:
            raise CorpusError(name, "the corpus has no report of that name", "list the names with `fazhi reports`")
        return found

    def sentences(self) -> Iterator[StoredSentence]:
        """Every sentence with its tag, in the order of report and place."""
        return self._database.sentences()

    @property
    def labels(self) -> Labels:
        """What people said of sentences, those of the corpus and others."""
        return Labels(self._database)

    def state(self) -> int:
        """A number that is new after every change of the reports."""
        return self._database.state()

    def compare(self, names: Sequence[str], *, baseline: str | None = None, tagger: Tagger, jobs: int = 1, **options: Any) -> Comparison:
        """Set reports of the corpus beside another of its reports, or beside the baseline; ``options`` are those of :func:`pipeline.compare.compare`."""
        from pipeline.compare import compare

        if baseline is None:
            report = batch.read_report(resources.baseline_path())
            base = TaggedReport(report, tuple(tagger.tag(report)))
        else:
            base = self.report(baseline)
        reports = [self.report(name) for name in names if name != base.report.name]
        return compare(reports, base, tagger=tagger, jobs=jobs, **options)

    def to_pandas(self) -> pandas.DataFrame:
        """The tagged sentences as a table, one sentence a row; needs pandas (``pip install 'fazhi[notebooks]'``)."""
        from pipeline.show.frames import sentences_frame

        return sentences_frame(self.sentences())

    # Search

    def search(self, query: str, *, limit: int | None = 20, exact: bool = False, sort: search.Order = "score") -> Results:
        """Find sentences. The query language is described in :mod:`pipeline.search.parser`.

        ``limit`` is the number of hits returned, ``None`` for all; ``total`` is exact whatever the limit. ``sort`` is score (relevance), year (newest first), district
        or report. With ``exact``, variants of writing (full and half
        width, simplified and traditional, marks between characters) are told apart.

        Raises
        ------
        QueryError
            Where the query cannot be read.
        """
        if limit is not None and limit < 0:
            raise QueryError("--limit", f"{limit} is below 0", "give a number from 0 up, or --all")
        parsed = search.parse(query)
        return self._asked(lambda source: self._results(source, query, parsed, limit, exact, sort))

    def _results(self, source: Source, typed: str, query: Query, limit: int | None, exact: bool, sort: Order) -> Results:
        found = source.find(query, exact=exact)
        return Results(typed, found.total, _hits(source, found.ranked(sort, limit), query, exact), found.occurrences)

    def hits(self, ranked: Ranked, query: Query, *, exact: bool = False) -> tuple[Hit, ...]:
        """The sentences of some of a query's ids, in their order, with the matches in each.

        Raises
        ------
        CorpusBusy
            Where reports of theirs were replaced since the ids were found.
        """
        return _hits(self._source(), ranked, query, exact)

    def find(self, query: Query, *, exact: bool = False) -> Hits:
        """All that a query finds, as numbers: ids, exact counts, facets, and the first in an order."""
        return self._current().find(query, exact=exact)

    def _current(self) -> Engine:
        """The engine, brought up to date; while another process does so, the engine as it was before."""
        try:
            self.update_index(patience=0.2)
        except CorpusBusy:
            if self._opened_engine().state() is None:
                raise
        return self._opened_engine()

    def update_index(self, *, patience: float = 30.0) -> None:
        """Bring the index up to the database: take in what it lacks, drop what is gone. Nothing to do costs next to nothing.

        Raises
        ------
        CorpusBusy
            Where another process is still updating it after ``patience`` seconds.
        """
        engine, state = self._opened_engine(), self._database.state()
        if engine.state() == state:
            return
        wanted, held = self._database.revisions(), engine.revisions()
        stale = [key for key in held if wanted.get(key) != held[key]]
        missing = [key for key in wanted if wanted[key] != held.get(key)]
        engine.update(self._indexed(missing), stale, state=state, patience=patience)

    def _source(self) -> Source:
        from pipeline.analysis.source import Source

        engine, state = self._current(), self._database.state()
        if self._analysed is None or self._analysed[0] != state:
            self._analysed = (state, Source(self._database, engine))
        return self._analysed[1]

    def _asked(self, ask: Callable[[Source], T]) -> T:
        from pipeline.analysis.source import Changed

        for _ in range(_TRIES):
            try:
                return ask(self._source())
            except Changed:
                self.update_index()  # waits for whoever is changing the corpus
        return ask(self._source())

    def rebuild_index(self) -> None:
        """Make the index anew from the database."""
        if self._engine is not None:
            self._engine.close()
        self._engine, self._analysed = self._new_engine(fresh=True), None
        self.update_index()

    def _indexed(self, keys: Sequence[int]) -> Iterator[IndexedReport]:
        revisions = self._database.revisions()
        for key in keys:
            found = self._database.of_report(key)
            if found and key in revisions:  # as every report has that was read from a file
                (name, title, district, year), rows = found
                yield IndexedReport(key, revisions[key], name, district, year, [IndexedSentence(*row) for row in rows], title)

    def _opened_engine(self) -> Engine:
        if self._engine is None:
            self._engine = self._new_engine()
        return self._engine

    def _new_engine(self, *, fresh: bool = False) -> Engine:
        from pipeline.search.exact import ExactEngine

        return ExactEngine(self.folder / "index", fresh=fresh)


def _hits(source: Source, ranked: Ranked, query: Query, exact: bool) -> tuple[Hit, ...]:
    stored = zip(source.sentences(ranked.ids), ranked.scores.tolist(), strict=True)
    return tuple(Hit(s, tuple(occurrences(s.text, query, exact=exact)), score) for s, score in stored)


def _names(paths: Sequence[str], taken: dict[str, str]) -> dict[str, str]:
    """A name for every file: the one it has in the corpus, else its own without the suffix, with its folder before it where that is taken."""
    names = {path: taken[path] for path in paths if path in taken}
    used = set(taken.values())
    for path in paths:
        if path not in names:
            names[path] = batch.free_name(path, used)
            used.add(names[path])
    return names
