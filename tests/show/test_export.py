import csv
import io
import json
import zipfile

import openpyxl
import pytest

from pipeline.errors import OutputError
from pipeline.show.export import as_text, write_rows
from pipeline.show.tables import marked

HOSTILE = ['=HYPERLINK("http://x","点击")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", " =1"]
ROWS = [{"text": "“双随机、一公开”抽查,全覆盖。", "code": 1, "probability": 0.98, "matches": [[1, 4]], "category": None}]
FIELDS = ("text", "code", "probability", "matches", "category")


def test_json_lines_keep_types_and_chinese():
    line = as_text(ROWS, FIELDS, "jsonl")
    assert "双随机" in line
    assert json.loads(line) == {"text": "“双随机、一公开”抽查,全覆盖。", "code": 1, "probability": 0.98, "matches": [[1, 4]], "category": None}


def test_a_csv_file_opens_in_excel_with_chinese_intact(tmp_path):
    write_rows(ROWS, FIELDS, to=tmp_path / "表.csv", format="csv")
    raw = (tmp_path / "表.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))[1] == ["“双随机、一公开”抽查,全覆盖。", "1", "0.98", "[[1, 4]]", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_runs_as_a_formula(text):
    cell = list(csv.reader(io.StringIO(as_text([{"text": text}], ["text"], "csv"), newline="")))[1][0]
    assert cell == "'" + text


def test_no_cell_of_a_spreadsheet_is_a_formula_or_a_link(tmp_path):
    write_rows([{"text": text} for text in [*HOSTILE, "http://x.example"]], ["text"], to=tmp_path / "a.xlsx", format="xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*HOSTILE, "http://x.example"]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    assert b"<f>" not in zipfile.ZipFile(tmp_path / "a.xlsx").read("xl/worksheets/sheet1.xml")


def test_numbers_are_numbers_in_a_spreadsheet(tmp_path):
    write_rows(ROWS, FIELDS, to=tmp_path / "a.xlsx", format="xlsx")
    row = [cell.value for cell in openpyxl.load_workbook(tmp_path / "a.xlsx").active[2]]
    assert row == ["“双随机、一公开”抽查,全覆盖。", 1, 0.98, "[[1, 4]]", None]


@pytest.mark.parametrize("format", ["jsonl", "csv", "xlsx"])
def test_a_file_appears_only_when_it_is_whole(tmp_path, format):
    def broken():
        yield ROWS[0]
        raise RuntimeError("power cut")

    target = tmp_path / f"out.{format}"
    target.write_text("what was there")
    with pytest.raises(RuntimeError):
        write_rows(broken(), FIELDS, to=target, format=format)
    assert target.read_text() == "what was there"


def test_says_where_it_cannot_write(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_rows(ROWS, FIELDS, to=tmp_path / "no" / "such" / "out.csv", format="csv")
    with pytest.raises(OutputError, match="folder"):
        write_rows(ROWS, FIELDS, to=tmp_path, format="csv")
    with pytest.raises(OutputError, match="-o"):
        write_rows(ROWS, FIELDS, to=None, format="xlsx")
    with pytest.raises(ValueError, match="format"):
        write_rows(ROWS, FIELDS, to=None, format="doc")


@pytest.mark.parametrize(
    ("matches", "shown"),
    [([], "行政复议"), ([(0, 2)], "【行政】复议"), ([(0, 3), (2, 4)], "【行政复议】"), ([(2, 4), (0, 1)], "【行】政【复议】")],
)
def test_marks_matches(matches, shown):
    assert marked("行政复议", matches, colour=False).plain == shown
    assert marked("行政复议", matches, colour=True).plain == "行政复议"


def test_a_spreadsheet_in_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(OutputError, match="check the folder"):
        write_rows([{"text": "受理行政复议案件12件。"}], ("text",), to=tmp_path / "none" / "out.xlsx", format="xlsx")
