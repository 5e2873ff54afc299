"""Levels and changes: how far a measure moved, and which way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.indicators.numerals import listed
from pipeline.indicators.tokens import Token
from pipeline.indicators.units import SHARES, TIMES

Kind = Literal["level", "change"]
Direction = Literal["up", "down"]

_UP = sorted(
    listed("增长 增加 上升 提高 提升 上涨 攀升 上浮 上调 扩大 递增 净增 提速 增幅 涨幅 增长率 增速 高出 改善 延长 拉长 增多 翻了 翻 增 升 涨 多 高 提"),
    key=lambda word: (-len(word), word),
)
_DOWN = sorted(
    listed("下降 降低 减少 缩短 压缩 压减 精简 回落 下调 下浮 递减 缩减 收窄 降幅 减幅 节省 节约 下滑 缩水 负增长 净减 少 降 减 缩 短 压"),
    key=lambda word: (-len(word), word),
)
_LEFT_OUT = re.compile(r"[^,。;:!?()\n]*$")
_WAY = re.compile(
    rf"(?:(?P<up>(?<![最不至])(?:{'|'.join(_UP)}))|(?P<down>(?<![最不至])(?:{'|'.join(_DOWN)})))(?:幅度|比例|率)?(?:了|约|近|逾|超过?|均?达到?|均?为|也|仅|已)*\s*$"
)
_RATE_OF_CHANGE = re.compile(r"(?:增幅|涨幅|增长率|增速|降幅|减幅|同比增长|增长|下降|增加|减少|上升|提高|降低)(?:均|也|已|分别)?(?:达到?|为)$")
_REACHED = re.compile(r"(?:至|到|为|成)(?:了|约|近|逾|超过?|仅)*\s*$")
_AGAINST = re.compile(r"同比|环比|同期|相比|(?:较|比)[^,。;]{0,8}?(?:年|期|季度|月|前|初|时|底|均|水平)|上年|去年|(?:^|[^对评相占之])比(?![例较武赛重拼选])")
# 少跑三趟, 多跑两次: the act stands between the way and the number.
_ACT = re.compile(r"(?P<way>(?<![不至减最很缺])少|(?<![不很大众最太过增])多)(?:跑|走|打扰|交|填|报|花|等|用|提交|办|查|盖|收|来|进|缴)[^,。;、]{0,6}$")
# 压减时限40%: what was moved stands between the verb and the share.
_OBJECT = re.compile(
    r"(?P<way>压减|压缩|缩短|减少|精简|缩减|降低|节省|节约|(?<![增减缩])减(?![负税刑免费轻])|提高|提升|增加)(?P<object>[^,。;:至到为的、\d%]{1,14}?)(?:了|约|近|逾|超过?|达到?|均|各|分别|平均)*\s*$"
)
_UPS = {"提高", "提升", "增加", "多"}
_PLAIN_VERBS = ("多", "高", "提", "短", "压", "缩", "翻")


@dataclass(frozen=True, slots=True)
class Move:
    """A change: which way, where the words about the measure end (``until``), and the object that was moved, as offsets, where it stands behind the verb."""

    direction: Direction | None
    until: int
    moved: tuple[int, int] | None = None


def move(text: str, token: Token) -> Move | None:
    """How a number says that something moved, or ``None`` for a level; ``text`` has folded digits.

    >>> from pipeline.indicators.tokens import tokens
    >>> text = "收案720件,同比增长57.54%,败诉率降至2%,压减材料40%"
    >>> [(m.direction if (m := move(text, t)) else None) for t in tokens(text)]
    [None, 'up', None, 'down']
    """
    start = _clause(text, token.before)
    left = text[start : token.before]
    against = bool(_AGAINST.search(left))
    if found := _ACT.search(left):
        return Move("up" if found["way"] == "多" else "down", start + found.start(), (start + found.end("way"), token.before))
    if found := _WAY.search(left):
        return _moved(text, left, start, found, token, against)
    if token.unit == "番":
        return Move("up", start + len(left.rstrip("翻了一")))
    if (token.unit in SHARES - {"番", "倍"} or token.unit in TIMES or token.unit == "") and not _REACHED.search(left) and (found := _OBJECT.search(left)):
        direction: Direction = "up" if found["way"] in _UPS else "down"
        if not (found["way"] in _UPS and token.unit in TIMES):
            return Move(direction, start + found.start(), (start + found.start("object"), start + found.end("object")))
    if "百分点" in token.unit:
        return Move(_direction_in(left), start + _until(left, len(left)))
    return None


def _moved(text: str, left: str, start: int, found: re.Match[str], token: Token, against: bool) -> Move | None:
    verb = found["up"] or found["down"]
    tail = left[found.start() :]
    if _REACHED.search(tail) and not _RATE_OF_CHANGE.search(tail):
        return None
    subject = _until(left, found.start())
    if token.unit not in SHARES | {""} and not against:
        # 减少4件 with its measure before it is a change; without one, or with the thing counted behind it, things were added or cut.
        behind = text[token.edge : token.edge + 1]
        if verb in _PLAIN_VERBS or not left[:subject].strip(" 、和与并共") or (behind not in ",。;、)以和" and behind != "" and token.unit not in TIMES):
            return None
        if not _measure(left[:subject]):
            return None
    if verb in {"多", "高", "少", "短"} and not (against or token.unit in SHARES | {""}):
        return None
    return Move("up" if found["up"] else "down", start + subject)


_PLACES = re.compile(r"(?:全年|年内|今年|共|累计|已|一次性|新|先后|全[市县区镇]|[市县区镇]{1,2}|[一二三四五六七八九十]是)*$")


def _measure(subject: str) -> bool:
    return len(subject) >= 2 and not _PLACES.fullmatch(subject)


_COMPARISON = re.compile(
    r"(?:(?:同比|环比|同期|总体|整体|分别|平均|均|各|又|再|大幅|大幅度|累计|首次|明显|显著|持续|逐年|稳步|连年|进一步|仍|也|已|都|就|实现|全年|今年|比例|双双)|(?:较|比|与|同)[^,。;]{0,12}?(?:年度?|期|季度|月|前|初|时|底|均水平|平均|以往|往年|之前)(?:同期|相比|同比|末|底)?|相比|[上去前]年(?:同期)?)*$"
)


def _until(left: str, verb: int) -> int:
    """Where the measure ends before ``同比``, ``较上年`` and the verb."""
    found = _COMPARISON.search(left, 0, verb)
    return found.start() if found else verb


def _direction_in(left: str) -> Direction | None:
    ups, downs = max(left.rfind(word) for word in _UP), max(left.rfind(word) for word in _DOWN)
    return None if ups == downs else "up" if ups > downs else "down"


def _clause(text: str, end: int) -> int:
    found = _LEFT_OUT.search(text, max(0, end - 200), end)
    return found.start() if found else 0
