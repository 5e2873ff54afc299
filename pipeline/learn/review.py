"""Handing out sentences to be labelled: most picked for what they teach, some at random for honest estimates, mixed so that nobody sees which is which."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.categories import Scheme
from pipeline.errors import LabelError, OutputError
from pipeline.show import Row, write_rows
from pipeline.show.sheets import Column, Sheet, category_name, category_names, code_book, write_sheets
from pipeline.store import Database, Label, Labels, StoredSentence
from pipeline.store.labels import folded
from pipeline.store.reviews import Place, Review, Reviewed, Reviews, Slice

if TYPE_CHECKING:
    from pipeline.tag import Tagger

_CONTEXT = 2
_GUESSES = ("first", "first_probability", "second", "second_probability")
_FORMATS = {".xlsx": "xlsx", ".csv": "csv", ".jsonl": "jsonl"}
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%|(0?\.\d+)")


@dataclass(frozen=True, slots=True)
class Picked:
    """A sentence to be labelled, how it was picked, and the text before and behind it."""

    sentence: StoredSentence
    slice: Slice
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export handed out: the review's id, the sentences in the order of the sheet, how many stood to choose from, and the models that tagged them."""

    review: int
    picked: tuple[Picked, ...]
    frame: int
    models: tuple[str, ...]

    @property
    def random(self) -> int:
        """How many were drawn at random."""
        return sum(one.slice == "random" for one in self.picked)


def random_count(word: str, count: int) -> int:
    """How many of ``count`` sentences are drawn at random, from a number or a share.

    >>> random_count("20", 100), random_count("15%", 200), random_count("0.2", 50)
    (20, 30, 10)

    Raises
    ------
    LabelError
        Where it is neither, or more than all.
    """
    share = _SHARE.fullmatch(word.strip())
    if share:
        found = round(count * (float(share[1]) / 100 if share[1] else float(share[2])))
    elif word.strip().isdecimal():
        found = int(word)
    else:
        raise LabelError("--random", f"{word!r} is no number and no share", "give one such as 20, 20% or 0.2")
    if found > count:
        raise LabelError("--random", f"{found} is more than the {count} sentences of the sheet", "give fewer, or more with --n")
    return found


class Labelled:
    """Tells which sentences of a corpus have one of some labels."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.places: set[tuple[str, int, str]] = set()
        self.texts: set[tuple[str | None, str]] = set()
        for label in labels:
            text = folded(label.text)
            if label.report is not None and label.number is not None:
                self.places.add((label.report, label.number, text))
            else:
                self.texts.add((label.report, text))
        self.worded = {text for *_, text in self.places} | {text for _, text in self.texts}

    def __contains__(self, sentence: StoredSentence) -> bool:
        text = folded(sentence.text)
        if text not in self.worded:
            return False
        return (sentence.report, sentence.number, text) in self.places or (sentence.report, text) in self.texts or (None, text) in self.texts


def frame(sentences: Iterable[StoredSentence], labelled: Labelled, out: Collection[Place]) -> list[StoredSentence]:
    """The sentences that a review may hand out: those with a tag that have no label and are not handed out already."""
    return [s for s in sentences if s.code is not None and (s.report, s.number) not in out and s not in labelled]


def out_before(reviews: Sequence[Review], sentences: Reviews, review: Review | None = None) -> set[Place]:
    """Where the sentences stand that were handed out before a review, or until now."""
    return {s.place for one in reviews if review is None or one.id < review.id for s in sentences.sentences(one.id)}


def pick(
    database: Database, *, count: int = 100, random: int = 10, seed: int = 0, again: bool = False, tagger: Tagger | None = None
) -> tuple[list[Picked], int]:
    """Pick sentences of a corpus to be labelled next, in random order, and say how many there were to pick from.

    ``random`` of them are drawn uniformly from all that may be handed out; the others are those of the rest that
    :func:`pipeline.learn.selection.choose` chooses by the tags of the corpus and what ``tagger``, if given, makes of each by itself, no text twice. With ``again``
    sentences that were handed out and have no label may be picked too.

    Raises
    ------
    LabelError
        Where there is none.
    """
    from pipeline.learn.selection import choose

    stored, labelled, reviews = list(database.sentences()), Labelled(Labels(database).all()), Reviews(database)
    there = frame(stored, labelled, set() if again else out_before(reviews.all(), reviews))
    if not there:
        raise _nothing(stored)
    rng = np.random.default_rng([seed, len(reviews.all())])
    drawn = set(rng.choice(len(there), min(random, len(there)), replace=False).tolist())
    rest = _distinct(there, drawn, labelled)
    chosen = {rest[i] for i in choose([there[i].text for i in rest], _sure([there[i] for i in rest], tagger), count - random, seed=seed)}
    order = rng.permutation(sorted(drawn | chosen)).tolist()
    around = _Around(stored, {there[i].report for i in order})
    return [Picked(there[i], "random" if i in drawn else "chosen", *around.of(there[i])) for i in order], len(there)


def _sure(sentences: Sequence[StoredSentence], tagger: Tagger | None) -> NDArray[np.float64]:
    """How far the first choice for each sentence is ahead of the second: in its report and, with ``tagger``, by itself too, in the mean of both.

    By itself it shows what there is to learn of the sentence's own words, in its report what would still be tagged wrongly.
    """
    placed = np.array([(s.probability or 0.0) - (s.second_probability or 0.0) for s in sentences])
    if tagger is None:
        return placed
    alone = np.array([tag.probability - tag.second_probability for tag in tagger.tag_sentences([s.text for s in sentences])])
    return np.asarray((placed + alone) / 2)


def _nothing(stored: Sequence[StoredSentence]) -> LabelError:
    if not stored:
        return LabelError("review", "the corpus has no reports", "add some with `fazhi add`")
    if all(s.code is None for s in stored):
        return LabelError("review", "the sentences of the corpus have no tags", "tag them with `fazhi retag`")
    return LabelError("review", "every tagged sentence has a label or is handed out", "import the sheets that are out, or hand them out again with --again")


def _distinct(there: Sequence[StoredSentence], drawn: Collection[int], labelled: Labelled) -> list[int]:
    """The sentences that were not drawn, each text once, and none that was drawn or has a label elsewhere."""
    seen = {folded(there[i].text) for i in drawn} | labelled.worded
    found = []
    for i, sentence in enumerate(there):
        text = folded(sentence.text)
        if i not in drawn and text not in seen:
            seen.add(text)
            found.append(i)
    return found


class _Around:
    def __init__(self, stored: Iterable[StoredSentence], reports: Collection[str]) -> None:
        self.texts = {(s.report, s.number): s.text for s in stored if s.report in reports}

    def of(self, sentence: StoredSentence) -> tuple[str, str]:
        """The two sentences before, and the two behind, as far as the report has them."""
        at = [self.texts.get((sentence.report, sentence.number + step), "") for step in range(-_CONTEXT, _CONTEXT + 1)]
        return "".join(at[:_CONTEXT]), "".join(at[_CONTEXT + 1 :])


def export_review(
    database: Database,
    to: Path,
    *,
    count: int = 100,
    random: int = 20,
    seed: int = 0,
    annotator: str | None = None,
    blind: bool = False,
    again: bool = False,
    tagger: Tagger | None = None,
) -> Exported:
    """Write sentences to be labelled to an xlsx, csv or jsonl file, and keep in the corpus which they are and the tags that they have.

    The file is written and recorded together or not at all, and while another process does so this one waits. ``blind`` leaves out the model's choices;
    ``annotator`` is who will label. For the rest see :func:`pick`.

    Raises
    ------
    LabelError
        Where there is nothing to hand out.
    OutputError
        Where the file cannot be written, or its suffix is none of the three.
    """
    if to.suffix.lower() not in _FORMATS:
        raise OutputError(str(to), f"files of the kind {to.suffix or 'without a suffix'} are not written", f"name one of {', '.join(_FORMATS)}")
    if not 0 <= random <= count or count < 1:
        raise ValueError(f"random must lie between 0 and count, and count above 0, not {random} and {count}")
    reviews = Reviews(database)
    with reviews.writing():
        picked, there = pick(database, count=count, random=random, seed=seed, again=again, tagger=tagger)
        key = reviews.add((_reviewed(one, database.scheme) for one in picked), file=to.name, seed=seed, again=again)
        write_review(picked, database.scheme, to, annotator=annotator, blind=blind)
    return Exported(key, tuple(picked), there, tuple(sorted({str(one.sentence.model) for one in picked})))


def _reviewed(one: Picked, scheme: Scheme) -> Reviewed:
    s = one.sentence
    second, model = _second(s, scheme), s.model or ""
    return Reviewed(s.report, s.number, s.text, one.slice, s.code or 0, s.probability or 0.0, second, s.second_probability or 0.0, model)


def _second(sentence: StoredSentence, scheme: Scheme) -> int:
    return scheme.code(sentence.second) or 0 if sentence.second else 0


def write_review(picked: Sequence[Picked], scheme: Scheme, to: Path, *, annotator: str | None, blind: bool) -> None:
    """Write picked sentences to a file of one of the three kinds; a spreadsheet has the code book on its second sheet."""
    columns, rows = _columns(scheme, annotator is not None, blind), _rows(picked, scheme, annotator)
    kind = _FORMATS[to.suffix.lower()]
    if kind == "xlsx":
        write_sheets([Sheet("review", columns, rows), code_book(scheme)], to)
    else:
        write_rows(rows, [column.name for column in columns], to=to, format=kind)


def _columns(scheme: Scheme, named: bool, blind: bool) -> list[Column]:
    place = [Column("report", 18, wrap=True), Column("district", 14, wrap=True), Column("year", 7), Column("role", 12), Column("heading", 24, wrap=True)]
    words = [Column("sentence", 9), Column("before", 36, wrap=True), Column("text", 70, wrap=True), Column("after", 36, wrap=True)]
    filled = [Column("label", 16, choices=category_names(scheme), fill=True), Column("note", 30, wrap=True, fill=True)]
    guesses = [] if blind else [Column(name, 14) for name in _GUESSES]
    who = [Column("annotator", 12)] if named else []
    # Whoever knew which were drawn at random might look at them with other eyes.
    return [*place, *words, *guesses, *filled, *who, Column("model", 20, hidden=True), Column("slice", 8, hidden=True)]


def _rows(picked: Iterable[Picked], scheme: Scheme, annotator: str | None) -> Iterator[Row]:
    for one in picked:
        s = one.sentence
        yield {
            "report": s.report, "district": s.district, "year": s.year, "role": s.role, "heading": s.heading, "sentence": s.number + 1,
            "before": one.before, "text": s.text, "after": one.after,
            "first": category_name(scheme, s.code), "first_probability": round(s.probability or 0.0, 4),
            "second": category_name(scheme, _second(s, scheme)), "second_probability": round(s.second_probability or 0.0, 4),
            "label": None, "note": None, "annotator": annotator, "model": s.model, "slice": one.slice,
        }  # fmt: skip
