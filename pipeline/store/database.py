"""A corpus's truth: reports, sections, sentences, tags.

Every change is one transaction a report, so that whoever kills the process finds whole reports and no parts. A report's ``revision`` is new with
every change of it and never used twice; an index that knows the revisions it holds knows what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.categories import Scheme, of_corpus
from pipeline.data import Metadata, Paragraph, Report, Role, Section, Sentence, Tag, TaggedReport
from pipeline.store.schema import FORMAT, SCHEMA, UPGRADES
from pipeline.store.sqlite import SqliteFile


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One line of the list of reports."""

    id: int
    revision: int
    name: str
    path: str
    sha256: str
    metadata: Metadata
    model: str | None
    sentences: int


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence with all that a search result shows of it. ``number`` counts from 0 within the report."""

    id: int
    report_id: int
    report: str
    title: str | None
    district: str | None
    year: int | None
    role: Role
    heading: str
    number: int
    paragraph: int
    section: int
    start: int
    end: int
    text: str
    code: int | None
    category: str | None
    probability: float | None
    second: str | None
    second_probability: float | None
    model: str | None


_SENTENCE_COLUMNS = """
    s.id, s.report, r.name, r.title, r.district, r.year, c.role, c.heading, s.number, s.paragraph, s.section, s.start, s.stop, s.text,
    s.code, s.probability, s.second, s.second_probability, r.model
    from sentences s join reports r on r.id = s.report join sections c on c.report = s.report and c.number = s.section
"""


class Database:
    """An open corpus file. Any number may read; one writes."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        self.file = SqliteFile(path, schema=SCHEMA, format=FORMAT, upgrades=UPGRADES, create=create)
        self._run, self._run_many = self.file.run, self.file.run_many
        #: The categories that the corpus is tagged with.
        self.scheme: Scheme = of_corpus(path.parent)

    def close(self) -> None:
        """Close the file; a closed database cannot be used again."""
        self.file.close()

    def writing(self) -> AbstractContextManager[None]:
        """A transaction: all of its changes happen, or none."""
        return self.file.writing()

    # What is there

    def revisions(self) -> dict[int, int]:
        """The revision of every report, by its id."""
        return {row[0]: row[1] for row in self._run("select id, revision from reports")}

    def state(self) -> int:
        """A number that is new after every change of the corpus."""
        return self.file.counted("revision")

    def changed(self) -> str | None:
        """When the corpus was last changed: an ISO time in UTC; ``None`` where it never was."""
        row = self._run("select value from meta where key = 'changed'").fetchone()
        return row and str(row[0])

    def hashes(self) -> dict[str, str]:
        """The content hash of every report's file, by the file's path."""
        return dict(self._run("select path, sha256 from reports"))

    def names(self) -> dict[str, str]:
        """The name of every report, by its file's path."""
        return dict(self._run("select path, name from reports"))

    def reports(self) -> list[StoredReport]:
        """The reports, ordered by name."""
        rows = self._run(
            "select id, revision, name, path, sha256, title, district, year, published, source, model,"
            " (select count(*) from sentences s where s.report = reports.id) from reports order by name"
        )
        return [StoredReport(*(*row[:5], Metadata(*row[5:10]), *row[10:])) for row in rows]

    def count_sentences(self) -> int:
        """The number of sentences in the corpus."""
        return int(self._run("select count(*) from sentences").fetchone()[0])

    def report(self, name: str) -> TaggedReport | None:
        """One report with its structure and tags, or ``None``."""
        row = self._run("select id, name, path, sha256, text, title, district, year, published, source, model from reports where name = ?", (name,)).fetchone()
        if row is None:
            return None
        key, model = row[0], row[10]
        sections = [Section(*r) for r in self._run("select level, ordinal, heading, role, start, stop from sections where report = ? order by number", (key,))]
        paragraphs = [Paragraph(*r) for r in self._run("select start, stop, section from paragraphs where report = ? order by number", (key,))]
        rows = self._run(
            "select text, start, stop, section, paragraph, code, probability, second, second_probability from sentences where report = ? order by number",
            (key,),
        ).fetchall()
        sentences = [Sentence(*r[:5]) for r in rows]
        report = Report(row[1], row[2], row[3], row[4], Metadata(*row[5:10]), tuple(sections), tuple(paragraphs), tuple(sentences))
        return TaggedReport(report, tuple(_tag(r[5:], model, self.scheme) for r in rows if r[5] is not None))

    def sentences(self, ids: Sequence[int] | None = None, *, report: int | None = None) -> Iterator[StoredSentence]:
        """Sentences with their report's data: all in the order of report and place, those of one report, or those with these ids in the order of the ids."""
        if ids is not None:
            yield from self._sentences_by_id(ids)
            return
        where, values = ("where s.report = ?", (report,)) if report is not None else ("", ())
        for row in self._run(f"select {_SENTENCE_COLUMNS} {where} order by r.name, s.number", values):
            yield _sentence(row, self.scheme)

    def facts(self) -> Iterator[tuple[int, int, str, str, int | None, int]]:
        """Of every sentence, by id: the id, the report's id, the role, the heading, the code and the number of characters."""
        yield from self._run(
            "select s.id, s.report, c.role, c.heading, s.code, length(s.text)"
            " from sentences s join sections c on c.report = s.report and c.number = s.section order by s.id"
        )

    def of_report(self, report: int) -> tuple[tuple[str, str | None, str | None, int | None], list[tuple[int, str, str, str, int | None, int, int]]] | None:
        """Of a report, by its id, the name, title, district and year, and of its sentences in order the id, text, role, heading, code, paragraph and section."""
        row = self._run("select name, title, district, year from reports where id = ?", (report,)).fetchone()
        rows = self._run(
            "select s.id, s.text, c.role, c.heading, s.code, s.paragraph, s.section from sentences s"
            " join sections c on c.report = s.report and c.number = s.section where s.report = ? order by s.number",
            (report,),
        ).fetchall()
        return (row, rows) if row and rows else None

    def plain(self) -> Iterator[tuple[int, str]]:
        """Of every sentence, by id: the report's id and the text."""
        yield from self._run("select report, text from sentences order by id")

    def places(self) -> Iterator[tuple[str, int, str, int | None]]:
        """Of every sentence: the report's name, the number in it, the text and the code."""
        yield from self._run("select r.name, s.number, s.text, s.code from sentences s join reports r on r.id = s.report order by r.name, s.number")

    def texts(self, ids: Iterable[int]) -> dict[int, str]:
        """The texts of reports, by id."""
        return {key: text for key in ids for (text,) in self._run("select text from reports where id = ?", (key,))}

    def _sentences_by_id(self, ids: Sequence[int]) -> Iterator[StoredSentence]:
        for begin in range(0, len(ids), 500):
            chunk = [int(i) for i in ids[begin : begin + 500]]
            marks = ",".join("?" * len(chunk))
            rows = {row[0]: row for row in self._run(f"select {_SENTENCE_COLUMNS} where s.id in ({marks})", chunk)}
            yield from (_sentence(rows[i], self.scheme) for i in chunk if i in rows)

    # What changes

    def put(self, tagged: TaggedReport) -> None:
        """Store a report; one that was read from the same path is replaced."""
        report, metadata = tagged.report, tagged.report.metadata
        model = tagged.tags[0].model if tagged.tags else None
        with self.writing():
            self._run("delete from reports where path = ?", (report.path,))
            cursor = self._run(
                "insert into reports (revision, name, path, sha256, title, district, year, published, source, model, text) values (?,?,?,?,?,?,?,?,?,?,?)",
                (self._next_revision(), report.name, report.path, report.sha256, metadata.title, metadata.district, metadata.year, metadata.published,
                 metadata.source, model, report.text),
            )  # fmt: skip
            key = cursor.lastrowid
            self._run_many(
                "insert into sections values (?,?,?,?,?,?,?,?)",
                ((key, i, s.level, s.number, s.heading, s.role, s.start, s.end) for i, s in enumerate(report.sections)),
            )
            self._run_many("insert into paragraphs values (?,?,?,?,?)", ((key, i, p.start, p.end, p.section) for i, p in enumerate(report.paragraphs)))
            tags = tagged.tags or (None,) * len(report.sentences)
            self._run_many(
                "insert into sentences (report, number, section, paragraph, start, stop, text, code, probability, second, second_probability) values (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    (key, i, s.section, s.paragraph, s.start, s.end, s.text, *_tag_values(t))
                    for i, (s, t) in enumerate(zip(report.sentences, tags, strict=True))
                ),
            )

    def remove(self, names: Iterable[str]) -> int:
        """Remove reports by name; returns how many there were."""
        with self.writing():
            removed = sum(self._run("delete from reports where name = ?", (name,)).rowcount for name in names)
            if removed:
                self._next_revision()
        return removed

    def set_tags(self, report_id: int, tags: Sequence[Tag]) -> bool:
        """Give the sentences of a report other tags, all or none; False where there is no such report any more, or it has another number of sentences."""
        with self.writing():
            count = self._run("select count(*) from sentences where report = ?", (report_id,)).fetchone()[0]
            if not tags or count != len(tags):
                return False
            self._run_many(
                "update sentences set code = ?, probability = ?, second = ?, second_probability = ? where report = ? and number = ?",
                ((*_tag_values(tag), report_id, number) for number, tag in enumerate(tags)),
            )
            self._run("update reports set model = ?, revision = ? where id = ?", (tags[0].model, self._next_revision(), report_id))
        return True

    def clear_tags(self) -> None:
        """Take the tags of all reports away: they are of categories that hold no more."""
        with self.writing():
            tagged = [row[0] for row in self._run("select id from reports where model is not null")]
            self._run("update sentences set code = null, probability = null, second = null, second_probability = null where code is not null")
            for key in tagged:
                self._run("update reports set model = null, revision = ? where id = ?", (self._next_revision(), key))

    def _next_revision(self) -> int:
        self._run("insert into meta values ('changed', strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) on conflict (key) do update set value = excluded.value")
        return self.file.count_up("revision")


def _tag_values(tag: Tag | None) -> tuple[Any, ...]:
    return (tag.code, tag.probability, tag.second_code, tag.second_probability) if tag else (None, None, None, None)


def _tag(values: Sequence[Any], model: str, scheme: Scheme) -> Tag:
    code, probability, second, second_probability = values
    return Tag(scheme.slug(code), code, probability, scheme.slug(second), second, second_probability, model)


def _sentence(row: Sequence[Any], scheme: Scheme) -> StoredSentence:
    code, probability, second, second_probability, model = row[14:]
    category = scheme.slug(code) if code is not None else None
    second_category = scheme.slug(second) if second is not None else None
    return StoredSentence(*(*row[:14], code, category, probability, second_category, second_probability, model))
