"""The figures of the reports of a page side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.compare.book import FigureRow, Mention
from pipeline.data import TaggedReport
from pipeline.indicators import Figure, figures, line_up

_WAYS = {"up": "↑", "down": "↓"}
_Moves = Mapping[tuple[str, int, int], Figure]


def figure_rows(tagged: Sequence[TaggedReport]) -> list[FigureRow]:
    """A row for every indicator, those that most reports give first, each in the order of the reports."""
    found = [figure for one in tagged for figure in figures(one)]
    moves = {(figure.report, figure.sentence, figure.of): figure for figure in found if figure.of is not None}
    lined = line_up(found)
    names = [one.report.name for one in tagged]
    return [
        FigureRow(column, tuple(tuple(_mention(figure, moves) for figure in lined.cells.get((name, column), ())) for name in names)) for column in lined.columns
    ]


def _mention(figure: Figure, moves: _Moves) -> Mention:
    """A figure as the page shows it, with the change that its sentence gives for it; the figures themselves count sentences from 0."""
    moved = moves.get((figure.report, figure.sentence, figure.start))
    return Mention(figure.text, figure.sentence + 1, f"{_WAYS.get(moved.direction or '', '')}{moved.text}" if moved else "")
