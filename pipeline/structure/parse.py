"""From the text of a file to a report: furniture off, sections, paragraphs and sentences found, metadata read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from pipeline.data import Paragraph, RawText, Report, Role, Section, Sentence
from pipeline.structure import furniture, headings, lines, metadata, outline, sentences
from pipeline.structure.lines import Line


def parse(raw: RawText) -> Report:
    """Find the structure of a report in the text of a file.

    ``report.text`` is the file's text with one kind of line end and without breaks inside sentences; every span of the report is
    an offset into it.

    >>> report = parse(RawText("x", "x.txt", "", "某区2023年法治政府建设情况报告\\n一、主要举措\\n(一)加强领导。全年学法4次。"))
    >>> [(s.text, report.heading(s), report.role(s)) for s in report.sentences]
    [('全年学法4次。', '(一)加强领导', 'measures')]
    """
    text = lines.unwrap(lines.clean(raw.text))
    rows = lines.split(text)
    first, last = body_bounds(rows)
    head, tail = [row.text for row in rows[:first]], [row.text for row in rows[last:]]
    body = [row for row in rows[first:last] if not furniture.is_furniture(row.text)]
    described = metadata.describe(head, "\n".join(row.text for row in body[:6]), tail, raw.hints)
    blocks = list(outline.blocks(text, _without_cells(body, described.title)))
    builder = _Builder(text, described.year)
    for block in blocks:
        builder.add(block)
    builder.finish()
    return Report(
        name=raw.name,
        path=raw.path,
        sha256=raw.sha256,
        text=text,
        metadata=described,
        sections=tuple(builder.sections),
        paragraphs=tuple(builder.paragraphs),
        sentences=tuple(builder.sentences),
    )


def body_bounds(rows: Sequence[Line]) -> tuple[int, int]:
    """The indexes of the first line of the body and of the first line below it."""
    first = next((i for i, row in enumerate(rows) if _opens_body(row.text)), len(rows))
    last = len(rows)
    while last > first and _below_body(rows[last - 1].text):
        last -= 1
    bottom = range(max(first, int(len(rows) * 0.6)), last)
    left = sum(_is_prose(rows[i].text) for i in bottom)
    for i in bottom:
        if left < 3 and _opens_tail(rows[i].text):
            return first, i
        left -= _is_prose(rows[i].text)
    return first, last


def _is_prose(text: str) -> bool:
    return len(text) > 15 and sentences.ends_sentence(text)


def _opens_tail(text: str) -> bool:
    """Whether a line is of a kind that nothing of the report stands below."""
    return furniture.is_furniture(text) and any(w in text for w in ("附件", "分享", "上一篇", "相关", "扫一扫", "关闭", "打印"))


def _opens_body(text: str) -> bool:
    if furniture.is_furniture(text) or furniture.is_addressee(text) or metadata.is_title(text):
        return False
    found = headings.number(text)
    if found and found.kind in {"part", "han", "paren_han", "digit"} and found.ordinal == 1:
        return True
    if sentences.ends_sentence(text) or "。" in text:
        return len(text) >= 8
    return "如下" in text[-8:] or (len(text) > 40 and ("，" in text or "," in text))


def _below_body(text: str) -> bool:
    if furniture.is_furniture(text) or furniture.is_closing_word(text):
        return True
    if sentences.ends_sentence(text) or headings.number(text):
        return False
    return len(text) <= 30 and not ("，" in text or "," in text) and "。" not in text


def _without_cells(rows: Sequence[Line], title: str | None) -> list[Line]:
    """The lines of the body without repeated titles, addressees, and tables that were flattened to one cell a line."""
    kept = [row for row in rows if row.text != title and not furniture.is_addressee(row.text)]
    bare = [len(row.text) <= 12 and not sentences.ends_sentence(row.text) and not headings.number(row.text) for row in kept]
    out: list[Line] = []
    for is_bare, run in groupby(zip(bare, kept, strict=True), key=itemgetter(0)):
        group = [row for _, row in run]
        if not is_bare or len(group) < 3:
            out.extend(group)
    return out


@dataclass(slots=True)
class _Level:
    kind: str
    ordinal: int


class _Builder:
    """Puts blocks into sections, paragraphs and sentences, and gives every heading its level and role."""

    def __init__(self, text: str, year: int | None) -> None:
        self.text, self.year = text, year
        self.sections: list[Section] = []
        self.paragraphs: list[Paragraph] = []
        self.sentences: list[Sentence] = []
        self._stack: list[_Level] = []
        self._role: Role = "intro"

    def add(self, block: outline.Block) -> None:
        if block.heading is not None:
            self._open(block, block.heading)
        else:
            self._paragraph(block.start, block.end)

    def _open(self, block: outline.Block, heading: outline.Heading) -> None:
        named = headings.role(heading.text, self.year)
        level = self._level(heading, named)
        if level == 1:
            self._role = named or "measures"
        self._close()
        self.sections.append(Section(level, heading.number, heading.text, self._role, block.start, block.end))

    def _level(self, heading: outline.Heading, named: Role | None) -> int:
        stack = self._stack
        same = [i for i, level in enumerate(stack) if level.kind == heading.kind]
        following = [i for i in same if stack[i].ordinal + 1 == heading.ordinal]
        if heading.kind == "plain" and named:
            same, following = [0] if stack else [], []
        if following:
            at = following[0] if named else following[-1]
        elif same and heading.ordinal == 1 and heading.kind == "han" and same[-1] == len(stack) - 1 and not named and self._bare():
            at = len(stack)
        else:
            at = same[0] if same else len(stack)
        del stack[at:]
        stack.append(_Level(heading.kind, heading.ordinal))
        return at + 1

    def _bare(self) -> bool:
        """Whether the open section is a heading alone so far."""
        return bool(self.sections) and not any(p.section == len(self.sections) - 1 for p in self.paragraphs)

    def _paragraph(self, start: int, end: int) -> None:
        if not self.sections:
            self.sections.append(Section(0, "", "", "intro", start, end))
        section, paragraph = len(self.sections) - 1, len(self.paragraphs)
        found = [
            Sentence(self.text[a:b], a, b, section, paragraph)
            for a, b in sentences.spans(self.text, start, end)
            if not furniture.is_closing_word(self.text[a:b])
        ]
        if found:
            self.paragraphs.append(Paragraph(found[0].start, found[-1].end, section))
            self.sentences.extend(found)

    def _close(self) -> None:
        if self.sections:
            self.sections[-1] = replace(self.sections[-1], end=max(self._last_end(), self.sections[-1].end))

    def _last_end(self) -> int:
        return self.paragraphs[-1].end if self.paragraphs else 0

    def finish(self) -> None:
        """Close the last section, and give the closing formula a section of its own under the same heading."""
        self._close()
        closing = self._closing_start()
        if closing is None:
            return
        first = self.sentences[closing]
        above = self.sections[first.section]
        self.sections.append(Section(above.level, above.number, above.heading, "closing", first.start, self.sentences[-1].end))
        mine = len(self.sections) - 1
        for i in range(closing, len(self.sentences)):
            self.sentences[i] = replace(self.sentences[i], section=mine)
        for i in {s.paragraph for s in self.sentences[closing:]}:
            if self.paragraphs[i].start >= first.start:
                self.paragraphs[i] = replace(self.paragraphs[i], section=mine)

    def _closing_start(self) -> int | None:
        """The index of the first sentence of the closing formula at the very end, if there is one."""
        at = len(self.sentences)
        while at > 0 and len(self.sentences) - at < 3 and outline.is_closing(self.sentences[at - 1].text):
            at -= 1
        inside = 0 < at < len(self.sentences) and self.sections[self.sentences[at].section].role != "intro"
        return at if inside else None
