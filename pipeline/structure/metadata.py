"""What a report says of itself: title, district, year, publishing date and source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.data import Metadata
from pipeline.structure import furniture

_SUBJECT = re.compile(r"法治政府|依法行政|法治建设|依法治[区县市镇]")
_KIND = re.compile(r"报告|总结|汇报|情况")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:[—–-]\s*(?:19|20)\d\d\s*)?年")
_HAN_YEAR = re.compile(r"([二〇○零一三四五六七八九]{4})年")
_DATE = re.compile(r"((?:19|20)\d\d)\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})")
_LABEL_TAIL = rf"\s*[\]】]?\s*[:：|]?\s*{_DATE.pattern}"
#: When a page was put up; where it does not say, when the report was written or changed.
_PUBLISHED = re.compile(rf"(?:发布日期|发布时间|发表时间|公开日期|公开时间){_LABEL_TAIL}")
_DATED = re.compile(rf"(?:更新时间|更新日期|成文日期|生成日期|印发日期|发文日期|日\s*期|时\s*间){_LABEL_TAIL}")
_SOURCE = re.compile(
    r"(?:信息来源|稿件来源|文章来源|来\s*源|发布机构|发布单位|发文机关)\s*(?:[\]】]\s*[:：|]?|[:：|])\s*([^\s|:：【\[]{2,30})(?![^\s|:：【\[]*\s*[:：])"
)
_LETTER = r"[\u4e00-\u9fff*×XＸ某]"
_KINDS = r"(?:省|自治区|市|区|县|旗|镇|乡|苏木|街道(?:办事处)?|自治州|州|盟|新区|开发区|管委会|管理委员会|局|委员会|厅|办公室|师|团场|片区|度假区|园区)"
_PLACE = rf"{_LETTER}{{1,24}}?{_KINDS}"
#: A line that is only a place or a body; one run of letters, because a chain of places would take exponential time.
_PLACE_LINE = re.compile(rf"({_LETTER}{{1,40}}?{_KINDS})(?:人民政府)?(?:办公室)?")
_STARTS = re.compile(rf"{_PLACE}|(?:19|20)\d\d年|关于")
_ISSUER_TAIL = re.compile(r"(?:人民)?政府(?:办公室)?$|办公室$|关于$")
_OPENING_PLACE = re.compile(
    r"(?:(?:19|20)\d\d年(?:度|以来|来)?[,，])?(?:[^,，。]{0,20}[,，])?((?:[\u4e00-\u9fff]{2,8}?(?:自治县|区|县|市|镇|乡|旗|街道)))(?=坚持|以|认真|在|深入|紧紧|全面|始终|扎实|锚定|立足|政府|人民政府|按照|持续|切实)"
)


def is_title(line: str) -> bool:
    """Whether a line reads like the title of such a report.

    >>> is_title("青禾区2023年法治政府建设年度情况报告"), is_title("现将法治政府建设情况报告如下。")
    (True, False)
    """
    return len(line) <= 70 and bool(_SUBJECT.search(line)) and bool(_KIND.search(line)) and not re.search(r"[。；;]|如下", line)


def title(head: Sequence[str]) -> str | None:
    """The title among the lines above the body, joined where it breaks over lines.

    >>> title(["石溪镇人民政府", "2024年法治政府建设工作情况报告", "（2025年1月9日）"])
    '石溪镇人民政府2024年法治政府建设工作情况报告'
    """
    head = [line for line in head if not furniture.is_furniture(line)]
    for last in range(len(head)):
        for first in (last, last - 1, last - 2, last - 3):
            if first < 0:
                break
            joined = "".join(head[first : last + 1])
            if is_title(joined) and re.search(r"报\s*告|总结|汇报|情况$", joined):
                return _with_issuer(head, first, joined)
    return None


def _with_issuer(head: Sequence[str], first: int, joined: str) -> str:
    """The title with the lines above it that hold its beginning: the issuer on a line of its own, or a broken half."""
    while first > 0:
        above = head[first - 1]
        issuer = re.fullmatch(rf"{_PLACE}(?:人民政府)?(?:关于)?", above) and not re.match(_PLACE, joined)
        half = not _STARTS.match(joined) and re.fullmatch(rf"(?:{_PLACE}|(?:19|20)\d\d年).{{0,20}}(?:年|度|关于|推进|政府|局|区|县|市|\d)", above)
        if not (issuer or half) or is_title(above):
            break
        first -= 1
        joined = above + joined
    return joined


def describe(head: Sequence[str], body: str, tail: Sequence[str], hints: Metadata) -> Metadata:
    """The metadata of a report from the lines above its body, the beginning of the body, and the lines below it."""
    found = title(head) or _hinted_title(hints.title)
    published = _published(head) or hints.published or _last_date(tail)
    return Metadata(
        title=found or hints.title,
        district=district(found, head, body, tail),
        year=_year_of(found, body, published),
        published=published,
        source=_first(_SOURCE, head) or hints.source,
    )


def district(found: str | None, head: Sequence[str], body: str, tail: Sequence[str]) -> str | None:
    """The issuing place or body: from the title, else from the opening sentence, else from a signature line.

    >>> district("北京市大兴区人民政府2023年法治政府建设年度情况报告", [], "", [])
    '北京市大兴区'
    >>> district("2020年横山区法治政府建设情况报告", [], "", [])
    '横山区'
    """
    if found:
        words = re.sub(r"^(?:(?:19|20)\d\d|[二〇○零一三四五六七八九]{4})(?:年度?)?|^关于", "", found.strip())
        match = re.match(rf"(?:{_PLACE})+", words)
        if match:
            whole = re.match(r"[^\d二〇○]*?(?=(?:19|20)\d\d|二[〇○零]|关于|法治|依法|人民政府|年度|推进|上半年|[(（])", words)
            return _bare(whole[0]) if whole and len(whole[0]) >= 2 else _bare(match[0])
    opening = _OPENING_PLACE.search(body[:200])
    if opening:
        return opening[1]
    for line in [*tail[:3], *head]:
        match = _PLACE_LINE.fullmatch(line)
        if match:
            return _bare(match[0])
    return None


def _bare(words: str) -> str | None:
    return _ISSUER_TAIL.sub("", words.strip()).strip("“”《》 ") or None


def _year_of(found: str | None, body: str, published: str | None) -> int | None:
    for text in (found or "", body[:400]):
        match = _YEAR.search(text)
        if match:
            return int(match[1])
        han = _HAN_YEAR.search(text)
        if han:
            return int("".join(str("〇一二三四五六七八九".find(c.replace("○", "〇").replace("零", "〇"))) for c in han[1]))
    bare = re.search(r"(?<!\d)((?:19|20)\d\d)(?!\d)", found or "")
    if bare:
        return int(bare[1])
    return int(published[:4]) - 1 if published else None


def _published(lines: Sequence[str]) -> str | None:
    text = "\n".join(line for line in lines if "今天是" not in line)
    match = _PUBLISHED.search(text) or _DATED.search(text) or _DATE.search(text)
    return _iso(match) if match else None


def _last_date(lines: Sequence[str]) -> str | None:
    dates = [match for line in lines if (match := _DATE.search(line))]
    return _iso(dates[0]) if dates else None


def _iso(match: re.Match[str]) -> str | None:
    year, month, day = (int(group) for group in match.groups()[-3:])
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _first(pattern: re.Pattern[str], lines: Sequence[str]) -> str | None:
    return next((match[1] for line in lines if (match := pattern.search(line))), None)


def _hinted_title(hint: str | None) -> str | None:
    """The title inside a page's own title, which adds the site's name behind a dash or bar."""
    parts = re.split(r"\s*[-_|｜–—]+\s*", hint) if hint else []
    return next((part for part in parts if is_title(part)), None)
