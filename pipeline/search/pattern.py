"""Regular expressions that a researcher types. The one file that knows the ``regex`` library.

A pattern is read by Python's own ``re``, whose syntax it has; ``regex`` then matches it, because it can be stopped: some innocent-looking
patterns would keep ``re`` busy for years on one sentence.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import lru_cache

from pipeline.errors import QueryError

LONGEST = 300
SECONDS = 0.5  # the most for one sentence
PATIENCE, _USUAL = 5.0, 5e-5  # what all sentences may take, where they take longer on average than patterns do
_NOT_A_COUNT = re.compile(r"(?<!\\)(?:\\\\)*\{(?!\d*,?\d*\}|\d)")

Spans = list[tuple[int, int]]


def check(pattern: str) -> None:
    """Make sure that a pattern can be used.

    Raises
    ------
    QueryError
        Where it cannot be read, is too long, or matches every sentence. ``thing`` says where in the pattern.

    >>> check("第[一二三]条")
    """
    if len(pattern) > LONGEST:
        raise _wrong(pattern, f"it is {len(pattern)} characters long, {LONGEST} is the most", "make it shorter, or search for its parts")
    try:
        read = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as exc:
        place = getattr(exc, "pos", None)
        at = "" if place is None else f" at its character {place + 1} ({pattern[:place]}▸{pattern[place:]})"
        raise _wrong(pattern, f"it cannot be read{at}: {getattr(exc, 'msg', exc)}", "put \\ before a mark that stands for itself, as in /\\(一\\)/") from exc
    if read.search(""):
        raise _wrong(pattern, "it matches every sentence, because it can be empty", "let it ask for one character at least, as in /复议+/")
    if brace := _NOT_A_COUNT.search(pattern):
        raise _wrong(pattern, f"{{ at its character {brace.end()} does not begin a count", "write a count as in {2,5}, and the mark itself as \\{")


def _wrong(pattern: str, wrong: str, remedy: str) -> QueryError:
    return QueryError(f"the regular expression /{pattern}/", wrong, remedy)


@lru_cache(maxsize=64)
def _read(pattern: str) -> Callable[[str], Spans]:
    import regex  # type: ignore[import-untyped]

    check(pattern)
    read = regex.compile(pattern, regex.VERSION0)

    def spans(text: str) -> Spans:
        return [match.span() for match in read.finditer(text, timeout=SECONDS)]

    return spans


def compiled(pattern: str) -> Callable[[str], Spans]:
    """A function that finds a pattern's matches in a text.

    It raises :class:`QueryError` where one sentence takes too long, or many take long.

    >>> compiled(r"\\d+件")("受理12件,办结9件")
    [(2, 5), (8, 10)]
    """
    spans, calls, spent = _read(pattern), 0, 0.0

    def find(text: str) -> Spans:
        nonlocal calls, spent
        start = time.thread_time()
        try:
            return spans(text)
        except TimeoutError as exc:
            raise _slow(pattern) from exc
        finally:
            calls, spent = calls + 1, spent + time.thread_time() - start
            if spent > PATIENCE and spent > calls * _USUAL:
                raise _slow(pattern)

    return find


def _slow(pattern: str) -> QueryError:
    return _wrong(pattern, "it takes too long", "avoid repeats within repeats such as (a+)+, and give it plain characters that a match must hold")
