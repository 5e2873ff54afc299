"""PDF files with a text layer. The one file that knows pypdfium2."""

from __future__ import annotations

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, EncryptedFile, ScannedFile, TooLarge

#: The most pages that a report may have.
MAX_PAGES = 2000


def read_pdf(path: str, data: bytes) -> tuple[str, Metadata]:
    """The text layer of a PDF, page after page; broken lines are mended by the structure step."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise EncryptedFile(path, "the PDF asks for a password", "save it without a password") from exc
        raise DamagedFile(path, "the PDF is cut off or broken", "download or copy it again") from exc
    try:
        if len(document) > MAX_PAGES:
            raise TooLarge(path, f"the PDF has {len(document):,} pages", "split it into single reports")
        pages = [_page(document, i) for i in range(len(document))]
    except pypdfium2.PdfiumError as exc:
        raise DamagedFile(path, "a page of the PDF cannot be read", "open it in a PDF reader and save it again") from exc
    finally:
        document.close()
    text = "\n".join(pages)
    if sum(c.isalnum() for c in text) < 5 * max(1, len(pages)):
        raise ScannedFile(path, "the PDF holds pictures of pages and no text", "run text recognition (OCR) on it, or use the web page or Word file")
    return text, Metadata()


def _page(document: object, index: int) -> str:
    page = document[index]  # type: ignore[index]
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_bounded()).replace("\ufffe", "").replace("\r\n", "\n")
        finally:
            text.close()
    finally:
        page.close()
