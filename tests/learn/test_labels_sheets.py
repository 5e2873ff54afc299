"""Tables as people make them, in every format and encoding, mangled ones too."""

from __future__ import annotations

import json
import zipfile

import openpyxl
import pytest

from pipeline.categories import scheme
from pipeline.errors import LabelError
from pipeline.learn import sheets
from pipeline.learn.columns import Wanted, category_reader, find_columns
from pipeline.learn.sheets import read_table
from pipeline.show import write_rows

ROWS = [("句子", "类别", "标注人"), ("全年受理行政复议案件72件,办结70件。", "6", "王"), ("组织“防汛”演练3次。", "应急处突", "李")]
CSV = '句子,类别,标注人\n"全年受理行政复议案件72件,办结70件。",6,王\n组织“防汛”演练3次。,应急处突,李\n'
TSV = "".join("\t".join(row) + "\n" for row in ROWS)


def book(path, rows, *, sheet="标注", more=()):
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    for name, others in more:
        page = made.create_sheet(name)
        for row in others:
            page.append(row)
    made.save(path)
    return path


def cells(table):
    return [row for _, row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize(("suffix", "text"), [(".csv", CSV), (".tsv", TSV), (".csv", CSV.replace("\n", "\r\n")), (".csv", TSV), (".txt", TSV)])
def test_text_tables_of_every_encoding(tmp_path, encoding, suffix, text):
    file = tmp_path / f"标注{suffix}"
    file.write_bytes(text.encode(encoding))
    table = read_table(file)
    assert table.columns == ROWS[0]
    assert cells(table) == ROWS[1:]
    assert [number for number, _ in table.rows] == [2, 3]


@pytest.mark.parametrize("delimiter", [";", "|"])
def test_the_delimiter_is_found_out(tmp_path, delimiter):
    file = tmp_path / "a.csv"
    file.write_text("\n".join(delimiter.join(row) for row in ROWS), encoding="utf-8")
    assert cells(read_table(file)) == ROWS[1:]


def test_a_short_gb18030_table_is_read(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes("text,label\n调解,6\n".encode("gb18030"))
    assert cells(read_table(file)) == [("调解", "6")]


def test_row_numbers_are_those_of_the_spreadsheet(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('句子,类别\n\n"第一行\n第二行。",6\n调解纠纷。,6\n', encoding="utf-8")
    assert [number for number, _ in read_table(file).rows] == [3, 4]


def test_xlsx_numbers_lose_their_point(tmp_path):
    table = read_table(book(tmp_path / "a.xlsx", [("句子", "类别"), ("调解纠纷。", 6.0), ("演练。", None)]))
    assert cells(table) == [("调解纠纷。", "6"), ("演练。", "")]


def test_a_title_above_the_header_and_empty_rows_are_no_data(tmp_path):
    table = read_table(book(tmp_path / "a.xlsx", [("标注表",), (), ("句子", "类别"), ("调解纠纷。", 6), (), ("演练。", 4)]))
    assert table.columns == ("句子", "类别")
    assert [number for number, _ in table.rows] == [4, 6]


def test_a_table_without_a_header_has_letters(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("全年受理行政复议案件72件。,6\n组织防汛演练3次活动。,4\n", encoding="utf-8")
    table = read_table(file)
    assert table.columns == ("A", "B")
    assert len(table.rows) == 2


def test_the_first_filled_visible_sheet_is_read(tmp_path):
    file = book(tmp_path / "a.xlsx", [], more=[("二", ROWS), ("三", [("x", "y")])])
    assert read_table(file).others == ("三",)
    assert read_table(file, sheet="三").columns == ("x", "y")
    with pytest.raises(LabelError, match="'四'"):
        read_table(file, sheet="四")


def test_json_lines_and_lines_that_are_none(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "调解。", "label": 6}\n坏\n\n{"label": 4.0, "text": "演练。", "extra": [1]}\n[1]\n', encoding="utf-8")
    table = read_table(file)
    assert table.columns == ("text", "label", "extra")
    assert table.rows == ((1, ("调解。", "6", "")), (4, ("演练。", "4", "[1]")))
    assert [number for number, _ in table.unread] == [2, 5]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", " =", "\u3000+", "'"])
@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl"])
def test_what_was_exported_comes_back_as_it_was(tmp_path, start, format):
    text = f"{start}1+1受理案件。"
    write_rows([{"text": text, "label": 6}], ["text", "label"], to=tmp_path / f"a.{format}", format=format)
    assert cells(read_table(tmp_path / f"a.{format}")) == [(text, "6")]


def test_what_is_no_table_is_said(tmp_path):
    broken = {
        "a.pdf": (b"%PDF", "not read"),
        "a.xlsx": (b"PK\x03\x04 broken", "damaged"),
        "b.xlsx": (b"\xd0\xcf\x11\xe0" + b"\0" * 2000, "damaged|password"),
        "a.csv": (b"", "empty"),
        "b.csv": (b"PK\x03\x04", "spreadsheet"),
        "c.csv": (b"\n\n,,\n", "empty"),
    }
    for name, (data, said) in broken.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(LabelError, match=said):
            read_table(tmp_path / name)
    with pytest.raises(LabelError, match="cannot be read"):
        read_table(tmp_path / "none.csv")


def test_a_cut_off_spreadsheet_is_said(tmp_path):
    data = book(tmp_path / "a.xlsx", ROWS * 50).read_bytes()
    for share in (0.3, 0.6, 0.95):
        (tmp_path / "b.xlsx").write_bytes(data[: int(len(data) * share)])
        with pytest.raises(LabelError, match="damaged"):
            read_table(tmp_path / "b.xlsx")


def test_a_cell_far_out_does_not_fill_the_memory(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"], made.active["B1"], made.active["XFD1048576"] = "text", "label", "x"
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(LabelError, match="far out"):
        read_table(tmp_path / "a.xlsx")


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "_MOST_BYTES", 1_000_000)
    file = book(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w", force_zip64=True) as part:
        for _ in range(3):
            part.write(b" " * 1_000_000)
    with pytest.raises(LabelError, match="unpacks"):
        read_table(file)


# Which column is which

READ = category_reader(scheme())


def found(tmp_path, header, *rows, **wanted):
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    table = read_table(file)
    columns = find_columns("a.jsonl", table, Wanted(**wanted), READ)
    return {field: table.columns[at] for field, at in columns.used().items()} | ({"name": columns.name} if columns.name else {})


SENTENCE = "全年受理行政复议案件72件。"


@pytest.mark.parametrize("text", ["句子", "文本", "内容", "sentence", "Text", "CONTENT", "句子（原文）", "Sentence Text"])
@pytest.mark.parametrize("label", ["类别", "标签", "编码", "类目", "label", "Category", "code", "标注结果"])
def test_columns_are_found_by_name(tmp_path, text, label):
    if text == "句子（原文）":
        text = "句子原文"
    assert found(tmp_path, (text, label, "标注者", "备注"), (SENTENCE, "6", "王", "x")) == {"text": text, "label": label, "annotator": "标注者"}


def test_columns_are_found_by_what_they_hold(tmp_path):
    assert found(tmp_path, ("甲", "乙", "丙"), ("x1", SENTENCE, "6"), ("x2", SENTENCE, "行政执法")) == {"text": "乙", "label": "丙"}


def test_a_column_of_numbers_with_the_name_of_codes_gives_way_to_one_of_categories(tmp_path):
    assert found(tmp_path, ("text", "编码", "类别"), (SENTENCE, "1001", "纠纷化解"))["label"] == "类别"


def test_code_and_category_that_say_the_same_are_one(tmp_path):
    assert found(tmp_path, ("text", "category", "code"), (SENTENCE, "disputes", "6"))["label"] == "category"


def test_what_is_ambiguous_is_named_with_the_option(tmp_path):
    with pytest.raises(LabelError, match=r"'category' and 'code'.*--label"):
        found(tmp_path, ("text", "category", "code"), (SENTENCE, "disputes", "5"))
    with pytest.raises(LabelError, match=r"'甲' and '乙'.*--text"):
        found(tmp_path, ("甲", "乙", "label"), (SENTENCE, SENTENCE, "5"))
    with pytest.raises(LabelError, match=r"'类别' and '编码'.*--label"):
        found(tmp_path, ("text", "类别", "编码"), (SENTENCE, "九", "十"))


def test_what_is_missing_is_said_with_the_columns(tmp_path):
    with pytest.raises(LabelError, match=r"text.*'x', 'label'.*--text"):
        found(tmp_path, ("x", "label"), ("短", "6"))
    with pytest.raises(LabelError, match=r"label.*'text', 'x'.*--label"):
        found(tmp_path, ("text", "x"), (SENTENCE, "十"))


def test_options_say_which(tmp_path):
    header, row = ("甲", "乙", "初编", "复编", "谁"), (SENTENCE, SENTENCE, "5", "6", "王")
    assert found(tmp_path, header, row, text="乙", label="复编", annotator="谁") == {"text": "乙", "label": "复编", "annotator": "谁"}
    assert found(tmp_path, header, row, text="B", label="D", annotator="李")["name"] == "李"
    with pytest.raises(LabelError, match="no column '没有'"):
        found(tmp_path, header, row, text="没有")


def test_sentence_is_the_number_beside_a_text(tmp_path):
    assert found(tmp_path, ("report", "sentence", "text", "label"), ("甲", "3", SENTENCE, "6")) == {
        "text": "text", "label": "label", "report": "report", "number": "sentence"
    }  # fmt: skip
