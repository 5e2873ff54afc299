"""Lines of a text, and the mending of lines that a PDF or an export broke inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.structure import headings

_NO_BREAK = str.maketrans({"\xa0": " ", "\u200b": None, "\ufeff": None, "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
_ODD_SPACE = re.compile("[\xa0\u200b\ufeff\u2028\u2029\x0b\x0c\x85]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ENDS_BLOCK = re.compile(r"[。｡！？!?：:；;](?:[”’」』）)】》\"']*)$")
_ENDS_SENTENCE = re.compile(r"(?:[。｡！？!?](?:[”’」』）)】》\"']*)|(?<!\d)[：:])$")
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
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _ODD_SPACE.search(text):
        text = text.translate(_NO_BREAK)
    return _CONTROL.sub("", text)


def unwrap(text: str) -> str:
    """Join lines that were broken inside a sentence; other lines stay as they are.

    A line that begins with a mark that no line begins with goes to the line before. Where most open lines are of one length, the
    text was wrapped at that length, and its full lines are joined with the next.

    >>> unwrap("全年办件\\n，同比增长。")
    '全年办件，同比增长。'
    """
    rows = [row for row in text.split("\n") if not (row.strip() and _PAGE_NUMBER.fullmatch(row.strip()))]
    full = _full_row(rows)
    out: list[list[str]] = []
    last = ""
    for row in rows:
        if out and _belongs(last, row, full):
            out[-1][-1] = out[-1][-1].rstrip()
            out[-1].append(row.strip())
        else:
            out.append([row])
        last = row
    return "\n".join("".join(pieces) for pieces in out)


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
    # In this encoding a character has as many bytes as columns.
    return len(text.encode("gb18030", errors="replace"))


def _full_row(rows: Sequence[str]) -> Callable[[str], bool]:
    """A test of whether a row reaches the width at which the text was wrapped: by columns, as printed pages are, or by characters.

    Where most unfinished rows, numbered headings aside, do not agree in either, the text was not wrapped, and no row is full.
    """
    held = [row.rstrip() for row in rows if row.strip()]
    unfinished = [row for row in held if not _ENDS_BLOCK.search(row)]
    best, share = None, 0.5
    for measure, slack in ((columns, 6), (len, 1)):
        widest = sorted(map(measure, held))[int(len(held) * 0.9)] if held else 0
        near = [row for row in unfinished if abs(measure(row) - widest) <= slack]
        others = sum(abs(measure(row) - widest) > slack and not headings.number(row.strip()) for row in unfinished)
        if len(near) >= 3 and len(unfinished) >= 5 and columns("\u3000") * widest <= 280 and len(near) > share * (len(near) + others):
            best, share = (measure, widest - slack), len(near) / (len(near) + others)
    if best is None:
        return lambda _row: False
    measure, least = best
    return lambda row: measure(row.rstrip()) >= least


def _belongs(previous: str, row: str, full: Callable[[str], bool]) -> bool:
    """Whether ``row`` goes on where the line before it broke off."""
    body, before = row.strip(), previous.strip()
    if not body or not before:
        return False
    if _CONTINUES.match(body) and not headings.NUMBER.match(body):
        return True
    if _INDENT.match(row) or "|" in body or not full(previous):
        return False
    number = headings.number(body)
    if number and number.kind in {"part", "han", "paren_han"} and not full(row):
        return False
    return not (_ENDS_SENTENCE.search(before) or (number and before.endswith(("；", ";"))))
