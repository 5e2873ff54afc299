"""Lines of a text, and the mending of lines that a PDF or an export broke inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.structure import headings

_NO_BREAK = str.maketrans({"\xa0": " ", "\u200b": None, "\ufeff": None, "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ENDS_BLOCK = re.compile(r"[。｡！？!?：:；;](?:[”’」』）)】》\"']*)$")
_CONTINUES = re.compile(r"[，,、；;。｡！？：:）)”’」』】》〉%％]")
_INDENT = re.compile(r"(?:\u3000| {2,}|\t)")
_PAGE_NUMBER = re.compile(r"[-—–－ ]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:\s*[/／共]\s*\d{1,3}\s*页?)?[-—–－ ]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the white space around it: ``text[start:end]``; ``indented`` tells of white space before it."""

    text: str
    start: int
    end: int
    indented: bool


def clean(text: str) -> str:
    """One newline for every kind of line end; no byte order mark, no control characters.

    >>> clean("法治\\r\\n政府\\x00")
    '法治\\n政府'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(_NO_BREAK))


def unwrap(text: str) -> str:
    """Join lines that were broken inside a sentence; other lines stay as they are.

    A line that begins with a mark that no line begins with goes to the line before. Where most open lines are of one length, the
    text was wrapped at that length, and its full lines are joined with the next.

    >>> unwrap("全年办件\\n，同比增长。")
    '全年办件，同比增长。'
    """
    rows = [row for row in text.split("\n") if not (row.strip() and _PAGE_NUMBER.fullmatch(row.strip()))]
    width = _wrap_width(rows)
    out: list[str] = []
    for row in rows:
        if out and _belongs(out[-1], row, width):
            out[-1] = out[-1].rstrip() + row.strip()
        else:
            out.append(row)
    return "\n".join(out)


def split(text: str) -> list[Line]:
    """The lines that hold anything, with their offsets.

    >>> split("  法治\\n\\n政府")
    [Line(text='法治', start=2, end=4, indented=True), Line(text='政府', start=6, end=8, indented=False)]
    """
    lines, at = [], 0
    for row in text.split("\n"):
        body = row.strip()
        if body:
            start = at + row.index(body[0])
            lines.append(Line(body, start, start + len(body), bool(_INDENT.match(row))))
        at += len(row) + 1
    return lines


def columns(text: str) -> int:
    """The width of a text in half-width columns.

    >>> columns("法治2023")
    8
    """
    return sum(2 if ord(c) > 0x2000 else 1 for c in text)


def _wrap_width(rows: Sequence[str]) -> int:
    """The width in columns at which the text was wrapped, or 0."""
    widths = [columns(row.rstrip()) for row in rows if row.strip()]
    unfinished = [columns(row.rstrip()) for row in rows if row.strip() and not _ENDS_BLOCK.search(row.rstrip())]
    if len(unfinished) < 5:
        return 0
    widest = sorted(widths)[int(len(widths) * 0.9)]
    full = sum(widest - 6 <= w <= widest + 4 for w in unfinished)
    return widest if widest <= 140 and full >= 0.5 * len(unfinished) else 0


def _belongs(previous: str, row: str, width: int) -> bool:
    """Whether ``row`` goes on where ``previous`` broke off."""
    body, before = row.strip(), previous.strip()
    if not body or not before:
        return False
    if _CONTINUES.match(body) and not headings.NUMBER.match(body):
        return True
    if not width or _INDENT.match(row) or headings.NUMBER.match(body):
        return False
    last_piece = columns(before) % width if columns(before) > width + 6 else columns(previous.rstrip())
    full = last_piece >= width - 6 or columns(before) > width + 6
    return full and not _ENDS_BLOCK.search(before) and "|" not in body
