"""The same indicator over many reports as one column, where its wording differs little."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.indicators.figures import Figure

# Acts and things that reports name by different words; the first of a line stands for all.
_ACTS = (
    "收到 接收 新收 收案 收 接到 收悉",
    "受理 立案受理 依法受理 办理 承办 承接",
    "审结 办结 结案 审理 审理终结",
    "审核 审查 合法性审核 合法性审查 审定",
    "制定 出台 印发 制发 制订 发布",
    "组织 开展 举办 举行 召开 开设 进行",
    "查处 查办 立案查处 办理查处",
    "调解 化解 调处 成功调解 调解成功",
    "纠正 纠错 直接纠错 撤销、变更、确认违法 撤销",
    "公开 主动公开",
    "清理 集中清理",
    "提出 出具 提供",
    "取消 清理取消 精简",
    "解答 接待 答复 接听",
)
# 接收, 受理 and 收到 of an application are told apart by few reports: with these things they are one.
_TAKEN = frozenset({"收到", "受理"})
_THINGS = (
    (r"行政复议(?:申请|案件|案)?", "行政复议案件"),
    (r"(?:一审)?行政(?:诉讼|应诉)(?:案件|案)", "行政诉讼案件"),
    (r"法律援助(?:案件|案|申请|事项)?", "法律援助案件"),
    (r"行政处罚(?:案件|案)", "行政处罚案件"),
    (r"(?:行政)?规范性文件(?:草案)?", "规范性文件"),
    (r"(?:各类)?(?:矛盾)?纠纷(?:案件)?", "矛盾纠纷"),
    (r"(?:人大)?代表(?:的)?(?:意见)?建议", "人大代表建议"),
    (r"人大(?:意见)?建议", "人大代表建议"),
    (r"政协(?:委员)?提案", "政协提案"),
    (r"(?:政府)?信息公开申请|依申请公开(?:政府信息|事项|申请|件)?", "依申请公开"),
    (r"(?:行政机关|部门|区政府|县政府|政府)?负责人出庭(?:应诉)?率", "行政机关负责人出庭应诉率"),
    (r"(?:行政机关|部门|区政府|县政府|政府)?负责人出庭(?:应诉)?", "行政机关负责人出庭应诉"),
    (r"(?:行政复议)?(?:案件)?(?:综合)?纠错率", "纠错率"),
    (r"(?:区|县|市|镇|街道)?(?:政府|委)常务会议?", "常务会议"),
    (r"法治(?:宣传|普法|宣讲)?(?:教育)?活动", "法治宣传活动"),
)
_PATTERNS = tuple((re.compile(pattern), name) for pattern, name in _THINGS)
_LEADING = re.compile(r"^(?:全年|共|累计|新|依法|各类|各种|全区|全县|全市|本区|区级|县级|市级|有关|相关)+")
_MARKS = re.compile(r"[“”‘’「」《》、\s]|(?:等)?(?:各类|各种|各项)|的|和|与|及")
_ACT_OF = {act: line.split()[0] for line in _ACTS for act in line.split()}
_BY_LENGTH = re.compile("^(?:" + "|".join(sorted(map(re.escape, _ACT_OF), key=len, reverse=True)) + ")")


@dataclass(frozen=True, slots=True)
class Lineup:
    """Reports by indicators. ``columns`` are names with their unit, those of most reports first; a cell holds the figures of one report for one column, in order."""

    columns: tuple[str, ...]
    reports: tuple[tuple[str, str | None, int | None], ...]
    cells: dict[tuple[str, str], tuple[Figure, ...]]


@lru_cache(maxsize=100_000)
def canonical(indicator: str) -> tuple[str, str]:
    """An indicator as act and thing in their plainest words.

    >>> canonical("接收行政复议案件") == canonical("受理行政复议申请") == canonical("收到行政复议申请")
    True
    >>> canonical("审结行政复议案件") == canonical("受理行政复议案件"), canonical("负责人出庭应诉率")
    (False, ('', '行政机关负责人出庭应诉率'))
    """
    rest = _LEADING.sub("", indicator)
    act = ""
    while found := _BY_LENGTH.match(rest):
        if found[0] == rest or rest[len(found[0]) :][:1] in {"率", "量", "数", "机", "中"}:
            break
        act, rest = act or _ACT_OF[found[0]], rest[len(found[0]) :]
    for pattern, name in _PATTERNS:
        if pattern.fullmatch(rest):
            rest = name
            break
    rest = _MARKS.sub("", rest) or indicator
    return ("受理" if act in _TAKEN and rest.endswith(("案件", "申请", "纠纷", "建议", "提案", "公开")) else act), rest


def line_up(figures: Iterable[Figure], *, changes: bool = False, shared: int = 1) -> Lineup:
    """Put figures of many reports side by side: a column for each indicator with its unit, named as most reports name it.

    Changes are left out unless asked for; columns that fewer than ``shared`` reports have are left out too.
    """
    cells: dict[tuple[str, tuple[str, ...]], list[Figure]] = defaultdict(list)
    names: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    reports: dict[str, tuple[str, str | None, int | None]] = {}
    for figure in figures:
        reports.setdefault(figure.report, (figure.report, figure.district, figure.year))
        if figure.indicator and (changes or figure.kind == "level"):
            key = (*canonical(figure.indicator), figure.unit, figure.kind, figure.direction or "")
            cells[figure.report, key].append(figure)
            names[key][figure.indicator] += 1
    count = Counter(key for _, key in cells)
    wanted = [key for key in count if count[key] >= shared]
    titles = _titles(sorted(wanted, key=lambda key: (-count[key], key)), names)
    placed = {(report, titles[key]): tuple(found) for (report, key), found in cells.items() if key in titles}
    ordered = sorted(reports.values(), key=lambda row: (row[1] or "", row[2] or 0, row[0]))
    return Lineup(tuple(titles.values()), tuple(ordered), placed)


def _titles(keys: list[tuple[str, ...]], names: dict[tuple[str, ...], Counter[str]]) -> dict[tuple[str, ...], str]:
    """A name for every column, none twice."""
    titles: dict[tuple[str, ...], str] = {}
    used: Counter[str] = Counter()
    for key in keys:
        name = min(names[key], key=lambda word: (-names[key][word], len(word), word))
        way = {"up": " 增", "down": " 减"}.get(key[4], "")
        title = f"{name}({key[2]}){way}" if key[2] else f"{name}{way}"
        used[title] += 1
        titles[key] = title if used[title] == 1 else f"{title} {used[title]}"
    return titles
