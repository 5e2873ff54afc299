"""Key word in context: every occurrence on a line of its own, with the running text of the report before and behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.analysis.source import Progress, Source
from pipeline.search.engine import Order
from pipeline.search.parser import parse
from pipeline.search.query import Query
from pipeline.search.spans import occurrences
from pipeline.store import StoredSentence

ORDERS: dict[str, Order] = {"relevance": "score", "year": "year", "district": "district", "report": "report"}
SORTS = (*ORDERS, "left", "right")


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence: ``left`` and ``right`` are what stands before and behind it in the report, across sentences, with line breaks as spaces.

    ``start`` and ``end`` are its offsets in the sentence.
    """

    sentence: StoredSentence
    start: int
    end: int
    left: str
    match: str
    right: str


@dataclass(frozen=True, slots=True)
class Concordance:
    """The lines asked for, with the exact numbers of sentences and of occurrences found in all."""

    query: str
    total: int
    occurrences: int
    lines: tuple[Line, ...]


def concordance(
    source: Source,
    query: str,
    *,
    width: int = 20,
    sort: str = "relevance",
    limit: int | None = None,
    exact: bool = False,
    progress: Progress | None = None,
) -> Concordance:
    """Every occurrence of a query on a line, with ``width`` characters on each side.

    ``sort`` is relevance, year (newest first), district or report, or left or right: by the left context, the nearest character first, or by the right one; characters
    are ordered by their code points, so that equal contexts stand together. ``limit`` is the number of lines, ``None`` for all.
    """
    if width < 0:
        raise ValueError(f"width must be 0 or more, not {width}")
    if sort not in SORTS:
        raise ValueError(f"sort must be one of {', '.join(SORTS)}, not {sort!r}")
    parsed = parse(query)
    hits = source.find(parsed, exact=exact)
    ids = hits.ranked(ORDERS.get(sort, "report"), limit if sort in ORDERS else None).ids
    found = _lines(source.sentences(ids, progress), parsed, source.text, width, exact)
    if sort == "left":
        found = iter(sorted(found, key=lambda line: (line.left[::-1], line.match, line.right)))
    elif sort == "right":
        found = iter(sorted(found, key=lambda line: (line.right, line.match, line.left[::-1])))
    return Concordance(query, hits.total, hits.occurrences, tuple(islice(found, limit)))


def _lines(sentences: Iterable[StoredSentence], query: Query, texts: Callable[[int], str], width: int, exact: bool) -> Iterator[Line]:
    for sentence in sentences:
        text = texts(sentence.report_id)
        for start, end in occurrences(sentence.text, query, exact=exact):
            at, behind = sentence.start + start, sentence.start + end
            left, right = text[max(0, at - width) : at], text[behind : behind + width]
            yield Line(sentence, start, end, _on_one_line(left), _on_one_line(sentence.text[start:end]), _on_one_line(right))


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")


def neighbours(source: Source, sentence: StoredSentence, count: int) -> tuple[tuple[StoredSentence, ...], tuple[StoredSentence, ...]]:
    """The sentences of the report before and behind a sentence, ``count`` of each where there are so many."""
    whole, at = source.of_report(sentence.report_id), sentence.number
    return tuple(whole[max(0, at - count) : at]), tuple(whole[at + 1 : at + 1 + count])
