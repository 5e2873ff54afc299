from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.indicators.numerals import chinese, fold, scaled


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("廿五", 25), ("一百零五", 105), ("一百一十", 110), ("一百二", 120), ("两千三百", 2300),
        ("三万六", 36_000), ("一万零三十", 10_030), ("四百三十万", 4_300_000), ("两亿三千万", 230_000_000), ("十二点五", 12.5), ("三五", None), ("七八", None), ("百", None), ("万", None), ("", None),
    ],
)  # fmt: skip
def test_chinese_numerals(numeral, value):
    assert chinese(numeral) == value


def written(number: int) -> str:
    """A number below 10,000 as Chinese writes it in full."""
    digits, out, gap = "零一二三四五六七八九", "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + name
            gap = False
        else:
            gap = True
    return out


@given(st.integers(1, 9999))
def test_every_number_is_read_back(number):
    assert chinese(written(number)) == number


@given(st.text())
def test_folding_keeps_offsets(text):
    assert len(fold(text)) == len(text)


def test_powers_leave_no_dust():
    assert scaled(1.13, "亿") == 113_000_000
    assert scaled(32.4, "万") == 324_000
