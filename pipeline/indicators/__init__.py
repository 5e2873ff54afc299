"""Indicators: the figures that stand in sentences, what they count, and how districts compare by them."""

from pipeline.indicators.figures import Figure, figures, figures_in, figures_of
from pipeline.indicators.lineup import Lineup, line_up
from pipeline.indicators.rows import FIELDS, figure_rows, lineup_rows

__all__ = ["FIELDS", "Figure", "Lineup", "figure_rows", "figures", "figures_in", "figures_of", "line_up", "lineup_rows"]
