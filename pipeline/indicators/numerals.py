"""Numerals as reports write them: Arabic, full-width, Chinese, and mixtures such as 1.2万 and 三百余."""

from __future__ import annotations

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_TENS = {"廿": "二十", "卅": "三十"}
_FOLDED = str.maketrans("０１２３４５６７８９．％，＋－／～：（）；？！", "0123456789.%,+-/~:();?!")

HAN = "零〇一二两三四五六七八九十百千万亿廿卅"


def listed(words: str) -> frozenset[str]:
    """Words with spaces between them as a set.

    >>> sorted(listed("件 次"))
    ['件', '次']
    """
    return frozenset(words.split())


def fold(text: str) -> str:
    """Full-width digits and the marks between them as half-width ones; the length stays, so that offsets hold.

    >>> fold("增长５７．５４％")
    '增长57.54%'
    """
    return text.translate(_FOLDED)


def chinese(numeral: str) -> float | None:
    """The value of a Chinese numeral, or ``None`` where it is no number (三五, 七八) or has no digit before its first power (百, 万).

    >>> chinese("三千八百"), chinese("一百零五"), chinese("两万三"), chinese("十二点五"), chinese("七八")
    (3800.0, 105.0, 23000.0, 12.5, None)
    """
    whole, _, fraction = numeral.partition("点")
    value = _whole("".join(_TENS.get(char, char) for char in whole))
    if value is None or not fraction:
        return value
    if any(char not in DIGITS for char in fraction):
        return None
    return round(value + float("0." + "".join(str(DIGITS[char]) for char in fraction)), len(fraction))


def _whole(numeral: str) -> float | None:
    total, section, digit, power = 0, 0, None, 0
    for place, char in enumerate(numeral):
        if char in DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = DIGITS[char]
        elif char in _SMALL:
            if digit is None and not (char == "十" and (place == 0 or numeral[place - 1] in "零〇万亿百千")):
                return None
            power = _SMALL[char]
            section, digit = section + (1 if digit is None else digit) * power, None
        else:
            section += digit or 0
            if section == 0 and total == 0:
                return None
            power = _LARGE[char]
            total = total + section * power if total > power else (total + section) * power
            section, digit = 0, None
    if digit and power >= 100 and len(numeral) > 1 and numeral[-2] not in "零〇":
        digit *= power // 10  # 两万三 is 23,000
    return float(total + section + (digit or 0)) if numeral else None


def arabic(numeral: str) -> float:
    """The value of an Arabic numeral with its commas.

    >>> arabic("1,328.5")
    1328.5
    """
    return float(numeral.replace(",", ""))


def scaled(value: float, scale: str) -> float:
    """A value times the powers behind it, without the dust of binary fractions.

    >>> scaled(1.13, "亿"), scaled(2.0, "千万")
    (113000000.0, 20000000.0)
    """
    for char in scale:
        value *= _SMALL.get(char) or _LARGE[char]
    return round(value, 6)


def tidy(value: float) -> int | float:
    """A whole number as ``int``.

    >>> tidy(720.0), tidy(18.6)
    (720, 18.6)
    """
    return int(value) if value == int(value) else value
