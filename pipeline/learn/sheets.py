"""Tables as people make them: xlsx, xls, csv, tsv, JSON lines. The one file that knows calamine."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import LabelError

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
_DELIMITERS = ",\t;|，；"
_MOST_BYTES = 500_000_000
_MOST_CELLS = 30_000_000  # what calamine sets aside at once, whether the cells are filled or not
_PLACE = re.compile(rb"""\br=["']([A-Z]{0,3})([0-9]{1,7})["']""")
_FORMULA = re.compile("'[ \u3000\xa0]*[-=+@\t\r\n＝＋－＠]")
_OWN = {"code book", "query"}  # sheets that our own files hold beside their rows
_SAVE = "open it in a spreadsheet and save it as .xlsx or .csv"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, and its rows with the numbers that a spreadsheet shows. Every cell is text; an empty one is the empty text.

    ``unread`` are rows that are none, with what is wrong; ``others`` are sheets of the same file that hold something too.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    unread: tuple[tuple[int, str], ...] = ()
    others: tuple[str, ...] = ()


def read_table(path: Path, *, sheet: str | None = None) -> Table:
    """Read a table; of a spreadsheet the first sheet that holds anything, or the one of that name.

    Raises
    ------
    LabelError
        Where the file cannot be read as a table.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise LabelError(str(path), f"files of the kind {suffix or 'without a suffix'} are not read", f"give one of {', '.join(SUFFIXES)}")
    if suffix.startswith(".xls"):
        return _spreadsheet(path, sheet)
    if sheet is not None:
        raise LabelError(str(path), "the file has no sheets", "leave out --sheet")
    text = _text(path)
    return _json_lines(text) if suffix in {".jsonl", ".ndjson"} else _delimited(path, text)


def plain_cell(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, dates in ISO form, and text without the apostrophe that an export put before a formula.

    >>> plain_cell(6.0), plain_cell(None), plain_cell("'=1+1"), plain_cell("'引号'")
    ('6', '', '=1+1', "'引号'")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    text = str(value)
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


# Text files


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LabelError(str(path), f"the file has more than {_MOST_BYTES // 1_000_000} MB", "split it")
        data = path.read_bytes()
    except OSError as exc:
        raise LabelError(str(path), f"the file cannot be read ({exc.strerror or exc})", "check the path and its permissions") from exc
    if not data.strip():
        raise LabelError(str(path), "the file is empty", "give a table with a sentence and a label a row")
    return data


def _text(path: Path) -> str:
    from pipeline.read.txt import decode

    data = _bytes(path)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise LabelError(str(path), f"the content is a spreadsheet, not {path.suffix} text", "rename it to .xlsx or .xls")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding) if b"\x00" not in data else decode(str(path), data)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and not _plausible(text):
            break
        return text.lstrip("\ufeff")
    return decode(str(path), data)


def _plausible(text: str) -> bool:
    """Whether bytes that could be GB18030 are: common Chinese characters, and none of private use."""
    wide = [char for char in text[:20_000] if ord(char) > 0x7F]
    return sum("\u4e00" <= char <= "\u9fff" or char in "，。、；：“”（）《》" for char in wide) >= 0.9 * len(wide)


def _delimited(path: Path, text: str) -> Table:
    try:
        csv.field_size_limit(10_000_000)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as exc:
        raise LabelError(str(path), f"the file is no table ({exc})", _SAVE) from exc
    return _table(path, [[plain_cell(cell) for cell in row] for row in rows])


def _delimiter(text: str) -> str:
    """The delimiter that splits the first rows into the same number of columns, the most of them.

    >>> _delimiter("句子\\t类别\\n受理案件,12件。\\t6\\n")
    '\\t'
    """
    sample = text[:100_000]
    return max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: str, mark: str) -> tuple[float, int]:
    try:
        rows = [row for _, row in zip(range(60), csv.reader(io.StringIO(sample, newline=""), delimiter=mark), strict=False) if row]
    except csv.Error:
        return 0.0, 0
    widths = [len(row) for row in rows[:-1] or rows]
    first = widths[0] if widths else 1
    return (widths.count(first) / len(widths), first) if first > 1 else (0.0, 0)


def _json_lines(text: str) -> Table:
    columns: dict[str, int] = {}
    rows: list[tuple[int, dict[str, str]]] = []
    unread: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            unread.append((number, "the line is no JSON object"))
            continue
        cells = {str(name): _json_cell(value) for name, value in row.items()}
        for name in cells:
            columns.setdefault(name, len(columns))
        rows.append((number, cells))
    return Table(tuple(columns), tuple((number, tuple(cells.get(name, "") for name in columns)) for number, cells in rows), tuple(unread))


def _json_cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else plain_cell(value)


# Spreadsheets


def _spreadsheet(path: Path, sheet: str | None) -> Table:
    data = _bytes(path)
    if data.startswith(b"PK"):
        _check_size(path, data)
    found = _filled_sheets(path, data, sheet)
    if not found:
        raise LabelError(str(path), "the file holds no filled sheet" if sheet is None else f"there is no filled sheet {sheet!r}", "check the file's sheets")
    (_, rows), *others = found
    return _table(path, [[plain_cell(cell) for cell in row] for row in rows], tuple(name for name, _ in others if name not in _OWN))


def _filled_sheets(path: Path, data: bytes, sheet: str | None) -> list[tuple[str, list[list[Any]]]]:
    """The visible sheets that hold something; the rows of the first alone."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        hidden = {one.name for one in book.sheets_metadata if one.visible != python_calamine.SheetVisibleEnum.Visible}
        found: list[tuple[str, list[list[Any]]]] = []
        for name in book.sheet_names if sheet is None else [one for one in book.sheet_names if one == sheet]:
            one = book.get_sheet_by_name(name) if name not in hidden or sheet is not None else None
            if one is not None and one.height:
                found.append((name, [] if found else one.to_python(skip_empty_area=False)))
        return found
    except python_calamine.PasswordError as exc:
        raise LabelError(str(path), "the file asks for a password", "save it without one") from exc
    except (python_calamine.CalamineError, OSError, ValueError) as exc:
        raise _damaged(path) from exc
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":  # how a crash of calamine's own code arrives
            raise
        raise _damaged(path) from exc


def _damaged(path: Path) -> LabelError:
    return LabelError(str(path), "the spreadsheet is damaged, or none", _SAVE)


def _check_size(path: Path, data: bytes) -> None:
    """Refuse a spreadsheet that would unpack to more than a computer holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > 2 * _MOST_BYTES:
                raise LabelError(str(path), "the spreadsheet unpacks to more than any table of labels", "split it")
            for part in parts:
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml") and _area(archive, part) > _MOST_CELLS:
                    raise LabelError(str(path), "a cell far out makes the sheet larger than any table", "delete the empty rows and columns, or save it as .csv")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as exc:
        raise _damaged(path) from exc


def _area(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Rows times columns up to the last cell that a sheet names."""
    columns, most_row, tail = {b"A"}, 1, b""
    with archive.open(part) as file:
        while chunk := file.read(1 << 22):
            places = _PLACE.findall(tail + chunk)
            columns.update({column for column, _ in places if column})
            most_row = max([most_row, *map(int, {row for _, row in places})])
            tail = chunk[-16:]
    return most_row * max(_column_number(column.decode()) for column in columns)


def _column_number(letters: str) -> int:
    """The number of a column from its letters.

    >>> _column_number("A"), _column_number("AA")
    (1, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """The letters of a column from its number.

    >>> column_letters(1), column_letters(27), column_letters(703)
    ('A', 'AA', 'AAA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# The header


def _table(path: Path, cells: Sequence[Sequence[str]], others: tuple[str, ...] = ()) -> Table:
    """The table of a grid of cells: its header is the first row with two filled cells; a title may stand above. Where there is data at once, columns have letters."""
    filled = [(number, row) for number, row in enumerate(cells, 1) if any(cell.strip() for cell in row)]
    if not filled:
        raise LabelError(str(path), "the table is empty", "give a table with a sentence and a label a row")
    at = next((i for i, (_, row) in enumerate(filled[:10]) if sum(bool(cell.strip()) for cell in row) > 1), 0)
    width = max(len(row) for _, row in filled)
    headed = not _is_data(filled[at][1])
    names = [name.strip() for name in filled[at][1]] if headed else []
    columns = _distinct([*names, *[""] * (width - len(names))])
    return Table(columns, tuple((number, (*row, *[""] * (width - len(row)))) for number, row in filled[at + headed :]), others=others)


def _is_data(row: Sequence[str]) -> bool:
    """Whether a first row is no header: it holds a whole sentence, or a number."""
    return any(cell.strip().endswith(("。", "；", "！", "？")) or cell.strip().isdigit() for cell in row)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names of columns, each once; a column without one has its letters.

    >>> _distinct(["句子", "", "句子"])
    ('句子', 'B', '句子 (C)')
    """
    found: list[str] = []
    for number, name in enumerate(names, 1):
        letters = column_letters(number)
        found.append(f"{name} ({letters})" if name in found else name or letters)
    return tuple(found)
