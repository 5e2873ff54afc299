"""Plain text, in the encodings that Chinese offices use."""

from __future__ import annotations

import codecs
import re

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, UnsupportedFile

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HAN = re.compile(r"[\u4e00-\u9fff，。、；：（）]")
_REMEDY = "open it in an editor and save it as UTF-8"


def read_txt(path: str, data: bytes) -> tuple[str, Metadata]:
    """The text of a plain text file."""
    return decode(path, data), Metadata()


def decode(path: str, data: bytes, declared: str | None = None) -> str:
    """Decode bytes that should be Chinese text: by byte order mark, as UTF-8, by what the file declares, else by detection.

    Raises
    ------
    DamagedFile
        Where a mark or the content says UTF-8 or UTF-16 and single bytes are broken, or no encoding fits.
    UnsupportedFile
        Where the bytes are no text at all.

    >>> decode("a.txt", "法治政府".encode("gb18030"))
    '法治政府'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(path, data, encoding)
    guess = _utf16_without_mark(data)
    if guess:
        return _strictly(path, data, guess)
    if data[:4096].count(0) > 0:
        raise UnsupportedFile(path, "the content is binary, not text", "export it as .txt, .html, .docx or .pdf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        broken = exc
    if _mostly_utf8(data):
        raise DamagedFile(path, f"byte {broken.start} is not valid UTF-8", _REMEDY) from broken
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return text
    raise DamagedFile(path, "the encoding is not known", _REMEDY)


def _strictly(path: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise DamagedFile(path, f"byte {exc.start} is not valid {encoding.removesuffix('-sig').upper()}", _REMEDY) from exc


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows by a common character's high byte (line feed, full stop, comma) in one of the two places."""
    sample = data[:4000]
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = sample[: len(sample) // 2 * 2].decode(encoding, errors="strict" if len(data) <= 4000 else "ignore")
        except UnicodeDecodeError:
            continue
        if len(text) >= 4 and len(_HAN.findall(text)) > 0.5 * len(text) and ("，" in text or "。" in text or "\n" in text):
            return encoding
    return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 Chinese text with a few broken places."""
    text = data.decode("utf-8", errors="replace")
    return text.count("\ufffd") < 0.02 * len(text) and len(_HAN.findall(text)) > 5 * text.count("\ufffd")


def _candidates(data: bytes, declared: str | None) -> list[str]:
    """Encodings to try in order: what the file declares, what the detector finds, then the national standard."""
    from charset_normalizer import from_bytes

    names = []
    if declared:
        names.append("gb18030" if declared.lower() in {"gb2312", "gbk", "gb_2312-80"} else declared)
    best = from_bytes(data[:200_000], cp_isolation=["gb18030", "big5hkscs", "big5"]).best()
    if best is not None:
        names.append(best.encoding)
    return [*names, "gb18030", "big5hkscs"]
