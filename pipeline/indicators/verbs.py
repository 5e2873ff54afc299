"""Which verb of a clause governs what is counted."""

from __future__ import annotations

from pipeline.indicators.lexicon import HANDS_ON, PERSONS
from pipeline.indicators.numerals import listed
from pipeline.indicators.phrases import Word

_MEETS = listed("研究 审议 听取 部署 学习 讨论 研究部署 审定")


def governing(words: list[Word]) -> int | None:
    """The place of the governing verb."""
    strong = [place for place, word in enumerate(words) if word.kind in "vk" and not _body(words, place)]
    particle = [place for place, word in enumerate(words) if word.kind == "d"]
    if words[0].kind == "p":
        return _after_phrase(words, strong, particle)
    if words[0].text == "领导" and not strong and (weak := _weak(words)):
        return weak
    if words[0].kind == "w" and _has_object(words, 0):
        if words[0].text == "公开" and len(words) > 2 and words[1].kind in "vw":
            return 1
        if (
            not strong
            or strong[0] == 1
            or words[strong[0] - 1].kind == "c"
            or any(word.text == "等" for word in words[strong[0] :])
            or (strong[0] == 2 and words[1].text in {"并", "和", "、"})
        ):
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
    return place == len(words) - 1 or (words[place - 1].kind in "nw" and words[place + 1].kind in "vk")


def _after_phrase(words: list[Word], strong: list[int], particle: list[int]) -> int | None:
    """The verb behind 对…, 为…, 向…: the last one that is neither within 的 nor within a compound."""
    way = next((place for place, word in enumerate(words) if word.text in {"方式", "形式", "名义", "途径", "等方式"}), None)
    if way is not None and way < len(words) - 1:
        return way + 1 if words[way + 1].kind in "vwk" else governing(words[way + 1 :])
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
    if words[first].text in HANDS_ON and len(behind) == 1 and len(behind[0].text) == 4:
        return first + 1
    for place, word in enumerate(behind, first + 1):
        last = place == len(words) - 1
        if word.kind == "d":
            break
        if word.kind == "v" and words[place - 1].text != "新" and (not last or (words[place - 1].text.endswith(PERSONS) and place > first + 1)):
            return place
        if word.kind == "k" and not last:
            return _handed_on(words, place)
        if word.kind in "vw" and words[first].text == "代表":
            return place
        if word.kind == "w" and not last and _has_object(words, place) and not any(later.kind == "v" for later in words[place + 1 : -1]):
            if words[place - 1].text.endswith(PERSONS) and place > first + 1:
                return place
            if place == first + 1 and words[first].text in HANDS_ON and words[place + 1].kind == "n":
                return place
    return first


def _past_relative(words: list[Word], first: int, strong: list[int], particle: list[int]) -> int:
    """The verb behind a relative clause (群众反映的问题办结…) or behind 并, where the first one has an object of its own."""
    if first == 1 and words[0].kind == "w" and words[0].text not in {"公开"}:
        return 0
    for place in range(first + 2, len(words) - 1):
        if words[place].text in _MEETS and words[place - 1].text.endswith("会议"):  # 召开会议研究…
            return place
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
