"""A comparison as one page that needs nothing else: no network, no script, no other file. Every value in it is escaped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import pipeline
from pipeline import categories
from pipeline.categories import Scheme
from pipeline.compare.book import JUDGEMENTS, Book, FigureRow
from pipeline.compare.numbers import figure_rows
from pipeline.compare.results import Comparison, Profile
from pipeline.show import charts
from pipeline.show.charts import Interval

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
#: Up to this many reports share one chart, each with its own mark; more of them get a chart a category.
TOGETHER = 4
#: The baseline's colour and those of the reports beside it, as the style sheet has them for light and dark.
_BESIDE = ("var(--base)", "var(--accent)", "var(--s2)", "var(--s3)", "var(--s4)")
_HOME = Path(__file__).parent / "templates"


def to_html(
    comparison: Comparison,
    *,
    figures: Sequence[FigureRow] | None = None,
    language: Language = "zh",
    scheme: Scheme | None = None,
    made: datetime | None = None,
) -> str:
    """The page of a comparison, in Chinese or English; ``made`` is the time that it bears, now without it.

    ``figures`` are the indicators of the reports side by side, taken from their sentences without it; ``scheme`` is that of the tags, the seven without it.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    words = Words(language)
    rows = figure_rows([comparison.baseline, *comparison.reports]) if figures is None else figures
    book = Book(comparison, scheme or categories.scheme(), rows, dated=str(catalogue(language)["dated"]))
    shown = {"book": book, "t": words, "name": lambda code: category_name(book.scheme, words, code), "colour": colour, "judgements": JUDGEMENTS}
    drawn = {"charts": [Markup(chart) for chart in share_charts(book, words)]}  # noqa: S704 - charts escape what they show
    when = (made or datetime.now().astimezone()).strftime("%Y-%m-%d %H:%M")
    return _environment().get_template("page.html.j2").render(**shown, **drawn, made=when, program=pipeline.__version__)


class Words:
    """The page's own words in a language.

    >>> Words("zh")("n_items", n=3), Words("en")("same")
    ('3 项', 'same')
    """

    def __init__(self, language: str) -> None:
        self._words = catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key with values put in."""
        return str(self._words[key]).format_map(values)

    def category(self, slug: str, otherwise: str) -> str:
        """The name of a category; its own short name where the language has no other."""
        return str(self._words.get("category", {}).get(slug, otherwise))


@lru_cache
def catalogue(language: str) -> Mapping[str, Any]:
    """All words of a language by their keys."""
    return tomllib.loads((_HOME / f"{language}.toml").read_text(encoding="utf-8"))


def category_name(scheme: Scheme, words: Words, code: int) -> str:
    """What a category is called on the page."""
    found = scheme.get(code)
    return words.category(found.slug, found.short) if found else words("none")


def colour(code: int) -> str:
    """The colour of a category; schemes of more than seven begin again."""
    return charts.COLOURS[(code - 1) % len(charts.COLOURS)] if code else charts.GREY


def share_charts(book: Book, words: Words) -> list[str]:
    """Shares with intervals: one chart of all reports where they are few, else one a category, all on one scale and with a line at the baseline."""
    names = [category_name(book.scheme, words, code) for code in book.scheme.codes]
    if len(book.leaves) <= TOGETHER + 1:
        series = [(leaf.label, _points(leaf.profile)) for leaf in book.leaves]
        return [charts.intervals(names, series, title=words("intervals"), colours=_BESIDE, width=600).svg]
    labels = [leaf.short for leaf in book.leaves]
    columns = [list(points) for points in zip(*(_points(leaf.profile) for leaf in book.leaves), strict=True)]
    most = max(point.high for points in columns for point in points)
    return [
        charts.intervals(labels, [(name, points)], title=name, colours=[colour(code)], width=270, most=most, mark=points[0].value).svg
        for name, code, points in zip(names, book.scheme.codes, columns, strict=True)
    ]


def _points(profile: Profile) -> list[Interval]:
    return [Interval(share.share, share.low, share.high) for share in profile.shares]


def percent(share: float) -> str:
    """A share as a percentage.

    >>> percent(0.634)
    '63%'
    """
    return f"{share:.0%}"


@lru_cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(_HOME), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"percent": percent, "two": "{:.2f}".format}
    return made
