"""Figures of a report: what is counted, how much, and how far it moved.

``start`` and ``end`` are offsets in the text of the sentence: ``report.sentences[f.sentence].text[f.start:f.end] == f.text``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.data import Report, TaggedReport
from pipeline.indicators import indicator
from pipeline.indicators.change import Direction, Kind, Move, move
from pipeline.indicators.numerals import fold, tidy
from pipeline.indicators.phrases import Word, words_of
from pipeline.indicators.tokens import Bound, Token, tokens
from pipeline.indicators.units import ADVERBIAL
from pipeline.store import StoredSentence
from pipeline.tokenize import Segmenter


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as written. ``sentence`` counts from 0 within the report; ``start``, ``end`` and ``span`` (of the indicator) are offsets in the sentence's text.

    ``value`` has 万, 亿 and Chinese numerals resolved; ``unit`` stands as written, without them. ``of`` is, for a change, the ``start`` of the level that moved, where
    the sentence gives it.
    """

    report: str
    district: str | None
    year: int | None
    sentence: int
    start: int
    end: int
    text: str
    value: int | float
    unit: str
    kind: Kind
    direction: Direction | None
    bound: Bound | None
    indicator: str | None
    span: tuple[int, int] | None
    of: int | None
    category: str | None


@dataclass(slots=True)
class _Draft:
    token: Token
    place: int
    change: Move | None
    span: tuple[int, int] | None = None
    of: int | None = None


def figures(report: Report | TaggedReport) -> tuple[Figure, ...]:
    """The figures of a report in the order of its text; ``category`` is known for tagged reports."""
    tags = report.tags if isinstance(report, TaggedReport) else ()
    plain = report.report if isinstance(report, TaggedReport) else report
    found: list[Figure] = []
    for number, sentence in enumerate(plain.sentences):
        category = tags[number].category if tags else None
        found += _of_sentence(sentence.text, plain.name, plain.metadata.district, plain.metadata.year, number, category)
    return tuple(found)


def figures_of(sentences: Iterable[StoredSentence]) -> Iterator[Figure]:
    """The figures of a corpus's sentences, as ``corpus.sentences()`` gives them."""
    for stored in sentences:
        yield from _of_sentence(stored.text, stored.report, stored.district, stored.year, stored.number, stored.category)


def figures_in(text: str) -> tuple[Figure, ...]:
    """The figures of one sentence.

    >>> [(f.text, f.kind, f.indicator) for f in figures_in("全年接收行政复议案件720件,同比增长57.54%,案件调解率18.6%。")]
    [('720件', 'level', '接收行政复议案件'), ('57.54%', 'change', '接收行政复议案件'), ('18.6%', 'level', '案件调解率')]
    """
    return tuple(_of_sentence(text, "", None, None, 0, None))


def _of_sentence(text: str, report: str, district: str | None, year: int | None, number: int, category: str | None) -> Iterator[Figure]:
    folded = fold(text)
    found = tokens(folded)
    if not found:
        return
    for draft in drafts(folded, found):
        token, change = draft.token, draft.change
        yield Figure(
            report,
            district,
            year,
            number,
            token.start,
            token.end,
            text[token.start : token.end],
            tidy(token.value),
            token.unit,
            "change" if change else "level",
            change.direction if change else None,
            token.bound,
            text[draft.span[0] : draft.span[1]] if draft.span else None,
            draft.span,
            draft.of,
            category,
        )


def drafts(text: str, found: Sequence[Token]) -> list[_Draft]:
    """Every figure of a sentence with folded digits, with its indicator and what it is a change of."""
    words = words_of(text, found, Segmenter.default())
    places = {word.start: place for place, word in enumerate(words) if word.kind == "#"}
    made = [_Draft(token, places[token.before], move(text, token)) for token in found if token.before in places]
    _share_moves(text, made)
    floor = 0  # what an earlier classifier counts is not counted again
    for draft in made:
        draft.span = _own_span(words, draft, floor)
        if draft.span and draft.span[0] >= draft.token.end and draft.token.unit not in ADVERBIAL and not draft.change:
            floor = draft.span[1]
    _share_spans(text, made)
    _tie(text, made)
    return made


_LINK = re.compile(r"\s*(?:[、和与及或]|以及|[-—–~～至到]{1,2})\s*$")


def _linked(text: str, first: _Draft, second: _Draft) -> bool:
    return bool(_LINK.fullmatch(text[first.token.edge : second.token.before]))


def _share_moves(text: str, made: list[_Draft]) -> None:
    """提高1.4个和1.1个百分点: the verb stands before the first alone."""
    for earlier, later in pairwise(made):
        if earlier.change and _linked(text, earlier, later):
            later.change = Move(earlier.change.direction, earlier.change.until, earlier.change.moved)


def _own_span(words: list[Word], draft: _Draft, floor: int) -> tuple[int, int] | None:
    token, place, change = draft.token, draft.place, draft.change
    if change and change.moved:
        start, end = change.moved
        inside = [word for word in words if start <= word.start and word.end <= end and word.kind not in "mc"]
        return (inside[0].start, inside[-1].end) if inside else indicator.after(words, place, token)
    if change:
        return indicator.before(words, place, token, until=change.until, floor=floor)
    if indicator.governs(words, place, token):
        return indicator.before(words, place, token, floor=floor) or indicator.after(words, place, token)
    return (
        indicator.after(words, place, token)
        or indicator.before(words, place, token, floor=floor)
        or (indicator.act_after(words, place) if indicator.open_before(words, place) else None)
    )


_SEVERAL = re.compile(r"分别|各")
_COORDINATED = re.compile(r"[、和与及]|以及")
_LEADS = re.compile(
    r"(?:[由从自])?(?:提高|提升|上升|升|下降|降|减少|减|增加|增|缩短|压缩|压减|缩|压|增长|扩大|调整|变|提|扩|改|调|精简|回落|攀升|跃升)?(?:至|到|为)"
)


_FROM = re.compile(r"[由从自](?:[^,。;:、]{1,4}的)?$")
_FROM_TO = re.compile(r"[^,。;:、\d]{0,4}(?:至|到|为|成)")


def _share_spans(text: str, made: list[_Draft]) -> None:
    """Members of a list, ends of a range and of from–to have the indicator of the first; with 分别 each its own part."""
    for group in _groups(text, made):
        first = next((draft.span for draft in group if draft.span), None)
        if first is None:
            continue
        parts = (
            _parts(text, first, len(group))
            if _SEVERAL.search(text, group[0].token.before - 6 if group[0].token.before > 6 else 0, group[0].token.before)
            else []
        )
        for number, draft in enumerate(group):
            if parts:
                draft.span = parts[number]
            elif draft.span is None or (draft is not group[0] and not _own(draft, group[0])):
                draft.span = first


def _own(draft: _Draft, first: _Draft) -> bool:
    """Whether a linked member counts something that stands behind it: 19个街道、43个部门."""
    return (
        draft.span is not None
        and draft.span[0] >= draft.token.end
        and first.span is not None
        and first.span[0] >= first.token.end
        and first.span[1] <= draft.token.start
    )


def _groups(text: str, made: list[_Draft]) -> Iterator[list[_Draft]]:
    group: list[_Draft] = []
    for draft in made:
        if group and (_linked(text, group[-1], draft) or _reaches(text, group[-1], draft)):
            group.append(draft)
            continue
        if len(group) > 1:
            yield group
        group = [draft]
    if len(group) > 1:
        yield group


def _reaches(text: str, first: _Draft, second: _Draft) -> bool:
    between = text[first.token.edge : second.token.before].strip(" ,了")
    return bool(_LEADS.fullmatch(between) or (_FROM.search(text, max(0, first.token.before - 7), first.token.before) and _FROM_TO.fullmatch(between)))


def _parts(text: str, span: tuple[int, int], count: int) -> list[tuple[int, int]]:
    """A coordination cut into its members, where there are as many as figures."""
    start, parts = span[0], []
    for mark in _COORDINATED.finditer(text, *span):
        parts.append((start, mark.start()))
        start = mark.end()
    parts.append((start, span[1]))
    parts = [part for part in parts if part[0] < part[1]]
    return parts if len(parts) == count else []


_SAME = re.compile(r"(?:两率|两项|三项|各项|均|双双|分别|二者|两者|其|占比|数量|总量|总数|案件量|数|量|件数|比例|这一比例)?")


def _tie(text: str, made: list[_Draft]) -> None:
    """Say which level every change belongs to, and give it that level's indicator."""
    number = 0
    while number < len(made):
        if made[number].change is None:
            number += 1
            continue
        end = number + 1
        while end < len(made) and made[end].change and _linked(text, made[end - 1], made[end]):
            end += 1
        _tie_group(text, made, number, end)
        number = end


def _tie_group(text: str, made: list[_Draft], start: int, end: int) -> None:
    group = made[start:end]
    own = group[0].span
    named = own is not None and not _SAME.fullmatch(text[own[0] : own[1]])
    levels = [draft for draft in made[max(0, start - len(group)) : start] if draft.change is None]
    if own is None or not named or _repeats(text, own, levels):
        if len(levels) == len(group) and not _stopped(text, levels[-1], group[0]):
            for level, draft in zip(levels, group, strict=True):
                draft.of, draft.span = level.token.start, level.span
        return
    following = made[end] if end < len(made) else None
    if following and following.change is None and len(group) == 1 and _reached(text, group[0], following):
        group[0].of = following.token.start
        following.span = group[0].span


def _repeats(text: str, own: tuple[int, int], levels: list[_Draft]) -> bool:
    name = text[own[0] : own[1]]
    return bool(levels) and levels[-1].span is not None and text[levels[-1].span[0] : levels[-1].span[1]].endswith(name)


def _stopped(text: str, level: _Draft, change: _Draft) -> bool:
    """Whether a full stop or semicolon stands between a level and a change."""
    return any(mark in text[level.token.end : change.token.start] for mark in "。;")


def _reached(text: str, change: _Draft, level: _Draft) -> bool:
    return bool(
        re.fullmatch(
            r"[,\s]*(?:已|均|实际)?(?:达到?|升至|降至|为|至|增至|减至|提高到|提升至|提升到|总数达|降到|升到|增加到|下降到|缩短至|压缩至)",
            text[change.token.edge : level.token.before],
        )
    )
