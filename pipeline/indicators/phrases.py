"""A sentence as words of a few classes, with its figures as single words, so that spans can be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.indicators.lexicon import MANNER, kind_of
from pipeline.indicators.numerals import listed
from pipeline.indicators.tokens import Token
from pipeline.tokenize import Segmenter

BREAKS = frozenset(",;:!?()\n\t。")
_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]*’|《[^《》]*》|「[^「」]*」|\([^()]{1,8}\)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its class; see :func:`pipeline.indicators.lexicon.kind_of`. ``#`` is a figure, ``b`` a mark that ends a clause."""

    text: str
    start: int
    end: int
    kind: str


def words_of(text: str, found: Sequence[Token], segmenter: Segmenter) -> list[Word]:
    """The words of a sentence in order; a figure with its bound is one, a quotation is one."""
    fixed = [(token.before, token.edge, "#") for token in found]
    fixed += [(m.start(), m.end(), "n") for m in _QUOTED.finditer(text) if not any(m.start() < edge and before < m.end() for before, edge, _ in fixed)]
    words: list[Word] = []
    last = 0
    for start, end, kind in sorted(fixed):
        if start < last:
            start = last
        words += _cut(text, last, start, segmenter)
        words.append(Word(text[start:end], start, end, kind))
        last = end
    words += _cut(text, last, len(text), segmenter)
    return _mended(words)


def _mended(words: list[Word]) -> list[Word]:
    """Words with a short bracket as part of the word before it (村（社区）), and 所 as a noun where no act follows."""
    out: list[Word] = []
    for place, word in enumerate(words):
        if word.kind == "n" and word.text.startswith("(") and out and out[-1].kind in "nwv":
            before = out.pop()
            out.append(Word(before.text + word.text, before.start, word.end, before.kind))
        elif word.text == "所" and not (place + 1 < len(words) and words[place + 1].kind in "vwk"):
            out.append(Word(word.text, word.start, word.end, "n"))
        else:
            out.append(word)
    return out


_MARK = re.compile(r"[,;:!?()\n\t。]")


def _cut(text: str, start: int, end: int, segmenter: Segmenter) -> Iterator[Word]:
    """The words between two figures; what stands between marks, in no clause with a figure, is not cut but stands for one mark."""
    first = _MARK.search(text, start, end)
    if first is None:
        yield from _words(text, start, end, segmenter)
        return
    last = max(place for place in range(first.start(), end) if text[place] in BREAKS)
    yield from _words(text, start, first.start(), segmenter)
    yield Word(text[first.start() : last + 1], first.start(), last + 1, "b")
    yield from _words(text, last + 1, end, segmenter)


def _words(text: str, start: int, end: int, segmenter: Segmenter) -> Iterator[Word]:
    for word in _apart(segmenter.words(text[start:end])) if start < end else ():
        yield Word(word, start, start + len(word), kind_of(word))
        start += len(word)


_EVEN = listed(
    "平均 人均 户均 日均 月均 年均 周均 均 占 独占 抢占 侵占 霸占 挤占 强占 到达 传达 送达 抵达 发达 下达 表达 转达 直达 高达 多达 均达 已达 通达 雷达 达"
)
_MISCUT = {("单位制", "发"): ("单位", "制发"), ("占", "比"): ("占比",), ("数占", "比"): ("数", "占比")}


def _apart(words: Sequence[str]) -> Iterator[str]:
    """Words as this work needs them: 专题研究 is two, 率均 is two, 占比 is one."""
    place = 0
    while place < len(words):
        word = words[place]
        if better := _MISCUT.get((word, words[place + 1] if place + 1 < len(words) else "")):
            yield from better
            place += 1
        elif len(word) == 4 and word.startswith(MANNER):
            yield from (word[:2], word[2:])
        elif len(word) > 1 and word[-1] in "均占达" and word not in _EVEN:
            yield from (word[:-1], word[-1])
        else:
            yield word
        place += 1
