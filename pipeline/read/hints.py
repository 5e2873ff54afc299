"""What a file format says of a report beside its text."""

from __future__ import annotations

import datetime
import re

_TITLE_WORDS = re.compile(r"法治|依法行政|法制|報告|报告|总结|總結|汇报")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


def title(text: str | None) -> str | None:
    """Give a file's own title if it can be a report's; many files carry the title of what they were copied from.

    >>> title(" 青禾区2023年法治政府建设年度情况报告 "), title("Microsoft Word - 文档1")
    ('青禾区2023年法治政府建设年度情况报告', None)
    """
    words = " ".join((text or "").split())
    return words if 6 <= len(words) <= 150 and _TITLE_WORDS.search(words) else None


def date(text: str | None) -> str | None:
    """Give the first date in a text in the ISO form, if there is one and it exists.

    >>> date("2024年3月28日 09:18"), date("2024-02-31")
    ('2024-03-28', None)
    """
    match = _DATE.search(text or "")
    if match is None:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
