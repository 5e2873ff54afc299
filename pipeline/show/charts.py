"""Charts as SVG: text stays text, set in the reader's own fonts, so that Chinese shows wherever a browser does.

A chart is a string that a page, a notebook or a paper takes in. Nothing in it is markup of the caller's: all text is escaped. Lines and text take the colour
of the text around them (``currentColor``), so that a chart fits a light page and a dark one.

>>> chart = bars([("复议应诉", 12), ("普法宣传", 30)], title="句数")
>>> chart.svg.startswith("<svg") and "复议应诉" in chart.svg
True
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

#: Seven colours that colour-blind readers tell apart (Okabe and Ito 2008, black left out), in the order of the categories.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8F7A00")
#: For what has no category.
GREY = "#8A8F98"
_FONT = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"
_SIZE, _ROW, _GAP = 13, 26, 10


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart. Notebooks show it by itself; ``svg`` is its text, ``width`` and ``height`` its size in pixels."""

    svg: str
    width: int
    height: int

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the chart as an ``.svg`` file; returns its path.

        Raises
        ------
        ValueError
            Where the path ends in anything else.
        OutputError
            Where it cannot be written.
        """
        from pipeline.show.export import write_text

        file = Path(path)
        if file.suffix.lower() != ".svg":
            raise ValueError(f"charts are written as .svg, not as {file.suffix or 'a file without suffix'}")
        write_text(self.svg + "\n", file)
        return file


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the interval that it lies in; all three in the same unit."""

    value: float
    low: float
    high: float


def bars(rows: Sequence[tuple[str, float]], *, title: str, show: Callable[[float], str] = "{:g}".format, colours: Sequence[str] = COLOURS[:1]) -> Chart:
    """A bar for every row, with its value written beside it. ``colours`` are taken in turn; ``show`` writes a value."""
    left, width = _label_width(label for label, _ in rows), 360
    most = max((value for _, value in rows), default=0) or 1
    parts = []
    for i, (label, value) in enumerate(rows):
        y, length = _GAP + i * _ROW, max(0.0, value) / most * width
        parts += [
            _text(left - 8, y + 17, label, anchor="end"),
            f'<rect x="{left}" y="{y + 4}" width="{length:.1f}" height="{_ROW - 8}" rx="2" fill="{colours[i % len(colours)]}"/>',
            _text(left + length + 6, y + 17, show(value)),
        ]
    return _chart(parts, left + width + 80, 2 * _GAP + len(rows) * _ROW, title)


def intervals(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Interval]]],
    *,
    title: str,
    show: Callable[[float], str] = "{:.0%}".format,
    colours: Sequence[str] = COLOURS,
    width: int = 420,
    most: float = 0,
    mark: float | None = None,
) -> Chart:
    """Dots with intervals: for every label one dot of every series, below one another. Each series has its own colour and its own shape.

    ``width`` is that of the scale in pixels, which ends at ``most`` at least, so that charts can share one; ``mark`` draws a broken line at a value.
    """
    left, step = _label_width(labels), 14
    row = max(_ROW, step * len(series) + 12)
    most = _round_end(max((most, *(point.high for _, points in series for point in points))))
    top = _GAP + (22 if len(series) > 1 else 0)
    parts = _legend([name for name, _ in series], left, colours) if len(series) > 1 else []
    parts += _scale(left, width, top, top + row * len(labels), most, show)
    if mark is not None:
        parts.append(_rule(left + mark * width / most, top, left + mark * width / most, top + row * len(labels), strength=0.6, dashes="3 3"))
    for i, label in enumerate(labels):
        y = top + i * row
        parts.append(_text(left - 8, y + row / 2 + 5, label, anchor="end"))
        for j, (name, points) in enumerate(series):
            tip = f"{label} · {name}: {show(points[i].value)} ({show(points[i].low)}–{show(points[i].high)})"
            parts += _dot(points[i], left, width / most, y + 6 + step / 2 + j * step, j, colours[j % len(colours)], tip)
    return _chart(parts, left + width + 40, int(top + row * len(labels) + 30), title)


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    title: str,
    show: Callable[[float], str] = "{:.0%}".format,
    colours: Sequence[str] = COLOURS[:1],
) -> Chart:
    """A cell for every row and column, the darker the higher its value, with the value written in it; ``None`` is left empty."""
    left, cell = _label_width(rows), max(56, *(int(_width(column)) + 12 for column in columns)) if columns else 56
    most = max((value for line in values for value in line if value is not None), default=0) or 1
    parts = [_text(left + (j + 0.5) * cell, _GAP + 14, column, anchor="middle") for j, column in enumerate(columns)]
    for i, row in enumerate(rows):
        y = _GAP + 22 + i * _ROW
        parts.append(_text(left - 8, y + 17, row, anchor="end"))
        for j, value in enumerate(values[i]):
            if value is None:
                continue
            colour, depth = colours[j % len(colours)], 0.08 + 0.55 * max(0.0, value) / most
            place = f'x="{left + j * cell + 1}" y="{y + 1}" width="{cell - 2}" height="{_ROW - 2}" rx="3"'
            parts.append(f'<rect {place} fill="{colour}" fill-opacity="{depth:.2f}"><title>{escape(f"{row} · {columns[j]}: {show(value)}")}</title></rect>')
            parts.append(_text(left + (j + 0.5) * cell, y + 17, show(value), anchor="middle"))
    return _chart(parts, left + cell * len(columns) + _GAP, 2 * _GAP + 22 + len(rows) * _ROW, title)


def lines(
    steps: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    title: str,
    show: Callable[[float], str] = "{:g}".format,
    colours: Sequence[str] = COLOURS,
) -> Chart:
    """A line for every series over steps such as years; ``None`` breaks the line."""
    left, step, height, top = 56, 64, 200, _GAP + 28
    most = _round_end(max((value for _, points in series for value in points if value is not None), default=0))
    bottom = top + height
    parts = _legend([name for name, _ in series], left, colours)
    for k in range(5):
        y = bottom - height * k / 4
        parts += [_rule(left, y, left + step * len(steps), y), _text(left - 8, y + 4, show(most * k / 4), anchor="end")]
    parts += [_text(left + (i + 0.5) * step, bottom + 20, label, anchor="middle") for i, label in enumerate(steps)]
    for j, (name, points) in enumerate(series):
        dots = [None if value is None else (left + (i + 0.5) * step, bottom - height * value / most) for i, value in enumerate(points)]
        colour = colours[j % len(colours)]
        parts += [f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" stroke="{colour}" stroke-width="2"/>' for run in _runs(dots)]
        for dot, value, label in zip(dots, points, steps, strict=True):
            if dot and value is not None:
                parts.append(_shape(*dot, j, colour, f"{label} · {name}: {show(value)}"))
    return _chart(parts, max(left + step * len(steps), _legend_width([name for name, _ in series], left)) + _GAP, bottom + 32, title)


def _chart(parts: Sequence[str], width: float, height: float, title: str) -> Chart:
    w, h = int(width), int(height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{_FONT}" font-size="{_SIZE}">'
    return Chart(f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>", w, h)


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor">{escape(text)}</text>'


def _round_end(most: float) -> float:
    """The end of a scale of four steps, each of 1, 1.5, 2, 2.5, 3 or 5 times a power of ten, that holds a value.

    >>> _round_end(0.34), _round_end(96), _round_end(0)
    (0.4, 100.0, 4.0)
    """
    if most <= 0:
        return 4.0
    power = 10.0 ** math.floor(math.log10(most / 4))
    step = next(s for s in (1, 1.5, 2, 2.5, 3, 5, 10) if s * power * 4 >= most * (1 - 1e-9))
    return float(step * power * 4)


def _rule(x: float, y: float, x2: float, y2: float, *, strength: float = 0.15, dashes: str = "none") -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" stroke-opacity="{strength}" stroke-dasharray="{dashes}"/>'


def _scale(left: float, width: float, top: float, bottom: float, most: float, show: Callable[[float], str]) -> list[str]:
    parts = []
    for k in range(5):
        x = left + width * k / 4
        parts += [_rule(x, top, x, bottom), _text(x, bottom + 18, show(most * k / 4), anchor="middle")]
    return parts


def _dot(point: Interval, left: float, scale: float, y: float, shape: int, colour: str, tip: str) -> list[str]:
    low, high = left + point.low * scale, left + point.high * scale
    line = f'<line x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>'
    return [line, _shape(left + point.value * scale, y, shape, colour, tip)]


def _shape(x: float, y: float, number: int, colour: str, tip: str = "") -> str:
    """A mark of a series: colours repeat later than shapes, so that two series differ by one of them at least."""
    title = f"<title>{escape(tip)}</title>" if tip else ""
    if number % 3 == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}">{title}</circle>'
    if number % 3 == 1:
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}">{title}</rect>'
    return f'<path d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5 -5.5z" fill="{colour}">{title}</path>'


def _legend(names: Sequence[str], left: float, colours: Sequence[str]) -> list[str]:
    parts, x = [], left + 6
    for j, name in enumerate(names):
        parts += [_shape(x, _GAP + 8, j, colours[j % len(colours)]), _text(x + 10, _GAP + 13, name)]
        x += _width(name) + 34
    return parts


def _legend_width(names: Sequence[str], left: float) -> float:
    return left + 6 + sum(_width(name) + 34 for name in names)


def _runs(dots: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return [run for run in runs if len(run) > 1]


def _width(text: str) -> float:
    """About how wide a text is, in pixels: Chinese characters are as wide as high, others about half."""
    return sum(_SIZE if ord(c) > 0x2E7F else _SIZE * 0.58 for c in text)


def _label_width(labels: Iterable[str]) -> int:
    return int(max((_width(label) for label in labels), default=0)) + 2 * _GAP
