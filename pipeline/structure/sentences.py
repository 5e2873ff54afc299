"""Where sentences begin and end.

A sentence ends at 。！？ together with the closing quote or bracket that belongs to it; never at a semicolon, and never inside a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_END = re.compile(r"[。｡！？!?]+")
_CLOSERS = {"”": "“", "’": "‘", "」": "「", "』": "『", "）": "（", ")": "(", "】": "【", "》": "《", "〉": "〈", "］": "［", "]": "["}
_EQUIVALENT = {"(": "（", "[": "［", "［": "[", "（": "("}
_MARKS = frozenset([*_CLOSERS, *_CLOSERS.values(), "'", '"'])
_YEAR = re.compile(r"(?:19|20)\d\d年")


def spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of every sentence of ``text[start:end]``, without the white space around it.

    >>> text = "一是修订《办法》。“今日事今日毕。”全年办件3.5万件；好评率100%。"
    >>> [text[a:b] for a, b in spans(text)]
    ['一是修订《办法》。', '“今日事今日毕。”', '全年办件3.5万件；好评率100%。']
    """
    stop = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, stop):
        if match.start() < begin or _inside_number(text, match.start(), match.end(), stop):
            continue
        cut = _after_closers(text, begin, match.end(), stop)
        yield from _trimmed(text, begin, cut)
        begin = cut
    yield from _trimmed(text, begin, stop)


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, closing quotes and brackets aside.

    >>> ends_sentence("全年办件3万件。”"), ends_sentence("现将情况报告如下:")
    (True, False)
    """
    return bool(_END.search(text.rstrip().rstrip("".join(_CLOSERS) + "\"'")[-1:]))


def _inside_number(text: str, at: int, after: int, stop: int) -> bool:
    """Whether an end mark stands between two digits of one number (``3。5%``), or is an ASCII mark in Latin text."""
    before, behind = text[at - 1 : at], text[after : min(after + 1, stop)]
    if text[at] in "!?" and (behind.isascii() and behind.isalnum()):
        return True
    return before.isdigit() and behind.isdigit() and not _YEAR.match(text, after)


def _after_closers(text: str, begin: int, at: int, stop: int) -> int:
    """Give the offset behind the closing marks at ``at`` that close something opened since ``begin``."""
    if at >= stop or text[at] not in _MARKS:
        return at
    counts = Counter(c for c in text[begin:at] if c in _MARKS)
    while at < stop and text[at] in _MARKS and _is_open(counts, text[at]):
        counts[text[at]] += 1
        at += 1
    return at


def _is_open(counts: Counter[str], closer: str) -> bool:
    """Whether a closing mark belongs to the sentence, given the marks in it so far."""
    if closer in "\"'":
        return counts[closer] % 2 == 1
    if closer not in _CLOSERS:
        return False
    opener = _CLOSERS[closer]
    return counts[opener] + counts[_EQUIVALENT.get(opener, "")] > counts[closer] or closer in "”）)」』"


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(c.isalnum() for c in text[start:end]):
        yield start, end
