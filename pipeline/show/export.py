"""Rows as JSON lines, CSV and XLSX.

A report's text may begin with ``=`` or ``+``; no cell may run as a formula. CSV files begin with a byte order mark, so that Excel shows Chinese as it is.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import fields as fields_of
from pathlib import Path
from typing import IO, Any

from pipeline.errors import OutputError
from pipeline.show.workbook import workbook

Value = str | int | float | bool | None | list[list[int]]
Row = Mapping[str, Value]
FORMATS = ("jsonl", "csv", "xlsx")

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_CELL_LIMIT = 32_767
_ROW_LIMIT = 1_048_575
_COLUMN_LIMIT = 16_384
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDE = {"text": 80, "title": 30, "heading": 30}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a table was made from, so that it can be made again.

    ``query`` is the query as typed and ``read_as`` how it was read; ``options`` what else was asked for; ``changed`` the last change of the corpus (ISO, UTC), ``corpus``
    a fingerprint of its reports and their tags, ``models`` the versions that tagged them, ``dictionary`` and ``program`` further versions.
    """

    query: str
    read_as: str
    options: Mapping[str, object]
    changed: str | None
    corpus: str
    reports: int
    sentences: int
    models: str
    dictionary: str
    program: str

    def as_row(self) -> dict[str, Value]:
        """The values by their names, the options as JSON."""
        return self.as_json() | {"options": json.dumps(self.options, ensure_ascii=False)}

    def as_json(self) -> dict[str, Any]:
        """The values by their names."""
        return {field.name: getattr(self, field.name) for field in fields_of(self)}


def write_rows(rows: Iterable[Row], fields: Sequence[str], *, to: str | os.PathLike[str] | None, format: str, provenance: Provenance | None = None) -> int:
    """Write rows to a file, or to standard output where ``to`` is ``None``; returns their number.

    Rows are written as they come. The file appears under its name once it is whole; until then it is ``NAME.part``, and stays so where the
    work is broken off. ``provenance`` says what the rows were made from: it is a second sheet of a spreadsheet, the file ``NAME.query.json`` beside another file,
    and the first of JSON lines on standard output. The same rows and provenance give the same bytes.

    Raises
    ------
    OutputError
        Where the file cannot be written, or more rows come than a spreadsheet holds.
    """
    if format not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    if to is None:
        if format == "xlsx":
            raise OutputError("standard output", "a spreadsheet cannot be printed", "name a file with -o")
        if provenance and format == "jsonl":
            sys.stdout.write(json.dumps({"provenance": provenance.as_json()}, ensure_ascii=False) + "\n")
        return _write_text(rows, fields, sys.stdout, format)
    if provenance and format != "xlsx":
        write_text(json.dumps(provenance.as_json(), ensure_ascii=False, indent=1) + "\n", f"{os.fspath(to)}.query.json")
    with whole_file(Path(to)) as part:
        if format == "xlsx":
            return _write_xlsx(rows, fields, part, provenance)
        with part.open("w", encoding="utf-8-sig" if format == "csv" else "utf-8", newline="") as file:
            return _write_text(rows, fields, file, format)


def write_text(text: str, to: str | os.PathLike[str]) -> None:
    """Write a text file: it appears under its name once it is whole.

    Raises
    ------
    OutputError
        Where the file cannot be written.
    """
    with whole_file(Path(to)) as part:
        part.write_text(text, encoding="utf-8")


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write to that becomes ``target`` at the end."""
    part = target.with_name(target.name + ".part")
    try:
        if target.is_dir():
            raise OutputError(str(target), "it is a folder", "name a file")
        yield part
        os.replace(part, target)
    except OSError as exc:
        raise OutputError(str(target), f"the file cannot be written ({exc.strerror or exc})", "check the folder, its permissions and the disk") from exc


def _write_text(rows: Iterable[Row], fields: Sequence[str], file: IO[str], format: str) -> int:
    count = 0
    if format == "jsonl":
        for row in rows:
            file.write(_ENCODE({field: row.get(field) for field in fields}) + "\n")
            count += 1
        return count
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_plain(field) for field in fields])
    for row in rows:
        writer.writerow([_plain(row.get(field)) for field in fields])
        count += 1
    return count


def _plain(value: Value) -> str | int | float | None:
    """A value as a CSV cell; text that a spreadsheet would run gets an apostrophe before it."""
    if isinstance(value, list):
        value = json.dumps(value)
    if isinstance(value, str) and value.lstrip(" \u3000\xa0").startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _write_xlsx(rows: Iterable[Row], fields: Sequence[str], path: Path, provenance: Provenance | None) -> int:
    if len(fields) > _COLUMN_LIMIT:
        wrong = f"a spreadsheet holds {_COLUMN_LIMIT:,} columns and there are more"
        raise OutputError(path.name.removesuffix(".part"), wrong, "write --format csv or jsonl")

    count = 0
    with workbook(path, constant_memory=True) as buffer:
        sheet = buffer.add_worksheet("sentences" if "text" in fields else "table")
        bold, wrapped = buffer.add_format({"bold": True}), buffer.add_format({"text_wrap": True, "valign": "top"})
        for column, field in enumerate(fields):
            sheet.set_column(column, column, _WIDE.get(field, 12))
            sheet.write_string(0, column, field, bold)
        sheet.freeze_panes(1, 0)
        for row in rows:
            count += 1
            if count > _ROW_LIMIT:
                raise OutputError(path.name.removesuffix(".part"), f"a spreadsheet holds {_ROW_LIMIT:,} rows and there are more", "write --format csv or jsonl")
            for column, field in enumerate(fields):
                _cell(sheet, count, column, row.get(field), wrapped if field in _WIDE else None)
        sheet.autofilter(0, 0, max(count, 1), len(fields) - 1)
        if provenance:
            _add_provenance(buffer, provenance, bold)
    return count


def _add_provenance(buffer: Any, provenance: Provenance, bold: Any) -> None:
    sheet = buffer.add_worksheet("query")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 100)
    for row, (name, value) in enumerate(provenance.as_row().items()):
        sheet.write_string(row, 0, name, bold)
        _cell(sheet, row, 1, value, None)


def _cell(sheet: Any, row: int, column: int, value: Value, style: Any) -> None:
    if isinstance(value, bool) or value is None:
        if value is not None:
            sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        text = json.dumps(value) if isinstance(value, list) else value
        if len(text) > _CELL_LIMIT:
            text = text[: _CELL_LIMIT - 1] + "…"
        sheet.write_string(row, column, text, style)


def as_text(rows: Iterable[Row], fields: Sequence[str], format: str) -> str:
    """Rows as one string of JSON lines or CSV.

    >>> as_text([{"text": "=1+1"}], ["text"], "csv")
    "text\\r\\n'=1+1\\r\\n"
    """
    out = io.StringIO()
    _write_text(rows, fields, out, format)
    return out.getvalue()
