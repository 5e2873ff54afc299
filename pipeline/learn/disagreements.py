"""The sentences that people differ on, as a file in which somebody settles them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.categories import Scheme
from pipeline.learn.agreement import MODEL, Rating
from pipeline.learn.places import Places
from pipeline.show import Row
from pipeline.show.sheets import Column, Sheet, category_name, category_names, code_book, write_sheets
from pipeline.store import ADJUDICATED, Label

if TYPE_CHECKING:
    from pipeline.tag import Tagger

_CONTEXT = 2


def model_codes(labels: Sequence[Label], places: Places, tagger: Tagger | None) -> Callable[[Label], int | None]:
    """The model's code for a label's sentence: the tag that it has in the corpus, else, with a ``tagger``, that of the sentence by itself."""
    alone: dict[str, int] = {}
    if tagger:
        texts = sorted({label.text for label in labels if _tagged(places, label) is None})
        alone = {text: tag.code for text, tag in zip(texts, tagger.tag_sentences(texts), strict=True)}

    def code(label: Label) -> int | None:
        found = _tagged(places, label)
        return alone.get(label.text) if found is None else found

    return code


def _tagged(places: Places, label: Label) -> int | None:
    place = places.find(label.text, label.report, label.number)
    return places.codes[place] if place else None


def disagreements(rated: Sequence[Rating]) -> list[Rating]:
    """The sentences that people differ on and that are not settled yet; where one person alone labelled, those on which the model differs from him."""
    people = {name for rating in rated for name in rating.codes} - {MODEL, ADJUDICATED}
    still = [rating for rating in rated if ADJUDICATED not in rating.codes]
    if len(people) == 1:
        return [rating for rating in still if len(set(rating.codes.values())) > 1]
    return [rating for rating in still if rating.differs]


def write_disagreements(rated: Sequence[Rating], scheme: Scheme, places: Places, to: Path) -> int:
    """Write the sentences that people differ on, each with its context, the labels and the model's tag, to an xlsx file; returns their number.

    The column ``label`` is empty, with a drop-down. What is filled in there comes back as the annotator ``adjudicated`` with ``fazhi labels import``.
    """
    found = disagreements(rated)
    people = sorted({name for rating in found for name in rating.codes} - {MODEL})
    columns = [Column("report", 18, wrap=True), Column("sentence", 9), Column("before", 36, wrap=True), Column("text", 70, wrap=True)]
    columns += [Column("after", 36, wrap=True), *(Column(f"label: {name}", 14) for name in people), Column("model", 14)]
    columns += [Column("label", 16, choices=category_names(scheme), fill=True), Column("annotator", 12), Column("note", 30, wrap=True, fill=True)]
    return write_sheets([Sheet("disagreements", columns, _rows(found, scheme, places)), code_book(scheme)], to)


def _rows(found: Sequence[Rating], scheme: Scheme, places: Places) -> Iterator[Row]:
    for rating in found:
        label = max(rating.labels, key=lambda one: (one.number is not None, one.report is not None))
        place = places.find(label.text, label.report, label.number)
        before, after = places.neighbours(place, _CONTEXT) if place else ("", "")
        report, number = place or (label.report, None)
        said: Row = {f"label: {name}": category_name(scheme, code) for name, code in rating.codes.items() if name != MODEL}
        yield {
            "report": report, "sentence": None if number is None else number + 1, "before": before, "text": label.text, "after": after, **said,
            "model": category_name(scheme, rating.codes.get(MODEL)), "annotator": ADJUDICATED,
        }  # fmt: skip
