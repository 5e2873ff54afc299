"""The overview: what the corpus holds by district and year, how its sentences divide among the categories, and the model in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from pipeline.categories import NONE_CODE, scheme
from pipeline.corpus import Corpus
from pipeline.data import ROLES
from pipeline.errors import ModelError
from pipeline.search.query import And, Filter
from pipeline.store import StoredReport
from pipeline.web.narrow import joined, of_district
from pipeline.web.pages import add_page
from pipeline.web.site import EVERYTHING, Here, Site

SIZE = 30
router = APIRouter(tags=["overview"])


@dataclass(frozen=True, slots=True)
class Cell:
    """The sentences of a category: their number, their share of the tagged sentences, and the query that finds them."""

    code: int
    sentences: int
    share: float
    query: str | None


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in the table."""

    name: str
    title: str | None
    year: int | None
    sentences: int


@dataclass(frozen=True, slots=True)
class Row:
    """A district with its reports, oldest first, and its categories."""

    district: str | None
    query: str | None
    sentences: int
    reports: list[ReportLine]
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Year:
    """The reports on a year."""

    year: int | None
    reports: int


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """How well the model tags one category: 0 to 1."""

    code: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Model:
    """The model in use, with the figures of its card."""

    version: str
    method: str
    macro_f1: float
    accuracy: float
    top_two: float
    reports: int
    sentences: int
    categories: list[CategoryFigures]


@dataclass(frozen=True, slots=True)
class Overview:
    """The corpus at a glance; ``rows`` are those of one page, ``total`` is over all districts."""

    reports: int
    sentences: int
    untagged: int
    districts: int
    years: list[Year]
    total: Row
    rows: list[Row]
    page: int
    pages: int
    district: str
    codes: list[int]
    model: Model | None


def view(
    site: Here,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    district: Annotated[str, Query(max_length=100, description="Only districts whose names contain this.")] = "",
) -> Overview:
    """The corpus by district, year and category, and the model in use."""
    with site.corpus() as corpus:
        everything, rows = site.once(corpus, "matrix", lambda it: _matrix(site, it))
        reports = site.reports(corpus).values()
    wanted = [row for row in rows if district.strip() in (row.district or "")]
    pages = max(1, -(-len(wanted) // SIZE))
    shown = min(page, pages)
    years: dict[int | None, int] = defaultdict(int)
    for report in reports:
        years[report.metadata.year] += 1
    return Overview(
        reports=len(reports),
        sentences=everything.sentences,
        untagged=everything.sentences - sum(cell.sentences for cell in everything.cells),
        districts=sum(row.district is not None for row in rows),
        years=[Year(year, years[year]) for year in sorted(years, key=lambda year: (year is None, year))],
        total=everything,
        rows=wanted[(shown - 1) * SIZE : shown * SIZE],
        page=shown,
        pages=pages,
        district=district.strip(),
        codes=_codes(),
        model=current_model(),
    )


def _codes() -> list[int]:
    return [*scheme().codes, NONE_CODE]


def _matrix(site: Site, corpus: Corpus) -> tuple[Row, list[Row]]:
    """All districts together, and each of them: counted by the engine, a category at a time."""
    by_district = {code: dict(corpus.find(And((EVERYTHING, Filter("category", (code,))))).facets().district) for code in _codes()}
    reports: dict[str | None, list[StoredReport]] = defaultdict(list)
    for report in site.reports(corpus).values():
        reports[report.metadata.district].append(report)
    names = [name for name in reports if name]
    rows = []
    for name in sorted(reports, key=lambda name: (name is None, name or "")):
        query = of_district(name, names) if name else None
        counts = {code: by_district[code].get(name, 0) for code in _codes()}
        rows.append(_row(name, query, counts, reports[name]))
    totals = {code: sum(by_district[code].values()) for code in _codes()}
    sentences = sum(row.sentences for row in rows)
    return Row(None, f"role:{','.join(ROLES)}", sentences, [], _cells("", totals)), rows


def _row(name: str | None, query: str | None, counts: dict[int, int], reports: Iterable[StoredReport]) -> Row:
    listed = sorted(reports, key=lambda report: (report.metadata.year or 0, report.name))
    lines = [ReportLine(report.name, report.metadata.title, report.metadata.year, report.sentences) for report in listed]
    return Row(name, query, sum(line.sentences for line in lines), lines, _cells(query, counts))


def _cells(query: str | None, counts: dict[int, int]) -> list[Cell]:
    tagged = sum(counts.values()) or 1
    return [
        Cell(code, n, n / tagged, None if query is None or not n else joined(query, f"category:{scheme().slug(code) or 'none'}")) for code, n in counts.items()
    ]


def current_model() -> Model | None:
    """The model in use; ``None`` where there is none, or its card says nothing."""
    from pipeline.tag import files

    try:
        return _model(files.read_card(files.current_folder(scheme=scheme())))
    except (ModelError, KeyError, TypeError, ValueError):
        return None


def _model(card: dict[str, Any]) -> Model:
    figures, data = card["figures"]["full"], card["data"]
    categories = [CategoryFigures(one["code"], one["precision"], one["recall"], one["f1"]) for one in figures["categories"]]
    return Model(
        card["version"], card["figures"]["method"], figures["macro_f1"], figures["accuracy"], figures["top_two"], data["reports"], data["sentences"], categories
    )


add_page(router, "/", "overview.html", view, Overview, json="/overview")
