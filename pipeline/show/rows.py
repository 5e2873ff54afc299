"""What one line of output carries, for each job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.data import Report, Tag, TaggedReport
from pipeline.show.export import Row
from pipeline.store import StoredSentence

PARSE_FIELDS = ("report", "title", "district", "year", "role", "heading", "paragraph", "sentence", "start", "end", "text")
TAG_ONLY = ("category", "code", "probability", "second", "second_probability", "model")
TAG_FIELDS = (*PARSE_FIELDS, *TAG_ONLY)
REVIEW_FIELDS = ("review", "suggested")
SEARCH_FIELDS = (
    "report",
    "title",
    "district",
    "year",
    "role",
    "heading",
    "category",
    "code",
    "probability",
    "paragraph",
    "sentence",
    "text",
    "matches",
    "score",
    "model",
)


def parse_rows(report: Report) -> Iterator[Row]:
    """One row a sentence; ``paragraph`` and ``sentence`` count from 1 within the report, ``start`` and ``end`` are offsets into its text."""
    for number, sentence in enumerate(report.sentences, 1):
        yield {
            "report": report.name,
            "title": report.metadata.title,
            "district": report.metadata.district,
            "year": report.metadata.year,
            "role": report.role(sentence),
            "heading": report.heading(sentence),
            "paragraph": sentence.paragraph + 1,
            "sentence": number,
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
        }


def tag_rows(tagged: TaggedReport) -> Iterator[Row]:
    """The rows of :func:`parse_rows` with the tag beside each."""
    for row, tag in zip(parse_rows(tagged.report), tagged.tags, strict=True):
        yield {**row, **tag_values(tag)}


def tag_values(tag: Tag) -> Row:
    """The columns of a tag. Probabilities are rounded to four places."""
    return {
        "category": tag.category,
        "code": tag.code,
        "probability": round(tag.probability, 4),
        "second": tag.second,
        "second_probability": round(tag.second_probability, 4),
        "model": tag.model,
    }


def withheld(rows: Iterable[Row], threshold: float | None) -> Iterator[Row]:
    """Rows with the category taken out where the probability is below a threshold; ``suggested`` keeps it, and ``review`` is true.

    >>> list(withheld([{"category": "rules", "code": 2, "probability": 0.4}], 0.9))
    [{'category': None, 'code': None, 'probability': 0.4, 'review': True, 'suggested': 'rules'}]
    """
    if threshold is None:
        yield from rows
        return
    for row in rows:
        unsure = float(str(row["probability"])) < threshold
        suggested = row["category"] or "none"
        yield {**row, "review": unsure, "suggested": suggested if unsure else None} | ({"category": None, "code": None} if unsure else {})


def hit_row(sentence: StoredSentence, matches: Sequence[tuple[int, int]], score: float) -> Row:
    """The row of a sentence that a search found; ``matches`` are offset pairs in its text."""
    return {
        "report": sentence.report,
        "title": sentence.title,
        "district": sentence.district,
        "year": sentence.year,
        "role": sentence.role,
        "heading": sentence.heading,
        "category": sentence.category,
        "code": sentence.code,
        "probability": None if sentence.probability is None else round(sentence.probability, 4),
        "paragraph": sentence.paragraph + 1,
        "sentence": sentence.number + 1,
        "text": sentence.text,
        "matches": [list(pair) for pair in matches],
        "score": round(score, 4),
        "model": sentence.model,
    }
