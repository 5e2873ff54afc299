from __future__ import annotations

import pytest

from pipeline.structure.headings import Number, han_number, is_lead_in, is_like, number, role


@pytest.mark.parametrize(
    ("text", "kind", "written", "ordinal"),
    [
        ("一、主要举措", "han", "一、", 1), ("十二、其他", "han", "十二、", 12), ("二.主要举措", "han", "二.", 2), ("三．存在的不足", "han", "三．", 3), ("四,下一步打算", "han", "四,", 4),
        ("第一部分 主要举措", "part", "第一部分 ", 1), ("第二部分：不足", "part", "第二部分：", 2), ("第三章 规范执法", "part", "第三章 ", 3),
        ("（一）健全制度", "paren_han", "（一）", 1), ("(二)健全制度", "paren_han", "(二)", 2), ("（三)健全制度", "paren_han", "（三)", 3), ("( 四 )健全制度", "paren_han", "( 四 )", 4),
        ("（五）、健全制度", "paren_han", "（五）、", 5), ("（十一）健全制度", "paren_han", "（十一）", 11),
        ("1.健全制度", "digit", "1.", 1), ("2、健全制度", "digit", "2、", 2), ("3. 健全制度", "digit", "3. ", 3), ("12．健全制度", "digit", "12．", 12), ("4,健全制度", "digit", "4,", 4),
        ("(1)健全制度", "paren_digit", "(1)", 1), ("（2）健全制度", "paren_digit", "（2）", 2), ("（3）、健全制度", "paren_digit", "（3）、", 3),
        ("①健全制度", "circled", "①", 1), ("⑳健全制度", "circled", "⑳", 20),
        ("一是健全制度", "item", "一是", 1), ("二要健全制度", "item", "二要", 2), ("第三是健全制度", "item", "第三是", 3), ("一是“双随机”", "item", "一是", 1),
    ],
)  # fmt: skip
def test_numbers(text: str, kind: str, written: str, ordinal: int):
    assert number(text) == Number(kind, written, ordinal)


@pytest.mark.parametrize(
    "text", ["主要举措", "3.5万件", "2023年", "一窗受理", "一律公开", "1464项", "100%。", "3.0版", "一方面，", "(试行)", "“一网通办”", "", "12345热线"]
)
def test_what_is_no_number(text: str):
    assert number(text) is None


@pytest.mark.parametrize(
    ("han", "value"), [("一", 1), ("十", 10), ("十一", 11), ("二十", 20), ("二十三", 23), ("九十九", 99), ("一百", 100), ("一百二十", 120)]
)
def test_chinese_numerals(han: str, value: int):
    assert han_number(han) == value


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        *[(f"一、{words}", None) for words in (
            "主要举措和成效", "主要做法和成效", "主要工作情况", "工作开展情况", "推进法治政府建设情况", "亮点工作", "依法全面履行政府职能", "强化行政权力监督", "主要工作措施", "有效化解社会矛盾纠纷",
        )],
        *[(f"二、{words}", "shortcomings") for words in (
            "存在的不足", "存在问题及原因", "存在的主要问题", "问题和不足", "主要问题", "存在的短板和差距", "存在的困难和问题", "法治政府建设存在的不足和原因", "面临的困难与挑战", "当前存在的薄弱环节",
        )],
        *[(f"三、{words}", "duty") for words in (
            "党政主要负责人履行推进法治建设第一责任人职责情况", "主要负责人履职情况", "第一责任人职责履行情况", "党政主要负责人履行推进法治建设第一责任人职责，加强法治政府建设的有关情况",
        )],
        *[(f"四、{words}", "plan") for words in (
            "下一步工作打算", "2024年工作思路", "下一年度主要安排", "2024年工作计划", "下一阶段重点工作", "今后工作打算", "明年工作安排", "下步工作", "工作展望", "2024年度推进法治政府建设的主要安排", "努力方向",
        )],
        ("三、存在的问题和下一步打算", "shortcomings"),
    ],
)  # fmt: skip
def test_roles(heading: str, expected: str | None):
    assert role(heading) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("加强组织领导", True), ("健全依法行政制度体系", True), ("强化统筹协调,夯实法治政府建设根基", True), ("锚定“总导向”，绘就新蓝图", True),
        ("全年接收行政复议案件720件", False), ("修订办法；清理文件", False), ("加强领导。落实责任", False), ("甲，乙，丙，丁", False), ("甲", False), ("加强“一窗", False), ("字" * 41, False),
    ],
)  # fmt: skip
def test_what_reads_like_a_heading(words: str, expected: bool):
    assert is_like(words) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("加强组织领导", True), ("健全依法决策机制", True), ("狠抓“关键少数”", True), ("推进“放管服”改革", True),
        ("部分干部法治意识不强", False), ("印发案例分析5期", False), ("2023年全面推进", False), ("截至目前", False), ("执法力量有待加强", False), ("完成了全部任务", False), ("全区上下齐心协力推进法治政府建设再上新的台阶", False),
    ],
)  # fmt: skip
def test_what_reads_like_a_lead_in(words: str, expected: bool):
    assert is_lead_in(words) is expected
