"""What one line of output carries, for each analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.analysis.collocates import Collocate
from pipeline.analysis.keyness import Keyword
from pipeline.analysis.kwic import Line
from pipeline.analysis.ngrams import Ngram
from pipeline.analysis.similar import Similar
from pipeline.analysis.tables import Count, Counts, TermTable, Value
from pipeline.categories import scheme
from pipeline.search import Facets
from pipeline.show import Row
from pipeline.store import StoredReport

KWIC_FIELDS = ("left", "match", "right", "report", "district", "year", "role", "heading", "category", "code", "sentence", "start", "end", "text")
COUNT_FIELDS = ("sentences", "occurrences", "reports", "of_sentences", "of_reports", "characters", "per_10000")
FACET_FIELDS = ("field", "value", "sentences")
KEYWORD_FIELDS = ("word", "count", "reference_count", "per_10000", "reference_per_10000", "log_likelihood", "log_ratio")
COLLOCATE_FIELDS = ("word", "count", "left", "right", "in_all", "log_likelihood", "log_dice")
NGRAM_FIELDS = ("text", "size", "count", "reports")
SIMILAR_FIELDS = ("similarity", "report", "district", "year", "role", "heading", "category", "code", "sentence", "text", "shared")
MEASURES = ("occurrences", "sentences", "per_10000")


def kwic_rows(lines: Iterable[Line]) -> Iterator[Row]:
    """One row an occurrence."""
    for line in lines:
        s = line.sentence
        yield {
            "left": line.left, "match": line.match, "right": line.right, "report": s.report, "district": s.district, "year": s.year, "role": s.role,
            "heading": s.heading, "category": s.category, "code": s.code, "sentence": s.number + 1, "start": line.start, "end": line.end, "text": s.text,
        }  # fmt: skip


def group_fields(by: str) -> tuple[str, ...]:
    """The columns that name a group; a category has its slug and its code."""
    return ("category", "code") if by == "category" else (by,)


def _group(by: str, value: Value) -> dict[str, Value]:
    if by != "category":
        return {by: value}
    return {"code": value, "category": scheme().slug(int(value)) if value is not None else None}


def count_rows(counts: Counts) -> Iterator[Row]:
    """One row a group."""
    for row in counts.rows:
        yield {**_group(counts.by, row.group), **count_values(row)}


def count_values(row: Count) -> Row:
    """The columns of a count."""
    return {name: round(row.per_10000, 4) if name == "per_10000" else getattr(row, name) for name in COUNT_FIELDS}


def facet_rows(facets: Facets, most: int | None = None) -> Iterator[Row]:
    """One row a value: all years in order, and at most so many of each other field, the most frequent first."""
    years = tuple(sorted(facets.year, key=lambda pair: (pair[0] is None, pair[0])))
    for field in ("year", "district", "code", "role", "heading"):
        for value, sentences in years if field == "year" else getattr(facets, field)[:most]:
            shown = f"{value} {scheme().slug(value) or 'none'}" if field == "code" and value is not None else value
            yield {"field": "category" if field == "code" else field, "value": shown, "sentences": sentences}


def term_fields(table: TermTable) -> tuple[str, ...]:
    """The columns of a table of terms: the group, its size, and a column a term."""
    return (*_size_fields(table.by), *_names(table))


def _size_fields(by: str) -> tuple[str, ...]:
    return (*group_fields(by), *(("district", "year") if by == "report" else ("reports",)), "characters")


def _names(table: TermTable) -> list[str]:
    taken = _size_fields(table.by)
    return [f"“{term}”" if term in taken else term for term in table.terms]


def term_rows(table: TermTable, reports: Iterable[StoredReport], measure: str = "occurrences") -> Iterator[Row]:
    """One row a group, with the number of occurrences or sentences of every term, or its occurrences per 10,000 characters."""
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    known = {report.name: report.metadata for report in reports}
    values = table.sentences if measure == "sentences" else table.occurrences
    names = _names(table)
    for at, group in enumerate(table.groups):
        size = table.characters[at]
        found: Sequence[float] = [row[at] for row in values]
        if measure == "per_10000":
            found = [round(1e4 * count / size, 4) if size else 0.0 for count in found]
        about = {"reports": table.reports[at], "characters": size}
        if table.by == "report" and (metadata := known.get(str(group))):
            about |= {"district": metadata.district, "year": metadata.year}  # type: ignore[dict-item]
        yield {**_group(table.by, group), **about, **dict(zip(names, found, strict=True))}


def keyword_rows(found: Iterable[Keyword]) -> Iterator[Row]:
    """One row a word."""
    for one in found:
        yield {name: _rounded(getattr(one, name)) for name in KEYWORD_FIELDS}


def collocate_rows(found: Iterable[Collocate]) -> Iterator[Row]:
    """One row a word."""
    for one in found:
        yield {name: _rounded(getattr(one, name)) for name in COLLOCATE_FIELDS}


def ngram_rows(found: Iterable[Ngram]) -> Iterator[Row]:
    """One row a run."""
    for one in found:
        yield {name: getattr(one, name) for name in NGRAM_FIELDS}


def similar_rows(found: Iterable[Similar]) -> Iterator[Row]:
    """One row a sentence."""
    for one in found:
        s = one.sentence
        yield {
            "similarity": round(one.similarity, 4), "report": s.report, "district": s.district, "year": s.year, "role": s.role, "heading": s.heading,
            "category": s.category, "code": s.code, "sentence": s.number + 1, "text": s.text, "shared": [list(pair) for pair in one.shared],
        }  # fmt: skip


def _rounded(value: object) -> str | int | float:
    return round(value, 2) if isinstance(value, float) else value  # type: ignore[return-value]
