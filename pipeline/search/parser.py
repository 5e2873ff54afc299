"""The query language: from what a researcher types to the tree that an engine answers.

==============================  =============================================================================================
typed                           finds sentences that
==============================  =============================================================================================
行政复议                         contain the text, as it stands; one with spaces or marks is put in quotes of any kind
复议 调解, AND, 与, &             contain both
复议 OR 调解, 或, |               contain one or the other
NOT 诉讼, 非, -诉讼               do not contain it
(复议 OR 调解) 信访               parentheses say what belongs together; without them AND binds before OR
行政?议, 法治*建设                 contain the pattern: ``?`` is one character, ``*`` any number of them
/第[一二三]条/                    match the regular expression (Python's syntax, on the text as stored)
法治 NEAR/8 培训, 近/8            contain both with at most 8 characters between, in either order
法治 BEFORE/8 培训, 先/8          the same, in this order
PARA(法治 培训), 同段             contain one of the terms, in a paragraph that holds all of them
SECTION(法治 培训), 同节          the same in a section
district:大兴 year:2020..2023    stand in such reports; also ``report``
category:disputes role:plan      have this tag, this part of the report; also ``heading``
==============================  =============================================================================================

Marks may be full-width or half-width, names of fields and of their values Chinese or English. What cannot be read one way only is refused with the
place and the right form.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.errors import QueryError
from pipeline.search.fields import unreadable
from pipeline.search.lexer import Token, tokens
from pipeline.search.query import And, Filter, Near, Not, Or, Phrase, Query, Regex, Scope, Wildcard, Within

_DEEPEST = 50
_ITSELF = "or put it in quotes to search for itself"


def parse(text: str) -> Query:
    """Read a query.

    Raises
    ------
    QueryError
        With the place where the query cannot be read, and the right form.

    >>> parse("“行政复议” year:2023")
    And(parts=(Phrase(text='行政复议'), Filter(field='year', values=(2023, 2023))))
    >>> parse("法治 近/8 培训")
    Near(left=Phrase(text='法治'), right=Phrase(text='培训'), distance=8, ordered=False)
    """
    found = tokens(text)
    if not found:
        raise QueryError("the query", "it is empty", "type a phrase, such as “行政复议”")
    reader = _Reader(text, found)
    query = reader.either()
    if token := reader.next:
        raise unreadable(text, token.at, "this parenthesis closes none", f"remove it, {_ITSELF}")
    return query


class _Reader:
    """Recursive descent: OR of ANDs of NOTs of terms, two of which NEAR may join."""

    def __init__(self, text: str, found: list[Token]) -> None:
        self.text, self.found, self.at, self.depth = text, found, 0, 0

    @property
    def next(self) -> Token | None:
        return self.found[self.at] if self.at < len(self.found) else None

    def either(self) -> Query:
        parts = [self.all_of()]
        while (token := self.next) and token.kind == "or":
            self.at += 1
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Query:
        parts = [self.one()]
        while (token := self.next) and token.kind not in {"or", "close"}:
            if token.kind == "and":
                self.at += 1
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self) -> Query:
        if (token := self.next) and token.kind == "not":
            self.at += 1
            return Not(self._deeper(token, self.one))
        left = self.atom()
        if (token := self.next) is None or token.kind != "near":
            return left
        self.at += 1
        right = self.atom()
        self._check_near(token, left, right)
        return Near(left, right, token.distance, token.ordered)

    def atom(self) -> Query:
        token = self.next
        if token is None:
            raise self._unfinished()
        self.at += 1
        if token.kind == "open":
            return self._bracketed(token)
        if token.kind == "scope":
            return self._within(token, self._bracketed(token))
        if token.query is None:
            raise self._misplaced(token)
        return token.query

    def _bracketed(self, opening: Token) -> Query:
        if (token := self.next) and token.kind == "close":
            raise unreadable(self.text, opening.at, "there is nothing between the parentheses", f"put terms between them, {_ITSELF}")
        inner = self._deeper(opening, self.either)
        if self.next is None:
            raise unreadable(self.text, opening.at, "this parenthesis is not closed", f"add ) behind what belongs together, {_ITSELF}")
        self.at += 1
        return inner

    def _deeper(self, token: Token, read: Callable[[], Query]) -> Query:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise unreadable(self.text, token.at, f"more than {_DEEPEST} parentheses and NOTs lie within each other", "take some of them away")
        query = read()
        self.depth -= 1
        return query

    def _unfinished(self) -> QueryError:
        last = self.found[-1]
        return unreadable(self.text, len(self.text), f"nothing follows {last.text}", f"add a phrase, or put {last.text} in quotes to search for itself")

    def _misplaced(self, token: Token) -> QueryError:
        form = {"near": f"法治 {token.text} 培训", "not": "复议 NOT 诉讼"}.get(token.kind, f"复议 {token.text} 调解")
        if token.kind == "close":
            return unreadable(self.text, token.at, f"{token.text} stands where a phrase should", f"put a phrase before it, {_ITSELF}")
        return unreadable(self.text, token.at, f"{token.text} stands where a phrase should", f"write it between two, as in {form}, {_ITSELF}: “{token.text}”")

    def _check_near(self, token: Token, left: Query, right: Query) -> None:
        if not (_is_term(left) and _is_term(right)):
            remedy = f"write (法治 OR 依法) {token.text} 培训, and join the rest by AND; in one paragraph or section it is 同段(…), 同节(…)"
            raise unreadable(self.text, token.at, f"{token.text} stands between terms, or terms joined by OR, and nothing else", remedy)
        if (after := self.next) and after.kind == "near":
            raise unreadable(self.text, after.at, "three terms stand in a row", f"write two pairs: a {token.text} b AND b {after.text} c")

    def _within(self, token: Token, inner: Query) -> Query:
        name = self.text[token.at : token.end].rstrip("（( \u3000")
        if isinstance(inner, Or):
            raise unreadable(self.text, token.at, f"{name} takes alternatives in parentheses of their own", f"write {name}(法治 (培训 OR 教育))")
        if not isinstance(inner, And):
            raise unreadable(self.text, token.at, f"{name} takes two terms or more, with a space between them", f"write {name}(法治 培训)")
        if any(_holds_other(part) for part in inner.parts):
            raise unreadable(
                self.text, token.at, f"{name} takes no NOT, no filter and no other {name}", f"put them behind it: {name}(法治 培训) year:2023 NOT 诉讼"
            )
        scope: Scope = "section" if token.text == "section" else "paragraph"
        return Within(scope, inner.parts)


def _is_term(query: Query) -> bool:
    return isinstance(query, Phrase | Wildcard | Regex) or (isinstance(query, Or) and all(_is_term(part) for part in query.parts))


def _holds_other(query: Query) -> bool:
    if isinstance(query, And | Or):
        return any(_holds_other(part) for part in query.parts)
    return isinstance(query, Not | Filter | Within)
