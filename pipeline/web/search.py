"""The search page, its JSON, and the files that its results are written to."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import TypeAdapter
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline.corpus import Corpus
from pipeline.errors import QueryError
from pipeline.search import Ranked, parse
from pipeline.show import SEARCH_FIELDS, Row, hit_row, write_rows
from pipeline.web.errors import FILES, MEDIA, RESPONSES, problem_of
from pipeline.web.narrow import joined
from pipeline.web.render import render, url
from pipeline.web.searching import ORDERS, Asked, Found, Sort, View, found
from pipeline.web.settings import MAX_QUERY
from pipeline.web.site import Here

COOKIE = "fazhi-recent"
RECENT = 8
_CHUNK = 2_000
router = APIRouter(tags=["search"])
Typed = Annotated[str, Query(max_length=MAX_QUERY, description="A query in Fazhi's query language.")]
Number = Annotated[int, Query(ge=1, le=1_000_000)]
_write = TypeAdapter(Found).dump_json


@router.get("/search.json", responses={200: {"model": Found}, **RESPONSES}, summary="Find sentences")
def as_json(
    site: Here,
    q: Typed,
    view: View = "sentences",
    sort: Sort = "relevance",
    page: Number = 1,
    exact: bool = False,
    corpus: str | None = None,
    model: str | None = None,
) -> Response:
    """What the search page shows."""
    with site.corpus() as opened:
        return Response(_write(found(site, opened, Asked(q, view, sort, page, exact, corpus, model))), media_type="application/json")


@router.get("/search", include_in_schema=False)
def as_html(
    request: Request,
    site: Here,
    q: Typed = "",
    view: View = "sentences",
    sort: Sort = "relevance",
    page: Number = 1,
    exact: bool = False,
    within: Typed = "",
    measure: Literal["count", "rate"] = "count",
    corpus: str | None = None,
    model: str | None = None,
) -> Response:
    """The search page; ``within`` is searched for within what ``q`` finds."""
    if within.strip():
        return RedirectResponse(url("/search", q=joined(q, within.strip()), view=view, exact="true" if exact else None), 303)
    recent = _recent(request)
    asked = Asked(q, view, sort, page, exact, corpus, model)
    if not q.strip():
        return render(request, "search.html", None, asked=asked, problem=None, recent=recent, measure=measure)
    try:
        with site.corpus() as opened:
            result = found(site, opened, asked)
    except QueryError as error:
        return render(request, "search.html", None, status=400, asked=asked, problem=problem_of(error), recent=recent, measure=measure)
    answer = render(request, "search.html", result, asked=result.asked, problem=None, recent=recent, measure=measure)
    _remember(answer, [q, *(other for other in recent if other != q)])
    return answer


def _recent(request: Request) -> list[str]:
    """The queries that this browser asked last."""
    try:
        read = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")))
    except ValueError:
        return []
    return [str(query)[:200] for query in read[:RECENT]] if isinstance(read, list) else []


def _remember(answer: Response, queries: list[str]) -> None:
    kept = [query for query in queries if len(query) <= 120][:RECENT]
    value = base64.urlsafe_b64encode(json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")).decode()
    if len(value) < 3_500:
        answer.set_cookie(COOKIE, value, max_age=31_536_000, httponly=True, samesite="strict")


@router.get("/search/export", responses=FILES, summary="Everything that a search finds, as a file", response_class=FileResponse)
def export(
    site: Here,
    q: Typed,
    format: Literal["jsonl", "csv", "xlsx"],
    view: View = "sentences",
    by: Literal["year", "district", "category", "role", "heading", "report"] = "year",
    sort: Sort = "relevance",
    exact: bool = False,
) -> Response:
    """All sentences, lines or counts of a query; a spreadsheet says on its second sheet what it was made from."""
    folder = tempfile.TemporaryDirectory(prefix="fazhi-export-")
    try:
        file = Path(folder.name) / f"fazhi.{format}"
        with site.corpus() as corpus:
            made = corpus.provenance(q, view=view, by=by if view == "counts" else None, sort=sort, exact=exact)
            rows, fields = _rows(corpus, q, view, by, sort, exact)
            write_rows(rows, fields, to=file, format=format, provenance=made if format == "xlsx" else None)
    except BaseException:
        folder.cleanup()
        raise
    name = quote(f"fazhi {q[:40]} {made.corpus[:8]}.{format}", errors="replace")
    headers = {"Content-Disposition": f"attachment; filename=\"fazhi.{format}\"; filename*=UTF-8''{name.replace('/', '%2F')}"}
    return FileResponse(file, headers=headers, media_type=MEDIA[format], background=BackgroundTask(folder.cleanup))


def _rows(corpus: Corpus, q: str, view: View, by: str, sort: Sort, exact: bool) -> tuple[Iterator[Row], tuple[str, ...]]:
    from pipeline.analysis.rows import COUNT_FIELDS, KWIC_FIELDS, count_rows, group_fields, kwic_rows

    if view == "counts":
        return count_rows(corpus.counts(q, by, exact=exact)), (*group_fields(by), *COUNT_FIELDS)
    if view == "kwic":
        return kwic_rows(corpus.kwic(q, width=40, sort=sort, exact=exact).lines), KWIC_FIELDS
    return _sentence_rows(corpus, q, sort, exact), SEARCH_FIELDS


def _sentence_rows(corpus: Corpus, q: str, sort: Sort, exact: bool) -> Iterator[Row]:
    query = parse(q)
    everything = corpus.find(query, exact=exact).ranked(ORDERS[sort])
    for at in range(0, len(everything.ids), _CHUNK):
        some = Ranked(everything.ids[at : at + _CHUNK], everything.scores[at : at + _CHUNK])
        yield from (hit_row(hit.sentence, hit.matches, hit.score) for hit in corpus.hits(some, query, exact=exact))
