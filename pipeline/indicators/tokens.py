"""Numbers with their units in a sentence, before anything is known of what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.indicators.masks import MARKS, masked
from pipeline.indicators.numerals import HAN, arabic, chinese, scaled
from pipeline.indicators.units import HAN_UNIT, ODD_UNIT, UNIT

Bound = Literal["at_least", "at_most", "about"]


@dataclass(frozen=True, slots=True)
class Token:
    """A number with its unit: ``start`` and ``end`` are offsets in the sentence, ``edge`` where the words about its bound end."""

    start: int
    end: int
    value: float
    unit: str
    bound: Bound | None
    before: int
    edge: int


_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_MORE = r"[余多几]"
_RANGE = r"\s*(?:[-—–~～至到]|[—-]{2})\s*"
_NUMBER = re.compile(
    rf"(?:百分之(?P<percent>百|{_ARABIC}|[{HAN}点]+)|(?P<per>[{HAN}]+)分之(?P<parts>[{HAN}]+))"
    rf"|(?P<half>一半)"
    rf"|(?P<cheng>[一两二三四五六七八九])成(?P<tenth>[一二三四五六七八九])?(?![立为功果员效长本都])"
    rf"|翻(?:了|一)?(?P<fan>[一两二三四])番"
    rf"|(?P<digits>{_ARABIC})(?P<more>{_MORE})?(?P<scale>[十百千]?[万亿]{{1,2}}|[百千](?=[余多万亿件名人户家亩元]))?(?P<more2>{_MORE})?(?P<unit>{UNIT}|{ODD_UNIT})?"
    rf"|(?P<han>[{HAN}]+(?:点[零一二三四五六七八九]+)?)(?P<hmore>{_MORE})?(?P<hscale>[万亿]{{1,2}})?(?P<hmore2>{_MORE})?(?P<hunit>%|{HAN_UNIT}|(?<=[余多])[问稿路层村面])?(?P<half2>半(?!年|天|程))?"
)
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_most", re.compile(r"(?:不超过|不多于|不高于|不足|不到|至多|最多|(?<!不)低于|(?<!不)少于|不大于|未超过|未满|不满)[了到]?$")),
    ("at_least", re.compile(r"(?:不少于|不低于|至少|超过|超|逾|突破|高于|多于|达到?逾|大于|不小于|不下|起码|最少|(?<![不未])满(?!意))[了到]?$")),
    ("about", re.compile(r"(?:近|约|将近|大约|约为|接近|大概|约合)$")),
)
_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at_least", re.compile(r"\s*(?:及?以上|之上|(?<=[年月天时里岁倍成度])[多余])")),
    ("at_most", re.compile(r"\s*(?:以内|之内|及?以下|之下|内(?![部容设在涝河湖控审需销陆蒙网外政务]))")),
    ("about", re.compile(r"\s*(?:左右|上下|前后)")),
)
_UNIT = re.compile(UNIT)
_BARE_REACH = re.compile(r"(?:[至到为达升降数值分量度比率费期]|得分|指数|平均)$")
_PARTS = re.compile(r"分之")


def tokens(folded: str) -> tuple[Token, ...]:
    """The numbers of a sentence with folded digits, in order, without what is no figure.

    >>> [(folded[t.start : t.end], t.value, t.unit, t.bound) for folded in ["第3次会议后约谈企业近300余家,3至5天办结"] for t in tokens(folded)]
    [('300余家', 300.0, '家', 'at_least'), ('3', 3.0, '天', 'at_least'), ('5天', 5.0, '天', 'at_most')]
    """
    if not MARKS.search(folded):
        return ()
    text = masked(folded)
    if not MARKS.search(text):
        return ()
    return _joined(text, [token for found in _NUMBER.finditer(text) if (token := _token(text, found))])


def _token(text: str, found: re.Match[str]) -> Token | None:
    made = _share(found) or (_arabic(text, found) if found["digits"] else _chinese(text, found) if found["han"] else None)
    if made is None:
        return None
    value, unit, more, start, end = made
    before, low = _bound_before(text, start)
    edge, high = _bound_after(text, end)
    return Token(start, end, value, unit, "at_least" if more else high or low, before, edge)


_Made = tuple[float, str, bool, int, int]


def _share(found: re.Match[str]) -> _Made | None:
    start, end = found.span()
    if percent := found["percent"]:
        value = 100.0 if percent == "百" else arabic(percent) if percent[0].isdigit() else chinese(percent)
        return None if value is None else (value, "%", False, start, end)
    if found["per"]:
        whole, parts = chinese(found["per"]) or {"百": 100, "千": 1000, "万": 10_000}.get(found["per"]), chinese(found["parts"])
        return (round(parts / whole, 4), "", False, start, end) if whole and parts else None
    if found["half"]:
        return 0.5, "", False, start, end
    if found["cheng"]:
        value = (chinese(found["cheng"]) or 0) + (chinese(found["tenth"]) or 0) / 10 if found["tenth"] else chinese(found["cheng"])
        return (value or 0, "成", False, start, end)
    if found["fan"]:
        return chinese(found["fan"]) or 0, "番", False, found.start("fan"), end
    return None


def _arabic(text: str, found: re.Match[str]) -> _Made | None:
    start, end, unit = found.start(), found.end(), found["unit"] or ""
    if unit and (found["scale"] or found["more"]) and not _UNIT.fullmatch(unit):
        unit, end = "", found.start("unit")  # 3.2万群众
    before = text[start - 1 : start]
    if before.isascii() and (before.isalpha() or before in ".·/+") and before:
        return None
    more, scale = bool(found["more"] or found["more2"]), found["scale"] or ""
    value = scaled(arabic(found["digits"]), scale)
    if unit == "月":
        return None
    if not unit and not scale and not more and not _reached(text, start, end):
        return None
    return value, unit, more, start, end


def _reached(text: str, start: int, end: int) -> bool:
    """Whether a number without a unit is a measure: 指数升至70.2; or shares the unit of a later one: 1.5和0.8个百分点."""
    return bool(
        _BARE_REACH.search(text[max(0, start - 3) : start]) or re.match(rf"(?:{_RANGE}|[、和与及,/])\s*(?:{_ARABIC})(?:[余多])?[万亿]?(?:{UNIT})", text[end:])
    )


def _chinese(text: str, found: re.Match[str]) -> _Made | None:
    start, unit, numeral = found.start("han"), found["hunit"] or "", found["han"]
    more, scale = bool(found["hmore"] or found["hmore2"]), found["hscale"] or ""
    end = found.end("hunit") if unit else found.end("hmore2") if found["hmore2"] else found.end("hscale") if scale else found.end("han")
    if unit and text[end - 1] == "分" and text[end : end + 1] == "之":
        return None
    value = chinese(numeral)
    if value is None and numeral[0] in "百千万亿" and (more or _bare(text, start, numeral)):
        value = chinese("一" + numeral)
    shared = not unit and re.match(rf"(?:{_RANGE}|[、和与])[{HAN}]{{1,6}}[余多]?(?:{HAN_UNIT})", text[found.end("han") :])
    large = scale or numeral[-1] in "万亿"
    if value is None or value <= 1 or not (unit or shared or (large and value >= 20_000)) or (numeral == "二" and unit != "成"):
        return None
    if text[start - 1 : start] in {"第", "初", "周", "半"} or (more and numeral == "十" and found["hmore"] == "几"):
        return None
    if found["half2"] and unit:
        return scaled(value, scale) + 0.5, unit, more, start, found.end("half2")
    return scaled(value, scale), unit, more, start, end


def _bare(text: str, start: int, numeral: str) -> bool:
    """Whether 百, 千 or 万 without a digit is a number: 近百件, 上千人, 千万元."""
    return len(numeral) > 1 or text[max(0, start - 1) : start] in {"近", "上", "约", "逾", "超", "过"}


def _bound_before(text: str, start: int) -> tuple[int, Bound | None]:
    for bound, pattern in _BEFORE:
        if found := pattern.search(text, max(0, start - 5), start):
            return found.start(), bound
    return start, None


def _bound_after(text: str, end: int) -> tuple[int, Bound | None]:
    for bound, pattern in _AFTER:
        if found := pattern.match(text, end):
            return found.end(), bound
    return end, None


_LINK = re.compile(rf"^(?:{_RANGE}|\s*[、和与及/]\s*)$")
_IS_RANGE = re.compile(rf"^{_RANGE}$")


def _joined(text: str, found: list[Token]) -> tuple[Token, ...]:
    """Tokens with the unit that they share, and ranges with their bounds."""
    for place in range(len(found) - 2, -1, -1):
        here, after = found[place], found[place + 1]
        between = text[here.edge : after.before]
        if (not here.unit and after.unit and _LINK.match(between)) or (
            here.unit == "个" and after.unit.startswith("个") and len(after.unit) > 1 and _LINK.match(between)
        ):
            here = replace(here, unit=after.unit)
        if _IS_RANGE.match(text[here.end : after.start]) and here.unit == after.unit and here.value < after.value and not _from(text, here.start):
            here, after = replace(here, bound="at_least"), replace(after, bound="at_most")
        found[place], found[place + 1] = here, after
    return tuple(token for token in found if token.unit or not token.value.is_integer() or token.value > 1)


def _from(text: str, start: int) -> bool:
    return text[max(0, start - 1) : start] in {"由", "从", "自"} and start > 0


def gaps(text: str, found: tuple[Token, ...]) -> Iterator[tuple[Token, str]]:
    """Every token with the text between it and the one before."""
    last = 0
    for token in found:
        yield token, text[last : token.start]
        last = token.end
