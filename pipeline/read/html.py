"""Web pages: the article, without the navigation around it. The one file that knows trafilatura.

A page is taken apart in a helper process, because a hostile one can keep the libraries busy for minutes.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, EmptyFile, ReadError, TooLarge, UnsupportedFile
from pipeline.read import hints, markup
from pipeline.read.apart import Helper, taken_apart
from pipeline.read.blocks import Block, Line, drop_unseen, walk
from pipeline.read.txt import decode

#: The seconds that a page may take, and the bytes of memory.
SECONDS = 30.0
MEMORY = 900_000_000

_HELPER = Helper(__name__, "answer", memory=MEMORY)
_ERRORS: dict[str, type[ReadError]] = {kind.__name__: kind for kind in (DamagedFile, EmptyFile, TooLarge)}
_AS_TEXT = "save its text as .txt"
_CHARSET = re.compile(rb"<(?:meta[^>]{0,200}?charset=|\?xml[^>]{0,200}?encoding=)[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_TAG = re.compile(r"<(?:!doctype|[a-z])", re.IGNORECASE)
_CUT = re.compile(r"<[a-z/!][^<>]*\Z", re.IGNORECASE)
_ENDS = re.compile(r"[。；！？]")
_NUMBERED = re.compile(r"\s*(?:第?[一二三四五六七八九十]{1,3}[、是.．部章]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．])")
_REPORT_TITLE = re.compile(r"(?:法治|依法行政|法制).*(?:报\s*告|总\s*结|情\s*况|汇报)|^关于.*(?:法治|依法行政)|(?:年度|工作|情况)(?:的)?报告$")
_DETAILS = re.compile(
    r"(?:来\s*源|日\s*期|时\s*间|作\s*者|索\s*引\s*号|机\s*构|机\s*关|单\s*位|字\s*号)\s*[\]】]?\s*[:：|]|^[（(]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
)
_CLOCK = re.compile(r"今天是|现在是|当前时间|星期")
_SIGNATURE = re.compile(r"[\u4e00-\u9fff]{2,30}(?:政府|办公室|局|厅|委员会|办事处)|[（(]?(?:19|20)\d\d年\d{1,2}月\d{1,2}日[）)]?")
#: Containers that may hold the whole article; paragraphs are no containers, however long.
_CONTAINERS = frozenset({"body", "div", "section", "article", "main", "center", "form", "table", "tbody", "tr", "td", "dd", "fieldset", "ul", "ol", "li"})
#: What an element must hold of the prose around it, by characters and by lines, to be the article.
_SHARE = 0.8
_LINES_ABOVE = 40
_LINES_BELOW = 15
_MOST_STRAYS = 2_000
#: The characters and the tags of pages that are given to trafilatura, which takes long for larger ones; of these all prose is kept.
_EXTRACTABLE = (1_000_000, 20_000)


@dataclass(slots=True)
class _Page:
    """The lines of a page's body, with sums of prose up to each, and the blocks that hold them."""

    lines: list[Line]
    blocks: list[Block]
    chars: list[int]
    count: list[int]

    def prose(self, block: Block) -> tuple[int, int]:
        """The characters and the lines of prose in a block."""
        return self.chars[block.last] - self.chars[block.first], self.count[block.last] - self.count[block.first]


def read_html(path: str, data: bytes) -> tuple[str, Metadata]:
    """Read the article of a web page, one block a line, and what the page's head says of it.

    The article is the smallest element that holds the page's prose. Lines beside it are kept where trafilatura takes them for the article's, and lines
    above it where they read like its title or its source line; lines in it that are only links go.
    """
    declared = _CHARSET.search(data[:4096])
    source = decode(path, data, declared[1].decode("ascii") if declared else None)
    if not _TAG.search(source):
        raise UnsupportedFile(path, "the content is plain text, not a web page", "rename it to .txt")
    if _CUT.search(source, max(0, len(source) - 2000)):
        raise DamagedFile(path, "the page is cut off inside a tag", "download it again")
    found = taken_apart(path, _HELPER, source.encode("utf-8", errors="replace"), seconds=SECONDS, remedy=_AS_TEXT)
    if "error" in found:
        raise _ERRORS[found["error"]](path, found["wrong"], found["remedy"])
    return found["text"], Metadata(**found["hints"])


def answer(request: bytes) -> bytes:
    """Take a page apart: its article and its hints as JSON, or what is wrong with it. Runs in the helper process."""
    try:
        text, found = _taken_apart(request.decode("utf-8"))
        return json.dumps({"text": text, "hints": {"title": found.title, "published": found.published, "source": found.source}}).encode()
    except ReadError as exc:
        return json.dumps({"error": type(exc).__name__, "wrong": exc.wrong, "remedy": exc.remedy}).encode()
    except Exception:
        return json.dumps({"error": "DamagedFile", "wrong": "the page cannot be taken apart", "remedy": _AS_TEXT}).encode()


def _taken_apart(source: str) -> tuple[str, Metadata]:
    tree = markup.page("", source)
    found = _hints(tree)
    small = len(source) <= _EXTRACTABLE[0] and source.count("<") <= _EXTRACTABLE[1]
    text = "\n".join(_article(tree, _extracted(tree) if small else "", found.title or ""))
    if not text.strip():
        raise EmptyFile("", "the page holds no article", "save the report's own page, not a list or frame around it")
    return text, found


def _hints(tree: Any) -> Metadata:
    """Give title, date and source as the national standard for government pages names them, else the page's own title."""
    meta = {str(node.get("name", "")).lower(): " ".join(str(node.get("content", "")).split()) for node in tree.iter("meta")}
    own = " ".join((tree.findtext(".//title") or "").split())
    published = hints.date(meta.get("pubdate")) or hints.date(meta.get("publishdate"))
    return Metadata(title=meta.get("articletitle") or own or None, published=published, source=meta.get("contentsource") or None)


def _extracted(tree: Any) -> str:
    """Give the text that trafilatura takes for the article, without white space."""
    import trafilatura

    log = logging.getLogger("trafilatura")
    if not log.handlers:  # what it drops is no news for the reader of a report
        log.addHandler(logging.NullHandler())
    try:
        text = trafilatura.extract(tree, favor_recall=True, include_comments=False, include_tables=True, deduplicate=False)
    except (RecursionError, ValueError, TypeError, AttributeError):
        return ""
    return "".join((text or "").split())


def _article(tree: Any, extracted: str, title: str) -> list[str]:
    drop_unseen(tree)
    body = tree.find("body")
    lines, blocks = walk(tree if body is None else body)
    weights = [len(line.text) if _is_prose(line) else 0 for line in lines]
    page = _Page(lines, blocks, list(accumulate(weights, initial=0)), list(accumulate((bool(w) for w in weights), initial=0)))
    node = _smallest(page)
    inside = [line for line in lines[node.first : node.last] if not _is_link(line)]
    above = [line for line in lines[max(0, node.first - _LINES_ABOVE) : node.first] if _belongs_above(line, title) or _is_stray(line, extracted)]
    earlier = _strays(lines[: max(0, node.first - _LINES_ABOVE)], extracted)
    below = lines[node.last :]
    signed = [line for line in below[:_LINES_BELOW] if _SIGNATURE.fullmatch(line.text.strip()) and not _is_link(line)]
    kept = [*_strays(below, extracted), *signed]
    return [line.text for line in [*earlier, *above, *inside, *kept]]


def _smallest(page: _Page) -> Block:
    """Find the smallest block that holds most of the page's prose, by characters and by lines."""
    node = page.blocks[0]
    while True:
        chars, count = page.prose(node)
        inner = max((block for block in node.inner if block.tag in _CONTAINERS), key=page.prose, default=None)
        if inner is None or not chars or page.prose(inner)[0] < _SHARE * chars or page.prose(inner)[1] < _SHARE * count:
            return node
        node = inner


def _is_prose(line: Line) -> bool:
    return len(line.text) > 15 and bool(_ENDS.search(line.text)) and line.linked < 0.5 * len(line.text)


def _is_link(line: Line) -> bool:
    """Whether a line is a link and nothing else, as navigation is; a numbered or a long line is text all the same."""
    words = len("".join(line.text.split()))
    return line.linked >= 0.8 * words and not _ENDS.search(line.text) and not _NUMBERED.match(line.text)


def _belongs_above(line: Line, title: str) -> bool:
    """Whether a line above the article is its title, or says when and by whom it was published."""
    words = "".join(line.text.split())
    if _is_link(line) or len(words) > 200 or _CLOCK.search(words):
        return False
    in_title = len(words) >= 6 and words in "".join(title.split())
    return in_title or line.heading or bool(_REPORT_TITLE.search(words)) or bool(_DETAILS.search(line.text))


def _strays(lines: Sequence[Line], extracted: str) -> list[Line]:
    return [line for line in lines[:_MOST_STRAYS] if _is_stray(line, extracted)]


def _is_stray(line: Line, extracted: str) -> bool:
    """Whether a line beside the article is part of it: prose or a numbered heading that the extractor, if it found anything, keeps too."""
    if not _is_prose(line) and (_is_link(line) or not _NUMBERED.match(line.text)):
        return False
    return "".join(line.text.split()) in extracted if extracted else _is_prose(line)
