"""What a figure counts: the span of its indicator, found by the order of words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from pipeline.indicators.lexicon import COUNTED, MOVES, REACH, SKIP, TIME_PLACE
from pipeline.indicators.phrases import Word
from pipeline.indicators.tokens import Token
from pipeline.indicators.units import ADVERBIAL, SHARES, TIMES

Span = tuple[int, int]
_HANDS_ON = frozenset("推动 促进 指导 督促 帮助 协助 支持 引导 参与 推进 助力".split())
_PERSONS = ("人员", "干部", "律师", "党员", "群众", "企业", "部门", "学生", "居民", "骨干", "力量", "代表", "委员", "队伍", "组", "队", "员", "者", "生", "民", "工", "团", "机构", "单位", "镇", "街道", "县", "区", "局", "所", "院")
_PLACES = frozenset("区 县 市 镇 全区 全县 全市 区域 辖区 街道 园区 片区 新区".split())


def before(words: Sequence[Word], place: int, token: Token, *, until: int | None = None, floor: int = 0) -> Span | None:
    """The span of what stands before the figure at ``place`` in its clause, from the offset ``floor`` up to the offset ``until`` where that is given."""
    clause = [word for word in clause_before(words, place) if word.start >= floor and (until is None or word.end <= until)]
    share = next((at for at, word in enumerate(clause) if word.text == "占" and at), None)
    if share is not None and token.unit in SHARES:
        return _measure(clause[:share])
    if not clause or clause[-1].kind == "d":
        return None
    core, reached = _trim_end(clause)
    if reached or token.unit in SHARES or token.unit in {"", "分"} or until is not None:
        return _measure(core)
    core = _trim_start(core, SKIP)
    return _act(core) if core else None


def clause_before(words: Sequence[Word], place: int) -> list[Word]:
    """The words between the figure and the mark or figure before it."""
    return list(takewhile(lambda word: word.kind not in "b#", reversed(words[:place])))[::-1]


def _trim_end(words: list[Word]) -> tuple[list[Word], bool]:
    """Words without what only leads up to the figure, and whether that said that a measure reached it."""
    end, reached = len(words), False
    while end and (words[end - 1].text in REACH or words[end - 1].kind in "mcs" or _span_of_time(words[end - 1].text) or (reached and words[end - 1].text in MOVES)):
        reached = reached or (words[end - 1].text in REACH and words[end - 1].text not in _COUNTING)
        end -= 1
    return words[:end], reached


def _trim_start(words: list[Word], front: frozenset[str]) -> list[Word]:
    """Words without what only stands in front."""
    start, end = 0, len(words)
    while start < end and words[start].kind != "p" and not (words[start].text == "主动" and start + 1 < end and words[start + 1].text == "公开"):
        if not (words[start].kind in "mc" or words[start].text in front or words[start].text in {"年", "年度", "月"} or words[start].text.isspace()):
            break
        start += 1
    while start + 1 < end and words[start].text in _PLACES and words[start + 1].kind in "vkw":
        start += 1
    return words[start:]


_COUNTING = frozenset("共 共计 累计 合计 总计 近 约 超 超过 逾 、 和 及 与 已 先后 了 只 仅 又 还 再 全部 全年 有 总 整 也 则 就 新 不".split()) | (SKIP - REACH)
_TIME = re.compile(r"[一二两三四五六七八九十\d]+(?:个)?[年月]")


def _span_of_time(text: str) -> bool:
    return bool(_TIME.fullmatch(text))


def _measure(words: list[Word]) -> Span | None:
    """The noun of a rate with what is tied to it, without phrases and examples in front."""
    words = _trim_start(words, TIME_PLACE)
    cut = max((place for place, word in enumerate(words[:-1]) if word.kind == "d" or word.text == "等"), default=-1)
    if cut >= 0 and words[-1].kind != "d":
        words = words[cut + 1 :]
    words = _without_phrase(words)
    while len(words) > 1 and words[0].kind == "k" and words[0].text not in {"参与", "代表", "组织"}:
        words = words[1:]
    return _span(_trim_start(words, TIME_PLACE))


def _without_phrase(words: list[Word]) -> list[Word]:
    """Words without a phrase in front that says where, to whom or for what."""
    if not words or words[0].kind != "p":
        return words
    for place, word in enumerate(words[1:], 1):
        if word.kind in "vwk" and place < len(words) - 1:
            return words[place:]
    return words[1:]


def _act(words: list[Word]) -> Span | None:
    """From the verb that governs what is counted up to the figure; without a verb the noun."""
    verbs = [place for place, word in enumerate(words) if word.kind in "vk"]
    phrase = next((place for place, word in enumerate(words) if word.kind == "p" and place), 0)
    if phrase and phrase < len(words) - 1 and (not verbs or phrase < verbs[0]):
        words = words[phrase:]
    place = _verb(words)
    if place is None:
        return _span(_noun(words))
    if place == len(words) - 1:
        return _span(words[_subject(words, place) :])
    if place and (words[place - 1].text == "新" or words[place - 1].text == "主动" and words[place].text == "公开"):
        place -= 1
    return _span(words[place:])


def _subject(words: list[Word], place: int) -> int:
    """Where the subject begins that touches a verb without an object."""
    start = place
    while start and (words[start - 1].kind in "nw" or words[start - 1].text in {"、", "和"}):
        start -= 1
    return start if not (start and words[start - 1].kind in "pd") else place


def _noun(words: list[Word]) -> list[Word]:
    """The noun that is counted: without a phrase in front, and without what ends in 的."""
    rest = _trim_start(_without_phrase(words), SKIP)
    cut = max((place for place, word in enumerate(rest[:-1]) if word.kind == "d"), default=-1)
    return rest[cut + 1 :]


def _verb(words: list[Word]) -> int | None:
    """The place of the governing verb."""
    strong = [place for place, word in enumerate(words) if word.kind in "vk" and not _body(words, place)]
    particle = [place for place, word in enumerate(words) if word.kind == "d"]
    if words[0].kind == "p":
        return _after_phrase(words, strong, particle)
    if words[0].kind == "w" and len(words) > 1 and words[1].kind == "s" and not strong and (weak := _weak(words)):
        return weak
    if words[0].kind == "w" and _has_object(words, 0):
        if words[0].text == "公开" and len(words) > 2 and words[1].kind in "vw":
            return 1
        if not strong or strong[0] == 1 or (strong[0] == 2 and words[1].text in {"并", "和", "、"}):
            return 0
    if not strong:
        return _weak(words)
    first = strong[0]
    if words[first].kind == "k":
        return _handed_on(words, first)
    return _past_relative(words, first, strong, particle)


def _body(words: list[Word], place: int) -> bool:
    """Whether 组织 is a body and no act: 调解组织受理纠纷."""
    if words[place].text != "组织" or not place:
        return False
    return place == len(words) - 1 or words[place - 1].kind in "nw" and words[place + 1].kind in "vk"


def _after_phrase(words: list[Word], strong: list[int], particle: list[int]) -> int | None:
    """The verb behind 对…, 为…, 向…: the last one that is neither within 的 nor within a compound."""
    way = next((place for place, word in enumerate(words) if word.text in {"方式", "形式", "名义", "途径", "等方式"}), None)
    if way is not None and way < len(words) - 1:
        return way + 1 if words[way + 1].kind in "vwk" else _verb(words[way + 1 :])
    free = [place for place in strong if place > 1 and not any(place < at and any(word.kind in "vkw" for word in words[at + 1 :]) for at in particle)]
    heads = [place for place in free if words[place - 1].kind in "nsdm#" or place == free[0]]
    if heads:
        last = heads[-1] if len(words) - heads[-1] > 1 or len(heads) == 1 else heads[-1] if words[heads[-1] - 1].kind != "v" else heads[-2]
        if last - 1 in free and words[last - 1].kind == "v":
            last -= 1
        return _handed_on(words, last) if words[last].kind == "k" else last
    weak = [place for place, word in enumerate(words) if word.kind == "w" and place > 1]
    objects = [place for place in weak if _has_object(words, place) and (words[place - 1].kind in "ns" or words[place - 1].text == "等")]
    if objects:
        return objects[0]
    return weak[-1] if weak and weak[-1] == len(words) - 1 else None


def _handed_on(words: list[Word], first: int) -> int:
    """The verb that a causing verb hands its object to, or that verb itself."""
    behind = words[first + 1 :]
    if words[first].text in _HANDS_ON and len(behind) == 1 and len(behind[0].text) == 4:
        return first + 1
    for place, word in enumerate(behind, first + 1):
        last = place == len(words) - 1
        if word.kind == "d":
            break
        if word.kind == "v" and (not last or words[place - 1].text.endswith(_PERSONS) and place > first + 1):
            return place
        if word.kind == "k" and not last:
            return _handed_on(words, place)
        if word.kind in "vw" and words[first].text == "代表":
            return place
        if word.kind == "w" and not last and _has_object(words, place) and not any(later.kind == "v" for later in words[place + 1 : -1]):
            if words[place - 1].text.endswith(_PERSONS) and place > first + 1:
                return place
            if place == first + 1 and words[first].text in _HANDS_ON and words[place + 1].kind == "n":
                return place
    return first


def _past_relative(words: list[Word], first: int, strong: list[int], particle: list[int]) -> int:
    """The verb behind a relative clause (群众反映的问题办结…) or behind 并, where the first one has an object of its own."""
    if first == 1 and words[0].kind == "w" and words[0].text not in {"公开"}:
        return 0
    for place in strong[1:]:
        joined = words[place - 1].kind == "s" or words[place - 1].text in {"并", "后", "再", "共", "新"}
        if joined and place - first > 2:
            return place
        if any(first < at < place for at in particle) and first and words[first - 1].kind in "nw":
            return place
    return first


def _weak(words: list[Word]) -> int | None:
    """A weak verb as the act: behind a subject and an adverb."""
    return next((place for place in range(1, len(words)) if words[place].kind == "w" and words[place - 1].kind == "s"), None)


def _has_object(words: list[Word], place: int) -> bool:
    return any(word.kind in "nw" for word in words[place + 1 :])


def after(words: Sequence[Word], place: int, token: Token) -> Span | None:
    """The span of what stands behind the figure at ``place``: the noun that its classifier counts, or the act that it counts."""
    rest = _rest(words, place)
    if not rest:
        return None
    next_place = place + 1 + len(rest)
    joined = next_place < len(words) and words[next_place].kind == "#"
    adverbial = token.unit in ADVERBIAL
    if rest[0].kind == "d":
        return _span(_noun_behind(rest[1:], keep_tail=False))
    particle = max((at for at, word in enumerate(rest[:12]) if word.kind == "d"), default=-1)
    relative = 0 < particle < len(rest) - 1
    if rest[0].kind == "n" or (rest[0].kind == "w" and (_looks_nominal(rest) if adverbial else not (relative and particle < 5))):
        found = _noun_behind(rest, keep_tail=adverbial or token.unit in {"项"})
        return None if joined and found and found[-1] is rest[-1] else _span(found)
    if adverbial:
        return _span(_act_behind(rest)) if rest[0].kind in "vkwsp" else None
    if relative and rest[0].kind in "vkwsp":
        return _span(_noun_behind(rest[particle + 1 :], keep_tail=False))
    return None


def act_after(words: Sequence[Word], place: int) -> Span | None:
    """The act behind the figure, where nothing else says what it counts: 6人现场接受评议."""
    rest = _rest(words, place)
    return _span(_act_behind(rest)) if rest and rest[0].kind in "vkws" else None


def open_before(words: Sequence[Word], place: int) -> bool:
    """Whether the figure begins its clause."""
    return not _trim_start(_trim_end(clause_before(words, place))[0], SKIP)


def _rest(words: Sequence[Word], place: int) -> list[Word]:
    return list(takewhile(lambda word: word.kind not in "b#", words[place + 1 :]))


def _looks_nominal(rest: list[Word]) -> bool:
    return len(rest) > 1 and rest[1].kind in "nwd" and rest[-1].kind == "w"


def _noun_behind(rest: list[Word], *, keep_tail: bool) -> list[Word]:
    kept: list[Word] = []
    for place, word in enumerate(rest):
        nominal = (word.kind in "nw" and word.text not in SKIP) or (word.kind == "v" and place > 0 and rest[place - 1].kind == "c")
        if nominal and kept and word.text[0] in "“《":
            break
        if nominal or (word.text == "组织" and kept and kept[-1].kind == "w"):
            kept.append(word)
            if len(kept) == 1 and word.text in COUNTED:
                break
        elif word.text in {"、", "和", "与", "及"} and kept and _goes_on(rest, place + 1):
            kept.append(word)
        else:
            break
    if not keep_tail and any(word.kind == "n" for word in kept):
        while kept and kept[-1].kind in "wmc":
            kept.pop()
    return kept


def _goes_on(rest: list[Word], place: int) -> bool:
    return place < len(rest) and (rest[place].kind in "nw" or (rest[place].kind == "v" and place + 1 < len(rest) and rest[place + 1].kind == "n"))


def _act_behind(rest: list[Word]) -> list[Word]:
    start = next((place for place, word in enumerate(rest) if word.kind not in "sm"), len(rest))
    kept = rest[start:]
    if kept and kept[0].kind == "p":
        verb = next((place for place, word in enumerate(kept) if word.kind in "vwk" and place > 1), 0)
        kept = kept[verb:]
    end = next((place for place, word in enumerate(kept) if place and word.text in {"并", "后"}), len(kept))
    return kept[:end]


def governs(words: Sequence[Word], place: int, token: Token) -> bool:
    """Whether what stands before the figure is an act with its object or a noun, so that what follows is not what it counts."""
    clause = clause_before(words, place)
    rest = _rest(words, place)
    if clause and clause[-1].text in {"由", "从"} and any(word.text in _LEADING or word.text.endswith(("至", "到")) for word in rest[:3]):
        return True
    if not clause or clause[-1].kind in "vkpd" or clause[-1].text == "等":
        return False
    core, reached = _trim_end(clause)
    core = _trim_start(core, SKIP)
    if not core or core[-1].text == "等" or core[-1].kind in "dp":
        return False
    if token.unit in TIMES and rest and (rest[0].kind == "n" or (rest[0].kind in "vw" and not reached)):
        return False
    verb = _verb(core)
    if verb is not None and verb == len(core) - 1:
        return token.unit in ADVERBIAL or core[-1].kind == "w"
    if verb is None:
        return reached or token.unit in ADVERBIAL | SHARES | {"人次", "元"}
    return True


_LEADING = frozenset("至 到 为 成 扩 升 降 增 减".split())


def _span(words: Sequence[Word]) -> Span | None:
    """From the first word to the last, without marks and a quotation around the whole."""
    kept = list(words)
    while kept and (kept[-1].kind in "mcd" or (kept[-1].text == "等" and len(kept) == 1)):
        kept.pop()
    while kept and kept[0].kind in "mcd":
        kept.pop(0)
    if not kept:
        return None
    start, end = kept[0].start, kept[-1].end
    if len(kept) == 1 and kept[0].text[0] in "“‘「":
        return start + 1, end - 1
    return start, end
