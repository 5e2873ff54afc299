"""Where a query stands in a text: the definition of an occurrence, for counting, highlighting and concordances.

An occurrence is a stretch of the stored text, from the first character of the match to behind its last one:

- of a phrase, every place where it begins, so that ``人人`` stands twice in ``人人人``;
- of a wildcard, the shortest stretch from every place where it can begin;
- of a regular expression, its matches from left to right, which do not overlap;
- of ``NEAR`` and ``BEFORE``, the stretch from the first of two occurrences to the end of the second, for every two that are near enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from pipeline.search.fold import MARKS, edges, flat, fold
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Wildcard, Within

Span = tuple[int, int]


class _Text:
    """A stored text, and what of it is needed to look for terms: made once, and only where it is needed."""

    def __init__(self, stored: str, exact: bool) -> None:
        self.stored, self.exact = stored, exact

    @cached_property
    def flat(self) -> str:
        """The text with every character folded on its own."""
        return self.stored if self.exact else flat(self.stored)

    @cached_property
    def folded(self) -> tuple[str, Sequence[int]]:
        """The text with marks between characters left out, and the places of what is left."""
        return (self.stored, range(len(self.stored))) if self.exact else fold(self.stored)


_Finder = Callable[[_Text], set[Span]]


def occurrences(text: str, query: Query, *, exact: bool = False) -> list[Span]:
    """Where the query's terms stand in a text: pairs of offsets in order, each once. Terms under a NOT, and filters, stand nowhere.

    With ``exact``, variants (full and half width, simplified and traditional, marks between characters) are told apart.

    >>> occurrences("复议和复议", Phrase("复议"))
    [(0, 2), (3, 5)]
    >>> occurrences("法治政府建设和法治社会建设", Wildcard("法治*建设"))
    [(0, 6), (7, 13)]
    """
    return sorted(_finder(query, exact)(_Text(text, exact)))


@lru_cache(maxsize=1024)
def _finder(query: Query, exact: bool) -> _Finder:
    match query:
        case Phrase(text):
            return _phrase(text, exact)
        case Wildcard(text):
            return _wildcard(text, exact)
        case Regex(pattern):
            return _regex(pattern)
        case Near(left, right, distance, ordered):
            one, other = _finder(left, exact), _finder(right, exact)
            return lambda text: _pairs(one(text), other(text), distance, ordered)
        case And(parts) | Or(parts) | Within(_, parts):
            finders = [_finder(part, exact) for part in parts]
            return lambda text: {span for find in finders for span in find(text)}
        case Filter() | Not():
            return lambda _: set()


def _phrase(text: str, exact: bool) -> _Finder:
    before, core, after = (text, "", "") if exact else edges(text)
    if not core:
        return lambda found: set(_starts(found.flat, before))

    def find(found: _Text) -> set[Span]:
        folded, offsets = found.folded
        places = {(offsets[start], offsets[end - 1] + 1) for start, end in _starts(folded, core)}
        if not (before or after):
            return places
        around = ((start - len(before), end + len(after)) for start, end in places if found.flat.startswith(after, end))
        return {(start, end) for start, end in around if start >= 0 and found.flat.startswith(before, start)}

    return find


def _starts(text: str, phrase: str) -> Iterator[Span]:
    at = text.find(phrase)
    while at >= 0:
        yield at, at + len(phrase)
        at = text.find(phrase, at + 1)


def _wildcard(text: str, exact: bool) -> _Finder:
    pieces = (_WILD.get(piece) or (re.escape(piece) if exact else _loose(piece)) for piece in re.split(r"([?*])", text))
    compiled = re.compile(f"(?=({''.join(pieces)}))", re.DOTALL)
    return lambda found: {match.span(1) for match in compiled.finditer(found.flat)}


_WILD = {"?": ".", "*": ".*?"}


def _loose(piece: str) -> str:
    """A literal piece as a regular expression that lets marks stand between its characters, as folding does."""
    before, core, after = edges(piece)
    marks = f"[{MARKS}]*"
    rest = (("" if f"{one}{other}".isdecimal() else marks) + re.escape(other) for one, other in pairwise(core))
    middle = re.escape(core[:1]) + "".join(rest)
    return re.escape(before) + middle + re.escape(after)


def _regex(pattern: str) -> _Finder:
    from pipeline.search.pattern import compiled

    found = compiled(pattern)
    return lambda text: set(found(text.stored))


def _pairs(left: set[Span], right: set[Span], distance: int, ordered: bool) -> set[Span]:
    pairs = [(a, b) for a in left for b in right if 0 <= b[0] - a[1] <= distance]
    if not ordered:
        pairs += [(b, a) for a in left for b in right if 0 <= a[0] - b[1] <= distance]
    return {(first[0], second[1]) for first, second in pairs}
