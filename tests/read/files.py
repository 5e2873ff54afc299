"""Small files of every format that Fazhi reads, built byte by byte so that each oddity can be put in."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

from pipeline.structure.lines import columns

TITLE = "青禾区2023年法治政府建设年度情况报告"
LINES = (
    TITLE,
    "2023年，青禾区坚持以习近平法治思想为指导，扎实推进依法行政，持续优化法治化营商环境。现将有关情况报告如下：",
    "一、2023年法治政府建设主要举措和成效",
    "（一）依法全面履行政府职能",
    "梳理公布区级权责清单3200余项，“一窗受理”事项办理时限压减六成；新设综合窗口12个，群众办事平均等候时间缩短到9分钟。",
    "（二）严格规范公正文明执法",
    "开展夏季市场专项检查46次，查处食品安全案件118件，罚没款86.5万元。对初次违法且后果轻微的35家商户不予处罚。",
    "二、存在的不足",
    "一是部分镇街合法性审核力量薄弱。二是行政机关负责人出庭应诉率有待提高。",
    "三、2024年工作思路",
    "健全行政复议与信访的衔接机制，把矛盾纠纷化解在基层。",
    "青禾区人民政府",
    "2024年3月20日",
)
TEXT = "\n".join(LINES)
#: The same report as an office in Taiwan's or Hong Kong's encoding would mirror it.
TRADITIONAL = (
    "青禾區2023年法治政府建設年度情況報告\n2023年，青禾區堅持依法行政，持續優化法治化營商環境。現將有關情況報告如下：\n一、主要舉措和成效\n"
    "（一）嚴格規範公正文明執法\n開展夏季市場專項檢查46次，查處食品安全案件118件，罰沒款86.5萬元。對初次違法且後果輕微的35家商戶不予處罰。\n"
    "二、存在的不足\n部分鎮街審核力量薄弱，行政機關負責人出庭應訴率有待提高。"
)

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


# Web pages


def html(body: str, *, title: str = "", head: str = "", charset: str = "utf-8") -> bytes:
    page = f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{head}</head><body>{body}</body></html>'
    return page.encode("gb18030" if charset.lower().startswith("gb") else "big5hkscs" if charset.lower() == "big5" else charset)


def article(lines: Iterable[str] = LINES) -> str:
    return "".join(f"<p>　　{line}</p>\n" for line in lines)


# Word files


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(body: str, *, numbering: str = "", styles: str = "", main: str = "word/document.xml", namespace: str = _WORD, **extra: bytes | str) -> bytes:
    """A Word file with this inside ``w:body``; ``extra`` parts have ``__`` for ``/`` and ``_dot_`` for a full stop."""
    space = f'xmlns:w="{namespace}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="{main}"/></Relationships>',
        main: f"{_HEAD}<w:document {space}><w:body>{body}</w:body></w:document>",
    }
    folder = main.rpartition("/")[0]
    if numbering:
        parts[f"{folder}/numbering.xml"] = f"{_HEAD}<w:numbering {space}>{numbering}</w:numbering>"
    if styles:
        parts[f"{folder}/styles.xml"] = f"{_HEAD}<w:styles {space}>{styles}</w:styles>"
    return zipped(parts | {name.replace("__", "/").replace("_dot_", "."): data for name, data in extra.items()})


def p(text: str = "", *, num: tuple[int, int] | None = None, style: str = "", raw: str = "") -> str:
    """A paragraph; ``num`` is (list, level), ``raw`` its inner XML in place of one run of text."""
    props = (f'<w:pStyle w:val="{style}"/>' if style else "") + (f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>' if num else "")
    return f"<w:p><w:pPr>{props}</w:pPr>{raw or r(text)}</w:p>"


def r(text: str, *, props: str = "") -> str:
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: Sequence[str]) -> str:
    """A table; a cell is text, or XML where it begins with ``<``."""
    cells = ("".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def abstract(name: int, *levels: tuple[str, str], more: str = "") -> str:
    """The definition of a list: (format, text) by level."""
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>' for i, (form, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="{name}">{inner}</w:abstractNum>'


def num(name: int, definition: int, more: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{definition}"/>{more}</w:num>'


# PDF files


def pdf(pages: Sequence[Sequence[str]], *, content: bytes | None = None, trailer: bytes = b"", **objects: bytes) -> bytes:
    """A PDF with these lines on its pages, 22 points apart; ``content`` is a page's drawing commands in place of the lines."""
    found: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        4: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    }
    found |= {int(name.removeprefix("object_")): value for name, value in objects.items()}
    kids = []
    for lines in pages:
        at = max(found) + 1
        resources = b"<< /Font << /F1 3 0 R >> /XObject << /X 5 0 R >> >>"
        found[at] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources %s /Contents %d 0 R >>" % (resources, at + 1)
        found[at + 1] = stream(_shown(lines) if content is None else content)
        kids.append(b"%d 0 R" % at)
    found[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _with_offsets(found, trailer)


def stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), more, packed)


def _shown(lines: Sequence[str]) -> bytes:
    out = [b"BT /F1 8 Tf"]
    out += [b"1 0 0 1 30 %d Tm <%s> Tj" % (790 - 22 * i, line.encode("utf-16-be").hex().encode()) for i, line in enumerate(lines)]
    return b"\n".join([*out, b"ET"])


def _with_offsets(objects: Mapping[int, bytes], trailer: bytes) -> bytes:
    out, offsets = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % offsets[n] if n in offsets else b"0000000000 65535 f \n" for n in range(1, size))
    return bytes(out + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


def wrapped(text: str, width: int) -> list[str]:
    """Break each line of a text at so many columns, as a page does (never before a mark), with an indent of two characters before each paragraph."""
    out: list[str] = []
    for line in text.split("\n"):
        row = "　　"
        for character in line:
            if columns(row) + columns(character) > width and character not in "，。；：”）":
                out.append(row)
                row = ""
            row += character
        out.append(row)
    return out
