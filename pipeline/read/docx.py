"""Word files: what a reader of the finished document sees in its body."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, EncryptedFile, ReadError, TooLarge, UnsupportedFile
from pipeline.read import hints, markup
from pipeline.read.numbering import Numbering

#: The most bytes that one part of a Word file may unpack to; the text of a report of 100 pages has some 3 MB.
MAX_PART = 32 * 1024 * 1024
#: The most parts that a Word file may have.
MAX_PARTS = 10_000
_OPEN_AND_SAVE = "open it in Word and save it again"
#: What a reader of the document does not see: deleted and moved text, the readings above characters, the second form of a drawing.
_UNSEEN = frozenset({"del", "moveFrom", "rt", "Fallback", "instrText", "delText"})
_LETTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})


def read_docx(path: str, data: bytes) -> tuple[str, Metadata]:
    """Read the text of a Word file: one paragraph a line with its automatic number, table rows as ``a | b |``, deleted text left out."""
    try:
        package = _Package(path, data)
        body = _child(package.tree(package.main), "body")
        if body is None:
            raise UnsupportedFile(path, "the archive is no Word file", "save it as .docx, .pdf or .txt")
        numbering = Numbering(package.tree_beside("numbering"), package.tree_beside("styles"))
        return "\n".join(_Body(path, numbering).lines(body)), Metadata(title=hints.title(_core_title(package)))
    except ReadError:
        raise
    except Exception as exc:
        raise DamagedFile(path, "the Word file cannot be taken apart", _OPEN_AND_SAVE) from exc


def tag(node: Any) -> str:
    """Name an element without its namespace, because there are two of them for Word."""
    return str(node.tag).rpartition("}")[2]


def _child(node: Any, name: str) -> Any:
    return next((child for child in node if tag(child) == name), None)


def _at(node: Any, *names: str) -> Any:
    """Follow a path of child elements; ``None`` where it ends early."""
    for name in names:
        node = _child(node, name) if node is not None else None
    return node


def _on(node: Any, *names: str) -> bool:
    """Whether a switch such as ``w:vanish`` is there and not turned off."""
    found = _at(node, *names)
    return found is not None and not any(value in {"0", "false", "off"} for key, value in found.attrib.items() if key.endswith("}val"))


class _Package:
    """The parts of a Word file; each is unpacked only when asked for, and never beyond its limit, whatever the archive says of its size."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        if data.count(b"PK\x01\x02") > MAX_PARTS:
            raise TooLarge(path, "the Word file has more parts than any report", "save its text as .txt")
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except Exception as exc:
            raise DamagedFile(path, "the Word file is cut off or broken", "download or copy it again") from exc
        self.names = set(self.archive.namelist())
        self.main = self._main()

    def _main(self) -> str:
        """Name the part with the body."""
        targets = ["word/document.xml"]
        if "_rels/.rels" in self.names:
            relations = self.tree("_rels/.rels")
            targets = [str(each.get("Target", "")).lstrip("/") for each in relations if str(each.get("Type", "")).endswith("/officeDocument")] + targets
        found = next((target for target in targets if target in self.names and not target.startswith(("xl/", "ppt/"))), None)
        if found is None:
            raise UnsupportedFile(self.path, "the archive is no Word file", "save it as .docx, .pdf or .txt")
        return found

    def tree(self, name: str) -> Any:
        return markup.xml(self.path, self._bytes(name))

    def tree_beside(self, name: str) -> Any:
        """Parse a part beside the body (``numbering``, ``styles``), if there is one."""
        beside = self.main.rpartition("/")[0] + f"/{name}.xml"
        return self.tree(beside.lstrip("/")) if beside.lstrip("/") in self.names else None

    def _bytes(self, name: str) -> bytes:
        info = self.archive.getinfo(name)
        if info.flag_bits & 1:
            raise EncryptedFile(self.path, "the file is protected by a password", "save it without a password")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise DamagedFile(self.path, "the Word file is packed in an unusual way", _OPEN_AND_SAVE)
        try:
            with self.archive.open(info) as stream:
                data = stream.read(MAX_PART + 1)
        except Exception as exc:
            raise DamagedFile(self.path, f"its part {name} is broken", "download or copy it again") from exc
        if len(data) > MAX_PART:
            raise TooLarge(self.path, f"its part {name} unpacks to more than {MAX_PART / 1e6:.0f} MB", "save its text as .txt")
        return data


def _core_title(package: _Package) -> str | None:
    if "docProps/core.xml" not in package.names:
        return None
    try:
        found = _child(package.tree("docProps/core.xml"), "title")
    except ReadError:
        return None
    return None if found is None else found.text


class _Body:
    """Turns the elements of a body into lines; it counts numbered paragraphs on the way."""

    def __init__(self, path: str, numbering: Numbering) -> None:
        self.path = path
        self.numbering = numbering

    def lines(self, parent: Any) -> Iterator[str]:
        """Yield the lines of everything in an element that holds paragraphs and tables."""
        open_text = ""
        for node in self._blocks(parent):
            if tag(node) == "tbl":
                yield from self._table(node)
                continue
            boxes, text = self._paragraph(node)
            yield from boxes
            open_text += text
            if not _on(node, "pPr", "rPr", "del"):
                yield open_text
                open_text = ""
        if open_text:
            yield open_text

    def _blocks(self, parent: Any) -> Iterator[Any]:
        for node in parent:
            name = tag(node)
            if name in {"p", "tbl"}:
                yield node
            elif name == "altChunk":
                raise UnsupportedFile(self.path, "part of its text is a file inside the file", _OPEN_AND_SAVE)
            elif name in _WRAPPERS and not self._is_contents(node):
                yield from self._blocks(node)

    def _is_contents(self, node: Any) -> bool:
        """Whether an element is the table of contents, which repeats the headings."""
        gallery = _at(node, "sdtPr", "docPartObj", "docPartGallery")
        return gallery is not None and "Table of Contents" in gallery.attrib.values()

    def _table(self, table: Any) -> Iterator[str]:
        for row in self._within(table, "tr"):
            if not _on(row, "trPr", "del"):
                yield from markup.row([list(self.lines(cell)) for cell in self._within(row, "tc")])

    def _within(self, parent: Any, name: str) -> Iterator[Any]:
        for node in parent:
            if tag(node) == name:
                yield node
            elif tag(node) in _WRAPPERS:
                yield from self._within(node, name)

    def _paragraph(self, paragraph: Any) -> tuple[list[str], str]:
        """Give the lines of the text boxes that hang on a paragraph, and its own text behind its number."""
        if self.numbering.is_contents(paragraph):
            return [], ""
        boxes: list[str] = []
        text = "".join(self._letters(paragraph, boxes))
        gone = not text and _on(paragraph, "pPr", "rPr", "del")
        number = "" if gone else self.numbering.next(paragraph)
        return boxes, number + text if text.strip() else text

    def _letters(self, parent: Any, boxes: list[str]) -> Iterator[str]:
        for node in parent:
            name = tag(node)
            if name in _UNSEEN or name in {"pPr", "rPr"} or (name == "r" and _on(node, "rPr", "vanish")):
                continue
            if name == "t":
                yield node.text or ""
            elif name in _LETTERS:
                yield _LETTERS[name]
            elif name == "txbxContent":
                boxes.extend(self.lines(node))
            else:
                yield from self._letters(node, boxes)
