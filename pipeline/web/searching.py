"""What a search page shows, from one pass of the engine: sentences or lines, facets, counts, and why nothing was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pipeline.corpus import Corpus, Hit
from pipeline.search import Facets, Hits, Order, Query, Ranked, parse
from pipeline.search.wording import in_words
from pipeline.web.narrow import Chip, chips, joined, of_value
from pipeline.web.site import EVERYTHING, Site

if TYPE_CHECKING:
    from pipeline.analysis.kwic import Line

View = Literal["sentences", "kwic", "counts"]
Sort = Literal["relevance", "year", "district", "report", "left", "right"]
ORDERS: dict[Sort, Order] = {"relevance": "score", "year": "year", "district": "district", "report": "report", "left": "report", "right": "report"}
SIZE = 20
LINES = 50
MOST_PAGES = 500
WIDTH = 28
#: Lines are put in the order of their contexts where a query has at most so many.
SORTABLE = 4_000
_MOST_VALUES = 12
FIELDS = ("category", "year", "district", "role", "heading")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as the address says it; pages count from 1."""

    q: str = ""
    view: View = "sentences"
    sort: Sort = "relevance"
    page: int = 1
    exact: bool = False
    corpus: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence found; ``sentence`` is its number in the report, from 1, and ``matches`` are offset pairs in ``text``."""

    report: str
    sentence: int
    title: str | None
    district: str | None
    year: int | None
    role: str
    heading: str
    code: int | None
    category: str | None
    probability: float | None
    text: str
    matches: list[tuple[int, int]]
    score: float


@dataclass(frozen=True, slots=True)
class KwicLine:
    """One occurrence with the text before and behind it."""

    left: str
    match: str
    right: str
    report: str
    sentence: int
    district: str | None
    year: int | None
    code: int | None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a field, how many of the sentences found and of all sentences have it, and the query for these alone."""

    value: str | int | None
    sentences: int
    of_sentences: int
    query: str | None

    @property
    def per_1000(self) -> float:
        """Sentences found among 1,000 sentences with this value."""
        return 1000 * self.sentences / self.of_sentences if self.of_sentences else 0.0


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with its most frequent values; ``more`` is the number of further ones."""

    field: str
    values: list[FacetValue]
    more: int


@dataclass(frozen=True, slots=True)
class Hint:
    """A query that finds something, and how it differs."""

    query: str
    sentences: int
    how: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. ``corpus`` and ``model`` are the states that the figures hold for; ``cited`` tells whether they are those of the address."""

    asked: Asked
    read_as: str
    total: int
    occurrences: int
    pages: int
    items: list[Item]
    lines: list[KwicLine]
    facets: list[Facet]
    chips: list[Chip]
    parts: list[Hint]
    variants: list[Hint]
    sorted_among: int | None
    corpus: str
    model: str
    cited: bool


def found(site: Site, corpus: Corpus, asked: Asked) -> Found:
    """Answer a search.

    Raises
    ------
    QueryError
        Where the query cannot be read.
    """
    query = parse(asked.q)
    hits = corpus.find(query, exact=asked.exact)
    occurrences = hits.occurrences
    versions = site.versions(corpus)
    size = LINES if asked.view == "kwic" else SIZE
    whole = occurrences if asked.view == "kwic" else hits.total
    pages = min(MOST_PAGES, -(-whole // size)) if asked.view != "counts" else 1
    shown = replace(asked, page=max(1, min(asked.page, pages)))
    lines, among = _lines(corpus, hits, shown) if asked.view == "kwic" and hits.total else ([], None)
    return Found(
        asked=shown,
        read_as=in_words(query),
        total=hits.total,
        occurrences=occurrences,
        pages=pages,
        items=_items(corpus, hits, query, shown) if asked.view == "sentences" else [],
        lines=lines,
        facets=_facets(site, corpus, hits.facets(), asked) if hits.total else [],
        chips=chips(query),
        parts=[] if hits.total else _parts(corpus, asked),
        variants=[] if hits.total else [Hint(one.query, one.sentences, one.how) for one in corpus.variants(asked.q, exact=asked.exact)],
        sorted_among=among,
        corpus=versions.corpus,
        model=versions.models,
        cited=asked.corpus in {None, versions.corpus} and asked.model in {None, versions.models},
    )


def _parts(corpus: Corpus, asked: Asked) -> list[Hint]:
    parts = corpus.parts(asked.q, exact=asked.exact)
    return [Hint(one.query, one.sentences, "", one.depth) for one in parts[1:]]


def ranked(hits: Hits, sort: Sort, first: int, limit: int) -> Ranked:
    """Some of the hits in an order, after the first ones."""
    order = ORDERS[sort]
    best = hits.ranked(order, first + limit)
    return Ranked(best.ids[first:], best.scores[first:])


def _items(corpus: Corpus, hits: Hits, query: Query, asked: Asked) -> list[Item]:
    some = ranked(hits, asked.sort, (asked.page - 1) * SIZE, SIZE)
    return [item(hit) for hit in corpus.hits(some, query, exact=asked.exact)]


def item(hit: Hit) -> Item:
    """A hit as a page shows it."""
    s = hit.sentence
    probability = None if s.probability is None else round(s.probability, 4)
    return Item(
        s.report, s.number + 1, s.title, s.district, s.year, s.role, s.heading, s.code, s.category, probability, s.text, list(hit.matches), round(hit.score, 4)
    )


def _lines(corpus: Corpus, hits: Hits, asked: Asked) -> tuple[list[KwicLine], int | None]:
    """The lines of a page; of very many the first alone are put in the order of their contexts, and their number is told."""
    last = asked.page * LINES
    by_context = asked.sort in {"left", "right"}
    many = by_context and hits.total > SORTABLE
    sort = "report" if many else asked.sort
    limit = SORTABLE if many else None if by_context else last
    lines: Iterable[Line] = corpus.kwic(asked.q, width=WIDTH, sort=sort, limit=limit, exact=asked.exact).lines
    if many:
        lines = sorted(lines, key=(lambda one: one.left[::-1]) if asked.sort == "left" else (lambda one: one.right))
    page = list(lines)[last - LINES : last]
    shown = [_line(one) for one in page]
    return shown, SORTABLE if many else None


def _line(one: Line) -> KwicLine:
    s = one.sentence
    return KwicLine(one.left, one.match, one.right, s.report, s.number + 1, s.district, s.year, s.code)


def _facets(site: Site, corpus: Corpus, facets: Facets, asked: Asked) -> list[Facet]:
    everything = site.once(corpus, "facets", lambda it: it.find(EVERYTHING).facets())
    districts = [name for name, _ in everything.district if name]
    made = []
    for field in FIELDS:
        source = "code" if field == "category" else field
        sizes = dict(getattr(everything, source))
        pairs = list(getattr(facets, source))
        if field in {"year", "category"}:
            pairs.sort(key=lambda pair: (pair[0] is None, pair[0] == 0, pair[0]))
        most = len(pairs) if field in {"year", "category", "role"} else 40 if asked.view == "counts" else _MOST_VALUES
        values = [_value(asked.q, field, value, count, sizes.get(value, count), districts) for value, count in pairs[:most]]
        made.append(Facet(field, values, len(pairs) - len(values)))
    return made


def _value(query: str, field: str, value: str | int | None, count: int, size: int, districts: list[str]) -> FacetValue:
    more = None if value is None or value == "" else joined(query, of_value(field, value, districts))
    return FacetValue(value, count, size, more)
