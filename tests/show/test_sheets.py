"""Spreadsheets that people fill in."""

from __future__ import annotations

import openpyxl
import pytest

from pipeline.categories import scheme
from pipeline.errors import OutputError
from pipeline.show.sheets import Column, Sheet, category_names, code_book, write_sheets

COLUMNS = [Column("text", 60, wrap=True), Column("label", choices=category_names(scheme()), fill=True)]
ROWS = [{"text": "=1+1受理案件。"}, {"text": "组织演练3次。", "label": "应急处突"}]


def test_sheets_have_drop_downs_widths_and_a_header_that_stays(tmp_path):
    assert write_sheets([Sheet("复核", COLUMNS, iter(ROWS)), code_book(scheme())], tmp_path / "a.xlsx") == 2
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["复核", "code book", "lists"]
    page = book["复核"]
    assert (page.freeze_panes, page.column_dimensions["A"].width > 50, page["A1"].font.b) == ("A2", True, True)
    assert (page["A2"].value, page["A2"].data_type) == ("=1+1受理案件。", "s")
    (choices,) = page.data_validations.dataValidation
    assert (choices.type, choices.formula1, str(choices.sqref)) == ("list", "lists!$A$1:$A$8", "B2:B3")
    assert [cell.value for cell in book["lists"]["A"]] == category_names(scheme())
    assert book["lists"].sheet_state == "hidden"
    assert [row[0].value for row in book["code book"].iter_rows(min_row=2)] == [1, 2, 3, 4, 5, 6, 7, 0]


def test_a_sheet_without_rows_is_whole(tmp_path):
    assert write_sheets([Sheet("复核", COLUMNS, [])], tmp_path / "a.xlsx") == 0
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["复核"]["B1"].value == "label"


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_sheets([Sheet("复核", COLUMNS, ROWS)], tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_where_it_cannot_be_written_is_said(tmp_path):
    with pytest.raises(OutputError, match="folder"):
        write_sheets([Sheet("复核", COLUMNS, ROWS)], tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        write_sheets([Sheet("复核", COLUMNS, ROWS)], tmp_path / "none" / "a.xlsx")
