"""The tree of a query: what a researcher asks for, as frozen values that engines answer.

:mod:`pipeline.search.parser` makes it from what is typed, :mod:`pipeline.search.spans` says where it stands in a text, and
:func:`pipeline.search.memory.matches` is the definition of what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Scope = Literal["paragraph", "section"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Sentences that contain ``text`` literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Sentences that contain a pattern: ``?`` is any one character, ``*`` any run of characters within the sentence, none included."""

    text: str


@dataclass(frozen=True, slots=True)
class Regex:
    """Sentences in whose stored text a regular expression in Python's syntax matches; ``^`` and ``$`` are the ends of the sentence."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Near:
    """Sentences where ``left`` and ``right`` stand with at most ``distance`` characters between them; ``left`` first where ``ordered``.

    Both are terms (phrase, wildcard, regular expression) or an :class:`Or` of terms. Occurrences that overlap are not near each other.
    """

    left: Query
    right: Query
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """Sentences that one of the parts finds, in a paragraph or section where every part finds a sentence."""

    scope: Scope
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Sentences whose ``field`` is one of ``values`` (category, role), contains one of them (district, heading, report), or lies in a range (year)."""

    field: str
    values: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class And:
    """Sentences that every part finds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Sentences that any part finds."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Sentences that the part does not find."""

    part: Query


Term = Phrase | Wildcard | Regex
Query = Term | Near | Within | Filter | And | Or | Not


def terms(query: Query) -> Iterator[Term]:
    """The terms that a hit may hold, from left to right: all of the query but those under a NOT.

    >>> list(terms(And((Phrase("复议"), Not(Phrase("诉讼"))))))
    [Phrase(text='复议')]
    """
    match query:
        case Phrase() | Wildcard() | Regex():
            yield query
        case And(parts) | Or(parts) | Within(_, parts):
            for part in parts:
                yield from terms(part)
        case Near(left, right):
            yield from terms(left)
            yield from terms(right)
        case Filter() | Not():
            return
