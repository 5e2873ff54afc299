"""Plain text, in the encodings that Chinese offices use."""

from __future__ import annotations

import codecs
import re

from pipeline.data import Metadata
from pipeline.errors import DamagedFile, UnsupportedFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
#: The 300 commonest characters of such reports, the traditional forms among them, and marks: about 70% of any report's text (at least 37% of any long line),
#: and under 4% of a text that was decoded wrongly.
_COMMON = (
    "法政的一行人件全建制治案年执公工查不实开理和业项设办审合对会区化部议调作大三规解动事府进员机推度处责出县上务成发管为在监个改中民市到定用律决报重主督分企应地专文与场证问信次等力十清新展门提策"
    "单体保时立后情通依要点名程家诉入罚范四组条任评以下复题检资有面期同委持接是领防职关级落二线万五加权强平位现告道两起收安款镇方整性学元生完结统意把村见水导社队台格急核补服联长户自小请况经标前协"
    "能受局代健向纠由险商量率并备网明集施高回农环坚当计内过访严预争乡修目书取编六众干群电党指系常批察庭院口打深效先交老记风司求产普百负七共头逐转表基将各置据放听流间纷消织金可护心准数录善站考及序"
    "来运布海外助灾息街就日划示八物實開業項設辦審對區議調規動進員機處責縣務發爲為監個決報應專與場證問門單體時後點訴罰範組條評題檢資領職關級線萬權強現兩鎮學結統見導隊臺台補聯長戶戸請況經標協糾險"
    "並備網農環堅當計內過訪嚴預爭鄉書編衆眾幹羣群電黨記風產負頭轉將據聽間紛織護準數錄來運劃災"
)
_MARKS = "，。、；：（）“”‘’《》「」『』〔〕　！？—…％·"
_FAMILIAR = re.compile(f"[{_COMMON}{_MARKS}]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
#: No real report has more than a dozen uncommon characters in a row.
_NOISE = re.compile(rf"[^{_COMMON}{_MARKS}\x00-\x7f\s]{{24}}")
_MARKUP = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html[\s>]|head[\s>])", re.IGNORECASE | re.DOTALL)
_LEAST_SHARE = 0.2
_SAMPLE = 200_000
_REMEDY = "open it in an editor and save it as UTF-8"
_AGAIN = "download or export it again"


def read_txt(path: str, data: bytes) -> tuple[str, Metadata]:
    """Read the text of a plain text file."""
    text = decode(path, data)
    if _MARKUP.match(text):
        raise UnsupportedFile(path, "the content is a web page, not plain text", "rename it to .html")
    if text.startswith("{\\rtf"):
        raise UnsupportedFile(path, "the content is RTF, not plain text", "open it in Word and save it as .docx or .txt")
    return text, Metadata()


def decode(path: str, data: bytes, declared: str | None = None) -> str:
    """Decode bytes that should be Chinese text: by byte order mark, as UTF-8, else in the encoding that gives the most familiar characters.

    What a file ``declared`` of itself counts only where encodings are level, because pages often declare wrongly.

    Raises
    ------
    DamagedFile
        Where bytes are broken or lost, so that the text could only be read with holes or noise in it, or no encoding fits.
    UnsupportedFile
        Where the bytes are no text at all.

    >>> decode("a.txt", "法治政府".encode("gb18030"))
    '法治政府'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(path, data, encoding).lstrip("\ufeff")
    if b"\x00" in data:
        return _with_zeros(path, data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as broken:
        if _mostly_utf8(data):
            raise _broken(path, broken, "utf-8") from broken
        return _guessed(path, data, declared)
    return _guessed(path, data, "gb18030") if _only_looks_like_utf8(text, data) else text


def _with_zeros(path: str, data: bytes) -> str:
    """Decode bytes with zeros in them: UTF-16 without a mark, padding behind the text, or no whole text."""
    encoding = max(("utf-16-le", "utf-16-be"), key=lambda encoding: _familiar(data, encoding))
    if _familiar(data, encoding) >= _LEAST_SHARE:
        return _without_noise(path, _strictly(path, data, encoding))
    text = data.rstrip(b"\x00")
    if b"\x00" not in text:
        return decode(path, text)
    rest = text.replace(b"\x00", b"")
    if len(rest) > 0.3 * len(text) and max(_familiar(rest, encoding) for encoding in ("utf-8", "gb18030", "cp950")) >= 0.4:
        raise DamagedFile(path, f"byte {text.index(0)} is zero, so that part of the text is lost", _AGAIN)
    raise UnsupportedFile(path, "the content is binary, not text", "export it as .txt, .html, .docx or .pdf")


def _guessed(path: str, data: bytes, declared: str | None) -> str:
    """Decode in the encoding that gives the most familiar characters, if it gives enough of them."""
    shares = {encoding: _familiar(data, encoding) for encoding in ("gb18030", "cp950", "utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda encoding: shares[encoding] + (0.02 if encoding == _known(declared) else 0))
    if shares[best] < _LEAST_SHARE:
        raise DamagedFile(path, "the encoding is not known, or the content is not Chinese text", _REMEDY)
    if best == "cp950":
        return _without_noise(path, _big5(path, data))
    return _without_noise(path, _strictly(path, data, best))


def _known(declared: str | None) -> str | None:
    """The name among the encodings here for one that a page declares."""
    name = (declared or "").lower().replace("_", "-")
    return "gb18030" if name.startswith("gb") else "cp950" if name.startswith("big5") else None


def _big5(path: str, data: bytes) -> str:
    """Decode Big5 as Windows writes it, or with the characters that Hong Kong added."""
    try:
        return data.decode("cp950")
    except UnicodeDecodeError:
        return _strictly(path, data, "big5hkscs")


def familiar_share(text: str) -> float | None:
    """Give the share of common characters and marks among all beyond ASCII, in [0, 1]; ``None`` where there are too few to tell.

    >>> familiar_share("法治政府建设") is None, familiar_share("法治政府建设年度报告" * 5)
    (True, 1.0)
    """
    beyond = len(_FOREIGN.findall(text))
    return len(_FAMILIAR.findall(text)) / beyond if beyond >= 50 else None


def _familiar(data: bytes, encoding: str) -> float:
    """Give the share of common characters and marks among all beyond ASCII, in [0, 1], if the data were in that encoding."""
    text = data[:_SAMPLE].decode(encoding, errors="replace")
    return len(_FAMILIAR.findall(text)) / max(1, len(_FOREIGN.findall(text)))


def _strictly(path: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise _broken(path, exc, encoding) from exc


def _broken(path: str, exc: UnicodeDecodeError, encoding: str) -> DamagedFile:
    name = encoding.upper().replace("CP950", "Big5").replace("BIG5HKSCS", "Big5")
    if exc.end >= len(exc.object) and ("end" in exc.reason or "truncated" in exc.reason or "incomplete" in exc.reason):
        return DamagedFile(path, f"the {name} text is cut off inside its last character", _AGAIN)
    return DamagedFile(path, f"byte {exc.start} is not valid {name}", f"{_AGAIN}, or {_REMEDY}")


def _without_noise(path: str, text: str) -> str:
    """Give the text back if no part of it is noise, as it comes from bytes lost in the middle of a text."""
    noise = _NOISE.search(text)
    if noise:
        raise DamagedFile(path, f"the text is unreadable from character {noise.start()} on", _AGAIN)
    return text


def _mostly_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 Chinese text with some broken places."""
    return _familiar(data, "utf-8") >= 0.3


def _only_looks_like_utf8(text: str, data: bytes) -> bool:
    """Whether a few GB18030 characters happen to be valid UTF-8 as well."""
    beyond = _FOREIGN.findall(text)
    return bool(beyond) and max(beyond) < "\u0800" and _familiar(data, "gb18030") > 0.5
