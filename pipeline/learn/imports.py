"""Taking labels from tables into a corpus: all of them or none, with a report of what is odd."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.categories import Scheme, of_corpus, write
from pipeline.learn.columns import Wanted
from pipeline.learn.label_rows import LabelRow, LabelSheet, RowError, read_sheet
from pipeline.learn.places import Places
from pipeline.search.fold import flat
from pipeline.store import ADJUDICATED, Database, Label, Labels, NewLabel
from pipeline.store.labels import sentence_keys

_MARKS = re.compile(r"(?<![0-9])\W+|\W+(?![0-9])")


@dataclass(frozen=True, slots=True)
class Said:
    """One label, and where it was given: a file with a row, or a batch of the corpus."""

    text: str
    annotator: str
    code: int
    where: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import took, or would take, and what is odd about it.

    ``taken`` labels are new; ``repeated`` rows say the same twice, ``already`` rows what the corpus holds, ``superseding`` labels replace others of the same
    annotator, ``placed`` ones have a place in the corpus. ``conflicts`` are sentences with different labels, ``near`` pairs of much the same text with different
    labels. ``batches`` are the ids of what was stored: empty after a dry run, or where ``refused``.
    """

    sheets: tuple[LabelSheet, ...]
    errors: tuple[RowError, ...]
    taken: int
    repeated: int
    already: int
    superseding: int
    placed: int
    conflicts: tuple[tuple[Said, ...], ...]
    near: tuple[tuple[Said, Said], ...]
    batches: tuple[int, ...] = ()
    refused: bool = False

    @property
    def unlabelled(self) -> int:
        """How many rows have no label."""
        return sum(sheet.unlabelled for sheet in self.sheets)

    @property
    def rows(self) -> int:
        """How many rows have one."""
        return sum(len(sheet.rows) + len(sheet.errors) for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a corpus holds when an import begins."""

    labels: tuple[Label, ...]
    evaluation: frozenset[bytes]
    state: int

    @classmethod
    def of(cls, database: Database | None) -> _Known:
        if database is None:
            return cls((), frozenset(), 0)
        labels = Labels(database)
        state = labels.state()  # first, so that what changes meanwhile is noticed
        return cls(tuple(labels.current()), frozenset(labels.evaluation_hashes()), state)


def import_labels(
    folder: Path,
    files: Sequence[Path],
    *,
    wanted: Wanted | None = None,
    sheet: str | None = None,
    categories: Scheme | None = None,
    evaluation: Sequence[Path] = (),
    dry_run: bool = False,
    skip_bad: bool = False,
) -> ImportReport:
    """Take the labels of tables into the corpus in a folder, each file as a batch; a corpus is made where there is none.

    Nothing is taken where a row is wrong, unless ``skip_bad`` leaves such rows out. A sentence of an evaluation set is wrong: of ``evaluation`` files and
    folders, which the corpus remembers, and of those that it remembers already. ``categories`` are the corpus's own where none are given.

    Raises
    ------
    LabelError
        Where a file is no table, or its columns cannot be told.
    """
    path = folder / "corpus.sqlite"
    database = Database(path) if path.is_file() else None
    try:
        places = Places.of(database) if database else Places()
        sheets = [read_sheet(file, categories or of_corpus(folder), places, wanted=wanted, sheet=sheet) for file in files]
        given = [_evaluation_set(one) for one in evaluation]
        if database and not dry_run:
            _remember(database, given)
        held_out = frozenset(hash_ for _, _, hashes in given for hash_ in hashes)
        report, new, state = _plan(sheets, database, held_out)
        if report.errors and not skip_bad:
            return replace(report, refused=True)
        if dry_run:
            return report
        if database is None:
            database = Database(path, create=True)
            if categories and categories != database.scheme:
                write(categories, folder)
            _remember(database, given)
        while (batches := Labels(database).add_unless_changed(new, state=state)) is None:
            report, new, state = _plan(sheets, database, held_out)  # another process was first
        return replace(report, batches=tuple(batches))
    finally:
        if database:
            database.close()


def _plan(sheets: Sequence[LabelSheet], database: Database | None, held_out: frozenset[bytes]) -> tuple[ImportReport, list[tuple[str, list[NewLabel]]], int]:
    """What an import would do, the batches that it would store, and the state of the labels that this holds for."""
    known = _Known.of(database)
    rows, errors = _without_evaluation([row for sheet in sheets for row in sheet.rows], known.evaluation | held_out)
    keys = sentence_keys([*known.labels, *(row.label for row in rows)])
    plan = _Plan(known.labels, keys[: len(known.labels)])
    for key, row in zip(keys[len(known.labels) :], rows, strict=True):
        plan.take(key, row)
    taken = plan.taken()
    batches = [(sheet.source, [row.label for row in taken if row.file == sheet.file]) for sheet in sheets]
    wrong = [*(error for sheet in sheets for error in sheet.errors), *errors]
    superseding = sum((key, row.label.annotator) in plan.before for key, row in plan.new())
    placed = sum(row.label.number is not None for row in taken)
    counts = (len(taken), plan.repeated, plan.already, superseding, placed)
    report = ImportReport(tuple(sheets), tuple(sorted(wrong, key=lambda e: (e.file, e.row))), *counts, plan.conflicts(), plan.near())
    return report, [batch for batch in batches if batch[1]], known.state


class _Plan:
    """Rows, taken one after the other, weighed against what is known. Of an annotator's labels for a sentence the last holds."""

    def __init__(self, known: Iterable[Label], keys: Iterable[str]) -> None:
        self.before = {(key, label.annotator): label for key, label in zip(keys, known, strict=True)}
        self.rows: dict[tuple[str, str], list[LabelRow]] = defaultdict(list)
        self.repeated = 0
        self.already = 0

    def take(self, key: str, row: LabelRow) -> None:
        """Take a row."""
        rows = self.rows[key, row.label.annotator]
        if rows and rows[-1].label.code == row.label.code:
            self.repeated += 1
        else:
            rows.append(row)

    def new(self) -> list[tuple[str, LabelRow]]:
        """What is new, with its key."""
        found = []
        for (key, annotator), rows in self.rows.items():
            before = self.before.get((key, annotator))
            if before is None or before.code != rows[-1].label.code:
                found.append((key, rows[-1]))
        return found

    def taken(self) -> list[LabelRow]:
        """The rows that are new, in their order."""
        new = [row for _, row in self.new()]
        self.already = len(self.rows) - len(new)
        return sorted(new, key=lambda row: (row.file, row.row))

    def conflicts(self) -> tuple[tuple[Said, ...], ...]:
        """The sentences of the rows that have different labels, if adjudication has not settled them."""
        touched = {key for key, _ in self.rows}
        said: dict[str, list[Label | LabelRow]] = defaultdict(list)
        for (key, annotator), label in self.before.items():
            if key in touched and (key, annotator) not in self.rows:
                said[key].append(label)
        for (key, _), rows in self.rows.items():
            said[key] += rows
        several = (tuple(map(_said, one)) for one in said.values() if len(one) > 1)
        return tuple(one for one in several if len({s.code for s in one}) > 1 and all(s.annotator != ADJUDICATED for s in one))

    def near(self) -> tuple[tuple[Said, Said], ...]:
        """Pairs of sentences that are much the same and have different labels, one of them new."""
        from pipeline.learn.near import near_pairs

        fresh: dict[str, Label | LabelRow] = dict(self.new())
        if not fresh:
            return ()
        held: dict[str, Label | LabelRow] = {key: label for (key, _), label in self.before.items()}
        held |= {key: rows[-1] for (key, _), rows in self.rows.items()}
        others = {key: one for key, one in held.items() if key not in fresh}
        given = [*others.values(), *fresh.values()]
        labels = [one.label if isinstance(one, LabelRow) else one for one in given]
        pairs = near_pairs([label.text for label in labels], [label.code for label in labels])
        return tuple((_said(given[a]), _said(given[b])) for a, b in pairs if b >= len(others))


def _said(one: Label | LabelRow) -> Said:
    if isinstance(one, Label):
        return Said(one.text, one.annotator, one.code, f"batch {one.batch}")
    return Said(one.label.text, one.label.annotator, one.label.code, f"{Path(one.file).name} row {one.row}")


# Evaluation sets


def _without_evaluation(rows: Sequence[LabelRow], hashes: frozenset[bytes]) -> tuple[list[LabelRow], list[RowError]]:
    if not hashes:
        return list(rows), []
    held_out = {id(row) for row in rows if text_hash(row.label.text) in hashes}
    wrong = "the sentence is in an evaluation set, and a model that learns from it cannot be measured on it"
    return [row for row in rows if id(row) not in held_out], [RowError(row.file, row.row, wrong) for row in rows if id(row) in held_out]


def text_hash(text: str) -> bytes:
    """A hash that is the same for the variants of writing of a sentence.

    >>> text_hash("受理案件１２件。") == text_hash("受理案件12件"), text_hash("受理案件12件。") == text_hash("受理案件13件。")
    (True, False)
    """
    return hashlib.blake2b(_MARKS.sub("", flat(text)).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _evaluation_set(path: Path) -> tuple[str, str, set[bytes]]:
    """The name, a fingerprint and the hashes of the sentences of labelled reports."""
    from pipeline.learn.labelled import read_labelled

    hashes = {text_hash(sentence.text) for report in read_labelled([path]) for sentence in report.sentences}
    return path.name or str(path), hashlib.sha256(b"".join(sorted(hashes))).hexdigest(), hashes


def _remember(database: Database, given: Iterable[tuple[str, str, set[bytes]]]) -> None:
    for name, fingerprint, hashes in given:
        Labels(database).remember_evaluation(name, fingerprint, hashes)
