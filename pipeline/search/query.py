"""The query language: from what a researcher types to a tree that an engine answers.

A term is literal: it finds the sentences that contain it, character by character. ``AND`` (与, or a space), ``OR`` (或, ``|``), ``NOT`` (非, ``-``) and
parentheses combine terms; a term that holds a space or one of these marks stands in quotes, of any kind. ``field:value`` filters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.categories import scheme
from pipeline.data import ROLES
from pipeline.errors import QueryError


@dataclass(frozen=True, slots=True)
class Phrase:
    """Sentences that contain ``text`` literally."""

    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Sentences whose ``field`` has one of ``values``, contains ``values[0]`` (district, heading, report), or lies in a range (year)."""

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


Query = Phrase | Filter | And | Or | Not

_QUOTES = {"“": "”", "”": "”", '"': '"', "＂": "＂", "「": "」", "『": "』", "‘": "’", "’": "’", "'": "'", "《": "", "«": "»", "〝": "〞"}
_QUOTES.pop("《")
_CLOSE_ANY = {'"': '"”“＂', "“": '”“"＂', "”": '”“"＂', "＂": '＂"”', "'": "'’‘", "‘": "’‘'", "’": "’‘'"}
_FIELDS = {
    "district": "district", "地区": "district", "区": "district", "区县": "district", "year": "year", "年份": "year", "年": "year", "年度": "year",
    "category": "category", "类别": "category", "分类": "category", "code": "category", "编码": "category", "role": "role", "部分": "role", "作用": "role",
    "heading": "heading", "标题": "heading", "小标题": "heading", "report": "report", "报告": "report",
}  # fmt: skip
_FIELD_NAMES = "district, year, category, role, heading, report"
_ROLE_NAMES = {"引言": "intro", "开头": "intro", "举措": "measures", "措施": "measures", "职责": "duty", "履职": "duty", "不足": "shortcomings", "问题": "shortcomings", "计划": "plan", "打算": "plan", "结尾": "closing"}
_FIELD = re.compile(r"([A-Za-z]+|[\u4e00-\u9fff]{1,3})\s?[:：]")
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not", "与": "and", "或": "or", "非": "not", "&": "and", "|": "or", "｜": "or", "＆": "and"}
_BREAKS = set(" \t\r\n\u3000()（）|｜&＆") | set(_QUOTES)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # term, filter, and, or, not, open, close
    at: int
    text: str
    query: Query | None = None


def parse(text: str) -> Query:
    """Read a query.

    Raises
    ------
    QueryError
        With the place where the query cannot be read, and the right form.

    >>> parse("“行政复议” year:2023")
    And(parts=(Phrase(text='行政复议'), Filter(field='year', values=(2023, 2023))))
    """
    tokens = list(_tokens(text))
    if not tokens:
        raise QueryError("the query", "it is empty", "type a phrase, such as “行政复议”")
    reader = _Reader(text, tokens)
    query = reader.either()
    if reader.at < len(tokens):
        token = tokens[reader.at]
        raise _error(text, token.at, "a closing parenthesis without an opening one", "remove it, or put it in quotes")
    return query


def phrases(query: Query) -> list[str]:
    """The phrases that a hit may hold: all of the query but those under a NOT.

    >>> phrases(parse("复议 NOT 诉讼"))
    ['复议']
    """
    match query:
        case Phrase(text):
            return [text]
        case And(parts) | Or(parts):
            return list(dict.fromkeys(phrase for part in parts for phrase in phrases(part)))
        case _:
            return []


def occurrences(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the query's phrases stand in a text: offset pairs in order, overlapping ones of the same phrase counted once each.

    >>> occurrences("复议和复议", parse("复议"))
    [(0, 2), (3, 5)]
    """
    found = {(at, at + len(phrase)) for phrase in phrases(query) for at in _starts(text, phrase)}
    return sorted(found)


def _starts(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)


class _Reader:
    """Recursive descent over the tokens: OR of ANDs of NOTs."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text, self.tokens, self.at = text, tokens, 0

    def _next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def either(self) -> Query:
        parts = [self.all_of()]
        while (token := self._next()) and token.kind == "or":
            self.at += 1
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Query:
        parts = [self.one()]
        while (token := self._next()) and token.kind not in {"or", "close"}:
            if token.kind == "and":
                self.at += 1
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self) -> Query:
        token = self._next()
        if token is None:
            last = self.tokens[-1]
            raise _error(self.text, len(self.text), f"nothing follows {last.text}", "add a phrase, or put the word in quotes to search for itself")
        self.at += 1
        if token.kind == "not":
            return Not(self.one())
        if token.kind == "open":
            inner = self.either()
            closing = self._next()
            if closing is None:
                raise _error(self.text, token.at, "this parenthesis is not closed", "add ), or put it in quotes to search for itself")
            self.at += 1
            return inner
        if token.query is None:
            raise _error(self.text, token.at, f"{token.text} stands where a phrase should", "write it as in 复议 AND 调解, or in quotes to search for itself")
        return token.query


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        c = text[at]
        if c.isspace():
            at += 1
        elif c in "(（":
            yield _Token("open", at, c)
            at += 1
        elif c in ")）":
            yield _Token("close", at, c)
            at += 1
        elif c in _QUOTES:
            value, after = _quoted(text, at)
            yield _Token("term", at, value, Phrase(value))
            at = after
        elif c in "-－" and at + 1 < len(text) and not text[at + 1].isspace() and (at == 0 or text[at - 1].isspace() or text[at - 1] in "(（"):
            yield _Token("not", at, c)
            at += 1
        elif c in "|｜&＆":
            yield _Token(_OPERATORS[c], at, c)
            at += 1
        elif field := _FIELD.match(text, at):
            token, at = _filter(text, at, field)
            yield token
        else:
            word, at = _word(text, at), at + len(_word(text, at))
            kind = _OPERATORS.get(word) or _OPERATORS.get(word.upper() if word.isascii() else word)
            yield _Token(kind, at - len(word), word) if kind else _Token("term", at - len(word), word, Phrase(word))


def _word(text: str, at: int) -> str:
    end = at
    while end < len(text) and text[end] not in _BREAKS:
        end += 1
    return text[at : max(end, at + 1)]


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The text between the quote at ``at`` and the one that closes it, and the offset behind that."""
    closers = _CLOSE_ANY.get(text[at], _QUOTES[text[at]])
    end = next((i for i in range(at + 1, len(text)) if text[i] in closers), -1)
    if end < 0:
        raise _error(text, at, "this quote is not closed", f"add {_QUOTES[text[at]]} behind the phrase")
    value = text[at + 1 : end]
    if not value:
        raise _error(text, at, "there is nothing between the quotes", "put a phrase between them")
    return value, end + 1


def _filter(text: str, at: int, match: re.Match[str]) -> tuple[_Token, int]:
    field = _FIELDS.get(match[1].casefold())
    if field is None:
        raise _error(text, at, f"there is no field {match[1]}", f"use one of {_FIELD_NAMES}, or put the whole in quotes to search for itself")
    begin = match.end()
    while begin < len(text) and text[begin] == " ":
        begin += 1
    if begin >= len(text):
        raise _error(text, at, f"the field {match[1]} has no value", f"write it as {match[1]}:{_EXAMPLES[field]}")
    if text[begin] in _QUOTES:
        value, end = _quoted(text, begin)
    else:
        value = _word(text, begin)
        end = begin + len(value)
    return _Token("filter", at, text[at:end], Filter(field, _values(text, begin, field, value))), end


_EXAMPLES = {"district": "大兴", "year": "2020..2023", "category": "disputes", "role": "measures", "heading": "复议", "report": "daxing-2023"}


def _values(text: str, at: int, field: str, value: str) -> tuple[str | int, ...]:
    if field == "year":
        years = re.fullmatch(r"(\d{4})?(?:(\.\.|-|—|~|至)(\d{4})?)?", value)
        if not years or not (years[1] or years[3]):
            raise _error(text, at, f"{value} is no year", "write year:2023 or year:2020..2023")
        first, last = int(years[1] or 0), int(years[3] or (9999 if years[2] else years[1]))
        if first > last:
            raise _error(text, at, f"the range {value} is empty", f"write year:{last}..{first}")
        return (first, last)
    if field == "category":
        codes = [scheme().code(word) for word in re.split("[,，]", value)]
        if any(code is None for code in codes):
            known = ", ".join(category.slug for category in scheme().categories)
            raise _error(text, at, f"there is no category {value}", f"use one of {known}, none, a code from 0 to 7, or a Chinese name")
        return tuple(code for code in codes if code is not None)
    if field == "role":
        role = _ROLE_NAMES.get(value, value.casefold())
        if role not in ROLES:
            raise _error(text, at, f"there is no role {value}", f"use one of {', '.join(ROLES)}")
        return (role,)
    return (value,)


def _error(text: str, at: int, wrong: str, remedy: str) -> QueryError:
    return QueryError(f"the query, at character {at + 1} ({text[:at]}▸{text[at:]})", wrong, remedy)
