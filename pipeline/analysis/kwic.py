"""Key word in context: every occurrence on a line of its own, with the running text of the report before and behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.search.query import Query
from pipeline.search.spans import occurrences
from pipeline.store import StoredSentence

Texts = Callable[[int], str]
SORTS = ("relevance", "year", "district", "report", "left", "right")


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence: ``left`` and ``right`` are what stands before and behind it in the report, across sentences, with line breaks as spaces."""

    sentence: StoredSentence
    start: int
    end: int
    left: str
    match: str
    right: str


def lines(sentences: Iterable[StoredSentence], query: Query, texts: Texts, *, width: int = 20, exact: bool = False) -> Iterator[Line]:
    """The lines of sentences that a query finds, in their order. ``texts`` gives a report's text by its id; ``width`` counts characters on each side."""
    if width < 0:
        raise ValueError(f"width must be 0 or more, not {width}")
    for sentence in sentences:
        text = texts(sentence.report_id)
        for start, end in occurrences(sentence.text, query, exact=exact):
            at, behind = sentence.start + start, sentence.start + end
            left, right = text[max(0, at - width) : at], text[behind : behind + width]
            yield Line(sentence, start, end, _on_one_line(left), _on_one_line(sentence.text[start:end]), _on_one_line(right))


def ordered(found: Iterable[Line], sort: str) -> list[Line]:
    """Lines by their left context (the nearest character first), by the right one, or by year, district or report; ``relevance`` leaves them.

    Characters are ordered by their code points, so that equal contexts stand together.
    """
    listed = list(found)
    if sort == "left":
        listed.sort(key=lambda line: (line.left[::-1], line.match, line.right))
    elif sort == "right":
        listed.sort(key=lambda line: (line.right, line.match, line.left[::-1]))
    elif sort != "relevance":
        listed.sort(key=lambda line: place(line.sentence, sort))
    return listed


def place(sentence: StoredSentence, sort: str) -> tuple[bool, str | int, str, int]:
    """What sentences are ordered by: the year or the district (unknown ones last), the report, and the place in it.

    Raises
    ------
    ValueError
        Where there is no such order.
    """
    first = {"year": sentence.year, "district": sentence.district, "report": sentence.report}
    if sort not in first:
        raise ValueError(f"sort must be one of {', '.join(SORTS)}, not {sort!r}")
    value = first[sort]
    return value is None, "" if value is None else value, sentence.report, sentence.number


def _on_one_line(text: str) -> str:
    return text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
