"""One face over the file formats: find files, check them, hand each to the reader of its format."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pipeline.data import Metadata, RawText
from pipeline.errors import DamagedFile, EmptyFile, EncryptedFile, ReadError, TooLarge, UnsupportedFile

#: The largest file that is read, in bytes; real reports are under 1 MB as text and under 10 MB as PDF.
MAX_BYTES = 64 * 1024 * 1024
#: The most characters that a report may have once read.
MAX_CHARACTERS = 5_000_000

Reader = Callable[[str, bytes], tuple[str, Metadata]]


def _txt(path: str, data: bytes) -> tuple[str, Metadata]:
    from pipeline.read.txt import read_txt

    return read_txt(path, data)


def _html(path: str, data: bytes) -> tuple[str, Metadata]:
    from pipeline.read.html import read_html

    return read_html(path, data)


def _docx(path: str, data: bytes) -> tuple[str, Metadata]:
    from pipeline.read.docx import read_docx

    return read_docx(path, data)


def _pdf(path: str, data: bytes) -> tuple[str, Metadata]:
    from pipeline.read.pdf import read_pdf

    return read_pdf(path, data)


_READERS: dict[str, Reader] = {
    ".txt": _txt,
    ".text": _txt,
    ".md": _txt,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".docx": _docx,
    ".pdf": _pdf,
}
#: The suffixes of files that Fazhi reads.
SUFFIXES = tuple(_READERS)

_OTHER_FORMATS = {".doc": "Word's old format", ".wps": "WPS's format", ".rtf": "RTF", ".odt": "OpenDocument", ".xls": "a spreadsheet", ".xlsx": "a spreadsheet", ".ofd": "OFD"}


def read(path: str | os.PathLike[str], *, name: str | None = None) -> RawText:
    """Read the text of one report file.

    ``name`` is what the report is called from here on; by default the file's name without its suffix.

    Raises
    ------
    ReadError
        With the file's path, what is wrong with it, and what to do: a missing, empty, damaged, encrypted, scanned or too large file,
        or one whose content is not of the format that its suffix names.
    """
    file = Path(path)
    where = str(path)
    data = _bytes(file, where)
    reader = _reader(file, where, data)
    text, hints = reader(where, data)
    if not any(c.isalnum() for c in text):
        raise EmptyFile(where, "the file holds no text", "export it again from its source")
    if len(text) > MAX_CHARACTERS:
        raise TooLarge(where, f"the text has {len(text):,} characters, more than {MAX_CHARACTERS:,}", "split it into single reports")
    return RawText(name or file.stem, where, hashlib.sha256(data).hexdigest(), text, hints)


def find_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The report files under some files, folders and glob patterns: sorted, each once.

    A folder gives the files below it with a suffix of :data:`SUFFIXES`, hidden files and Office's lock files left out; a file that is named itself is
    always in the list, whatever its suffix, so that reading it can say what is wrong.

    Raises
    ------
    ReadError
        Where a path does not exist, or a folder or pattern holds no report file.
    """
    found: set[str] = set()
    for path in map(os.fspath, paths):
        found.update(_expand(path))
    return sorted(found)


def _expand(path: str) -> Sequence[str]:
    if os.path.isdir(path):
        inside = [str(file) for file in Path(path).rglob("*") if file.suffix.lower() in _READERS and file.is_file() and not file.name.startswith((".", "~$"))]
        if not inside:
            raise ReadError(path, "the folder holds no report file", f"give a folder with {', '.join(SUFFIXES)} files")
        return inside
    if os.path.exists(path):
        return [path]
    matches = [match for match in glob.glob(path, recursive=True) if os.path.isfile(match)] if glob.has_magic(path) else []
    if not matches:
        raise ReadError(path, "there is no such file", "check the path")
    return matches


def _bytes(file: Path, where: str) -> bytes:
    try:
        if not file.is_file():
            wrong = "it is a folder" if file.is_dir() else "there is no such file"
            raise ReadError(where, wrong, "name a report file")
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise TooLarge(where, f"the file has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB", "split it, or save its text alone")
        data = file.read_bytes()
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise ReadError(where, f"the file cannot be read ({reason})", "check the path and its permissions") from exc
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(where, "the file is empty", "export it again from its source")
    return data


def _reader(file: Path, where: str, data: bytes) -> Reader:
    """The reader for a file, once its content is seen to be what its suffix says."""
    suffix = file.suffix.lower()
    if suffix in _OTHER_FORMATS:
        raise UnsupportedFile(where, f"{suffix} files ({_OTHER_FORMATS[suffix]}) are not read", "save it as .docx, .pdf or .txt")
    if suffix not in _READERS:
        raise UnsupportedFile(where, f"files with the suffix {suffix or '(none)'} are not read", f"rename or save it as one of {', '.join(SUFFIXES)}")
    actual = _sniff(data)
    expected = {".docx": "docx", ".pdf": "pdf"}.get(suffix, "text")
    if actual == "ole":
        if suffix == ".docx":
            raise EncryptedFile(where, "the file is protected by a password, or in Word's old format", "open it in Word and save it as .docx without a password")
        raise UnsupportedFile(where, "the file is an old Office document", "open it in Word and save it as .docx")
    if actual != expected:
        raise _mismatch(where, suffix, actual)
    return _READERS[suffix]


def _mismatch(where: str, suffix: str, actual: str) -> ReadError:
    if actual == "text":
        return DamagedFile(where, f"the content is not {suffix[1:]}", "export it again from its source, or rename it to .txt or .html if that is what it is")
    if actual in {"docx", "pdf"}:
        return UnsupportedFile(where, f"the content is {actual}, not what the suffix {suffix} says", f"rename it to .{actual}")
    return UnsupportedFile(where, f"the content is {actual}, which is not read", "save it as .docx, .pdf or .txt")


def _sniff(data: bytes) -> str:
    """The format that the first bytes show: ``pdf docx ole image archive`` or ``text``."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return "docx" if b"word/" in data or b"[Content_Types].xml" in data else "a zip archive"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "a picture"
    if data.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "an archive"
    return "text"
