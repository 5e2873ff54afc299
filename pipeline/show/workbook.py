"""A workbook that is being written. The one file that knows xlsxwriter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

_CREATED = datetime(2000, 1, 1)  # the clock would make the same rows other bytes


@contextmanager
def workbook(path: Path, *, constant_memory: bool = False) -> Iterator[Any]:
    """A new workbook, written when the block ends. No text becomes a formula, a link or a number.

    ``constant_memory`` keeps one row at a time; rows must then be written in order.

    Raises
    ------
    OSError
        Where the system does not let the file be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    path.open("wb").close()  # says at once what xlsxwriter would say at the end
    options = {"constant_memory": constant_memory, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": _CREATED})
    try:
        yield book
    finally:
        try:
            book.close()
        except FileCreateError as exc:
            raise OSError(getattr(exc.args[0], "errno", None), getattr(exc.args[0], "strerror", None) or str(exc)) from exc
