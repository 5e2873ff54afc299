"""Word files. The one file that knows python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, EncryptedFile, TooLarge, UnsupportedFile

#: What a Word file may unpack to, in bytes, pictures left out.
MAX_UNPACKED = 100 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".bin")


def read_docx(path: str, data: bytes) -> tuple[str, Metadata]:
    """The text of a Word file: one paragraph a line, table rows as ``a | b``, deleted text left out."""
    _check(path, data)
    try:
        import docx

        body = docx.Document(io.BytesIO(data)).element.body
        lines = list(_lines(body))
    except Exception as exc:
        raise DamagedFile(path, "the Word file cannot be opened", "open it in Word and save it again") from exc
    return "\n".join(lines), Metadata()


def _check(path: str, data: bytes) -> None:
    """Refuse archives that are broken, encrypted, unpack to too much, or hold no document, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as exc:
        raise DamagedFile(path, "the Word file is cut off or broken", "download or copy it again") from exc
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedFile(path, "the file is protected by a password", "save it without a password")
    unpacked = sum(member.file_size for member in members if not member.filename.lower().endswith(_PICTURES))
    if unpacked > MAX_UNPACKED or len(members) > 10_000:
        raise TooLarge(path, f"the file unpacks to {unpacked / 1e6:,.0f} MB", "save its text alone as .txt")
    if not any(member.filename == "word/document.xml" for member in members):
        raise UnsupportedFile(path, "the archive is no Word file", "save it as .docx, .pdf or .txt")


def _lines(body: Any) -> Iterator[str]:
    for element in body.iterchildren():
        if element.tag == f"{_W}p":
            yield _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield from _table(element)
        elif element.tag in {f"{_W}sdt", f"{_W}ins", f"{_W}sdtContent", f"{_W}customXml"}:
            yield from _lines(element)


def _table(table: Any) -> Iterator[str]:
    """A table of one cell is a frame around text; any other gives a row a line."""
    for row in table.iter(f"{_W}tr"):
        cells = list(row.iterchildren(f"{_W}tc"))
        if len(cells) == 1:
            yield from _lines(cells[0])
        else:
            yield " | ".join(" ".join(_lines(cell)).strip() for cell in cells) + " |"


def _paragraph(paragraph: Any) -> str:
    out: list[str] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if any(above.tag in {f"{_W}txbxContent", f"{_W}del"} for above in node.iterancestors()):
            continue
        kind = node.tag.removeprefix(_W)
        out.append({"t": node.text or "", "noBreakHyphen": "-", "tab": "\t" if node.getparent().tag == f"{_W}r" else ""}.get(kind, "\n"))
    return "".join(out)
