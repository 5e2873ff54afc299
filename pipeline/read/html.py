"""Web pages: the article, without the navigation around it. The one file that knows trafilatura and lxml's HTML."""

from __future__ import annotations

import re
from typing import Any

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, EmptyFile
from pipeline.read.txt import decode

_CHARSET = re.compile(rb"<(?:meta[^>]{0,200}?charset=|\?xml[^>]{0,200}?encoding=)[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_DROPPED = "script style noscript template nav header footer aside form select button iframe svg object"
_BLOCKS = frozenset("address article blockquote br caption center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul title".split())
_DATE = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")
_PROSE = re.compile(r"[。；;！？]")
_SPACE = re.compile(r"[ \t\r\n\f]+")


def read_html(path: str, data: bytes) -> tuple[str, Metadata]:
    """The article of a web page, one block a line, and what the page's head says of it.

    The article is what trafilatura takes for it, provided that no line of prose is lost on the way; else the smallest element that
    holds the page's prose.
    """
    declared = _CHARSET.search(data[:4096])
    markup = decode(path, data, declared[1].decode("ascii") if declared else None)
    try:
        tree = _tree(markup)
        hints = _hints(tree)
        own = _article(tree)
        text = _fuller(own, _extracted(markup))
    except Exception as exc:
        raise DamagedFile(path, "the page cannot be taken apart", "save its text as .txt") from exc
    if not text.strip():
        raise EmptyFile(path, "the page holds no article", "save the report's own page, not a list or frame around it")
    return text, hints


def _tree(markup: str) -> Any:
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(markup.encode("utf-8", errors="replace"), parser=parser)
    return tree


def _hints(tree: Any) -> Metadata:
    """Title, date and source as the national standard for government pages names them, else the page's own title."""
    meta = {str(node.get("name", "")).lower(): str(node.get("content", "")).strip() for node in tree.iter("meta")}
    page_title = tree.findtext(".//title") or ""
    date = _DATE.search(meta.get("pubdate", "")) or _DATE.search(meta.get("publishdate", ""))
    published = "-".join(f"{int(part):02d}" for part in re.findall(r"\d+", date[0])) if date else None
    return Metadata(title=meta.get("articletitle") or page_title.strip() or None, published=published, source=meta.get("contentsource") or None)


def _extracted(markup: str) -> str:
    import trafilatura

    return trafilatura.extract(markup, favor_recall=True, include_comments=False, include_tables=True, deduplicate=False) or ""


def _article(tree: Any) -> str:
    """The text of the smallest element that holds nine tenths of the page's prose."""
    for node in list(tree.iter(*_DROPPED.split())):
        if node.getparent() is not None and not _holds_prose(node):
            node.drop_tree()
    body = tree.find("body")
    node = body if body is not None else tree
    total = _prose(node)
    while True:
        inner = [child for child in node if isinstance(child.tag, str) and _prose(child) >= 0.9 * total]
        if not inner or not total or inner[0].tag in {"p", "span", "font", "td"}:
            break
        node = inner[0]
    return _text(node)


def _holds_prose(node: Any) -> bool:
    """Whether a part that is no article by its tag holds one all the same (pages wrap articles in forms)."""
    return node.tag in {"form", "header", "section"} and _prose(node) > 200


def _prose(node: Any) -> int:
    """The number of characters in the element's lines that hold a mark of prose."""
    return sum(len(line) for line in _text(node).split("\n") if _PROSE.search(line) and len(line) > 15)


def _text(node: Any) -> str:
    """The text of an element, one block a line."""
    out: list[str] = []

    def walk(element: Any) -> None:
        stack: list[tuple[Any, bool]] = [(element, True)]
        while stack:
            current, entering = stack.pop()
            block = current.tag in _BLOCKS
            if not entering:
                out.append("\n" if block else "")
                if current is not element and current.tail:
                    out.append(_SPACE.sub(" ", current.tail))
                continue
            if not isinstance(current.tag, str):
                if current.tail:
                    out.append(_SPACE.sub(" ", current.tail))
                continue
            out.append("\n" if block else "")
            if current.text:
                out.append(_SPACE.sub(" ", current.text))
            stack.append((current, False))
            stack.extend((child, True) for child in reversed(current))

    walk(node)
    rows = [row.strip(" ") for row in "".join(out).split("\n")]
    return "\n".join(row for row in rows if row.strip())


def _fuller(own: str, extracted: str) -> str:
    """The extractor's text if it holds every line of prose of the article, else the article element's own text."""
    squeezed = re.sub(r"\s+", "", extracted)
    lost = [row for row in own.split("\n") if _PROSE.search(row) and len(row) > 15 and re.sub(r"\s+", "", row) not in squeezed]
    return own if lost or not extracted else extracted
