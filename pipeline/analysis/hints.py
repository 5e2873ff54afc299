"""Why a query finds little or nothing: what each of its parts finds, and near variants that do occur."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.analysis.source import Source
from pipeline.search.fold import flat
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Wildcard, Within
from pipeline.search.spans import occurrences
from pipeline.search.wording import typed

MOST = 5
_LOOKED_AT = 200
_LONGEST = 40
_SPLIT_DISTANCE = 8
_LIKE = 0.5
_LESS_LIKELY = {"one character changed": 1, "two characters in the other order": 1, "one character less": 2, "in two parts": 3}
_MARKS = str.maketrans("", "", "“”‘’「」『』\"'《》〈〉()（）")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query as it can be typed, how deep it lies in the query, and what it finds by itself."""

    query: str
    depth: int
    sentences: int
    occurrences: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A query that is near another one and finds something."""

    query: str
    sentences: int
    how: str


def parts(source: Source, query: Query, *, exact: bool = False) -> list[Part]:
    """What every part of a query finds by itself, from the whole to its terms."""
    listed = []
    for depth, part in _parts(query, 0):
        found = source.find(part, exact=exact)
        listed.append(Part(typed(part), depth, found.total, found.occurrences))
    return listed


def _parts(query: Query, depth: int) -> Iterator[tuple[int, Query]]:
    yield depth, query
    inner: Iterable[Query] = ()
    match query:
        case And(parts) | Or(parts) | Within(_, parts):
            inner = parts
        case Near(left, right):
            inner = (left, right)
        case Not(part):
            inner = (part,)
    for part in inner:
        yield from _parts(part, depth + 1)


def variants(source: Source, query: Query, *, exact: bool = False) -> list[Variant]:
    """Near queries that find something, for every part that finds nothing: the likeliest first within each part.

    A phrase is tried without one of its characters, with another in its place, without its quotes and brackets, and in two parts near each other; parts that
    never stand in one sentence are tried in one paragraph and in one section; a filter by a value that does not occur is tried with the nearest ones.
    """
    found: list[Variant] = []
    for part in _failing(source, query, exact):
        tried = {other: how for other, how in _near(source, part, exact) if other != part}
        counted = (Variant(typed(other), source.find(other, exact=exact).total, how) for other, how in tried.items())
        best = sorted((one for one in counted if one.sentences), key=lambda one: (_LESS_LIKELY.get(one.how, 0), -one.sentences, one.query))[:MOST]
        found += best or (_ends(source, part.text, exact) if isinstance(part, Phrase) else [])
    return list(dict.fromkeys(found))


def _ends(source: Source, text: str, exact: bool) -> list[Variant]:
    """The longest beginning and the longest end of a phrase that occur."""

    def longest(piece: Callable[[int], str], how: str) -> Iterator[Variant]:
        if found := _longest(len(text) - 1, lambda size: source.find(Phrase(piece(size)), exact=exact).total):
            yield Variant(typed(Phrase(piece(found[0]))), found[1], how)

    return [*longest(lambda size: text[:size], "its longest beginning"), *longest(lambda size: text[-size:], "its longest end")]


def _longest(most: int, count: Callable[[int], int]) -> tuple[int, int] | None:
    """The largest size, from 2 on, that occurs, and how often. In a long text by halving: what occurs holds shorter pieces that do.

    >>> _longest(1000, lambda size: max(0, 70 - size)), _longest(9, lambda size: 0)
    ((69, 1), None)
    """
    if most > _LONGEST:
        most = bisect_left(range(most), True, lo=2, key=lambda size: not count(size + 1))
    return next(((size, found) for size in range(most, 1, -1) if (found := count(size))), None)


def _failing(source: Source, query: Query, exact: bool) -> list[Query]:
    """The smallest parts that find nothing though they should."""
    if source.find(query, exact=exact).total:
        return []
    match query:
        case And(parts) | Or(parts) | Within(_, parts):
            inner = [failing for part in parts if not isinstance(part, Not) for failing in _failing(source, part, exact)]
        case Near(left, right):
            inner = [*_failing(source, left, exact), *_failing(source, right, exact)]
        case _:
            inner = []
    return inner or [query]


def _near(source: Source, query: Query, exact: bool) -> Iterator[tuple[Query, str]]:
    match query:
        case Phrase(text):
            yield from _near_phrase(source, text, exact)
        case And(parts):
            terms = tuple(part for part in parts if not isinstance(part, Not | Filter | Within))
            rest = tuple(part for part in parts if isinstance(part, Not | Filter | Within))
            if len(terms) > 1:
                yield _joined((Within("paragraph", terms), *rest)), "in one paragraph"
                yield _joined((Within("section", terms), *rest)), "in one section"
            yield from _either_filter(parts)
        case Within("paragraph", parts):
            yield Within("section", parts), "in one section"
        case Near(left, right, distance, ordered):
            if ordered:
                yield Near(left, right, distance), "in either order"
            yield Near(left, right, max(20, 2 * distance), ordered), "farther apart"
            yield And((left, right)), "anywhere in one sentence"
        case Wildcard(text) if "?" in text:
            yield Wildcard(text.replace("?", "*")), "any number of characters"
        case Filter(field, values) if field in {"district", "heading", "report"}:
            yield from _near_filter(source, field, values)
        case Regex() | Filter() | _:
            return


def _either_filter(parts: tuple[Query, ...]) -> Iterator[tuple[Query, str]]:
    """Filters by one field that exclude each other, as alternatives."""
    filters = [part for part in parts if isinstance(part, Filter)]
    for field in dict.fromkeys(one.field for one in filters):
        same = tuple(one for one in filters if one.field == field)
        if len(same) > 1:
            yield _joined((*(part for part in parts if part not in same), Or(same))), f"one {field} or the other"


def _joined(parts: tuple[Query, ...]) -> Query:
    return parts[0] if len(parts) == 1 else And(parts)


def _near_phrase(source: Source, text: str, exact: bool) -> Iterator[tuple[Query, str]]:
    if exact:
        for other in _written(source, Phrase(text), exact=False):
            yield Phrase(other), "written otherwise"
    if (bare := text.translate(_MARKS)) != text and bare.strip():
        yield Phrase(bare), "without its quotes and brackets"
    if not 2 <= len(text) <= _LONGEST:
        return
    for at in range(len(text)):
        yield Phrase(text[:at] + text[at + 1 :]), "one character less"
        pattern = text[:at] + "?" + text[at + 1 :]
        if len(text) > 2 and not set(text) & set("*?"):
            for other in _written(source, Wildcard(pattern), exact=exact):
                yield Phrase(other), "one character changed"
    for at in range(1, len(text)):
        yield Phrase(text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]), "two characters in the other order"
    for at in range(2, len(text) - 1):
        yield Near(Phrase(text[:at]), Phrase(text[at:]), _SPLIT_DISTANCE, ordered=True), "in two parts"


def _written(source: Source, query: Query, *, exact: bool) -> list[str]:
    """What a query's matches look like in the texts, the most frequent first."""
    ids = source.find(query, exact=exact).ids[:_LOOKED_AT]
    seen = Counter(s.text[start:end] for s in source.sentences(ids) for start, end in occurrences(s.text, query, exact=exact))
    return [text for text, _ in seen.most_common(3)]


def _near_filter(source: Source, field: str, values: tuple[str | int, ...]) -> Iterator[tuple[Query, str]]:
    columns = source.columns
    there = {
        "district": [report.metadata.district or "" for report in columns.reports],
        "heading": list(columns.headings),
        "report": [report.name for report in columns.reports],
    }[field]
    known = sorted({one for one in there if one})
    for value in values:
        likest = max(known, key=lambda one: _likeness(flat(str(value)), flat(one)), default="")
        if _likeness(flat(str(value)), flat(likest)) >= _LIKE:
            yield Filter(field, (likest,)), f"a {field} that occurs"
        elif field == "district":
            yield from ((Filter(field, (one,)), f"a {field} that occurs") for one in known[:_LOOKED_AT])


def _likeness(value: str, text: str) -> float:
    """How like a value is to the stretch of a text that is most like it, from 0 to 1."""
    stretches = {text[at : at + len(value)] for at in range(max(1, len(text) - len(value) + 1))}
    matcher = SequenceMatcher(b=value, autojunk=False)
    best = 0.0
    for stretch in stretches:
        matcher.set_seq1(stretch)
        if matcher.quick_ratio() > best:
            best = max(best, matcher.ratio())
    return best
