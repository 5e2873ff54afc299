"""Which column of a table is which: by name in Chinese or English, else by what it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pipeline.categories import Scheme
from pipeline.errors import LabelError
from pipeline.learn.sheets import Table, column_letters

Field = Literal["text", "label", "annotator", "report", "number", "slice"]

# A later set of names counts only where none of an earlier one is there.
_NAMES: dict[Field, tuple[str, ...]] = {
    "text": (
        "text 句子 文本 句子文本 句子内容 文本内容 原文 语句 sentencetext",
        "sentence 内容 正文 句 文字 句子原文 原句 材料 content sentences texts 待标注文本 段落 paragraph body",
    ),
    "label": (
        "label 标签 标注 人工标注 标注结果 人工标签 标注类别 标注编码 人工编码 人工类别 labels goldlabel gold 裁定 仲裁 adjudicated",
        "category code 类别 类目 编码 分类 类 代码 类别编码 类别代码 类别名称 分类结果 类型 所属类别 categories codes class coding categorycode labelcode",
    ),
    "annotator": (
        "annotator coder 标注人 标注者 标注员 编码员 编码者 编码人 labeller labeler rater annotatedby codedby labelledby 标注人员 编码人员",
        "name 姓名 人员 作者 who by user 用户",
    ),
    "report": ("report 报告 报告名 报告名称 reportname reportid 报告编号", "document 文档 文件 文件名 file filename doc 来源文件 篇名 来源报告"),
    "number": ("sentencenumber 句号 句序 句子序号 句子编号 sentenceno sentenceid", "sentence number no"),
    "slice": ("slice 抽样 抽样方式",),
}
_NAMED = {field: tuple(set(names.split()) for names in tiers) for field, tiers in _NAMES.items()}
_NUMBER = re.compile(r"([0-9]+)(?:\.0+)?")
_SPLIT = re.compile(r"^([0-9]+)\s*[.．、,:：\-—_()（）\s]\s*(.*?)[)）]?$")
_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Columns that were named by option; ``annotator`` is a column or, where there is none of that name, the annotator's name."""

    text: str | None = None
    label: str | None = None
    annotator: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of the columns that were found; ``name`` is the annotator of every row where no column says it."""

    text: int
    label: int
    annotator: int | None = None
    report: int | None = None
    number: int | None = None
    slice: int | None = None
    name: str | None = None

    def used(self) -> dict[Field, int]:
        """The columns by what they are."""
        found: dict[Field, int | None] = {"text": self.text, "label": self.label, "annotator": self.annotator, "report": self.report}
        found |= {"number": self.number, "slice": self.slice}
        return {field: at for field, at in found.items() if at is not None}


def category_reader(scheme: Scheme) -> Callable[[str], int | None]:
    """A function from what people write for a category to its code, ``None`` for what is none.

    >>> from pipeline.categories import scheme
    >>> read = category_reader(scheme())
    >>> [read(word) for word in ("6", "6.0", "６", " 纠纷化解", "Disputes", "6 纠纷化解", "强化统筹协调，夯实法治政府建设根基", "6 行政执法", "九")]
    [6, 6, 6, 6, 6, 6, 7, None, None]
    """
    known = {_squeezed(word): c.code for c in scheme.categories for word in (c.slug, c.name, c.short, str(c.code))}

    def read(word: str) -> int | None:
        found = memory.get(word, -1)
        if found == -1:
            found = memory[word] = _category(word, known, scheme)
        return found

    memory: dict[str, int | None] = {}
    return read


def _category(word: str, known: dict[str, int], scheme: Scheme) -> int | None:
    plain = unicodedata.normalize("NFKC", word).strip()
    if number := _NUMBER.fullmatch(plain):
        return scheme.code(str(int(number[1])))
    found = known.get(_squeezed(plain))
    if found is None:
        found = scheme.code(plain)
    if found is None and (parts := _SPLIT.match(plain)):
        first, second = scheme.code(str(int(parts[1]))), known.get(_squeezed(parts[2]), scheme.code(parts[2]))
        return first if first == second else None
    return found


def _squeezed(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def find_columns(thing: str, table: Table, wanted: Wanted, read: Callable[[str], int | None]) -> Columns:
    """Find the columns of a table.

    Raises
    ------
    LabelError
        Where a column that must be there is missing, or several could be it; it names them and the option that says which.
    """
    finder = _Finder(thing, table, read)
    text = finder.asked("text", wanted.text)
    label = finder.asked("label", wanted.label)
    if text is None:
        text = finder.text(label)
    if label is None:
        label = finder.label(text)
    report = finder.asked("report", wanted.report)
    annotator = finder.column(wanted.annotator) if wanted.annotator else None
    name = wanted.annotator if wanted.annotator and annotator is None else None
    taken = {text, label, report, annotator}
    if annotator is None and name is None:
        annotator = finder.named_once("annotator", taken)
    if report is None:
        report = finder.named_once("report", {*taken, annotator})
    return Columns(text, label, annotator, report, finder.named("number", taken), finder.named("slice", taken), name)


class _Finder:
    def __init__(self, thing: str, table: Table, read: Callable[[str], int | None]) -> None:
        self.thing, self.table, self.read = thing, table, read
        self.names = [_bare(name) for name in table.columns]

    def asked(self, field: Field, name: str | None) -> int | None:
        """The column of a name that was given."""
        if name is None:
            return None
        found = self.column(name)
        if found is None:
            raise LabelError(self.thing, f"there is no column {name!r}", f"--{field} takes one of {', '.join(self.table.columns)}")
        return found

    def column(self, name: str) -> int | None:
        """The column of a name, as it stands or much the same, else of these letters."""
        columns = self.table.columns
        if name in columns:
            return columns.index(name)
        if _bare(name) and self.names.count(_bare(name)) == 1:
            return self.names.index(_bare(name))
        letters = [column_letters(at) for at in range(1, len(columns) + 1)]
        return letters.index(name.upper()) if name.isascii() and name.upper() in letters else None

    def by_name(self, field: Field, taken: Sequence[int | None] | set[int | None] = ()) -> list[int]:
        """The columns with the best names for a field."""
        for names in _NAMED[field]:
            found = [at for at, name in enumerate(self.names) if name in names and at not in taken]
            if found:
                return found
        return []

    def named(self, field: Field, taken: set[int | None]) -> int | None:
        """The column with a name for a field, if there is one alone."""
        found = self.by_name(field, taken)
        return found[0] if len(found) == 1 else None

    def named_once(self, field: Field, taken: set[int | None]) -> int | None:
        """The column with a name for a field, if there is any; several are one too many."""
        found = self.by_name(field, taken)
        if len(found) > 1:
            raise self._ambiguous(field, found)
        return found[0] if found else None

    def text(self, label: int | None) -> int:
        """The column of the sentences."""
        named = self.by_name("text", (label,))
        found = [at for at in named if self._is_text(at)] if len(named) != 1 else named
        found = found or [at for at in range(len(self.names)) if at != label and self._is_text(at)]
        if len(found) == 1:
            return found[0]
        raise self._ambiguous("text", found) if found else self._missing("text", "holds sentences")

    def label(self, text: int) -> int:
        """The column of the categories: several that say the same are one."""
        named = self.by_name("label", (text,))
        found = named if len(named) == 1 else [at for at in named if self._label_share(at) >= 0.5]
        found = found or named or [at for at in range(len(self.names)) if at != text and not self._is_other(at) and self._label_share(at) == 1]
        if found and all(self._same(found[0], at) for at in found[1:]):
            return found[0]
        raise self._ambiguous("label", found) if found else self._missing("label", "holds categories alone")

    def _values(self, at: int) -> list[str]:
        return [cell for _, row in islice(self.table.rows, _SAMPLE) if (cell := row[at].strip())]

    def _is_text(self, at: int) -> bool:
        values = self._values(at)
        return (
            bool(values) and sum(len(v) for v in values) >= 10 * len(values) and sum("\u4e00" <= v[len(v) // 2] <= "\u9fff" for v in values) * 2 > len(values)
        )

    def _label_share(self, at: int) -> float:
        values = self._values(at)
        return sum(self.read(value) is not None for value in values) / len(values) if values else 0.0

    def _is_other(self, at: int) -> bool:
        """Whether the name of a column says that it is something else than a label."""
        return any(self.names[at] in names for field in ("annotator", "report", "number", "slice") for names in _NAMED[field])

    def _same(self, one: int, other: int) -> bool:
        return all(row[one] == row[other] or self.read(row[one]) == self.read(row[other]) is not None for _, row in self.table.rows)

    def _ambiguous(self, field: Field, found: Sequence[int]) -> LabelError:
        names = " and ".join(repr(self.table.columns[at]) for at in found)
        return LabelError(self.thing, f"the columns {names} could each be the {field}", f"say which with --{field} COLUMN")

    def _missing(self, field: Field, holds: str) -> LabelError:
        names = ", ".join(map(repr, self.table.columns))
        return LabelError(self.thing, f"no column has a name for the {field}, and none {holds}; there are {names}", f"say which with --{field} COLUMN")


def _bare(name: str) -> str:
    """A column's name without what people write around it.

    >>> _bare("句子（文本）"), _bare("Sentence_Text "), _bare("类别*")
    ('句子文本', 'sentencetext', '类别')
    """
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())
