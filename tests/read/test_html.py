from __future__ import annotations

import pytest

from pipeline.data import RawText
from pipeline.errors import DamagedFile, EmptyFile, ReadError, TooLarge, UnsupportedFile
from pipeline.read import html as reader
from pipeline.read.html import read_html
from pipeline.structure import parse
from tests.read.files import LINES, TEXT, TITLE, TRADITIONAL, article, html

NAVIGATION = (
    '<div class="top"><a href="/">首页</a> <a href="/zwgk">政务公开</a> <a href="/hd">互动交流</a> 今天是：2024年3月28日 星期四</div>'
    '<nav><ul><li><a href="/a">走进青禾</a></li><li><a href="/b">营商环境</a></li></ul></nav>'
    '<div class="crumbs">当前位置：<a href="/">首页</a>&gt;<a href="/x">法治政府建设</a></div>'
)
FOOT = '<div class="footer">主办：青禾区人民政府办公室。本网站支持IPv6访问。<br>京ICP备12345678号</div>'
DETAILS = '<div class="info"><span>来源：青禾区司法局</span>\n<span>发布时间：2024-03-28 09:18</span></div>'
BODY = LINES[1:]


def text_of(body: str, **options: str) -> str:
    return read_html("a.html", html(body, **options))[0]


def rows(body: str, **options: str) -> list[str]:
    return [row.strip() for row in text_of(body, **options).split("\n")]


def assert_whole(body: str, **options: str) -> list[str]:
    """Every line of the report is a line of what was read, in order."""
    found = rows(body, **options)
    assert [row for row in found if row in BODY] == list(BODY)
    return found


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030", "utf-16"])
def test_a_page_gives_its_article_and_not_its_navigation(charset: str):
    page = f'{NAVIGATION}<h1>{TITLE}</h1>{DETAILS}<div id="zoom">{article(BODY)}</div>{FOOT}'
    found = assert_whole(page, title=f"{TITLE}_青禾区人民政府", charset=charset)
    assert found[0] == TITLE
    for word in ("首页", "走进青禾", "当前位置", "IPv6", "ICP"):
        assert word not in "".join(found)


def test_title_and_source_line_above_the_article_reach_the_report():
    page = f'{NAVIGATION}<div class="box"><div class="h">{TITLE}</div>{DETAILS}<div><div>{article(BODY)}</div></div></div>{FOOT}'
    text, hints = read_html("a.html", html(page, title="青禾区人民政府门户网站"))
    found = parse(RawText("a", "a.html", "", text, hints)).metadata
    assert (found.title, found.district, found.year, found.published, found.source) == (TITLE, "青禾区", 2023, "2024-03-28", "青禾区司法局")


def test_what_the_head_says():
    head = (
        '<meta name="ArticleTitle" content="青禾区2023年法治政府建设年度情况报告"><meta name="PubDate" content="2024-3-8 09:18">'
        '<meta name="ContentSource" content="青禾区司法局"><meta name="SiteName" content="青禾区人民政府">'
    )
    _, hints = read_html("a.html", html(article(BODY), head=head, title="别的标题"))
    assert (hints.title, hints.published, hints.source) == (TITLE, "2024-03-08", "青禾区司法局")


@pytest.mark.parametrize("date", ["2024-13-40", "", "不详", "20240308"])
def test_a_date_that_is_none_is_left_out(date: str):
    _, hints = read_html("a.html", html(article(BODY), head=f'<meta name="PubDate" content="{date}">'))
    assert hints.published is None


LAYOUTS = {
    "breaks": "<div>" + "<br>".join(BODY) + "</div>",
    "double breaks": "<p>" + "<br/>\n<br/>　　".join(BODY) + "</p>",
    "nested spans": "".join(f"<div><div><span><font>{line[:6]}</font></span><span>{line[6:]}</span></div></div>" for line in BODY),
    "divisions": "".join(f"<div>{line}</div>" for line in BODY),
    "a table for layout": "<table><tr><td>" + article(BODY) + "</td></tr></table>",
    "a row a paragraph": "<table>" + "".join(f"<tr><td>&nbsp;</td><td>{line}</td><td></td></tr>" for line in BODY) + "</table>",
    "columns": f'<table><tr><td width="20%"><a href="/x">栏目导航</a></td><td>{article(BODY)}</td></tr></table>',
    "a form": f'<form id="aspnetForm"><input type="hidden" value="x">{article(BODY)}</form>',
    "a section": f"<main><article><header><h2>{TITLE}</h2></header><section>{article(BODY)}</section></article></main>",
    "own tags": f"<UCAPTITLE>{TITLE}</UCAPTITLE><UCAPCONTENT>{article(BODY)}</UCAPCONTENT>",
    "unclosed": "".join(f"<p>{line}" for line in BODY),
    "unclosed fonts": "".join(f"<p><font face='仿宋'>{line}" for line in BODY),
    "preformatted": "<pre>" + "\n".join(BODY) + "</pre>",
    "white space kept by style": '<div style="white-space: pre-wrap">' + "\n".join(BODY) + "</div>",
    "headings of the page": "".join(f"<h3>{line}</h3>" if len(line) < 30 else f"<p>{line}</p>" for line in BODY),
    "bold headings": "".join(f"<p><strong>{line}</strong></p>" if len(line) < 30 else f"<p>{line}</p>" for line in BODY),
    "list": "<ul>" + "".join(f"<li>{line}</li>" for line in BODY) + "</ul>",
    "wrapped source": "".join("<p>\n      " + line.replace("，", "，\n      ") + "\n   </p>" for line in BODY),
    "anchors": "".join(f'<p><a name="p{i}"></a>{line}</p>' for i, line in enumerate(BODY)),
    "named like navigation": f'<div class="nav-wrap"><div class="sidebar">{article(BODY)}</div></div>',
    "hidden until a script shows it": f'<div id="content" style="display:none">{article(BODY)}</div>',
    "comments between": "".join(f"<p>{line}<!-- 。注释。 --></p>" for line in BODY),
    "word markup": "".join(f'<p class="MsoNormal"><span lang="EN-US"><o:p></o:p></span>{line}</p>' for line in BODY),
    "blocks of one report side by side": f"<div><div>{article(BODY[:4])}</div><div>{article(BODY[4:])}</div></div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_whole_article(layout: str):
    assert_whole(f"{NAVIGATION}<div class='wrap'>{LAYOUTS[layout]}</div>{FOOT}", title=TITLE)


@pytest.mark.parametrize(
    "wrap", ["<div>{}</div><div>{}</div>", "<table><tr><td>{}</td></tr><tr><td>{}</td></tr></table>", "<div><section>{}</section></div><p>{}</p>"]
)
def test_a_report_in_two_parts_of_any_size_is_read_whole(wrap: str):
    for cut in range(len(BODY) + 1):
        parts = wrap.format(article(BODY[:cut]), article(BODY[cut:]))
        assert_whole(f"{NAVIGATION}<div class='wrap'><h1>{TITLE}</h1>{parts}</div>{FOOT}")


def test_a_long_paragraph_does_not_swallow_the_article():
    long = "持续压实行政执法责任，推动执法重心下移，健全协作机制；" * 60 + "取得实效。"
    found = rows(f"{NAVIGATION}<div><div>{article(BODY[:5])}</div><div>{long}</div>{article(BODY[5:])}</div>{FOOT}")
    assert [row for row in found if row in BODY] == list(BODY)
    assert long in found


def test_prose_of_a_sidebar_does_not_bring_the_navigation_in():
    teaser = "近日，青禾区召开会议，研究部署春季绿化工作。"
    side = "".join(f'<li><a href="/{i}">{teaser}</a></li>' for i in range(8))
    found = assert_whole(f"{NAVIGATION}<div class='l'><ul>{side}</ul></div><div class='r'>{article(BODY)}</div>{FOOT}")
    assert teaser not in found


def test_hidden_elements_are_not_read():
    hidden = (
        '<div style="display: none">您访问的链接即将离开本站，是否继续？此处是测试内容，请勿删除。</div><p hidden>隐藏的一段文字，不应出现在正文中。</p>'
        '<span style="visibility:hidden">占位文字。</span><script>var s = "脚本里的句子。";</script><noscript>请启用脚本后再访问本网站。</noscript>'
    )
    text = text_of(f"<div>{article(BODY[:4])}{hidden}{article(BODY[4:])}</div>")
    for word in ("离开本站", "隐藏的", "占位", "脚本"):
        assert word not in text
    assert_whole(f"<div>{article(BODY[:4])}{hidden}{article(BODY[4:])}</div>")


def test_a_hidden_span_does_not_break_its_paragraph():
    body = article([*BODY[:3], '梳理公布<span style="display:none">x</span>权责清单3200余项，群众办事更加方便。'])
    assert "梳理公布权责清单3200余项，群众办事更加方便。" in rows(body)


def test_index_blocks_of_a_page_become_furniture():
    block = (
        "<table><tr><td>索引号</td><td>QH-2024-0031</td><td>发布机构</td><td>青禾区司法局</td></tr>"
        "<tr><td>成文日期</td><td>2024年3月20日</td><td>发布日期</td><td>2024年3月28日</td></tr></table>"
    )
    text = text_of(f"<div>{block}<h1>{TITLE}</h1>{article(BODY)}</div>")
    report, plain = parse(RawText("a", "a.html", "", text)), parse(RawText("a", "a.txt", "", TEXT))
    assert [s.text for s in report.sentences] == [s.text for s in plain.sentences]
    assert report.metadata.title == TITLE


def test_tables_of_figures_are_rows_and_not_sentences():
    figures = "<table><tr><th>类别</th><th>受理</th></tr><tr><td>行政复议</td><td>42件</td></tr><tr><td>行政应诉</td><td>7件</td></tr></table>"
    found = rows(f"<div>{article(BODY[:5])}{figures}{article(BODY[5:])}</div>")
    assert "行政复议 | 42件 |" in found


def test_ordered_lists_keep_their_numbers():
    items = ["<li>加强组织领导，压实主体责任。</li>", "<li>强化执法监督，规范执法行为。</li>"]
    found = rows(f"<div>{article(BODY)}<ol>{''.join(items)}</ol><ol start='3' style='list-style-type: cjk-ideographic'>{''.join(items)}</ol></div>")
    assert "1.加强组织领导，压实主体责任。" in found
    assert "2.强化执法监督，规范执法行为。" in found
    assert "四、强化执法监督，规范执法行为。" in found
    plain = rows(f"<div>{article(BODY)}<ol><li>1.加强组织领导，压实主体责任。</li></ol><ol style='list-style:none'>{items[1]}</ol></div>")
    assert "1.加强组织领导，压实主体责任。" in plain
    assert "强化执法监督，规范执法行为。" in plain


def test_links_inside_sentences_stay():
    sentence = '印发<a href="/1">《青禾区重大行政决策程序规定》</a>，公布决策目录6项。'
    assert "印发《青禾区重大行政决策程序规定》，公布决策目录6项。" in rows(article([*BODY, sentence]))


def test_headings_that_are_links_stay():
    body = article([*BODY[:4], '<a href="#2">（三）有效化解社会矛盾纠纷</a>', *BODY[4:]])
    assert "（三）有效化解社会矛盾纠纷" in rows(body)


def test_entities_and_pictures_in_the_source():
    picture = '<img src="data:image/png;base64,' + "iVBORw0KGgo" * 1_300_000 + '">'
    found = rows(f"<div>{article(BODY)}{picture}<p>办结&ldquo;民生微实事&rdquo;120件&mdash;&mdash;群众满意。&#x6cd5;&#27835;</p></div>")
    assert "办结“民生微实事”120件——群众满意。法治" in found


def test_traditional_pages():
    body = "".join(f"<p>{line}</p>" for line in TRADITIONAL.split("\n"))
    assert text_of(f'<ul><li><a href="/">首頁</a></li></ul><div>{body}</div>', charset="big5") == TRADITIONAL


def test_a_declared_charset_that_lies():
    page = html(f"<div>{article(BODY)}</div>")
    assert LINES[4] in read_html("a.html", page.replace(b'charset="utf-8"', b'charset="gb2312"'))[0]
    page = html(f"<div>{article(BODY)}</div>", charset="gb18030")
    assert LINES[4] in read_html("a.html", page.replace(b'charset="gb18030"', b'charset="utf-8"'))[0]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", EmptyFile),
        ("<script>alert(1)</script>", EmptyFile),
        ('<iframe src="/report.pdf"></iframe>', EmptyFile),
        ("<div>" * 5000 + "正文。" + "</div>" * 5000, DamagedFile),
        ("<b>" * 700_000, TooLarge),
    ],
)
def test_pages_without_an_article_or_without_measure(body: str, error: type[ReadError]):
    with pytest.raises(error):
        read_html("a.html", html(body))


def test_what_would_take_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS", 0.5)
    tag = "<p " + " ".join(f"a{i}=1" for i in range(150_000)) + ">"
    with pytest.raises(DamagedFile, match="seconds"):
        read_html("a.html", html(tag + article(BODY)))


def test_nesting_that_browsers_bear_is_read_whole():
    found = rows("<div>" * 400 + article(BODY) + "</div>" * 400)
    assert [row for row in found if row in BODY] == list(BODY)


def test_a_page_that_is_cut_off_inside_a_tag():
    with pytest.raises(DamagedFile, match="cut off"):
        read_html("a.html", (f"<html><body>{article(BODY)}<div class='nex").encode())
    assert "办件少于<5件。" in read_html("a.html", (f"<html><body>{article(BODY)}<p>办件少于&lt;5件。").encode())[0]


def test_text_under_a_suffix_of_pages_is_refused():
    with pytest.raises(UnsupportedFile, match="plain text"):
        read_html("a.html", TEXT.encode())


def test_entities_that_multiply_are_not_expanded():
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "' + "法" * 1000 + '">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 100}">' for a, b in zip("abcde", "bcdef", strict=True)) + "]>"
    )
    text, _ = read_html("a.html", (bomb + f"<html><body><p>&f;</p>{article(BODY)}</body></html>").encode())
    assert len(text) < 100_000
