"""The raw text of a labelled report, as a page would show it: for tests and for trying the parser out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pipeline.learn.labelled import LabelledReport, LabelledSentence

Style = Literal["own-line", "run-in", "block"]

_ABOVE = "当前位置：首页>政务公开>法治政府建设\n索引号：004184/{year}-00017    发布机构：{place}人民政府办公室\n"
_BELOW_TITLE = "来源：{place}司法局  发布时间：{next}-02-27 09:41  浏览次数：318  字号：[大 中 小]\n"
_BELOW = "\n分享到：\n上一篇：某地年度工作要点\n打印本页 关闭窗口\n"


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of sentences of one paragraph with the headings that open right above it."""

    opened: tuple[str, ...]
    depth: int
    text: str


def render(report: LabelledReport, *, style: Style | None = None, furniture: bool = False) -> str:
    """The report as plain text.

    ``style`` is ``own-line`` (every heading on its own line), ``run-in`` (headings below the top run into their paragraph) or ``block`` (each top section one
    single paragraph); by default that of the report's own file. Mini-headings (level 3 and below, without a number or with 一是) always run in. With
    ``furniture`` the page's own lines stand around.

    >>> from pipeline.data import Metadata
    >>> rows = tuple(LabelledSentence(text, 7, "measures", ("一、主要举措", "(一)学法"), 1, 0) for text in ("全年学法4次。", "举办讲座2场。"))
    >>> print(render(LabelledReport("x", "x.txt", Metadata(title="某区2023年法治政府建设情况报告"), rows), style="run-in"))
    某区2023年法治政府建设情况报告
    一、主要举措
    (一)学法。全年学法4次。举办讲座2场。
    """
    shown = style or _own_style(report)
    body = "\n".join(_lines(report, shown))
    year = report.metadata.year or 2023
    place = report.metadata.district or "某区"
    title = (report.metadata.title + "\n") if report.metadata.title else ""
    if not furniture:
        return title + body
    return _ABOVE.format(year=year + 1, place=place) + title + _BELOW_TITLE.format(place=place, next=year + 1) + body + _BELOW


def _own_style(report: LabelledReport) -> Style:
    if report.frame == "single":
        return "block"
    return "run-in" if report.style == "run-in" else "own-line"


def _lines(report: LabelledReport, style: Style) -> Iterator[str]:
    block = ""
    for part in _parts(report.sentences):
        first = len(part.opened) and part.depth - len(part.opened) == 0
        if block and (first or style != "block" or not part.depth):
            yield block
            block = ""
        pieces = list(_pieces(part, style))
        yield from pieces[:-1]
        if style == "block":
            block += pieces[-1]
        else:
            yield pieces[-1]
    if block:
        yield block


def _pieces(part: _Part, style: Style) -> Iterator[str]:
    """The lines of a part: headings that stand alone, and last its text with those that run in before it."""
    lead = ""
    for place, heading in enumerate(part.opened, part.depth - len(part.opened)):
        if place and (style != "own-line" or (place > 1 and _is_mini(heading))):
            lead += f"{heading}。"
        else:
            yield heading
    yield lead + part.text


def _is_mini(heading: str) -> bool:
    """Whether a low heading is of the kind that opens a paragraph."""
    return "是" in heading[:4] or not (heading[0].isdigit() or heading[0] in "(（一二三四五六七八九十")


def _parts(sentences: tuple[LabelledSentence, ...]) -> Iterator[_Part]:
    before: tuple[str, ...] = ()
    for (_, headings, _), run in groupby(sentences, key=lambda s: (s.section, s.headings, s.paragraph)):
        same = next((i for i, (a, b) in enumerate(zip(before, headings, strict=False)) if a != b), min(len(before), len(headings)))
        yield _Part(headings[same:], len(headings), "".join(sentence.text for sentence in run))
        before = headings
