"""Spreadsheets that people fill in: several sheets, columns with drop-downs, a header that stays in sight.

>>> import tempfile
>>> from pipeline.categories import scheme
>>> columns = [Column("sentence", width=60, wrap=True), Column("label", choices=category_names(scheme()))]
>>> path = tempfile.mkdtemp() + "/review.xlsx"
>>> write_sheets([Sheet("review", columns, [{"sentence": "=受理案件12件。", "label": None}]), code_book(scheme())], path)
1
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.categories import NONE_CODE, NONE_SHORT, Scheme
from pipeline.errors import OutputError
from pipeline.show import export
from pipeline.show.export import Row
from pipeline.show.workbook import workbook

_LISTS = "lists"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its values in a row, which is its header too, its width in characters, and what may be chosen in it.

    ``choices`` make a drop-down that takes nothing else; ``wrap`` breaks long text into lines; ``fill`` marks the column as one to be filled in; ``hidden`` ones
    are there and not shown.
    """

    name: str
    width: float = 12
    wrap: bool = False
    choices: Sequence[str] = ()
    fill: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns, and its rows, which may be a stream."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]


def write_sheets(sheets: Sequence[Sheet], to: str | os.PathLike[str]) -> int:
    """Write an xlsx file of one or more sheets; returns the number of rows of the first.

    Every sheet has a bold header that stays in sight and a filter. No cell is a formula, whatever its text begins with. The choices of drop-downs stand on a
    hidden sheet, so that they may be many and hold commas. The file appears under its name once it is whole; the same content gives the same bytes.

    Raises
    ------
    OutputError
        Where the file cannot be written, or holds more rows than a sheet can.
    """
    with export.whole_file(Path(to)) as part, workbook(part) as book:
        writer = _Writer(book)
        counts = [writer.write(sheet, os.fspath(to)) for sheet in sheets]
        writer.write_lists()
    return counts[0] if counts else 0


def category_names(scheme: Scheme) -> list[str]:
    """What a person chooses from: the short names of the categories, and of none of them.

    >>> from pipeline.categories import scheme
    >>> category_names(scheme())[0], category_names(scheme())[-1]
    ('政府职能', '非举措')
    """
    return [scheme.short(code) for code in (*scheme.codes, NONE_CODE)]


def category_name(scheme: Scheme, code: int | None) -> str | None:
    """The name in :func:`category_names` of a code.

    >>> from pipeline.categories import scheme
    >>> category_name(scheme(), 6), category_name(scheme(), 0), category_name(scheme(), None)
    ('纠纷化解', '非举措', None)
    """
    return None if code is None else scheme.short(code)


def code_book(scheme: Scheme) -> Sheet:
    """A sheet that says what the categories are."""
    columns = (Column("code", 6), Column("short", 14), Column("name", 40, wrap=True), Column("slug", 14), Column("definition", 100, wrap=True))
    rows: list[Row] = [{"code": c.code, "short": c.short, "name": c.name, "slug": c.slug, "definition": c.definition} for c in scheme.categories]
    none: Row = {
        "code": NONE_CODE,
        "short": NONE_SHORT,
        "slug": "none",
        "definition": "States no measure: titles, opening and closing formulas, bare transitions.",
    }
    return Sheet("code book", columns, [*rows, none])


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.header, self.plain = book.add_format({"bold": True}), book.add_format({"valign": "top"})
        self.wrapped, self.fill = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"valign": "top", "bg_color": "#FFF8DC", "border": 1})
        self.lists: list[tuple[str, ...]] = []

    def write(self, sheet: Sheet, file: str) -> int:
        """Write a sheet; returns the number of its rows."""
        page = self.book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width, None, {"hidden": column.hidden})
            page.write_string(0, at, column.name, self.header)
        count = 0
        for count, row in self._rows(sheet, file):
            for at, column in enumerate(sheet.columns):
                style = self.fill if column.fill else self.wrapped if column.wrap else self.plain
                export._cell(page, count, at, row.get(column.name), style)
                if column.fill and row.get(column.name) is None:
                    page.write_blank(count, at, None, style)
        page.autofilter(0, 0, max(count, 1), max(len(sheet.columns) - 1, 0))
        for at, column in enumerate(sheet.columns):
            if column.choices and count:
                page.data_validation(1, at, count, at, self._choices(column))
        return count

    def _rows(self, sheet: Sheet, file: str) -> Iterator[tuple[int, Row]]:
        for count, row in enumerate(sheet.rows, 1):
            if count > export._ROW_LIMIT:
                raise OutputError(file, f"a spreadsheet holds {export._ROW_LIMIT:,} rows and there are more", "write fewer")
            yield count, row

    def _choices(self, column: Column) -> dict[str, Any]:
        choices = tuple(column.choices)
        if choices not in self.lists:
            self.lists.append(choices)
        letter = chr(ord("A") + self.lists.index(choices))
        wrong = {"error_title": "not in the list", "error_message": "Choose one of the list."}
        return {"validate": "list", "source": f"={_LISTS}!${letter}$1:${letter}${len(choices)}", **wrong}

    def write_lists(self) -> None:
        """Write the hidden sheet of choices."""
        if not self.lists:
            return
        page = self.book.add_worksheet(_LISTS)
        page.hide()
        for at, choices in enumerate(self.lists):
            for row, choice in enumerate(choices):
                page.write_string(row, at, choice)
