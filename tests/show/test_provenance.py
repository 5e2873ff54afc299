"""Tables that say what they were made from."""

import csv
import io
import json

import openpyxl
import pytest

from pipeline.errors import OutputError
from pipeline.show import Provenance, write_rows

MADE = Provenance("=复议", "“=复议”", {"limit": 20}, "2026-01-02T03:04:05Z", "0123456789abcdef", 2, 140, "fazhi-7", "jieba-0.42.1", "fazhi 0.1.0")


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_plain_table_stays_plain_and_has_a_companion(tmp_path, format):
    write_rows([{"text": "复议"}], ["text"], to=tmp_path / f"a.{format}", format=format, provenance=MADE)
    write_rows([{"text": "复议"}], ["text"], to=tmp_path / f"b.{format}", format=format)
    assert (tmp_path / f"a.{format}").read_bytes() == (tmp_path / f"b.{format}").read_bytes()
    assert json.loads((tmp_path / f"a.{format}.query.json").read_text(encoding="utf-8")) == MADE.as_json()
    assert len(list(tmp_path.iterdir())) == 3


def test_a_spreadsheet_has_a_sheet_that_runs_no_formula(tmp_path):
    write_rows([{"text": "复议"}], ["text"], to=tmp_path / "a.xlsx", format="xlsx", provenance=MADE)
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["query"].iter_rows())
    assert {row[0].value: row[1].value for row in rows} == MADE.as_row()
    assert rows[0][1].data_type == "s"


def test_json_lines_on_the_screen_begin_with_it(capsys):
    write_rows([{"text": "复议"}], ["text"], to=None, format="jsonl", provenance=MADE)
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first) == {"provenance": MADE.as_json()}
    assert json.loads(second) == {"text": "复议"}


def test_a_term_in_a_heading_runs_no_formula_either(tmp_path):
    write_rows([{"=1+1": 3}], ["=1+1"], to=tmp_path / "a.csv", format="csv")
    head, row = csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig")))
    assert (head, row) == (["'=1+1"], ["3"])


def test_a_table_too_wide_for_a_spreadsheet_is_refused(tmp_path):
    with pytest.raises(OutputError, match="columns"):
        write_rows([], [str(number) for number in range(20_000)], to=tmp_path / "a.xlsx", format="xlsx")
