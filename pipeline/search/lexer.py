"""The first half of reading a query: from characters to tokens, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import QueryError
from pipeline.search import pattern
from pipeline.search.fields import EXAMPLES, field_of, filter_of, no_such_field, plain, unreadable
from pipeline.search.query import Phrase, Query, Regex, Wildcard

Kind = Literal["term", "filter", "and", "or", "not", "near", "scope", "open", "close"]

CLOSERS = {
    '"': '"”“＂', "“": '”"＂', "”": '”“"＂', "＂": '＂"”', "'": "'’‘", "‘": "’'", "’": "’‘'", "「": "」", "『": "』", "«": "»", "〝": "〞〟",
}  # fmt: skip
_ENDS = "".join(sorted(set("".join(CLOSERS.values())) - CLOSERS.keys()))  # these close a quote and never open one
_OPERATORS: dict[str, Kind] = {
    "AND": "and", "与": "and", "與": "and", "OR": "or", "或": "or", "NOT": "not", "非": "not", "&": "and", "＆": "and", "|": "or", "｜": "or",
}  # fmt: skip
_NEAR = {"NEAR": False, "近": False, "BEFORE": True, "先": True}
_SCOPES = {"PARA": "paragraph", "PARAGRAPH": "paragraph", "同段": "paragraph", "SECTION": "section", "同节": "section", "同節": "section"}
_BREAKS = re.escape("()（）|｜&＆" + "".join(CLOSERS) + _ENDS) + r"\s"
_WORD = re.compile(f"[^{_BREAKS}]+")
_FIELD = re.compile(f"([^{_BREAKS}:：]+)(\\s?)[:：]")
_COMPARED = re.compile(r"([^\W\d]+)(?:[=＝<>＜＞≥≤])(.*)")
_SIGNS = re.compile(r"[-－]|([&＆|｜])\1*")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query from ``at`` to ``end``. ``bare`` is a word without quotes or slashes around it; ``distance`` belongs to NEAR."""

    kind: Kind
    at: int
    end: int
    text: str
    query: Query | None = None
    bare: bool = False
    distance: int = 0
    ordered: bool = False


def tokens(text: str) -> list[Token]:
    """Cut a query into tokens.

    Raises
    ------
    QueryError
        Where a piece of it cannot be read, or two pieces touch so that it is open what is meant.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at, found[-1] if found else None)
        if found:
            _apart(text, found[-1], token)
        found.append(token)
        at = token.end
    return found


def _token(text: str, at: int, before: Token | None) -> Token:
    c = text[at]
    if c in "(（":
        return Token("open", at, at + 1, c)
    if c in ")）":
        return Token("close", at, at + 1, c)
    if c in CLOSERS:
        value, end = _quoted(text, at)
        return Token("term", at, end, text[at:end], Phrase(value))
    if c in _ENDS:
        raise _closes_none(text, at)
    if c in "/／":
        return _regex(text, at)
    if (sign := _SIGNS.match(text, at)) and (token := _sign(text, sign, before)):
        return token
    if c in ":：":
        raise unreadable(text, at, "this colon stands alone", "write a filter without spaces, as year:2023, or put the colon in quotes to search for itself")
    if field := _FIELD.match(text, at):
        return _filter(text, at, field)
    return _word(text, at)


def _apart(text: str, one: Token, other: Token) -> None:
    """Refuse a bare word that touches a quote or a parenthesis: it may be meant as one text, or as two parts."""
    if one.end != other.at or one.kind == other.kind == "open":
        return
    touching = (one.bare and (other.kind == "open" or other.query)) or (other.bare and (one.kind == "close" or one.query))
    if touching:
        whole = _around(text, other.at)
        quotes = "「{}」" if "「" not in whole else "『{}』"
        remedy = f"put a space between them to search for both, or put the whole in quotes to search for it as it stands: {quotes.format(whole)}"
        raise unreadable(text, other.at, f"{one.text} and {other.text} touch", remedy)


def _around(text: str, at: int) -> str:
    """The run without spaces that a place stands in."""
    start = max((i + 1 for i in range(at) if text[i].isspace()), default=0)
    end = next((i for i in range(at, len(text)) if text[i].isspace()), len(text))
    return text[start:end]


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The text between the quote at ``at`` and the one that closes it, and the offset behind that."""
    closers = CLOSERS[text[at]]
    end = next((i for i in range(at + 1, len(text)) if text[i] in closers), -1)
    if end < 0 and text[at] in "”’" and text[:at].strip():
        raise _closes_none(text, at)
    if end < 0:
        raise unreadable(text, at, "this quote is not closed", f"add {closers[0]} behind the phrase: {text[at:].rstrip()}{closers[0]}")
    value = text[at + 1 : end]
    if not value.strip():
        raise unreadable(text, at, "there is nothing between the quotes", "put a phrase between them")
    return value, end + 1


def _closes_none(text: str, at: int) -> QueryError:
    opener = {"”": "“", "’": "‘"}.get(text[at]) or next(opener for opener, closers in CLOSERS.items() if text[at] in closers)
    before = text[:at].split()[-1:] or ["复议"]
    return unreadable(text, at, "this quote closes none", f"put one before the phrase too, as in {opener}{before[0]}{text[at]}, or take it away")


def _regex(text: str, at: int) -> Token:
    end = at + 1
    while end < len(text) and text[end] not in "/／":
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise unreadable(
            text, at, "this regular expression is not closed", f"add / behind it, or put it in quotes to search for itself: “{text[at:].rstrip()}”"
        )
    if not (inner := text[at + 1 : end]):
        raise unreadable(text, at, "there is nothing between the slashes", "write a regular expression as in /第[一二三]条/, or the slashes in quotes")
    try:
        pattern.check(inner)
    except QueryError as exc:
        raise unreadable(text, at, f"{exc.thing}: {exc.wrong}", exc.remedy) from exc
    return Token("term", at, end + 1, text[at : end + 1], Regex(inner))


def _sign(text: str, found: re.Match[str], before: Token | None) -> Token | None:
    """``|``, ``&``, and the ``-`` that means NOT; ``None`` for a ``-`` within a word."""
    if found[0] not in {"-", "－"}:
        return Token(_OPERATORS[found[0][0]], found.start(), found.end(), found[0])
    if before and before.end == found.start() and (before.bare or before.query):
        return None
    if found.end() >= len(text) or text[found.end()].isspace():
        raise unreadable(
            text, found.start(), f"{found[0]} stands alone", "write it before what is not wanted, as in 复议 -诉讼, or in quotes to search for itself"
        )
    return Token("not", found.start(), found.end(), found[0])


def _filter(text: str, at: int, found: re.Match[str]) -> Token:
    name, field = found[1], field_of(found[1])
    word = _WORD.match(text, found.end())
    if field is None:
        raise no_such_field(text, at, name, text[at : word.end() if word else found.end()])
    begin = found.end()
    while begin < len(text) and text[begin].isspace():
        begin += 1
    if begin >= len(text):
        raise unreadable(text, at, f"the field {name} has no value", f"write it as {name}:{EXAMPLES[field]}")
    if text[begin] in CLOSERS:
        value, end = _quoted(text, begin)
        return Token("filter", at, end, text[at:end], filter_of(text, begin, field, value, quoted=True))
    word = _WORD.match(text, begin)
    if word is None:
        remedy = f"write it as {name}:{EXAMPLES[field]}; several values stand with commas between them, a value with marks in quotes"
        raise unreadable(text, begin, f"{text[begin]} stands where the value of {name} should", remedy)
    return Token("filter", at, word.end(), text[at : word.end()], filter_of(text, begin, field, word[0], quoted=False), bare=True)


def _word(text: str, at: int) -> Token:
    found = _WORD.match(text, at)
    assert found is not None  # every other character begins another token
    word, end = found[0], found.end()
    name = plain(word).upper()
    if kind := _OPERATORS.get(name):
        return Token(kind, at, end, word)
    if (near := name.partition("/"))[0] in _NEAR:
        return Token("near", at, end, word, distance=_distance(text, at, word, near), ordered=_NEAR[near[0]])
    if scope := _SCOPES.get(name):
        return _scope(text, at, end, word, scope)
    _refuse_filter_without_colon(text, at, word)
    return Token("term", at, end, word, _term(text, at, word), bare=True)


def _refuse_filter_without_colon(text: str, at: int, word: str) -> None:
    compared = _COMPARED.fullmatch(word)
    name, value = (compared[1], compared[2]) if compared else (word, "")
    field = field_of(name)
    if field and (compared or name.isascii()):
        form = f"{name}:{value or EXAMPLES[field]}"
        raise unreadable(text, at, f"{word} is no filter without a colon", f"write it as {form}, or put it in quotes to search for itself: “{word}”")


def _distance(text: str, at: int, word: str, parts: tuple[str, str, str]) -> int:
    if not re.fullmatch(r"\d{1,4}", parts[2]):
        wrong = f"{word} has no distance" if not parts[2] else f"{parts[2]} is no distance"
        remedy = f"write the most characters that may stand between, as in 法治 {parts[0]}/8 培训, or put {word} in quotes to search for itself"
        raise unreadable(text, at, wrong, remedy)
    return int(parts[2])


def _scope(text: str, at: int, end: int, word: str, scope: str) -> Token:
    after = end
    while after < len(text) and text[after].isspace():
        after += 1
    if after >= len(text) or text[after] not in "(（":
        raise unreadable(text, at, f"{word} has no parentheses", f"write {word}(法治 培训), or put {word} in quotes to search for itself")
    return Token("scope", at, after + 1, scope)


def _term(text: str, at: int, word: str) -> Query:
    wild = word.replace("？", "?").replace("＊", "*")
    if not ("?" in wild or "*" in wild):
        if set(word) <= set(".…"):
            raise unreadable(text, at, f"{word} stands alone", "write a range of years without spaces, as year:2020..2023, or put the dots in quotes")
        return Phrase(word)
    if not wild.strip("?*"):
        raise unreadable(
            text, at, f"{word} alone would find every sentence", "put characters beside it, as in 法治*建设, or put it in quotes to search for itself"
        )
    wild = re.sub(r"\*+", "*", wild).strip("*")  # at the edges anything may stand anyway
    return Wildcard(wild) if "?" in wild or "*" in wild else Phrase(wild)
