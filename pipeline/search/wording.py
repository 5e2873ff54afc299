"""A query as words that tell how it was read, and as a query typed in its plainest form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.categories import scheme
from pipeline.search.lexer import CLOSERS
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Wildcard, Within

_PAIRS = ("“”", "「」", "『』", "‘’", "«»", '""', "''")


def in_words(query: Query) -> str:
    """How a query was read, a part a line.

    >>> from pipeline.search.parser import parse
    >>> print(in_words(parse("复议 (调解 OR 和?) -诉讼 year:2020..")))
    all of these:
      the text “复议”
      one of these:
        the text “调解”
        the pattern “和?”, where ? is one character
      not:
        the text “诉讼”
      year 2020 or later
    """
    return "\n".join(f"{'  ' * depth}{line}" for depth, line in _lines(query, 0))


def _lines(query: Query, depth: int) -> Iterator[tuple[int, str]]:
    head, parts = _head(query)
    yield depth, f"{head}:" if parts else head
    for part in parts:
        yield from _lines(part, depth + 1)


def _head(query: Query) -> tuple[str, Sequence[Query]]:
    match query:
        case And(parts):
            return "all of these", parts
        case Or(parts):
            return "one of these", parts
        case Not(part):
            return "not", (part,)
        case Within(scope, parts):
            return f"one of these, in a {scope} that holds all of them", parts
        case Near(left, right, distance, ordered):
            order = "the first before the second" if ordered else "in either order"
            return f"two with at most {distance} characters between them, {order}", (left, right)
        case Filter(field, values):
            return _filter_in_words(field, values), ()
        case Phrase(text):
            return f"the text “{text}”", ()
        case Wildcard(text):
            meaning = [words for sign, words in (("?", "? is one character"), ("*", "* is any number of characters")) if sign in text]
            return f"the pattern “{text}”, where {' and '.join(meaning)}", ()
        case Regex(pattern):
            return f"the regular expression /{pattern}/ on the text as stored", ()


def _filter_in_words(field: str, values: Sequence[str | int]) -> str:
    if field == "year":
        first, last = int(values[0]), int(values[1])
        if first == last:
            return f"year {first}"
        return f"year {last} or earlier" if not first else f"year {first} or later" if last == 9999 else f"year {first} to {last}"
    if field == "category":
        return f"{field} {' or '.join(_category(int(code)) for code in values)}"
    return f"{field} {'' if field == 'role' else 'containing '}{' or '.join(str(value) for value in values)}"


def _category(code: int) -> str:
    return f"{code} {scheme().slug(code) or 'none'}"


def typed(query: Query) -> str:
    """A query as it can be typed; reading it again gives the same tree.

    >>> typed(Or((And((Phrase("复议"), Phrase("a b"))), Not(Phrase("3:00")))))
    '“复议” “a b” OR NOT “3:00”'
    """
    return _typed(query)[0]


def _typed(query: Query) -> tuple[str, int]:
    """What is typed, and how tightly it holds together: 0 OR, 1 AND, 2 NOT and NEAR, 3 all else."""
    match query:
        case Or(parts):
            return " OR ".join(_held(part, 1) for part in parts), 0
        case And(parts):
            return " ".join(_held(part, 2) for part in parts), 1
        case Not(part):
            return f"NOT {_held(part, 2)}", 2
        case Near(left, right, distance, ordered):
            return f"{_held(left, 3)} {'BEFORE' if ordered else 'NEAR'}/{distance} {_held(right, 3)}", 2
        case Within(scope, parts):
            return f"{'PARA' if scope == 'paragraph' else 'SECTION'}({' '.join(_held(part, 2) for part in parts)})", 3
        case Filter(field, values):
            return _typed_filter(field, values), 3
        case Phrase(text):
            return quoted(text), 3
        case Wildcard(text):
            return text, 3
        case Regex(pattern):
            return f"/{pattern}/", 3


def _held(query: Query, least: int) -> str:
    written, holds = _typed(query)
    return written if holds >= least else f"({written})"


def _typed_filter(field: str, values: Sequence[str | int]) -> str:
    if field == "year":
        first, last = int(values[0]), int(values[1])
        return f"year:{first}" if first == last else f"year:{first or ''}..{'' if last == 9999 else last}"
    if field in {"category", "role"}:
        return f"{field}:{','.join(str(value) for value in values)}"
    if len(values) == 1:
        return f"{field}:{quoted(str(values[0]))}"
    return f"{field}:{','.join(str(value) for value in values)}"


def quoted(text: str) -> str:
    """A text in quotes that do not stand in it.

    >>> quoted("行政复议"), quoted("“双随机、一公开”抽查")
    ('“行政复议”', '「“双随机、一公开”抽查」')
    """
    for opening in (pair[0] for pair in _PAIRS):
        if opening not in text and not set(CLOSERS[opening]) & set(text):
            return f"{opening}{text}{CLOSERS[opening][0]}"
    return text
