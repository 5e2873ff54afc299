"""Counts by district, year, category, role, heading or report: of one query, and of many terms at once.

Sentences and occurrences are counted exactly. A rate is occurrences per 10,000 characters of the sentences that the query's filters let through, so
that ``复议 category:disputes`` is measured against all text tagged as disputes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.source import Columns, Ints, Source
from pipeline.categories import scheme
from pipeline.data import ROLES
from pipeline.errors import QueryError
from pipeline.search.parser import parse
from pipeline.search.query import And, Filter, Not, Or, Query
from pipeline.structure import headings

BY = ("year", "district", "category", "role", "heading", "report")
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Count:
    """What was found in one group of sentences, out of ``of_sentences`` sentences in ``of_reports`` reports with ``characters`` characters."""

    group: Value
    sentences: int
    occurrences: int
    reports: int
    of_sentences: int
    of_reports: int
    characters: int

    @property
    def per_10000(self) -> float:
        """Occurrences per 10,000 characters of the group."""
        return 1e4 * self.occurrences / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of a query by one property, a row for every value that occurs, and all of them together."""

    query: str
    by: str
    rows: tuple[Count, ...]
    total: Count


@dataclass(frozen=True, slots=True)
class TermTable:
    """Terms by groups: ``occurrences[t][g]`` and ``sentences[t][g]`` belong to ``terms[t]`` and ``groups[g]``; ``characters[g]`` is the size of a group."""

    by: str
    terms: tuple[str, ...]
    groups: tuple[Value, ...]
    occurrences: tuple[tuple[int, ...], ...]
    sentences: tuple[tuple[int, ...], ...]
    reports: tuple[int, ...]
    characters: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Which group every row of the columns is in (an index into ``values``)."""

    values: tuple[Value, ...]
    of_row: Ints

    def sums(self, rows: Ints, weights: Ints | None = None) -> Ints:
        return np.bincount(self.of_row[rows], weights, minlength=len(self.values)).astype(np.int64)


def counts(source: Source, query: str, by: str, *, exact: bool = False) -> Counts:
    """Count what a query finds in every group of sentences.

    ``by`` is one of year, district, category, role, heading, report. A group without a hit is a row of zeros, as long as the filters let any of its
    sentences through.
    """
    parsed = parse(query)
    columns, groups = source.columns, _grouped(source.columns, by)
    base = _base(source, parsed)
    rows, often = source.rows(parsed, exact=exact)
    of_sentences = groups.sums(base)
    table = zip(
        groups.values,
        groups.sums(rows).tolist(),
        groups.sums(rows, often).tolist(),
        _reports(columns, groups, rows).tolist(),
        of_sentences.tolist(),
        _reports(columns, groups, base).tolist(),
        groups.sums(base, columns.length[base]).tolist(),
        strict=True,
    )
    lines = tuple(Count(*line) for line in table if line[4])
    return Counts(query, by, lines, _total(columns, rows, often, base))


def _total(columns: Columns, rows: Ints, often: Ints, base: Ints) -> Count:
    reports, of_reports = (len(np.unique(columns.report[some])) for some in (rows, base))
    return Count(None, len(rows), int(often.sum()), reports, len(base), of_reports, int(columns.length[base].sum()))


def term_table(source: Source, terms: Iterable[str], by: str, *, within: str | None = None, exact: bool = False) -> TermTable:
    """Count many terms by group at once. Every term is a query; ``within`` is one that all of them are joined to.

    Raises
    ------
    QueryError
        Where one of them cannot be read; it says which.
    """
    names = tuple(dict.fromkeys(terms))
    queries = [_term(number, name) for number, name in enumerate(names, 1)]
    columns = source.columns
    base = source.rows(parse(within), exact=exact)[0] if within else np.arange(len(columns.ids))
    groups = _grouped(columns, by)
    used = np.unique(groups.of_row[base])
    occurrences, sentences = [], []
    for query in queries:
        rows, often = source.rows(query, exact=exact)
        if within:
            keep = np.isin(rows, base, assume_unique=True)
            rows, often = rows[keep], often[keep]
        occurrences.append(tuple(groups.sums(rows, often)[used].tolist()))
        sentences.append(tuple(groups.sums(rows)[used].tolist()))
    of_reports = tuple(_reports(columns, groups, base)[used].tolist())
    characters = tuple(groups.sums(base, columns.length[base])[used].tolist())
    return TermTable(by, names, tuple(groups.values[at] for at in used), tuple(occurrences), tuple(sentences), of_reports, characters)


def _term(number: int, name: str) -> Query:
    try:
        return parse(name)
    except QueryError as exc:
        raise QueryError(f"term {number}: {exc.thing}", exc.wrong, exc.remedy) from exc


def _base(source: Source, query: Query) -> Ints:
    """The rows that the query's filters let through."""
    filters = [part for part in (query.parts if isinstance(query, And) else (query,)) if _is_filter(part)]
    if not filters:
        return np.arange(len(source.columns.ids))
    return source.rows(And(tuple(filters)))[0]


def _is_filter(query: Query) -> bool:
    match query:
        case Or(parts) | And(parts):
            return all(_is_filter(part) for part in parts)
        case Not(part):
            return _is_filter(part)
        case _:
            return isinstance(query, Filter)


def _reports(columns: Columns, groups: _Groups, rows: Ints) -> Ints:
    """The number of different reports that rows of each group stand in."""
    pairs = np.unique(groups.of_row[rows] * max(1, len(columns.reports)) + columns.report[rows])
    return np.bincount(pairs // max(1, len(columns.reports)), minlength=len(groups.values))


def _grouped(columns: Columns, by: str) -> _Groups:
    reports = columns.reports
    if by == "report":
        return _sorted([report.name for report in reports], columns.report)
    if by == "year":
        return _sorted([report.metadata.year for report in reports], columns.report)
    if by == "district":
        return _sorted([report.metadata.district for report in reports], columns.report)
    if by == "category":
        return _sorted([None, *range(len(scheme().codes) + 1)], columns.code + 1)
    if by == "role":
        places = np.array([ROLES.index(role) for role in columns.roles], dtype=np.int64)
        return _Groups(ROLES, places[columns.role])
    if by == "heading":
        return _sorted([_without_number(heading) for heading in columns.headings], columns.heading)
    raise ValueError(f"by must be one of {', '.join(BY)}, not {by!r}")


def _sorted(values: Sequence[Value], index: Ints) -> _Groups:
    """Groups in order, equal values as one, what is not known last."""
    order = sorted(set(values), key=lambda value: (value is None, value if value is not None else ""))
    place = {value: at for at, value in enumerate(order)}
    return _Groups(tuple(order), np.array([place[value] for value in values], dtype=np.int64)[index])


def _without_number(heading: str) -> str:
    number = headings.number(heading)
    return re.sub(r"^\s+", "", heading[len(number.written) :]) if number else heading
