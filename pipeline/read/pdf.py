"""PDF files with a text layer. The one file that knows pypdfium2.

The library runs in a helper process, because a file of one kilobyte can make it take all memory of the machine.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, EncryptedFile, ReadError, ScannedFile, TooLarge
from pipeline.read import hints
from pipeline.read.apart import Helper, taken_apart
from pipeline.read.txt import familiar_share

#: The most pages and characters that a report may have, the seconds that a file may take, and the bytes of memory.
MAX_PAGES = 2_000
MAX_CHARACTERS = 500_000
SECONDS = 30.0
MEMORY = 900_000_000
#: Where a whole file has its end mark, in bytes from its end.
_TAIL = 2048

_HELPER = Helper(__name__, "answer", memory=MEMORY)
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_DIGITS = re.compile(r"\d+")
_OCR = "run text recognition (OCR) on it, or use the web page or Word file"
_AGAIN = "open it in a PDF reader and save it again, or use the web page or Word file"


def read_pdf(path: str, data: bytes) -> tuple[str, Metadata]:
    """Read the text layer of a PDF, page after page, without running heads; broken lines are mended by the structure step."""
    if b"%%EOF" not in data.rstrip(b"\x00 \t\r\n")[-_TAIL:]:  # the library would mend it, and leave out the pages that are lost
        raise DamagedFile(path, "the PDF is cut off", "download or copy it again")
    found = taken_apart(path, _HELPER, data, seconds=SECONDS, remedy=_AGAIN)
    if "wrong" in found:
        raise _error(path, found["wrong"])
    pages: list[list[str]] = [_lines(page) for page in found["pages"]]
    _check(path, pages)
    return "\n".join("\n".join(page) for page in _without_running_heads(pages)), Metadata(title=hints.title(found["title"]))


def answer(data: bytes) -> bytes:
    """Take a PDF apart: its pages' texts and title as JSON, or what is wrong with it. Runs in the helper process."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        wrong = "password" if re.search(r"password|security", str(exc), re.IGNORECASE) else "broken"
        return json.dumps({"wrong": wrong}).encode()
    try:
        return json.dumps(_taken_apart(document)).encode()
    except pypdfium2.PdfiumError:
        return json.dumps({"wrong": "broken page"}).encode()
    finally:
        document.close()


def _taken_apart(document: Any) -> dict[str, Any]:
    if len(document) > MAX_PAGES:
        return {"wrong": "pages"}
    pages: list[str] = []
    count = 0
    for index in range(len(document)):
        page = document[index]
        text = page.get_textpage()
        count += text.count_chars()
        if count > MAX_CHARACTERS:
            return {"wrong": "characters"}
        pages.append(text.get_text_bounded())
        text.close()
        page.close()
    return {"pages": pages, "title": document.get_metadata_value("Title")}


def _error(path: str, wrong: str) -> ReadError:
    if wrong == "password":
        return EncryptedFile(path, "the PDF asks for a password", "save it without a password")
    if wrong in {"pages", "characters"}:
        return TooLarge(path, f"the PDF has more {wrong} than any report", "split it into single reports")
    if wrong == "broken page":
        return DamagedFile(path, "a page of the PDF cannot be read", _AGAIN)
    return DamagedFile(path, "the PDF is cut off or broken", "download or copy it again")


def _lines(page: str) -> list[str]:
    """Split a page's text into lines; the library writes U+FFFE for a hyphen at a line's end."""
    return [line for line in page.replace("\ufffe", "").replace("\x02", "").splitlines() if line.strip()]


def _check(path: str, pages: Sequence[Sequence[str]]) -> None:
    """Refuse a PDF whose pages are pictures, all or most of them, or whose text layer is no text."""
    if not pages:
        raise DamagedFile(path, "the PDF has no pages", "download or copy it again")
    text = "".join(line for page in pages for line in page)
    bare = sum(sum(c.isalpha() for line in page for c in line) < 10 for page in pages)
    if bare == len(pages):
        raise ScannedFile(path, "the PDF holds pictures of pages and no text", _OCR)
    if bare > len(pages) / 2:
        raise ScannedFile(path, f"{bare} of its {len(pages)} pages hold pictures and no text", _OCR)
    share = familiar_share(text)
    if len(_UNREADABLE.findall(text)) > 0.2 * len(text) or (share is not None and share < 0.2):
        raise ScannedFile(path, "the text layer of the PDF is unreadable (its fonts do not say which characters they show)", _OCR)


def _without_running_heads(pages: Sequence[list[str]]) -> list[list[str]]:
    """Leave out lines that stand at the top or at the bottom of most pages, numbers in them aside.

    >>> _without_running_heads([["年度报告", f"正文{c}", f"第{i}页"] for i, c in enumerate("甲乙丙")])
    [['正文甲'], ['正文乙'], ['正文丙']]
    """
    if len(pages) < 3:
        return list(pages)
    for end in (0, -1, 0, -1):
        marks = Counter(_DIGITS.sub("0", page[end].strip()) for page in pages if page)
        often = {mark for mark, count in marks.items() if count >= max(3, len(pages) / 2)}
        pages = [(page[1:] if end == 0 else page[:-1]) if page and _DIGITS.sub("0", page[end].strip()) in often else page for page in pages]
    return list(pages)
