"""What a figure counts: the span of its indicator, found by the order of words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from pipeline.indicators.lexicon import COUNTED, COUNTING, HUMANS, LEADING, MOVES, PLACES, REACH, SKIP, THEN, THINGS, TIME_PLACE
from pipeline.indicators.phrases import Word
from pipeline.indicators.tokens import Token
from pipeline.indicators.units import ADVERBIAL, SHARES, TIMES
from pipeline.indicators.verbs import governing

Span = tuple[int, int]


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
    clause = list(takewhile(lambda word: word.kind not in "b#", reversed(words[:place])))[::-1]
    while len(clause) > 2 and clause[-1].kind == "d" and clause[-2].text in THEN:  # 由去年的86%升至97%
        clause = clause[:-2]
    return clause


def _trim_end(words: list[Word]) -> tuple[list[Word], bool]:
    """Words without what only leads up to the figure, and whether that said that a measure reached it."""
    end, reached = len(words), False
    while end and (
        words[end - 1].text in REACH or words[end - 1].kind in "mcs" or _span_of_time(words[end - 1].text) or (reached and words[end - 1].text in MOVES)
    ):
        reached = reached or (words[end - 1].text in REACH and words[end - 1].text not in COUNTING)
        end -= 1
    return words[:end], reached


def _trim_start(words: list[Word], front: frozenset[str]) -> list[Word]:
    """Words without what only stands in front."""
    start, end = 0, len(words)
    while start < end and words[start].kind != "p" and not (words[start].text == "主动" and start + 1 < end and words[start + 1].text == "公开"):
        if not (words[start].kind in "mc" or words[start].text in front or words[start].text in {"年", "年度", "月"} or words[start].text.isspace()):
            break
        start += 1
    while start + 1 < end and words[start].text in PLACES and words[start + 1].kind in "vkw":
        start += 1
    return words[start:]


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
    place = governing(words)
    if place is None:
        return _span(_noun(words))
    if place == len(words) - 1:
        return _span(words[place if words[0].kind == "p" else _subject(words, place) :])
    if place and (words[place - 1].text == "新" or (words[place - 1].text == "主动" and words[place].text == "公开")):
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
    cut = max((place for place, word in enumerate(rest[:-1]) if word.kind == "d" or word.text == "等"), default=-1)
    return rest[cut + 1 :]


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
        listed = clause_before(words, place)[-1:]
        return None if joined and found and found[-1] is rest[-1] and not (listed and listed[0].text == "等") else _span(found)
    if adverbial:
        return _span(_act_behind(rest)) if rest[0].kind in "vkwsp" else None
    if relative and rest[0].kind in "vkwsp":
        return _span(_noun_behind(rest[particle + 1 :], keep_tail=False))
    clause = clause_before(words, place)
    if rest[0].kind == "v" and len(rest) > 1 and rest[1].kind == "n" and clause and (clause[-1].kind in "vwd" or clause[-1].text == "等"):
        return None if joined else _span([rest[0], *_noun_behind(rest[1:], keep_tail=False)])
    return None


def act_after(words: Sequence[Word], place: int) -> Span | None:
    """The act behind the figure, where nothing else says what it counts: 6人现场接受评议."""
    rest = _rest(words, place)
    return _span(_act_behind(rest)) if rest and (rest[0].kind in "vkws" or rest[0].text == "被") else None


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
        if word.text in {"人均", "户均", "平均"}:
            break
        nominal = (word.kind in "nw" and word.text not in SKIP) or (word.kind == "v" and place > 0 and rest[place - 1].kind == "c")
        if nominal and kept and (word.text[0] in "“《" or (word.kind == "w" and kept[-1].text.endswith(HUMANS) and place + 1 < len(rest))):
            break
        if nominal or (word.text == "组织" and kept and kept[-1].kind == "w"):
            kept.append(word)
            if len(kept) == 1 and word.text in COUNTED and not (place + 1 < len(rest) and rest[place + 1].kind == "w"):
                break
        elif word.text in {"、", "和", "与", "及"} and kept and _goes_on(rest, place + 1):
            kept.append(word)
        else:
            break
    if not keep_tail and any(word.kind == "n" for word in kept):
        while kept and kept[-1].kind in "wmc" and kept[-1].text not in THINGS:
            kept.pop()
    return kept


def _goes_on(rest: list[Word], place: int) -> bool:
    return place < len(rest) and (rest[place].kind in "nw" or (rest[place].kind == "v" and place + 1 < len(rest) and rest[place + 1].kind == "n"))


def _act_behind(rest: list[Word]) -> list[Word]:
    start = next((place for place, word in enumerate(rest) if word.kind not in "sm"), len(rest))
    kept = rest[start:]
    if kept and kept[0].kind == "p":
        verb = next((place for place, word in enumerate(kept) if word.kind in "vwk" and (place > 1 or kept[0].text == "被")), 0)
        kept = kept[verb:]
    end = next((place for place, word in enumerate(kept) if place and word.text in {"并", "后"}), len(kept))
    return kept[:end]


def governs(words: Sequence[Word], place: int, token: Token) -> bool:
    """Whether what stands before the figure is an act with its object or a noun, so that what follows is not what it counts."""
    clause = clause_before(words, place)
    rest = _rest(words, place)
    if clause and clause[-1].text in {"由", "从"} and any(word.text in LEADING or word.text.endswith(("至", "到")) for word in rest[:3]):
        return True
    if not clause or clause[-1].kind in "vkpd" or clause[-1].text in {"等", "与", "同"}:
        return False
    if rest and rest[0].kind == "n" and token.unit not in ADVERBIAL | SHARES | {"人次", "元"} and after(words, place, token):
        return False
    core, reached = _trim_end(clause)
    core = _trim_start(core, SKIP)
    if not core or core[-1].text == "等" or core[-1].kind in "dp":
        return False
    if token.unit in TIMES and rest and (rest[0].kind == "n" or (rest[0].kind in "vw" and not reached)):
        return False
    verb = governing(core)
    if verb is not None and verb == len(core) - 1:
        return token.unit in ADVERBIAL or core[-1].kind == "w"
    if verb is None and token.unit in ADVERBIAL and rest and rest[0].kind in "vkwsp" and not reached:
        return False
    if verb is None:
        return reached or token.unit in ADVERBIAL | SHARES | {"人次", "元"}
    return True


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
