from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipeline.data import RawText
from pipeline.errors import DamagedFile, EncryptedFile, ReadError, TooLarge, UnsupportedFile
from pipeline.read import docx as reader
from pipeline.read.docx import read_docx
from pipeline.structure import parse
from tests.read.files import LINES, TEXT, TITLE, abstract, docx, num, p, r, table, zipped

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def text_of(body: str, **options: str) -> str:
    return read_docx("a.docx", docx(body, **options))[0]


def paragraph(raw: str) -> str:
    return text_of(p(raw=raw))


def test_a_report_reads_as_its_text_does():
    text = text_of("".join(map(p, LINES)))
    assert text == TEXT
    assert parse(RawText("a", "a.docx", "", text)) == parse(RawText("a", "a.docx", "", TEXT))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r("全年受理") + r("行政复议") + r("案件42件。"), "全年受理行政复议案件42件。"),
        (r("印发") + f'<w:hyperlink r:id="rId9">{r("《办法》")}</w:hyperlink>' + r("6项。"), "印发《办法》6项。"),
        (r("全年") + f"<w:ins>{r('新增')}</w:ins>" + r("窗口12个。"), "全年新增窗口12个。"),
        (r("全年") + "<w:del><w:r><w:delText>减少</w:delText></w:r></w:del>" + r("窗口12个。"), "全年窗口12个。"),
        (r("移出") + f"<w:moveFrom>{r('的句子')}</w:moveFrom><w:moveTo>{r('之后')}</w:moveTo>", "移出之后"),
        (f"<w:smartTag>{r('青禾区')}</w:smartTag><w:sdt><w:sdtPr/><w:sdtContent>{r('人民政府')}</w:sdtContent></w:sdt>", "青禾区人民政府"),
        (f'<w:fldSimple w:instr=" PAGE ">{r("12")}</w:fldSimple>', "12"),
        ("<w:r><w:instrText>HYPERLINK http://a.cn</w:instrText></w:r>" + r("链接文字"), "链接文字"),
        (r("可见") + r("隐藏", props="<w:vanish/>") + r("又见", props='<w:vanish w:val="0"/>'), "可见又见"),
        ("<w:r><w:t>第一行</w:t><w:br/><w:t>第二行</w:t></w:r>", "第一行\n第二行"),
        ("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>", "a-b\tc"),
        ("<w:r><w:ruby><w:rt>" + r("fǎ") + "</w:rt><w:rubyBase>" + r("法") + "</w:rubyBase></w:ruby></w:r>" + r("治"), "法治"),
        (r("正文") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + r("继续。"), "正文继续。"),
        (r("正文") + '<w:r><w:commentReference w:id="0"/></w:r>', "正文"),
    ],
)
def test_what_a_reader_of_the_paragraph_sees(raw: str, text: str):
    assert paragraph(raw) == text


def test_a_deleted_end_of_paragraph_joins_the_next():
    mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    assert text_of(f"{mark}{r('扎实推进')}</w:p>" + p("依法行政。") + p("下一段。")) == "扎实推进依法行政。\n下一段。"


def test_text_boxes_are_read_once():
    box = f"<w:txbxContent>{p(TITLE)}</w:txbxContent>"
    raw = f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>{r('正文。')}"
    assert paragraph(raw) == f"{TITLE}\n正文。"


def test_footnotes_headers_and_comments_are_left_out():
    note = f'<w:footnotes xmlns:w="x">{p("脚注里的话。")}</w:footnotes>'
    assert read_docx("a.docx", docx(p("正文。"), word__footnotes_dot_xml=note, word__header1_dot_xml=note, word__comments_dot_xml=note))[0] == "正文。"


def test_tables_of_figures_are_rows():
    assert text_of(p("附表如下。") + table(["类别", "受理"], ["行政复议", "42件"])) == "附表如下。\n类别 | 受理 |\n行政复议 | 42件 |"


def test_tables_for_layout_are_paragraphs():
    inner = table([p("一、主要举措"), ""], [p(LINES[4]) + p(LINES[6]), ""])
    assert text_of(table([p(TITLE) + inner + p("")])).split("\n") == [TITLE, "一、主要举措", LINES[4], LINES[6]]


def test_a_nested_table_is_read_once():
    assert text_of(table([p("外层") + table([p("内层一句话。")]) + p("")])).count("内层一句话") == 1


def test_deleted_rows_and_content_controls_around_blocks():
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('已删的行')}</w:tc></w:tr>"
    body = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('甲。')}{p('乙。')}</w:sdtContent></w:sdt><w:tbl>{row}<w:tr><w:tc>{p('留下。')}</w:tc></w:tr></w:tbl>"
    assert text_of(body) == "甲。\n乙。\n留下。"


def test_a_table_of_contents_is_no_text():
    gallery = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    styles = '<w:style w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    body = gallery.format(p("一、主要举措\t1")) + p("二、存在的不足\t3", style="11") + p("三、思路\t4", style="TOC1") + p("一、主要举措")
    assert text_of(body, styles=styles) == "\n\n一、主要举措"


@pytest.mark.parametrize("options", [{"namespace": STRICT}, {"main": "word/document2.xml"}, {"main": "document.xml"}])
def test_other_ways_to_write_a_word_file(options: dict[str, str]):
    assert text_of("".join(map(p, LINES)), **options) == TEXT


def test_the_title_of_the_file_is_a_hint_if_it_can_be_one():
    core = '<c:coreProperties xmlns:c="c" xmlns:dc="d"><dc:title>{}</dc:title></c:coreProperties>'
    assert read_docx("a.docx", docx(p("正文。"), docProps__core_dot_xml=core.format(TITLE)))[1].title == TITLE
    assert read_docx("a.docx", docx(p("正文。"), docProps__core_dot_xml=core.format("PowerPoint 演示文稿")))[1].title is None
    assert read_docx("a.docx", docx(p("正文。"), docProps__core_dot_xml="<broken"))[0] == "正文。"


# Automatic numbers


HAN = abstract(0, ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimalEnclosedCircle", "%4"))


def test_headings_get_their_numbers_back():
    outline = [
        (0, "主要举措"),
        (1, "依法全面履行职能"),
        (2, "优化窗口"),
        (2, "公布清单"),
        (1, "规范执法"),
        (2, "专项检查"),
        (3, "夏季"),
        (0, "存在的不足"),
        (1, "力量薄弱"),
    ]
    text = text_of("".join(p(words, num=(1, level)) for level, words in outline), numbering=HAN + num(1, 0))
    assert text.split("\n") == [
        "一、主要举措", "（一）依法全面履行职能", "1.优化窗口", "2.公布清单", "（二）规范执法", "1.专项检查", "①夏季", "二、存在的不足", "（一）力量薄弱",
    ]  # fmt: skip


def test_numbered_headings_give_the_sections_of_the_report():
    body = (
        p(TITLE)
        + p("主要举措和成效", num=(1, 0))
        + p("加强组织领导", num=(1, 1))
        + p("区政府常务会议会前学法4次。")
        + p("存在的问题", num=(1, 0))
        + p("力量仍显薄弱。")
    )
    report = parse(RawText("a", "a.docx", "", text_of(body, numbering=HAN + num(1, 0))))
    assert [(s.level, s.heading, s.role) for s in report.sections] == [
        (1, "一、主要举措和成效", "measures"), (2, "（一）加强组织领导", "measures"), (1, "二、存在的问题", "shortcomings"),
    ]  # fmt: skip


def test_numbers_by_style():
    styles = (
        '<w:style w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="3"><w:basedOn w:val="2"/></w:style><w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
    )
    body = p("主要举措", style="1") + p("规范执法", style="3") + p("无号", style="2", num=(0, 0)) + p("循环", style="loop") + p("化解纠纷", style="2")
    assert text_of(body, numbering=HAN + num(1, 0), styles=styles) == "一、主要举措\n（一）规范执法\n无号\n循环\n（二）化解纠纷"


def test_numbers_that_run_on_or_start_anew():
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = HAN + num(1, 0) + num(2, 0) + num(3, 0, restart)
    assert text_of("".join(p(c, num=(n, 0)) for n, c in [(1, "甲"), (2, "乙"), (3, "丙"), (3, "丁")]), numbering=numbering) == "一、甲\n二、乙\n一、丙\n二、丁"


def test_a_level_that_never_restarts():
    levels = abstract(0, ("chineseCounting", "（%1）"), ("decimal", "%2."), more='<w:lvlRestart w:val="0"/>')
    text = text_of("".join(p(c, num=(1, n)) for n, c in [(0, "甲"), (1, "乙"), (0, "丙"), (1, "丁")]), numbering=levels + num(1, 0))
    assert text == "（一）甲\n1.乙\n（二）丙\n2.丁"


def test_empty_and_deleted_paragraphs_count_as_word_counts_them():
    gone = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>'
    text = text_of(p("甲", num=(1, 0)) + gone + p("", num=(1, 0)) + p("乙", num=(1, 0)), numbering=HAN + num(1, 0))
    assert text == "一、甲\n\n三、乙"


@pytest.mark.parametrize(
    ("levels", "text"),
    [
        ([("bullet", "\uf06c")], "甲"),
        ([("none", "")], "甲"),
        ([("decimal", "第%1章")], "第1章甲"),
        ([("chineseLegalSimplified", "%1、")], "壹、甲"),
        ([("japaneseCounting", "第%1部分 ")], "第一部分 甲"),
        ([("decimal", "%1")], "1 甲"),
        ([("decimal", "%1.%2")], "1.甲"),
        ([("lowerRoman", "%1)")], "i)甲"),
        ([("noSuchFormat", "%1.")], "1.甲"),
    ],
)
def test_formats_of_numbers(levels: list[tuple[str, str]], text: str):
    assert text_of(p("甲", num=(1, 0)), numbering=abstract(0, *levels) + num(1, 0)) == text


def test_numbers_of_upper_levels_in_lower_ones():
    levels = abstract(0, ("chineseCounting", "%1、"), ("decimal", "%1.%2"), more="<w:isLgl/>")
    assert text_of(p("甲", num=(1, 1)) + p("乙", num=(1, 1)), numbering=levels + num(1, 0)) == "1.1 甲\n1.2 乙"


def test_lists_by_list_style():
    styles = '<w:style w:styleId="list"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbering = HAN + '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="list"/></w:abstractNum>' + num(1, 0) + num(2, 5)
    assert text_of(p("甲", num=(2, 0)), numbering=numbering, styles=styles) == "一、甲"


@pytest.mark.parametrize(
    "numbering", ["", num(1, 77), HAN, num(1, 0), '<w:num w:numId="1"/>', HAN + num(9, 0), '<w:abstractNum w:abstractNumId="0"><w:lvl/></w:abstractNum>']
)
def test_lists_that_are_not_defined(numbering: str):
    assert text_of(p("甲。", num=(1, 0)) + p("乙。", num=(1, 8)), numbering=numbering).endswith("乙。")


# Files that cannot be read


def damaged(data: bytes) -> pytest.ExceptionInfo[ReadError]:
    with pytest.raises(ReadError) as caught:
        read_docx("a.docx", data)
    return caught


@pytest.mark.parametrize("cut", [10, 200, 500, -1, -30])
def test_a_file_that_is_cut_off(cut: int):
    assert damaged(docx("".join(map(p, LINES)))[:cut]).type is DamagedFile


def test_a_zip_of_something_else():
    assert damaged(zipped({"a.txt": TEXT})).type is UnsupportedFile
    assert damaged(docx(p("x"), main="xl/workbook.xml")).type is UnsupportedFile
    assert damaged(zipped({"word/document.xml": "<other/>"})).type is UnsupportedFile


def test_broken_xml():
    assert damaged(zipped({"word/document.xml": "<w:document><w:body>"})).type is DamagedFile
    assert damaged(zipped({"word/document.xml": b"\x00\xff"})).type is DamagedFile


def test_deep_nesting():
    assert damaged(docx("<w:ins>" * 5000 + "</w:ins>" * 5000)).type is DamagedFile


@pytest.mark.parametrize("where", ["<w:p><w:r><w:t>&e9;</w:t></w:r></w:p>", '<w:p w:a="&e9;"/>'])
def test_entities_that_multiply(where: str):
    entities = '<!ENTITY e0 "法治政府">' + "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))
    xml = f'<!DOCTYPE d [{entities}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{where}</w:body></w:document>'
    assert damaged(zipped({"word/document.xml": xml})).type is DamagedFile


def test_an_outside_entity_is_not_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    xml = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    assert damaged(zipped({"word/document.xml": xml})).type is DamagedFile


def test_a_part_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(reader, "MAX_PART", 100_000)
    assert damaged(docx(p("法" * 200_000))).type is TooLarge


def test_a_part_that_lies_about_its_size():
    bomb = bytearray(docx(" " * (reader.MAX_PART + 10)))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = bomb.index(b"word/document.xml", 0) if mark[2] == 3 else bomb.rindex(b"word/document.xml")
        start = bomb.rindex(mark, 0, at)
        struct.pack_into("<L", bomb, start + offset, 500)
    assert damaged(bytes(bomb)).type in {TooLarge, DamagedFile}


def test_a_picture_that_unpacks_to_too_much_is_never_unpacked():
    out = io.BytesIO(docx("".join(map(p, LINES))))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", b"\x00" * 80_000_000)
    assert read_docx("a.docx", out.getvalue())[0] == TEXT


def test_too_many_tags_and_parts(monkeypatch):
    assert damaged(docx("<w:p/>" * 700_000)).type is TooLarge
    monkeypatch.setattr(reader, "MAX_PARTS", 5)
    assert damaged(zipped({f"word/{i}.xml": "" for i in range(9)})).type is TooLarge


def test_an_unusual_packing():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert damaged(out.getvalue()).type is DamagedFile


def test_a_part_with_a_password():
    data = bytearray(docx(p("正文。")))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    data[at + 8] |= 1
    assert damaged(bytes(data)).type is EncryptedFile


def test_text_in_a_file_inside_the_file():
    assert damaged(docx(p("一句话。") + '<w:altChunk r:id="rId5"/>')).type is UnsupportedFile
