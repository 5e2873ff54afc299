"""Headings: their numbers, their levels, and where a heading that runs into its paragraph ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.data import Role

_HAN = "一二三四五六七八九十百"
#: The number of a heading, by kind. A kind's rank is its usual order; the level comes from the order in one report.
_KINDS: tuple[tuple[str, str], ...] = (
    ("part", rf"第[{_HAN}]+(?:部分|章|节)[、：:\s]?"),
    ("han", rf"[{_HAN}]{{1,3}}(?:、|\.(?!\d)|．|,(?=\D))"),
    ("paren_han", rf"[（(]\s*[{_HAN}]{{1,3}}\s*[）)]、?"),
    ("digit", r"\d{1,2}(?:[、．](?!\d)|\.(?!\d)\s*|,(?=[\u4e00-\u9fff]))"),
    ("paren_digit", r"[（(]\s*\d{1,2}\s*[）)]、?"),
    ("circled", r"[①-⑳]"),
    ("item", rf"(?:第)?[{_HAN}]{{1,3}}(?:是|要|则)(?=[\u4e00-\u9fff“《])"),
)
_NUMBER = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS)
NUMBER = re.compile(_NUMBER)
#: A number inside a line, where a report was exported as one block.
INLINE = re.compile(rf"(?:(?<=[。！？；：:;\s])|(?<=[。！？][”」）)])) ?(?=(?:{_NUMBER.replace('?P<', '?P<in_')}))")

_LACK = r"(?:问题|不足|短板|困难|差距|薄弱环节|弱项|挑战|瓶颈|短项)"
_ROLE_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "duty",
        re.compile(
            r"(?<!领导，)(?<!领导,)(?:第一责任人|(?:主要负责(?:人|同志)|主要领导|党政“?一把手”?).{0,20}(?:履|推进|职责|述法))|履行.{0,12}职责.{0,4}情况"
        ),
    ),
    (
        "shortcomings",
        re.compile(
            rf"(?<!解决)(?<!破解)(?:存在|面临|主要|突出|当前).{{0,8}}{_LACK}|存在.{{0,8}}原因|{_LACK}(?:和|与|及|、){_LACK}|{_LACK}(?:和|与|及|、)原因|(?:不足|短板|弱项)(?:之处)?$|^(?:问题|困难|差距)$"
        ),
    ),
    (
        "plan",
        re.compile(
            r"下一?(?:步|阶段|年度?)|(?:工作|主要|年度?|建设|总体|初步)(?:的)?(?:思路|打算|计划|安排|设想|谋划|部署|展望|目标任务)"
            r"|(?:思路|打算|设想|安排|展望|努力方向|改进方向|改进措施|整改措施|重点工作|工作重点|主要任务|重点任务|工作任务)$|今后|来年|明年|努力方向|(?:思路|打算|展望)"
        ),
    ),
)
_YEAR = re.compile(r"(20\d\d)\s*年")
_FIGURE = re.compile(r"\d[\d.,]*\s*(?:余|多)?(?:件|次|人|名|个|户|家|项|场|期|份|条|亿|万|元|%|％|宗|起|篇|公里|处|支|辆|平方|天|小时|分钟|所|台|套)")
_LEADING_DATE = re.compile(r"^(?:20\d\d|今|本|全|去)年|^(?:截至|截止|目前|共|全区|全县|全市|全镇|我)")


@dataclass(frozen=True, slots=True)
class Number:
    """The number that stands before a heading: its kind, as it is written, and its place in the count (1, 2, …)."""

    kind: str
    written: str
    ordinal: int


def number(text: str) -> Number | None:
    """The number at the start of the text, if it has one.

    >>> number("(二)健全制度"), number("全面履行")
    (Number(kind='paren_han', written='(二)', ordinal=2), None)
    """
    match = NUMBER.match(text)
    if match is None or match.lastgroup is None:
        return None
    return Number(match.lastgroup, match[0], _ordinal(match[0]))


def role(heading: str, year: int | None = None) -> Role | None:
    """The role that a top heading names, if it is another than ``measures``.

    ``year`` is the year reported on: a heading about a later year opens a plan, whatever its words.

    >>> role("三、存在的主要问题"), role("四、2024年工作思路"), role("一、主要举措和成效"), role("四、2024年主要工作", 2023)
    ('shortcomings', 'plan', None, 'plan')
    """
    found = number(heading)
    words = heading[len(found.written) :] if found else heading
    hits = [(match.start(), name) for name, pattern in _ROLE_WORDS if (match := pattern.search(words))]
    if hits:
        return min(hits)[1]
    later = _YEAR.search(words)
    return "plan" if later and year and int(later[1]) > year else None


def is_like(words: str, *, longest: int = 40) -> bool:
    """Whether a clause reads like a heading: short, one line, no figure of what was done, no chain.

    >>> is_like("加强组织领导"), is_like("全年接收行政复议案件720件")
    (True, False)
    """
    return (
        2 <= len(words) <= longest
        and not _FIGURE.search(words)
        and not re.search(r"[；;。]|“[^”]*$|《[^》]*$|（[^）]*$", words)
        and len(re.findall(r"[，,]", words)) <= 2
    )


def is_lead_in(words: str) -> bool:
    """Whether a first sentence is short and general enough to be a mini-heading (``一是健全依法决策机制。``).

    >>> is_lead_in("加强组织领导"), is_lead_in("部分干部法治意识不强"), is_lead_in("印发案例分析5期")
    (True, False, False)
    """
    return (
        is_like(words, longest=22)
        and not re.search(r"\d", re.sub(r"“[^”]*”", "", words))
        and len(re.findall(r"[，,]", words)) <= 1
        and not re.search(r"不够|不足|不强|不高|不到位|不平衡|不均|不充分|有待|仍|尚|偏|欠缺|薄弱|亟待|亟需|未能|存在|还需|滞后|了", words)
        and not _LEADING_DATE.match(words)
    )


def _ordinal(written: str) -> int:
    digits = re.search(r"\d+", written)
    if digits:
        return int(digits[0])
    if "①" <= written[0] <= "⑳":
        return ord(written[0]) - ord("①") + 1
    return han_number("".join(c for c in written if c in _HAN))


def han_number(han: str) -> int:
    """The value of a Chinese numeral up to 999.

    >>> han_number("二十三"), han_number("十")
    (23, 10)
    """
    total, digit = 0, 0
    for c in han:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = "一二三四五六七八九".index(c) + 1
    return total + digit
