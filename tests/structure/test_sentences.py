from __future__ import annotations

import pytest

from pipeline.structure.sentences import ends_sentence, spans


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # ends
        ("修订办法。开展评估！成效如何？继续推进。", ["修订办法。", "开展评估！", "成效如何？", "继续推进。"]),
        ("成效明显！！！群众满意。", ["成效明显！！！", "群众满意。"]),
        ("真的吗？！是的。", ["真的吗？！", "是的。"]),
        ("没有句号的段落", ["没有句号的段落"]),
        ("前句。没有句号的后句", ["前句。", "没有句号的后句"]),
        ("  前句。  后句。  ", ["前句。", "后句。"]),
        ("前句｡后句｡", ["前句｡", "后句｡"]),
        ("前句。。后句。", ["前句。。", "后句。"]),
        # never at a semicolon, a colon or a comma
        ("修订办法2件；清理文件31件；备案4件。", ["修订办法2件；清理文件31件；备案4件。"]),
        ("全年:复议42件;应诉7件,均已办结。", ["全年:复议42件;应诉7件,均已办结。"]),
        # quotes and brackets that close with the sentence
        ("他说：“今日事今日毕。”群众满意。", ["他说：“今日事今日毕。”", "群众满意。"]),
        ("推行「一次辦好。」群眾滿意。", ["推行「一次辦好。」", "群眾滿意。"]),
        ("开展检查46次（其中夜查12次。）发现隐患8处。", ["开展检查46次（其中夜查12次。）", "发现隐患8处。"]),
        ("开展检查(含夜查。)随后整改。", ["开展检查(含夜查。)", "随后整改。"]),
        ("提出“谁执法谁普法。”。落实到位。", ["提出“谁执法谁普法。”", "落实到位。"]),
        ("（全年办件3万件。）满意率99%。", ["（全年办件3万件。）", "满意率99%。"]),
        ("“一是快。”“二是准。”群众点赞。", ["“一是快。”", "“二是准。”", "群众点赞。"]),
        ("他说：“‘马上办。’”随后办结。", ["他说：“‘马上办。’”", "随后办结。"]),
        # straight quotes: an odd one opens, an even one closes
        ('推行"最多跑一次。"群众满意。', ['推行"最多跑一次。"', "群众满意。"]),
        ('完成整改。"一件事"集成办理。', ["完成整改。", '"一件事"集成办理。']),
        # a quote that closes what was opened a sentence before
        ("“今日受理。明日办结。”群众满意。", ["“今日受理。", "明日办结。”", "群众满意。"]),
        # an opening mark belongs to the sentence behind it
        ("完成整改。“一窗”受理。《办法》施行。（下略）", ["完成整改。", "“一窗”受理。", "《办法》施行。", "（下略）"]),
        # numbers
        ("占比3。5%以上。", ["占比3。5%以上。"]),
        ("办件3.5万件。", ["办件3.5万件。"]),
        ("截至2023年。2024年继续推进。", ["截至2023年。", "2024年继续推进。"]),
        ("案件共42。2024年继续推进。", ["案件共42。", "2024年继续推进。"]),
        ("Hello!World与v2?x=1不拆分。", ["Hello!World与v2?x=1不拆分。"]),
        # nothing but marks
        ("。。。！", []),
        ("……", []),
        ("", []),
        ("。前句。", ["前句。"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]):
    assert split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年办件3万件。", True), ("全年办件3万件。”", True), ("全年办件3万件。）", True), ('全年办件3万件。"', True), ("真的吗？", True), ("全年办件3万件。 ", True),
        ("现将情况报告如下:", False), ("一、主要举措", False), ("办件3万件；", False), ("”", False), ("", False), ("《办法》", False),
    ],
)  # fmt: skip
def test_whether_a_text_ends_as_a_sentence_does(text: str, expected: bool):
    assert ends_sentence(text) is expected


def test_a_part_of_a_text():
    text = "甲句。乙句。丙句。"
    assert [text[a:b] for a, b in spans(text, 3, 6)] == ["乙句。"]
    assert list(spans(text, 4, 4)) == []


@pytest.mark.parametrize("text", ["全年办件。" + "）" * 200_000, "（" * 100_000 + "。" + "）" * 100_000, '"' * 200_000 + "。", "1。" * 100_000])
def test_time_grows_with_the_length_only(text: str):
    assert sum(b - a for a, b in spans(text)) <= len(text)
