"""Labels: what people said of sentences, in batches that are added and marked undone but never changed.

A label holds the text that was labelled, so that it outlives its report. Writing labels changes nothing that the search index depends on.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from pipeline.errors import LabelError

if TYPE_CHECKING:
    from pipeline.store.database import Database

#: The annotator whose label settles what others differ on.
ADJUDICATED = "adjudicated"


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label that is not stored yet; the fields are those of :class:`Label`."""

    text: str
    code: int
    annotator: str
    report: str | None = None
    number: int | None = None
    slice: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """A person's choice for one sentence.

    ``text`` is the sentence as it was labelled, ``code`` 0 for no measure, ``at`` an ISO time in UTC, ``source`` the file that it came from, or ``web``
    or ``review``. ``report`` is the report's name and ``number`` the sentence's number in it from 0, where they are known. ``slice`` is ``random`` or
    ``chosen`` for sentences that review picked. ``extra`` holds columns that were not understood.
    """

    id: int
    batch: int
    text: str
    code: int
    annotator: str
    at: str
    source: str
    report: str | None
    number: int | None
    slice: str | None
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """One import or one labelling action; ``undone`` is the time at which it was taken back, ``None`` where it stands."""

    id: int
    source: str
    annotators: tuple[str, ...]
    at: str
    labels: int
    undone: str | None


class Labels:
    """The labels of a corpus. They hold on to the corpus's file and end with it."""

    def __init__(self, database: Database) -> None:
        self._file = database.file

    def add(self, labels: Sequence[NewLabel], *, source: str) -> int:
        """Store labels as one batch, all or none; returns the batch's id."""
        with self._file.writing():
            return self._add(labels, source)

    def add_unless_changed(self, batches: Sequence[tuple[str, Sequence[NewLabel]]], *, state: int) -> list[int] | None:
        """Store batches, each with its source, all or none, if :meth:`state` is still as it was; ``None``, with nothing stored, where it is not."""
        with self._file.writing():
            return [self._add(labels, source) for source, labels in batches] if self.state() == state else None

    def _add(self, labels: Sequence[NewLabel], source: str) -> int:
        batch = self._file.run("insert into label_batches (source, at) values (?,?)", (source, _now())).lastrowid
        self._file.run_many(
            "insert into labels (batch, text, code, annotator, report, number, slice, extra) values (?,?,?,?,?,?,?,?)",
            ((batch, x.text, x.code, x.annotator, x.report, x.number, x.slice, _packed(x.extra)) for x in labels),
        )
        self._file.count_up("labels")
        return int(batch or 0)

    def all(self) -> list[Label]:
        """Every label that is not undone, the oldest first."""
        return list(self._labels(undone=False))

    def history(self) -> list[tuple[Label, str | None]]:
        """Every label that ever was, the oldest first, each with the time at which it was undone."""
        undone = {batch.id: batch.undone for batch in self.batches()}
        return [(label, undone[label.batch]) for label in self._labels(undone=True)]

    def current(self) -> list[Label]:
        """The last label of each annotator for each sentence, the oldest first."""
        return latest(self.all())

    def batches(self) -> list[Batch]:
        """Every batch, the oldest first, undone ones too."""
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        for batch, annotator, count in self._file.run("select batch, annotator, count(*) from labels group by batch, annotator order by batch, annotator"):
            counts[batch][annotator] = count
        rows = self._file.run("select id, source, at, undone from label_batches order by id").fetchall()
        return [Batch(key, source, tuple(counts[key]), at, sum(counts[key].values()), undone) for key, source, at, undone in rows]

    def undo(self, batch: int | None = None) -> Batch:
        """Take a batch back, by default the last that stands: it is marked, and its labels count no more.

        Raises
        ------
        LabelError
            Where there is no such batch, or it is undone already.
        """
        with self._file.writing():
            batches = self.batches()
            standing = [one for one in batches if one.undone is None]
            chosen = next((one for one in batches if one.id == batch), None) if batch is not None else standing[-1] if standing else None
            if chosen is None:
                raise LabelError("labels", "there is no batch to undo" if batch is None else f"there is no batch {batch}", "list them with `fazhi labels list`")
            if chosen.undone is not None:
                raise LabelError("labels", f"batch {chosen.id} is undone already", "list the batches with `fazhi labels list`")
            self._file.run("update label_batches set undone = ? where id = ?", (_now(), chosen.id))
            self._file.count_up("labels")
            return next(one for one in self.batches() if one.id == chosen.id)

    def batch_with(self, name: str, value: str) -> int | None:
        """The batch of the first label whose ``extra`` has a value under a name, undone or not; ``None`` where there is none."""
        rows = self._file.run("select batch, extra from labels where instr(extra, ?) > 0 order by id", (json.dumps(value, ensure_ascii=False),))
        return next((int(batch) for batch, extra in rows if json.loads(extra).get(name) == value), None)

    def state(self) -> int:
        """A number that is new after every change of the labels."""
        return self._file.counted("labels")

    def _labels(self, *, undone: bool) -> Iterator[Label]:
        rows = self._file.run(
            "select l.id, l.batch, l.text, l.code, l.annotator, b.at, b.source, l.report, l.number, l.slice, l.extra"
            " from labels l join label_batches b on b.id = l.batch where b.undone is null or ? order by l.id",
            (undone,),
        )
        for key, batch, text, code, annotator, at, source, report, number, chosen, extra in rows:
            yield Label(key, batch, text, code, annotator, at, source, report, number, chosen, json.loads(extra) if extra else {})

    # Sets that nothing is learnt from

    def remember_evaluation(self, name: str, sha256: str, hashes: Iterable[bytes]) -> None:
        """Remember an evaluation set by the hashes of its sentences, so that none of them becomes a label unnoticed."""
        with self._file.writing():
            self._file.run("insert or ignore into evaluation_sets values (?,?,?)", (sha256, name, _now()))
            self._file.run_many("insert or ignore into evaluation_sentences values (?,?)", ((one, sha256) for one in hashes))

    def evaluation_hashes(self) -> set[bytes]:
        """The hashes of the sentences of every evaluation set that was remembered."""
        return {row[0] for row in self._file.run("select hash from evaluation_sentences")}


class Placed(Protocol):
    """What stands somewhere: a label, stored or not."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def annotator(self) -> str: ...  # noqa: D102
    @property
    def report(self) -> str | None: ...  # noqa: D102
    @property
    def number(self) -> int | None: ...  # noqa: D102


P = TypeVar("P", bound=Placed)


def folded(text: str) -> str:
    """A text without its spaces and differences of width, by which sentences without a place are told apart.

    >>> folded("受理 行政复议案件１２件。 ")
    '受理行政复议案件12件。'
    """
    return "".join((text if text.isascii() else unicodedata.normalize("NFKC", text)).split())


def sentence_key(text: str, report: str | None = None, number: int | None = None) -> str:
    """What is the same for two labels of one sentence: report and number where both are known, else the report, if known, and the folded text.

    >>> sentence_key("全文。", "甲", 3) == sentence_key("另文。", "甲", 3), sentence_key("全 文。") == sentence_key("全文。")
    (True, True)
    """
    return f"{report}\0{number}" if report is not None and number is not None else f"{report or ''}\0\0{folded(text)}"


def sentence_keys(labels: Sequence[Placed]) -> list[str]:
    """The key of every label's sentence. A label of which less is known joins the one sentence of that text about which more is known, if it is one alone."""
    keys = [sentence_key(label.text, label.report, label.number) for label in labels]
    if len({(label.report is None, label.number is None) for label in labels}) < 2:
        return keys
    texts = [folded(label.text) for label in labels]
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for label, key, text in zip(labels, keys, texts, strict=True):
        if label.report is not None and label.number is not None:
            found[text, label.report].add(key)
    for at, (label, text) in enumerate(zip(labels, texts, strict=True)):
        if label.report is not None and label.number is None:
            keys[at] = _only(found.get((text, label.report)), keys[at])
    anywhere: dict[str, set[str]] = defaultdict(set)
    for label, key, text in zip(labels, keys, texts, strict=True):
        if label.report is not None:
            anywhere[text].add(key)
    return [_only(anywhere.get(text), key) if label.report is None else key for label, key, text in zip(labels, keys, texts, strict=True)]


def _only(found: set[str] | None, otherwise: str) -> str:
    return next(iter(found)) if found and len(found) == 1 else otherwise


def latest(labels: Sequence[P]) -> list[P]:
    """The last label of each annotator for each sentence, in their order."""
    last = {(key, label.annotator): at for at, (key, label) in enumerate(zip(sentence_keys(labels), labels, strict=True))}
    return [labels[at] for at in sorted(last.values())]


def _packed(extra: Mapping[str, str]) -> str | None:
    return json.dumps(dict(extra), ensure_ascii=False) if extra else None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
