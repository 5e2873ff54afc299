"""Figures as rows of tables and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.indicators.figures import Figure
from pipeline.indicators.lineup import Lineup
from pipeline.show import Row

FIELDS = ("report", "sentence", "start", "end", "text", "value", "unit", "kind", "direction", "bound", "indicator", "of", "category")
TABLE_FIELDS = ("report", "district", "year", *FIELDS[1:])
SCREEN_FIELDS = ("report", "year", "sentence", "indicator", "text", "value", "unit", "change", "bound", "category")
_WAYS = {"up": "↑", "down": "↓"}


def figure_rows(figures: Iterable[Figure]) -> Iterator[Row]:
    """One row a figure. ``sentence`` counts from 1 as in every output; ``start``, ``end`` and ``of`` are offsets in the sentence's text."""
    for figure in figures:
        yield {
            "report": figure.report,
            "district": figure.district,
            "year": figure.year,
            "sentence": figure.sentence + 1,
            "start": figure.start,
            "end": figure.end,
            "text": figure.text,
            "value": figure.value,
            "unit": figure.unit,
            "kind": figure.kind,
            "direction": figure.direction,
            "bound": figure.bound,
            "indicator": figure.indicator,
            "of": figure.of,
            "category": figure.category,
            "change": _WAYS.get(figure.direction or "", "") if figure.kind == "change" else None,
        }


def lineup_rows(lineup: Lineup) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The fields and rows of reports side by side; several figures for one cell are joined by ``;``."""
    return ("district", "year", "report", *lineup.columns), _lineup_rows(lineup)


def _lineup_rows(lineup: Lineup) -> Iterator[Row]:
    for report, district, year in lineup.reports:
        row: dict[str, str | int | float | None] = {"district": district, "year": year, "report": report}
        for column in lineup.columns:
            found = lineup.cells.get((report, column), ())
            row[column] = found[0].value if len(found) == 1 else "; ".join(str(figure.value) for figure in found) or None
        yield row
