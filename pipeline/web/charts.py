"""The geometry of charts and of shaded cells; templates draw it as SVG with the browser's own fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Shares from which on a cell is one step darker.
_STEPS = (0.0001, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: the place of its thin end, its middle and its length, in the units of the drawing."""

    at: float
    middle: float
    length: float
    thick: float


def bars(values: Sequence[float], *, length: float, step: float, thick: float) -> list[Bar]:
    """Bars below each other, the longest ``length`` long.

    >>> [bar.length for bar in bars([1, 4], length=100, step=20, thick=12)]
    [25.0, 100.0]
    """
    most = max(values, default=0) or 1
    return [Bar(i * step + (step - thick) / 2, i * step + step / 2, round(max(value, 0) / most * length, 2), thick) for i, value in enumerate(values)]


def columns(values: Sequence[float], *, width: float, height: float, widest: float = 64) -> list[Bar]:
    """Columns beside each other in a drawing of this width."""
    step = min(width / max(len(values), 1), widest * 1.6)
    return bars(values, length=height, step=step, thick=min(step * 0.62, widest))


def heat(share: float) -> int:
    """How dark the cell of a share is, from 0 to 8.

    >>> heat(0), heat(0.05), heat(1)
    (0, 2, 8)
    """
    return sum(share >= step for step in _STEPS)
