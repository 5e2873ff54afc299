"""A sentence as words of a few classes, with its figures as single words, so that spans can be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.indicators.lexicon import MANNER, kind_of
from pipeline.indicators.tokens import Token
from pipeline.tokenize import Segmenter

BREAKS = frozenset(",,。;;::!!??()()\n\t")
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
    return words + _cut(text, last, len(text), segmenter)


def _cut(text: str, start: int, end: int, segmenter: Segmenter) -> list[Word]:
    words = []
    for word in _apart(segmenter.words(text[start:end])) if start < end else ():
        kind = "b" if word in BREAKS or word[0] in BREAKS else kind_of(word)
        words.append(Word(word, start, start + len(word), kind))
        start += len(word)
    return words


_EVEN = frozenset("平均 人均 户均 日均 月均 年均 周均 均 占 独占 抢占 侵占 霸占 挤占 强占".split())
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
        elif len(word) > 1 and word[-1] in "均占" and word not in _EVEN:
            yield from (word[:-1], word[-1])
        else:
            yield word
        place += 1
