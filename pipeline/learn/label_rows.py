"""The rows of a table as labels, and what is wrong with those that are none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.categories import Scheme
from pipeline.errors import LabelError
from pipeline.learn.columns import Columns, Wanted, category_reader, find_columns
from pipeline.learn.places import Places
from pipeline.learn.sheets import Table, read_table
from pipeline.show.export import Row
from pipeline.store import Labels, NewLabel
from pipeline.store.labels import latest

_SLICES = {"random": "random", "随机": "random", "chosen": "chosen", "挑选": "chosen"}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row; ``row`` is its number as a spreadsheet shows it, or the line's in JSON lines."""

    file: str
    row: int
    wrong: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label and the row that it stands in."""

    file: str
    row: int
    label: NewLabel


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """What a table of labels holds: ``columns`` says what was read from which, ``unlabelled`` counts the rows without a label."""

    file: str
    columns: dict[str, str]
    annotator: str | None
    rows: tuple[LabelRow, ...]
    errors: tuple[RowError, ...]
    unlabelled: int
    unread_sheets: tuple[str, ...]

    @property
    def source(self) -> str:
        """The file's name."""
        return Path(self.file).name


def read_sheet(path: Path, scheme: Scheme, places: Places, *, wanted: Wanted | None = None, sheet: str | None = None) -> LabelSheet:
    """Read a table of labels.

    Raises
    ------
    LabelError
        Where the file is no table, or its columns cannot be told.
    """
    table, read = read_table(path, sheet=sheet), category_reader(scheme)
    columns = find_columns(str(path), table, wanted or Wanted(), read)
    fallback = None if columns.annotator is not None else (columns.name or path.stem).strip()
    if fallback == "":
        raise LabelError(str(path), "the annotator has no name", "give one with --annotator NAME")
    reader = _Reader(str(path), table, columns, fallback, places)
    rows: list[LabelRow] = []
    errors = [RowError(str(path), number, wrong) for number, wrong in table.unread]
    unlabelled = 0
    for number, cells in table.rows:
        if not any(cell.strip() for cell in cells):
            continue
        word = cells[columns.label].strip()
        if not word:
            unlabelled += 1
        elif wrong := reader.wrong(cells, code := read(word), word, scheme):
            errors.append(RowError(str(path), number, wrong))
        elif code is not None:
            rows.append(LabelRow(str(path), number, reader.label(cells, code)))
    said: dict[str, str] = {field: table.columns[at] for field, at in columns.used().items()}
    return LabelSheet(str(path), said, fallback, tuple(rows), tuple(sorted(errors, key=lambda e: e.row)), unlabelled, table.others)


class _Reader:
    def __init__(self, file: str, table: Table, columns: Columns, fallback: str | None, places: Places) -> None:
        self.file, self.columns, self.fallback, self.places = file, columns, fallback, places
        used = set(columns.used().values())
        self.others = [(at, name) for at, name in enumerate(table.columns) if at not in used]

    def wrong(self, cells: tuple[str, ...], code: int | None, word: str, scheme: Scheme) -> str | None:
        """What is wrong with a labelled row, if anything is."""
        if not cells[self.columns.text].strip():
            return "there is a label and no sentence"
        if code is None:
            return f"there is no category {word[:40]!r}; use 0, a code, a slug or a name of {', '.join(f'{c.code} {c.short}' for c in scheme.categories)}"
        if self.columns.annotator is not None and not cells[self.columns.annotator].strip():
            return "there is a label and no annotator"
        return None

    def label(self, cells: tuple[str, ...], code: int) -> NewLabel:
        """The label of a row that is right, with the place that its sentence has in the corpus."""
        text, columns = cells[self.columns.text].strip(), self.columns
        named = cells[columns.report].strip() or None if columns.report is not None else None
        report, counted = self.places.report(named), _counted(cells[columns.number]) if columns.number is not None else None
        report, number = self.places.find(text, report, counted) or (report, None)
        extra = {name: cells[at] for at, name in self.others if cells[at].strip()}
        chosen = _SLICES.get(cells[columns.slice].strip().lower()) if columns.slice is not None else None
        annotator = self.fallback or cells[columns.annotator or 0].strip()
        return NewLabel(text, code, annotator, report, number, chosen, extra)


def _counted(cell: str) -> int | None:
    """A sentence's number from 0, from a cell that counts from 1."""
    return int(cell) - 1 if cell.strip().isdecimal() else None


def in_words(errors: Iterable[RowError]) -> list[str]:
    """Errors with their rows, those that are wrong in the same way in one line.

    >>> in_words([RowError("a.csv", 2, "x"), RowError("a.csv", 3, "x"), RowError("a.csv", 4, "x"), RowError("a.csv", 9, "x")])
    ['a.csv: rows 2-4, 9: x']
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for error in errors:
        groups[error.file, error.wrong].append(error.row)
    return [f"{file}: {'row' if len(rows) == 1 else 'rows'} {_ranges(rows)}: {wrong}" for (file, wrong), rows in groups.items()]


def _ranges(numbers: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def export_rows(labels: Labels, scheme: Scheme, *, every: bool = False) -> tuple[list[Row], list[str]]:
    """Labels as rows, and the names of the columns that imports kept. Of each annotator the last label for each sentence or, with ``every``, all that ever were."""
    history = labels.history()
    current = {label.id for label in latest([label for label, undone in history if undone is None])}
    chosen = [(label, undone) for label, undone in history if every or label.id in current]
    names = {name: f"extra {name}" if name in _EXPORTED else name for name in sorted({name for label, _ in chosen for name in label.extra})}
    rows: list[Row] = []
    for label, undone in chosen:
        state = "undone" if undone else "current" if label.id in current else "superseded"
        row: Row = {
            "report": label.report, "sentence": None if label.number is None else label.number + 1, "text": label.text, "label": label.code,
            "category": scheme.slug(label.code) or "none", "annotator": label.annotator, "at": label.at, "source": label.source, "batch": label.batch,
            "slice": label.slice, "state": state, "undone": undone,
        }  # fmt: skip
        rows.append({**{names[name]: value for name, value in label.extra.items()}, **row})
    return rows, list(names.values())


_EXPORTED = {"report", "sentence", "text", "label", "category", "annotator", "at", "source", "batch", "slice", "state", "undone"}
