"""Filters: the names of fields and of their values, in Chinese and English, and what is said of a wrong one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from pipeline.categories import scheme
from pipeline.data import ROLES
from pipeline.errors import QueryError
from pipeline.search.query import Filter, Or, Query

FIELDS = {
    "district": "district", "地区": "district", "区": "district", "区县": "district", "year": "year", "年份": "year", "年": "year", "年度": "year",
    "category": "category", "类别": "category", "分类": "category", "code": "category", "编码": "category", "代码": "category",
    "role": "role", "部分": "role", "作用": "role", "heading": "heading", "标题": "heading", "小标题": "heading", "report": "report", "报告": "report",
}  # fmt: skip
FIELD_NAMES = "district 地区, year 年份, category 类别, code 编码, role 部分, heading 标题, report 报告"
EXAMPLES = {"district": "大兴", "year": "2020..2023", "category": "disputes", "role": "measures", "heading": "复议", "report": "daxing-2023"}
ROLE_NAMES = {
    "引言": "intro", "开头": "intro", "举措": "measures", "措施": "measures", "职责": "duty", "履职": "duty", "不足": "shortcomings", "问题": "shortcomings",
    "计划": "plan", "打算": "plan", "结尾": "closing",
}  # fmt: skip
_YEARS = re.compile(r"(\d{4})?年?(?:(\.\.\.?|-|[—–]{1,2}|~|至|到)(?:(\d{4})年?)?)?")
_WILD = re.compile(r"[*?＊？]")


def unreadable(text: str, at: int, wrong: str, remedy: str) -> QueryError:
    """The error that points at a place of a query."""
    return QueryError(f"the query, at character {at + 1} ({text[:at]}▸{text[at:]})", wrong, remedy)


def field_of(name: str) -> str | None:
    """The field that a name stands for.

    >>> field_of("Year"), field_of("类别"), field_of("作者")
    ('year', 'category', None)
    """
    return FIELDS.get(plain(name).casefold())


def plain(text: str) -> str:
    """Full-width letters, digits and marks in their half-width form."""
    return unicodedata.normalize("NFKC", text)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like another one, if any is like it at all."""
    found = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.65 if word.isascii() else 0.5)
    return found[0] if found else None


def filter_of(text: str, at: int, field: str, value: str, *, quoted: bool) -> Query:
    """The filter for a value typed at ``at``; commas separate values, but not within quotes.

    Raises
    ------
    QueryError
        Where the field takes no such value.
    """
    if field == "category" and (code := scheme().code(value)) is not None:
        return Filter(field, (code,))  # the names of some categories hold a comma
    values = [value] if quoted else [part for part in re.split("[,，、]", value) if part]
    if not values:
        raise unreadable(text, at, "there is no value between the commas", f"write it as {field}:{EXAMPLES[field]}")
    if field == "year":
        ranges = tuple(Filter(field, _years(text, at, part)) for part in values)
        return ranges[0] if len(ranges) == 1 else Or(ranges)
    if field == "category":
        return Filter(field, tuple(_code(text, at, part) for part in values))
    if field == "role":
        return Filter(field, tuple(_role(text, at, part) for part in values))
    return Filter(field, _contained(text, at, field, values, quoted))


def _years(text: str, at: int, value: str) -> tuple[int, int]:
    read = _YEARS.fullmatch(plain(value))
    if not read or not (read[1] or read[3]):
        near = "".join(c for c in plain(value) if c.isdigit())[:4]
        example = near if len(near) == 4 else "2023"
        raise unreadable(text, at, f"{value} is no year", f"write year:{example}, or a range such as year:2020..2023, year:2020.. or year:..2023")
    first, last = int(read[1] or 0), int(read[3] or (9999 if read[2] else read[1]))
    if first > last:
        raise unreadable(text, at, f"the range {value} is empty", f"write year:{last}..{first}")
    return first, last


def _code(text: str, at: int, value: str) -> int:
    code = scheme().code(plain(value))
    if code is None:
        categories = scheme().categories
        near = nearest(value, [word for one in categories for word in (one.slug, one.name, one.short)])
        known = ", ".join(f"{one.code} {one.slug} {one.short}" for one in categories)
        raise unreadable(text, at, f"there is no category {value}", f"{_meant(near)}the categories are {known}, 0 none 无")
    return code


def _role(text: str, at: int, value: str) -> str:
    role = ROLE_NAMES.get(value, plain(value).casefold())
    if role not in ROLES:
        near = nearest(value, [*ROLES, *ROLE_NAMES])
        raise unreadable(text, at, f"there is no role {value}", f"{_meant(near)}the roles are {', '.join(_both(role) for role in ROLES)}")
    return role


def _both(role: str) -> str:
    return f"{role} {next(name for name, one in ROLE_NAMES.items() if one == role)}"


def _contained(text: str, at: int, field: str, values: Sequence[str], quoted: bool) -> tuple[str, ...]:
    if not quoted and any(_WILD.search(value) for value in values):
        bare = _WILD.sub("", values[0]) or EXAMPLES[field]
        raise unreadable(
            text, at, f"a filter by {field} takes no wildcard; it finds whatever contains its value", f"write {field}:{bare}, or put the value in quotes"
        )
    return tuple(values)


def no_such_field(text: str, at: int, name: str, whole: str) -> QueryError:
    """What is said where the word before a colon is no field; ``whole`` is the word with all that hangs on it."""
    if plain(name).upper() in {"NEAR", "BEFORE"} or name in {"近", "先"}:
        return unreadable(text, at, f"{name} takes its distance after a slash", f"write {name}/8")
    near = nearest(plain(name), FIELDS) if not name.isdigit() else None
    remedy = f"{_meant(near and f'{near}:')}to search for the text itself put it in quotes, “{whole}”; the fields are {FIELD_NAMES}"
    return unreadable(text, at, f"there is no field {name}", remedy)


def _meant(near: str | None) -> str:
    return f"did you mean {near}? If not, " if near else ""
