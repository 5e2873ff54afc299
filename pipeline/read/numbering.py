"""Word's automatic numbers: what stands before a paragraph that Word numbers itself.

Formats and counting follow ECMA-376, part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_PLACE = re.compile(r"%([1-9])")
_COUNTED = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting"})
_MOST = 30_000
_DEEPEST = 20


def counted(value: int) -> str:
    """Write a number in Chinese as headings do.

    >>> counted(3), counted(10), counted(12), counted(20), counted(105)
    ('三', '十', '十二', '二十', '一百零五')
    """
    if not 0 < value < 10_000:
        return str(value)
    out, zero = "", False
    for unit, power in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = value // power % 10
        if digit:
            out += ("零" if zero and out else "") + _DIGITS[digit] + unit
        zero = not digit if out else False
    return out.removeprefix("一") if out.startswith("一十") else out


def written(value: int, form: str) -> str:
    """Write a number in one of Word's formats; an unknown format gives digits.

    >>> [written(2, form) for form in ("decimal", "chineseCounting", "chineseLegalSimplified", "ideographTraditional", "decimalEnclosedCircle", "upperRoman")]
    ['2', '二', '贰', '乙', '②', 'II']
    """
    if form in {"bullet", "none"}:
        return ""
    if form in _COUNTED:
        return counted(value)
    if form == "chineseLegalSimplified":
        return "".join({**dict(zip(_DIGITS, _FORMAL, strict=True)), "十": "拾", "百": "佰", "千": "仟"}.get(c, c) for c in counted(value))
    if form in {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"}:
        return "".join(_DIGITS[int(d)] for d in str(value))
    if form.startswith("decimalEnclosedCircle") and 1 <= value <= 20:
        return chr(ord("①") + value - 1)
    if form in {"ideographTraditional", "ideographZodiac"} and value > 0:
        signs = _STEMS if form == "ideographTraditional" else _BRANCHES
        return signs[(value - 1) % len(signs)]
    return _western(value, form)


def _western(value: int, form: str) -> str:
    if form in {"upperLetter", "lowerLetter"} and value > 0:
        letters = chr(ord("A") + (value - 1) % 26) * min(9, 1 + (value - 1) // 26)
        return letters if form == "upperLetter" else letters.lower()
    if form in {"upperRoman", "lowerRoman"} and 0 < value < 4000:
        roman = _roman(value)
        return roman if form == "upperRoman" else roman.lower()
    if form == "decimalFullWidth":
        return str(value).translate({48 + i: 0xFF10 + i for i in range(10)})
    return f"{value:02d}" if form == "decimalZero" else str(value)


def _roman(value: int) -> str:
    out = ""
    signs = (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    for size, sign in signs:
        out += sign * (value // size)
        value %= size
    return out


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int
    form: str
    text: str
    plain: bool
    restart: int | None


@dataclass(slots=True)
class _List:
    """A list: the abstract definition that it counts by, and what it sets differently."""

    definition: str
    levels: dict[int, _Level]
    restarts: dict[int, int]

    def begins_again(self, depth: int, above: int) -> bool:
        """Whether a level counts from its start again once the level ``above`` it has gone on."""
        restart = self.levels[depth].restart if depth in self.levels else None
        return restart is None or above < restart


class Numbering:
    """Counts the numbered paragraphs of one document, in their order.

    ``numbering`` and ``styles`` are the roots of Word's parts of these names, or ``None``.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._styles = {_value(node, "styleId"): node for node in _children(styles, "style")}
        self._definitions = {_value(node, "abstractNumId"): node for node in _children(numbering, "abstractNum")}
        self._nums = {_value(node, "numId"): node for node in _children(numbering, "num")}
        self._lists = {name: self._list(node) for name, node in self._nums.items()}
        self._counts: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def is_contents(self, paragraph: Any) -> bool:
        """Whether a paragraph is a line of a table of contents, by its style."""
        style = self._style_of(paragraph)
        names = [_value(node, "val").lower() for node in _children(self._styles.get(style), "name")]
        return any(name.startswith("toc ") for name in [*names, re.sub(r"^toc(?=\d)", "toc ", style.lower())])

    def next(self, paragraph: Any) -> str:
        """Count a paragraph, and give the number that Word writes before it; empty where it has none."""
        number, depth = self._place(paragraph)
        chosen = self._lists.get(number)
        level = chosen.levels.get(depth) if chosen else None
        if chosen is None or level is None:
            return ""
        counts = self._counts.setdefault(chosen.definition, {})
        if depth in chosen.restarts and (number, depth) not in self._restarted:
            self._restarted.add((number, depth))
            counts[depth] = chosen.restarts[depth] - 1
        counts[depth] = min(_MOST, counts.get(depth, level.start - 1) + 1)
        for deeper in [at for at in counts if at > depth and chosen.begins_again(at, depth)]:
            del counts[deeper]
        return _spelled(level, chosen, counts)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Give the list and the level from 0 of a paragraph, by its own properties or by its style and the ones below that."""
        number, depth = _num_pr(paragraph)
        style, tries = self._style_of(paragraph), 0
        while number is None and style in self._styles and tries < _DEEPEST:
            node = self._styles[style]
            number, styled = _num_pr(node)
            depth = styled if depth is None else depth
            style, tries = next((_value(below, "val") for below in _children(node, "basedOn")), ""), tries + 1
        return number or "0", min(8, max(0, depth or 0))

    def _style_of(self, paragraph: Any) -> str:
        return next((_value(node, "val") for props in _children(paragraph, "pPr") for node in _children(props, "pStyle")), "")

    def _list(self, node: Any) -> _List:
        name = self._definition(node)
        levels = dict(_levels(self._definitions.get(name)))
        restarts: dict[int, int] = {}
        for override in _children(node, "lvlOverride"):
            levels.update(_levels(override))
            for start in _children(override, "startOverride"):
                restarts[_number(_value(override, "ilvl"), 0)] = _number(_value(start, "val"), 1)
        return _List(name, levels, restarts)

    def _definition(self, node: Any, tries: int = 0) -> str:
        """Name the abstract definition of a list, followed through the list styles that it may refer to."""
        name = next((_value(child, "val") for child in _children(node, "abstractNumId")), "")
        link = next((_value(child, "val") for child in _children(self._definitions.get(name), "numStyleLink")), None)
        below = self._nums.get(_num_pr(self._styles.get(link))[0] or "") if link else None
        return name if below is None or tries >= _DEEPEST else self._definition(below, tries + 1)


def _spelled(level: _Level, chosen: _List, counts: dict[int, int]) -> str:
    """Fill the level's text (``（%1）``) with the counts."""
    if level.form in {"bullet", "none"}:
        return ""

    def fill(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        other = chosen.levels.get(depth)
        if other is None:
            return ""
        return written(counts.get(depth, other.start), "decimal" if level.plain else other.form)

    text = _PLACE.sub(fill, level.text)
    return f"{text} " if text[-1:].isalnum() and text[-1:].isascii() else text


def _levels(parent: Any) -> Iterator[tuple[int, _Level]]:
    for node in _children(parent, "lvl"):
        found = {name: _value(child, "val") for name in ("start", "numFmt", "lvlText", "lvlRestart") for child in _children(node, name)}
        plain = any(_value(child, "val") not in {"0", "false"} for child in _children(node, "isLgl"))
        restart = _number(found["lvlRestart"], 0) if "lvlRestart" in found else None
        level = _Level(_number(found.get("start", ""), 1), found.get("numFmt", "decimal"), found.get("lvlText", "")[:40], plain, restart)
        yield _number(_value(node, "ilvl"), 0), level


def _num_pr(node: Any) -> tuple[str | None, int | None]:
    """Give the list and the level that a paragraph or style names itself."""
    for props in _children(node, "pPr"):
        for listed in _children(props, "numPr"):
            number = next((_value(child, "val") for child in _children(listed, "numId")), None)
            depth = next((_number(_value(child, "val"), 0) for child in _children(listed, "ilvl")), None)
            return number, depth
    return None, None


def _children(node: Any, name: str) -> Iterator[Any]:
    for child in node if node is not None else ():
        if str(child.tag).rpartition("}")[2] == name:
            yield child


def _value(node: Any, name: str) -> str:
    return next((str(value) for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def _number(text: str, default: int) -> int:
    return min(_MOST, int(text)) if re.fullmatch(r"\d{1,9}", text) else default
