"""Trees of web pages and of XML, within bounds. The one file that knows lxml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pipeline.errors import DamagedFile, TooLarge

#: The most tags that a page and that a part of a Word file may have; a long report has some 5,000 and 100,000.
MAX_TAGS = 200_000
MAX_XML_TAGS = 600_000
#: The most characters of markup; pictures inside a page are left out first.
MAX_MARKUP = 24 * 1024 * 1024
_PICTURE = re.compile(r"data:[\w/+.;=-]{0,100},[A-Za-z0-9+/=%\s]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_STOPS = re.compile(r"[。；！？]")


def page(path: str, markup: str) -> Any:
    """Parse a web page, however broken it is; what would be cut off at a limit of the parser is an error instead."""
    from lxml import etree, html

    markup = _CONTROL.sub("", _PICTURE.sub("", markup))
    if markup.count("<") > MAX_TAGS or len(markup) > MAX_MARKUP:
        raise TooLarge(path, "the page has more tags than any report", "save its text as .txt")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except (ValueError, etree.LxmlError) as exc:
        raise DamagedFile(path, "the page holds nothing that can be taken apart", "save its text as .txt") from exc
    if any("RESOURCE_LIMIT" in entry.type_name or "INTERNAL" in entry.type_name for entry in parser.error_log):
        raise DamagedFile(path, "the tags of the page are nested too deeply", "save its text as .txt")
    return tree


def xml(path: str, data: bytes) -> Any:
    """Parse well-formed XML without entities of its own."""
    from lxml import etree

    if data.count(b"<") > MAX_XML_TAGS:
        raise TooLarge(path, "the file has more tags than any report", "save its text as .txt")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (ValueError, etree.LxmlError) as exc:
        raise DamagedFile(path, "its XML is broken or nested too deeply", "open it in Word and save it again") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise DamagedFile(path, "its XML declares entities, as no Word file does", "open it in Word and save it again")
    return root


def row(cells: Sequence[Sequence[str]]) -> list[str]:
    """Lay out a row of a table, given the lines of its cells: one line ``a | b |`` for data, a line each where a cell holds prose.

    >>> row([["复议"], ["12件"]]), row([["一、主要举措", "受理复议案件。"], [""]])
    (['复议 | 12件 |'], ['一、主要举措', '受理复议案件。'])
    """
    lines = [[line for line in cell if line.strip()] for cell in cells]
    held = [cell for cell in lines if cell]
    if len(held) < 2 or any(len(line) > 40 and _STOPS.search(line) for cell in held for line in cell) or max(map(len, held)) > 3:
        return [line for cell in held for line in cell]
    return [" | ".join(" ".join(line.strip() for line in cell) for cell in lines) + " |"]
