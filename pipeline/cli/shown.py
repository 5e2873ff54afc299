"""How the verbs that count show their rows: on the screen, or in a file that says what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import Format

if TYPE_CHECKING:
    from pipeline.show import Provenance, Row

Exact = Annotated[bool, typer.Option("--exact", help="Tell variants of writing apart: full and half width, simplified and traditional, marks within a term.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many rows to show.")]
Least = Annotated[int, typer.Option("--least", min=1, metavar="N", help="Leave out what occurs fewer times.")]
WithProvenance = Annotated[bool, typer.Option("--provenance", help="Say what the result was made from beside JSON lines too, as beside CSV and in XLSX.")]
HowToShow = Annotated[Format, typer.Option("--format", "-f", help="How to show the result.")]


def show(
    rows: Iterable[Row],
    fields: Sequence[str],
    *,
    format: Format,
    output: Path | None,
    provenance: Provenance | None,
    on_screen: Sequence[str] | None = None,
    left: Sequence[str] = (),
) -> None:
    """Print rows as a table, or write them. ``on_screen`` are the fields to print, of which all but ``left`` are set to the right if they are numbers."""
    if format is Format.table:
        from pipeline.show.tables import print_table

        listed, chosen = list(rows), on_screen or fields
        numbers = [field for field in chosen if field not in left and all(isinstance(row.get(field), int | float | None) for row in listed)]
        print_table(listed, chosen, numbers=numbers)
        return
    from pipeline.show import write_rows

    write_rows(rows, fields, to=output, format=format, provenance=provenance)


def wanted(format: Format, asked: bool) -> bool:
    """Whether a result says what it was made from: tables in files always, JSON lines where it is asked for."""
    return asked or format in {Format.csv, Format.xlsx}
