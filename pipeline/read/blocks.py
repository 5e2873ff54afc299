"""The lines of a web page: its blocks as a browser would lay them out, without what it would not show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.read import markup
from pipeline.read.numbering import counted

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_HEADINGS = frozenset({"h1", "h2", "h3"})
#: What never is text of the page.
_NEVER = ("script", "style", "template", "head", "title", "svg", "math", "object", "select", "button", "iframe", "audio", "video", "noscript", "rt", "rp")
#: What is mostly no article, by its tag or by its names; a page may wrap its article in one all the same.
_DOUBTFUL = frozenset({"nav", "footer", "aside", "form", "textarea"})
_DOUBTFUL_NAME = re.compile(
    r"(?<!\S)(?:page|site|web|main|top|left|right)?[_-]?(?:nav|navbar|menu|crumbs?|breadcrumbs?|foot|footer|bottom|copyright|share|sidebar|related?|recommend|modal|popup|"
    r"dialog|search|login|toolbar|tools|pagination|pager|friendlinks?|links)[_-]?(?:box|bar|wrap|wrapper|list|con|inner|area|\d+)?(?!\S)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*pre", re.IGNORECASE)
_MARKS = re.compile(r"[。；]")
_CJK = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’—…]"
_JOINED = re.compile(rf"(?<={_CJK})[ \t\f]*[\r\n][ \t\r\n\f]*(?={_CJK})")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NUMBER = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．是]|[①-⑳])")


@dataclass(slots=True)
class Line:
    """One line of a page: its text, how many of its characters are links, and whether it stands in a heading of the page."""

    text: str
    linked: int
    heading: bool


@dataclass(slots=True)
class Block:
    """An element that stands as a block: its tag, its lines ``[first, last)``, and the blocks in it."""

    tag: str
    first: int
    last: int = 0
    inner: list[Block] = field(default_factory=list)


def drop_unseen(tree: Any) -> None:
    """Take out of a page what it does not show, and what is not its article by tag or name, unless it holds most of the prose."""
    for node in list(tree.iter(*_NEVER)):
        if node.getparent() is not None:
            node.drop_tree()
    marks = _marks(tree)
    for node in list(tree.iter()):
        if isinstance(node.tag, str) and _is_doubtful(node) and node.getparent() is not None and marks[node] <= 0.5 * marks[tree]:
            node.drop_tree()


def _marks(tree: Any) -> dict[Any, int]:
    """Count the marks that end sentences, by element."""
    count: dict[Any, int] = {}
    for node in reversed(list(tree.iter())):
        own = len(_MARKS.findall(node.text or "")) if isinstance(node.tag, str) else 0
        count[node] = own + sum(count[child] + len(_MARKS.findall(child.tail or "")) for child in node)
    return count


def _is_doubtful(node: Any) -> bool:
    if node.tag in _DOUBTFUL or node.get("hidden") is not None or _HIDDEN.search(node.get("style") or ""):
        return True
    return node.tag in {"div", "ul", "section", "table", "p"} and bool(_DOUBTFUL_NAME.search(f"{node.get('id') or ''} {node.get('class') or ''}"))


def walk(root: Any) -> tuple[list[Line], list[Block]]:
    """Give the lines below an element and its blocks, the element itself first."""
    walker = _Walker()
    stack: list[tuple[Any, bool]] = [(root, True)]
    while stack:
        node, entering = stack.pop()
        if entering and isinstance(node.tag, str):
            walker.enter(node)
            stack.append((node, False))
            stack.extend((child, True) for child in reversed(node))
        elif not entering:
            walker.leave(node)
        if not entering or not isinstance(node.tag, str):
            walker.text(node.tail if node is not root else None)
    walker.flush()
    return walker.lines, walker.blocks


class _Walker:
    """Gathers text into lines while a tree is walked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.blocks: list[Block] = [Block("root", 0)]
        self._open: list[Block] = [self.blocks[0]]
        self._buffer: list[str] = []
        self._linked = 0
        self._links = 0
        self._kept = 0
        self._headings = 0
        self._cells: list[list[int]] = []
        self._items: list[int] = []

    def enter(self, node: Any) -> None:
        if node.tag in _BLOCKS:
            self.flush()
            block = Block(node.tag, len(self.lines))
            self._open[-1].inner.append(block)
            self._open.append(block)
            self.blocks.append(block)
        self._count(node, 1)
        if node.tag == "br":
            self.flush()
        elif node.tag == "tr":
            self._cells.append([])
        elif node.tag in {"td", "th"} and self._cells:
            self._cells[-1].append(len(self.lines))
        elif node.tag == "ol":
            start = re.fullmatch(r"\d{1,4}", node.get("start") or "1")
            self._items.append(int(start[0]) if start else 1)
        elif node.tag == "li" and self._items and node.getparent().tag == "ol":
            self._buffer.append(_item_number(node, self._items[-1]))
            self._items[-1] += 1
        self.text(node.text)

    def leave(self, node: Any) -> None:
        self._count(node, -1)
        if node.tag in _BLOCKS:
            self.flush()
            if node.tag == "tr":
                self._row(self._cells.pop())
            elif node.tag == "ol":
                self._items.pop()
            self._open.pop().last = len(self.lines)
        self.blocks[0].last = len(self.lines)

    def _count(self, node: Any, step: int) -> None:
        """Keep count of the links, headings and preformatted elements around the place."""
        self._links += step * (node.tag == "a" and node.get("href") is not None)
        self._headings += step * (node.tag in _HEADINGS)
        self._kept += step * (node.tag == "pre" or bool(_KEEPS_LINES.search(node.get("style") or "")))

    def text(self, text: str | None) -> None:
        if not text:
            return
        rows = text.splitlines() if self._kept else [text]
        for i, row in enumerate(rows):
            if i:
                self.flush()
            words = _SPACE.sub(" ", _JOINED.sub("", row))
            self._buffer.append(words)
            self._linked += len(words.replace(" ", "")) if self._links else 0

    def flush(self) -> None:
        """End the line."""
        text = _SPACE.sub(" ", "".join(self._buffer)).strip(" ")
        if text.strip() and any(c.isalnum() for c in text):
            self.lines.append(Line(text, self._linked, self._headings > 0))
        self._buffer.clear()
        self._linked = 0
        self.blocks[0].last = len(self.lines)

    def _row(self, starts: list[int]) -> None:
        """Lay out the cells of a table's row that begin at these lines."""
        if len(starts) < 2:
            return
        ends = [*starts[1:], len(self.lines)]
        cells = [self.lines[a:b] for a, b in zip(starts, ends, strict=True)]
        laid = markup.row([[line.text for line in cell] for cell in cells])
        if len(laid) == 1 and sum(map(len, cells)) > 1:
            linked = sum(line.linked for cell in cells for line in cell)
            self.lines[starts[0] :] = [Line(laid[0], linked, False)]


def _item_number(item: Any, value: int) -> str:
    """Give the number that a browser shows before an item of an ordered list, unless its text has one of its own."""
    beginning = _beginning(item)
    style = f"{item.getparent().get('style') or ''} {item.get('style') or ''}".replace(" ", "")
    if not beginning or _NUMBER.match(beginning) or re.search(r"list-style(?:-type)?:[^;]*none", style):
        return ""
    return f"{counted(value)}、" if re.search(r"cjk-ideographic|chinese", style) else f"{value}."


def _beginning(item: Any) -> str:
    return "".join(_first_texts(item)).strip()[:10]


def _first_texts(item: Any) -> Iterator[str]:
    length = 0
    for text in item.itertext():
        yield text
        length += len(text.strip())
        if length >= 10:
            return
