"""Results as a person reads them in a terminal. The one file that knows rich's tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.show.export import Row
from pipeline.store import StoredSentence


def console() -> Console:
    """A console that never reads report text as markup, and does not cut lines where output goes to a file."""
    width = None if sys.stdout.isatty() else 160
    return Console(markup=False, highlight=False, width=width, soft_wrap=not sys.stdout.isatty())


def print_table(rows: Iterable[Row], fields: Sequence[str], *, numbers: Sequence[str] = ()) -> None:
    """Rows as a table with one column a field; ``numbers`` are set to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for field in fields:
        table.add_column(field, justify="right" if field in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if (value := row.get(field)) is None else str(value)) for field in fields))
    console().print(table)


def print_hits(hits: Iterable[tuple[StoredSentence, Sequence[tuple[int, int]]]]) -> None:
    """Sentences under a line that says where each stands, with the matches marked."""
    out = console()
    for sentence, matches in hits:
        place = " · ".join(part for part in (sentence.district, str(sentence.year or ""), sentence.heading, sentence.category) if part)
        out.print(Text(f"{sentence.report} #{sentence.number + 1}", style="bold"), Text(place, style="dim"))
        out.print(Text("  ") + marked(sentence.text, matches, colour=out.is_terminal))


def marked(text: str, matches: Sequence[tuple[int, int]], *, colour: bool) -> Text:
    """A sentence with its matches in bold on a terminal, in 【】 elsewhere.

    >>> marked("受理复议案件", [(2, 4)], colour=False).plain
    '受理【复议】案件'
    """
    out, at = Text(), 0
    for start, end in _merged(matches):
        out.append(text[at:start])
        out.append(text[start:end] if colour else f"【{text[start:end]}】", style="bold red" if colour else "")
        at = end
    out.append(text[at:])
    return out


def _merged(matches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(matches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
