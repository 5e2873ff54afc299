"""Reports as documents of Whoosh: found by field, and ranked. The one file that knows Whoosh.

Whoosh writes its blocks, and the list of its segments, as pickles, which nobody should read from a file. Here the blocks become JSON, and the list is handed
out as a text for whoever keeps the state of the index, so that one file says what the whole index is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from whoosh import columns, fields, index, scoring
from whoosh import query as wq
from whoosh.codec import default_codec, whoosh3
from whoosh.filedb import structfile
from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

_NAME = "reports"
_SIZE = 4  # bytes of the length before a block
_OURS = ContextVar("_OURS", default=False)


@contextmanager
def _no_pickles() -> Iterator[None]:
    """Whoosh's blocks are JSON in here; other users of Whoosh in the process notice nothing."""
    token = _OURS.set(True)
    try:
        yield
    finally:
        _OURS.reset(token)


def _dumps(value: object, _protocol: int = 0) -> bytes:
    data = json.dumps(value, default=_plain, separators=(",", ":")).encode("ascii")
    return len(data).to_bytes(_SIZE, "little") + data


def _plain(value: Any) -> dict[str, str] | list[Any]:
    return {"": value.decode("latin-1")} if isinstance(value, bytes) else list(value)


def _loads(data: bytes) -> Any:
    return json.loads(data[_SIZE:], object_hook=lambda found: found[""].encode("latin-1") if found.keys() == {""} else found)


def _dump(value: object, file: Any, _protocol: int = 0) -> None:
    file.write(_dumps(value))


def _load(file: Any) -> Any:
    head = file.read(_SIZE)
    if len(head) < _SIZE:
        raise EOFError
    return _loads(head + file.read(int.from_bytes(head, "little")))


def _replace(module: Any, name: str, ours: Callable[..., Any]) -> None:
    theirs = getattr(module, name)
    setattr(module, name, lambda *given: (ours if _OURS.get() else theirs)(*given))


for _module in (whoosh3, columns):
    _replace(_module, "dumps", _dumps)
    _replace(_module, "loads", _loads)
_replace(structfile, "dump_pickle", _dump)
_replace(structfile, "load_pickle", _load)


@dataclass(frozen=True, slots=True)
class Entry:
    """A report as Whoosh holds it; ``title``, ``headings`` and ``words`` are words with spaces between, the other texts are folded."""

    report: int
    name: str
    district: str | None
    year: int | None
    title: str
    headings: str
    words: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One of Whoosh's segments: its name, how many reports it was made of, which of them are gone, and how many words every field holds."""

    segment: str
    reports: int
    gone: list[int]
    lengths: dict[str, int]


def _schema() -> Any:
    return fields.Schema(
        report=fields.NUMERIC(bits=64, sortable=True),
        name=fields.ID(),
        district=fields.ID(),
        year=fields.NUMERIC(),
        title=fields.KEYWORD(scorable=True, field_boost=2.0),
        headings=fields.KEYWORD(scorable=True),
        words=fields.KEYWORD(scorable=True),
    )


class _Index(index.FileIndex):  # type: ignore[misc]
    """An index whose list of segments comes from outside."""

    def __init__(self, folder: Path, parts: str) -> None:
        self.storage, self._schema, self.indexname = FileStorage(str(folder)), _schema(), _NAME
        self._parts = _read(parts)

    def _read_toc(self) -> Any:
        return index.TOC(self._schema, [_segment(part) for part in self._parts], 0)


def _read(parts: str) -> list[_Part]:
    return [_Part(**row) for row in json.loads(parts)] if parts else []


def _segment(part: _Part) -> Any:
    segment = whoosh3.W3Segment(default_codec(), _NAME, part.reports, part.segment, set(part.gone) or None)
    segment.compound = True
    segment._fieldlengths = dict(part.lengths)
    return segment


class _Writer(SegmentWriter):  # type: ignore[misc]
    """A writer that hands out its list of segments and leaves the files of old ones alone."""

    parts = ""

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        parts = [_Part(s.segid, s.doc_count_all(), sorted(s.deleted_docs()), dict(s._fieldlengths)) for s in segments]
        self.parts = json.dumps([asdict(part) for part in parts])


@_no_pickles()
def update(folder: Path, parts: str, add: Iterable[Entry], remove: Iterable[int]) -> str:
    """Take in reports and drop others. ``parts`` says what there was, the result what there is; both are for this module to read, empty means nothing.

    The files of what there was stay as they are.
    """
    writer = _Writer(_Index(folder, parts), _lk=False)
    for report in remove:
        writer.delete_by_term("report", report)
    for entry in add:
        writer.add_document(**{name: value for name, value in asdict(entry).items() if value is not None})
    writer.commit()
    return writer.parts


def files(parts: str) -> list[str]:
    """The names of the files that hold the parts."""
    return [f"{_NAME}_{part.segment}.seg" for part in _read(parts)]


class Reports:
    """Whoosh's view of the reports at one state of the index."""

    @_no_pickles()
    def __init__(self, folder: Path, parts: str) -> None:
        self._searcher = _Index(folder, parts).searcher(weighting=scoring.BM25F())
        reader = self._searcher.reader()
        self._report = reader.column_reader("report") if reader.doc_count_all() else ()

    @_no_pickles()
    def filtered(self, field: str, values: Sequence[str | int]) -> list[int]:
        """The reports that a filter by name, district or year lets through."""
        if field == "year":
            found: Iterable[int] = self._searcher.docs_for_query(wq.NumericRange("year", int(values[0]), int(values[1])))
        else:
            reader, needles = self._searcher.reader(), [str(value).encode("utf-8") for value in values]
            wanted = [term for term in reader.lexicon(field) if any(needle in term for needle in needles)]
            found = {number for term in wanted for number in reader.postings(field, term).all_ids()}
        return [self._report[number] for number in found]

    @_no_pickles()
    def ranked(self, words: Sequence[str], limit: int | None) -> list[tuple[int, float]]:
        """The reports that have some of these words in their title, headings or telling words, or a name with one in it; best first, with their scores."""
        asked = [wq.Or([*(wq.Term(field, word) for field in ("title", "headings", "words")), _Contains("name", word)]) for word in words]
        found = ((self._report[number], score) for score, number in self._searcher.search(wq.Or(asked), limit=None).top_n)
        return sorted(found, key=lambda one: (-one[1], one[0]))[:limit]

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()


class _Contains(wq.MultiTerm):  # type: ignore[misc]
    """Reports with a value of the field that contains a text."""

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
