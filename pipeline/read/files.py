"""One face over the file formats: find files, check them, hand each to the reader of its format."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pipeline.data import Metadata, RawText
from pipeline.errors import DamagedFile, EmptyFile, EncryptedFile, ReadError, TooLarge, UnsupportedFile

#: The largest file that is read, in bytes; real reports are under 1 MB as text and under 10 MB as PDF.
MAX_BYTES = 64 * 1024 * 1024
#: The most characters that a report may have once read; long ones have 60,000.
MAX_CHARACTERS = 1_000_000

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

_OTHER_FORMATS = {
    ".doc": "Word's old format",
    ".docm": "Word with macros",
    ".wps": "WPS's format",
    ".rtf": "RTF",
    ".odt": "OpenDocument",
    ".mht": "a web archive",
    ".mhtml": "a web archive",
    ".xls": "a spreadsheet",
    ".xlsx": "a spreadsheet",
    ".ofd": "OFD",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NAME_ONE = "name a report file"
_SAVE_AS = "save it as .docx, .pdf or .txt"


def read(path: str | os.PathLike[str], *, name: str | None = None) -> RawText:
    """Read the text of one report file.

    ``name`` is what the report is called from here on; by default the file's name without its suffix.

    Raises
    ------
    ReadError
        With the file's path, what is wrong with it, and what to do: a missing, empty, damaged, encrypted, scanned or too large file,
        or one whose content is not of the format that its suffix names.
    """
    file, where = Path(path), _legible(str(path))
    data = _bytes(file, where)
    text, hints = _reader(file, where, data)(where, data)
    if not any(c.isalnum() for c in text):
        raise EmptyFile(where, "the file holds no text", "export it again from its source")
    if len(text) > MAX_CHARACTERS:
        raise TooLarge(where, f"the text has {len(text):,} characters, more than {MAX_CHARACTERS:,}", "split it into single reports")
    return RawText(_legible(name or file.stem), where, hashlib.sha256(data).hexdigest(), text, hints)


def find_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """Find the report files under some files, folders and glob patterns: sorted, each once.

    A folder gives the files below it with a suffix of :data:`SUFFIXES`, hidden ones, Office's lock files and ``README`` left out; a file that is named itself is
    always in the list, whatever its suffix, so that reading it can say what is wrong.

    Raises
    ------
    ReadError
        Where a path does not exist, a folder cannot be looked into, or a folder or pattern holds no report file.
    """
    found: dict[str, str] = {}
    for path in paths:
        for file in _expand(os.fspath(path)):
            found.setdefault(os.path.abspath(file), file)
    return sorted(found.values())


def _expand(path: str) -> list[str]:
    if os.path.isdir(path):
        inside = list(_inside(path))
        if not inside:
            raise ReadError(_legible(path), "the folder holds no report file", f"give a folder with {', '.join(SUFFIXES)} files")
        return inside
    if os.path.lexists(path):
        return [path]
    matches = [match for match in glob.glob(path, recursive=True) if not os.path.isdir(match)] if glob.has_magic(path) else []
    if not matches:
        raise ReadError(_legible(path), "there is no such file", "check the path")
    return matches


def _inside(folder: str) -> Iterator[str]:
    """Yield the report files below a folder."""
    for here, folders, files in os.walk(folder, onerror=_unwalkable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            stem, suffix = os.path.splitext(name)
            if suffix.lower() in _READERS and not name.startswith((".", "~$")) and stem.lower() != "readme":
                yield os.path.join(here, name)


def _unwalkable(exc: OSError) -> None:
    raise ReadError(_legible(str(exc.filename)), f"the folder cannot be looked into ({exc.strerror})", "check its permissions") from exc


def _legible(text: str) -> str:
    """Give a path as text that can be printed and stored, where its bytes are in another encoding than the system's."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(text)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", errors="replace")
    return text


def _bytes(file: Path, where: str) -> bytes:
    """Read the bytes of a regular file of sensible size and of a format that is read."""
    try:
        _check(file, where, os.stat(file))
        with open(file, "rb", opener=_opener) as stream:
            _check(file, where, os.fstat(stream.fileno()))
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as exc:
        raise _unreadable(file, where, exc) from exc
    if len(data) > MAX_BYTES:
        raise _too_large(where, len(data))
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(where, "the file is empty", "export it again from its source")
    return data


def _opener(path: str, flags: int) -> int:
    """Open without waiting: a pipe that was put in the file's place must not hang the program."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _unreadable(file: Path, where: str, exc: OSError | ValueError) -> ReadError:
    if isinstance(exc, FileNotFoundError):
        if file.is_symlink():
            return ReadError(where, "the link points to a file that is not there", "mend the link, or name the file itself")
        return ReadError(where, "there is no such file", "check the path")
    if isinstance(exc, PermissionError):
        return ReadError(where, "you have no permission to read the file", "ask its owner, or change its permissions")
    reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
    return ReadError(where, f"the file cannot be read ({reason})", "check the path")


def _check(file: Path, where: str, status: os.stat_result) -> None:
    """Refuse, before a byte is read, what is no file, too large, or of another format by its suffix."""
    if stat.S_ISDIR(status.st_mode):
        raise ReadError(where, "it is a folder", _NAME_ONE)
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(where, "it is a pipe or a device, not a file", _NAME_ONE)
    suffix = file.suffix.lower()
    if suffix in _OTHER_FORMATS:
        raise UnsupportedFile(where, f"{suffix} files ({_OTHER_FORMATS[suffix]}) are not read", f"open it in the program that made it and {_SAVE_AS}")
    if suffix not in _READERS:
        raise UnsupportedFile(where, f"files with the suffix {suffix or '(none)'} are not read", f"rename or save it as one of {', '.join(SUFFIXES)}")
    if status.st_size > MAX_BYTES:
        raise _too_large(where, status.st_size)


def _too_large(where: str, size: int) -> TooLarge:
    return TooLarge(where, f"the file has {size / 1e6:,.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB", "split it, or save its text alone as .txt")


def _reader(file: Path, where: str, data: bytes) -> Reader:
    """Choose the reader for a file, once its content is seen to be what its suffix says."""
    suffix = file.suffix.lower()
    actual = "pdf" if suffix == ".pdf" and b"%PDF-" in data[:1024] else _sniff(data)
    expected = {".docx": "docx", ".pdf": "pdf"}.get(suffix, "text")
    if actual != expected:
        raise _mismatch(where, suffix, actual)
    return _READERS[suffix]


def _mismatch(where: str, suffix: str, actual: str) -> ReadError:
    if actual == "encrypted":
        return EncryptedFile(where, "the file is protected by a password", "open it in Word and save it without a password")
    if actual == "ole":
        return UnsupportedFile(where, "the content is an old Office document", "open it in Word and save it as .docx")
    if actual == "text":
        remedy = "download or export it again, or rename it to .txt or .html if that is what it is"
        return DamagedFile(where, f"the content is not {suffix[1:]}", remedy)
    if actual in {"docx", "pdf"}:
        return UnsupportedFile(where, f"the content is {actual}, not what the suffix {suffix} says", f"rename it to .{actual}")
    return UnsupportedFile(where, f"the content is {actual}, which is not read", _SAVE_AS)


def _sniff(data: bytes) -> str:
    """Tell the format that the first bytes show: ``pdf``, ``docx``, ``ole``, ``encrypted``, ``text``, or words for another one."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return "encrypted" if kind == "ole" and _ENCRYPTED in data else kind
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if b"[Content_Types].xml" not in data and b"word/" not in data:
            return "a zip archive"
        return "a spreadsheet" if b"xl/workbook" in data else "slides" if b"ppt/" in data else "docx"
    return "text"
