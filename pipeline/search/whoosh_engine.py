"""The embedded engine: Whoosh. The one file that knows Whoosh.

Sentences are indexed character by character with ordinal positions, so that a literal phrase is found whatever a segmenter
would make of it. Whoosh shadows ``IndexError``, its locks raise without a message and its results die with their searcher: none of
that leaves this file.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import fields, index, query as wq, scoring
from whoosh.analysis import Token, Tokenizer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import LockError

from pipeline.errors import CorpusBusy, CorpusError
from pipeline.search.engine import Found, IndexedReport
from pipeline.search.query import And, Filter, Not, Or, Phrase, Query

FORMAT = 1
_STATE = "fazhi.json"


class Characters(Tokenizer):  # type: ignore[misc]
    """Gives every character as a token at its ordinal position."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, mode: str = "", **kwargs: Any) -> Iterator[Token]:
        """Yield one token object, changed for every character, as Whoosh's tokenizers do."""
        token = Token(positions, chars, removestops=False, mode=mode)
        for at, character in enumerate(value):
            token.text, token.boost, token.stopped = character, 1.0, False
            if positions:
                token.pos = at
            if chars:
                token.startchar, token.endchar = at, at + 1
            yield token


def _schema() -> Any:
    return fields.Schema(
        id=fields.NUMERIC(stored=True, sortable=True, bits=64),
        text=fields.TEXT(analyzer=Characters(), phrase=True),
        report=fields.NUMERIC(bits=64),
        stamp=fields.ID(),
        district=fields.ID(),
        name=fields.ID(),
        heading=fields.ID(),
        role=fields.ID(),
        year=fields.NUMERIC(),
        code=fields.NUMERIC(signed=True),
    )


class WhooshEngine:
    """Answers queries from a Whoosh index in a folder.

    ``version`` names the dictionary and segmenter of the corpus. An index made with another one is refused, because its figures could differ from those
    of a new one; ``fresh`` makes the index anew, whatever is there. Damaged files are made anew too: the index is derived.
    """

    def __init__(self, folder: Path, *, version: str, fresh: bool = False) -> None:
        self._folder, self._version = folder, version
        self._searcher: Any = None
        self._index = self._fresh() if fresh else self._open() or self._fresh()

    def _open(self) -> Any:
        """The index in the folder, or ``None`` where there is none that opens."""
        made_by = self._state().get("made_by")
        try:
            if made_by is None or not index.exists_in(str(self._folder)):
                return None
            found = FileStorage(str(self._folder)).open_index(schema=_schema())
            found.reader().close()
        except Exception:
            return None
        if made_by != self._made_by():
            wrong = f"the index was made with {made_by}, the program has {self._made_by()}"
            raise CorpusError(str(self._folder.parent), wrong, "make it anew with `fazhi index`; nothing is lost")
        return found

    def _made_by(self) -> str:
        return f"format {FORMAT}, {self._version}"

    def _fresh(self) -> Any:
        try:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True, exist_ok=True)
            made = FileStorage(str(self._folder)).create_index(_schema())
            (self._folder / _STATE).write_text(json.dumps({"made_by": self._made_by()}), encoding="utf-8")
        except OSError as exc:
            raise self._unwritable(exc) from exc
        return made

    def _unwritable(self, exc: OSError) -> CorpusError:
        return CorpusError(str(self._folder.parent), f"the index cannot be written ({exc.strerror or exc})", "check the folder, its permissions and the disk")

    def _state(self) -> dict[str, str]:
        try:
            return dict(json.loads((self._folder / _STATE).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def revisions(self) -> Mapping[int, int]:
        """The revision of every report held, by report id."""
        with self._reading(), self._index.reader() as reader:
            live = [term.decode("ascii") for term in reader.lexicon("stamp") if reader.postings("stamp", term).is_active()]
        return {int(key): int(revision) for key, revision in (stamp.split(":") for stamp in live)}

    def update(self, add: Iterable[IndexedReport], remove: Iterable[int]) -> None:
        """Take in reports and drop others, in one commit."""
        try:
            writer = self._index.writer(limitmb=128)
        except LockError as exc:
            raise CorpusBusy(str(self._folder.parent), "another process is updating the index", "wait until it has finished and try again") from exc
        try:
            for key in remove:
                writer.delete_by_term("report", key)
            for report in add:
                writer.delete_by_term("report", report.id)
                self._add(writer, report)
            writer.commit()
        except BaseException as exc:
            writer.cancel()
            if isinstance(exc, OSError):
                raise self._unwritable(exc) from exc
            raise
        self._forget_searcher()

    def _add(self, writer: Any, report: IndexedReport) -> None:
        common = {"report": report.id, "name": report.name, **_given(district=report.district, year=report.year)}
        # A report's stamp is a document without text, so that a report without sentences is held too.
        writer.add_document(id=0, report=report.id, stamp=f"{report.id}:{report.revision}")
        for sentence in report.sentences:
            values = _given(role=sentence.role, heading=sentence.heading or None, code=sentence.code)
            writer.add_document(id=sentence.id, text=sentence.text, **common, **values)

    def search(self, query: Query) -> Found:
        """All sentences that the query finds, ranked by BM25 over the characters of its phrases."""
        sentences = wq.And([_translate(query), wq.Not(wq.Every("stamp"))])
        with self._reading():
            if self._searcher is None or not self._searcher.up_to_date():
                self._forget_searcher()
                self._searcher = self._index.searcher(weighting=scoring.BM25F())
            results = self._searcher.search(sentences, limit=None)
            ranked = sorted(((-hit.score, hit["id"]) for hit in results))
        return Found(tuple(key for _, key in ranked), tuple(-score for score, _ in ranked))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Map whatever a damaged index makes Whoosh raise."""
        try:
            yield
        except Exception as exc:
            raise CorpusError(str(self._folder.parent), f"the index is damaged ({type(exc).__name__})", "make it anew with `fazhi index`; nothing is lost") from exc

    def _forget_searcher(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None

    def close(self) -> None:
        """Close the index's files."""
        self._forget_searcher()
        self._index.close()


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _translate(query: Query) -> Any:
    match query:
        case Phrase(text):
            return wq.Term("text", text) if len(text) == 1 else wq.Phrase("text", list(text))
        case And(parts):
            wanted = [_translate(part) for part in parts if not isinstance(part, Not)]
            unwanted = [_translate(part.part) for part in parts if isinstance(part, Not)]
            return wq.And([*(wanted or [wq.Every()]), *(wq.Not(part) for part in unwanted)])
        case Or(parts):
            return wq.Or([_translate(part) for part in parts])
        case Not(part):
            return wq.And([wq.Every(), wq.Not(_translate(part))])
        case Filter(field, values):
            return wq.ConstantScoreQuery(_filter(field, values), score=0.0)


def _filter(field: str, values: tuple[str | int, ...]) -> Any:
    if field == "year":
        return wq.NumericRange("year", int(values[0]), int(values[1]))
    if field == "category":
        return wq.Or([wq.NumericRange("code", int(value), int(value)) for value in values])
    if field == "role":
        return wq.Or([wq.Term("role", str(value)) for value in values])
    name = {"report": "name"}.get(field, field)
    return wq.Or([_Contains(name, str(value)) for value in values])


class _Contains(wq.MultiTerm):  # type: ignore[misc]
    """Documents with a value of the field that contains a text."""

    def __init__(self, fieldname: str, text: str) -> None:
        self.fieldname, self.text, self.boost, self.constantscore = fieldname, text, 1.0, True

    def __hash__(self) -> int:
        return hash((self.fieldname, self.text))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Contains) and (self.fieldname, self.text) == (other.fieldname, other.text)

    def normalize(self) -> _Contains:
        return self

    def _btexts(self, reader: Any) -> Iterator[bytes]:
        needle = self.text.encode("utf-8")
        return (value for value in reader.lexicon(self.fieldname) if needle in value)
