"""Queries that a page makes from the one that was typed: narrower ones, and ones without a filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.categories import scheme
from pipeline.errors import QueryError
from pipeline.search import Query, parse
from pipeline.search.query import And, Filter, Not, Or
from pipeline.search.wording import quoted, typed

_MOST_EXCLUDED = 6


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of a query: its field, what it says, and the query without it."""

    field: str
    text: str
    without: str


def joined(query: str, more: str) -> str:
    """A query and something that must hold besides.

    >>> joined("复议 OR 调解", "year:2023"), joined("复议", "year:2023"), joined("", "year:2023")
    ('(复议 OR 调解) year:2023', '复议 year:2023', 'year:2023')
    """
    if not query.strip():
        return more
    return f"{_held(query)} {_held(more)}"


@lru_cache(maxsize=256)
def _held(query: str) -> str:
    """A query with parentheses where they are needed; one that cannot be read is left to be told so."""
    try:
        return f"({query})" if isinstance(parse(query), Or) else query
    except QueryError:
        return query


def of_district(district: str, all_districts: Iterable[str]) -> str:
    """The query for one district and no other: districts whose names contain its name are left out.

    >>> of_district("大兴区", ["大兴区", "大兴区司法局", "青禾区"])
    'district:“大兴区” NOT district:“大兴区司法局”'
    """
    longer = sorted(other for other in all_districts if district in other and other != district)[:_MOST_EXCLUDED]
    return " ".join([f"district:{quoted(district)}", *(f"NOT district:{quoted(other)}" for other in longer)])


def of_value(field: str, value: str | int, districts: Iterable[str] = ()) -> str:
    """The query for a value of a facet."""
    if field == "district":
        return of_district(str(value), districts)
    if field == "category":
        return f"category:{scheme().slug(int(value)) or 'none'}"
    return f"{field}:{quoted(str(value)) if field in {'heading', 'report'} else value}"


def chips(query: Query) -> list[Chip]:
    """The filters that all of a query must pass."""
    parts = query.parts if isinstance(query, And) else (query,)
    found = []
    for at, part in enumerate(parts):
        if isinstance(part, Filter) or (isinstance(part, Not) and isinstance(part.part, Filter)):
            rest = parts[:at] + parts[at + 1 :]
            without = typed(rest[0] if len(rest) == 1 else And(rest)) if rest else ""
            found.append(Chip(_field(part), typed(part), without))
    return found


def _field(part: Query) -> str:
    return part.field if isinstance(part, Filter) else _field(part.part) if isinstance(part, Not) else ""
