"""Review: the sentences that are worth labelling next, one at a time, for any number of annotators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import TypeAdapter
from starlette.responses import RedirectResponse, Response

from pipeline.categories import NONE_CODE, scheme
from pipeline.web import rounds
from pipeline.web.errors import RESPONSES, PageError, wants_json
from pipeline.web.labelling import REVIEW, WEB, named, new_key, remember, remembered
from pipeline.web.pages import add_page
from pipeline.web.render import url
from pipeline.web.rounds import Agreed, Item, Round, Said
from pipeline.web.site import Here

router = APIRouter(tags=["review"])
SKIPPED = "fazhi-skipped"
_LATEST = 8
_MOST = 500


@dataclass(frozen=True, slots=True)
class Person:
    """An annotator and how many sentences of the round he has labelled."""

    name: str
    done: int


@dataclass(frozen=True, slots=True)
class Given:
    """A label that the annotator gave: ``n`` is the sentence's place in the round; ``batch`` is ``None`` where it was not given on these pages."""

    n: int
    text: str
    code: int
    batch: int | None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the list."""

    id: int
    at: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The review as an annotator sees it. ``item`` is the sentence to be labelled, ``given`` his label of it, if he gave one; ``key`` belongs to one label."""

    annotator: str
    round: int | None
    rounds: list[RoundLine]
    item: Item | None
    given: Given | None
    of: int
    done: int
    skipped: int
    gone: int
    people: list[Person]
    agreement: Agreed | None
    latest: list[Given]
    previous: int | None
    next: int | None
    codes: list[int]
    may_label: bool
    key: str


Number = Annotated[int | None, Query(ge=1, le=2**53, description="The round; the newest without it.")]


def view(
    request: Request,
    site: Here,
    round: Number = None,
    n: Annotated[int | None, Query(ge=1, le=1_000_000, description="A sentence's place in the round; the next without it.")] = None,
    annotator: Annotated[str | None, Query(max_length=60, description="Who labels; the one that the browser remembers without it.")] = None,
) -> ReviewPage:
    """The sentence to be labelled next, with its context, and how far a round is."""
    who = named(annotator) if annotator else remembered(request)
    every, review = rounds.found_round(site, round)
    may_label = not site.settings.read_only
    codes = [*scheme().codes, NONE_CODE]
    if review is None:
        return ReviewPage(who, None, [], None, None, 0, 0, 0, 0, [], None, [], None, None, codes, may_label, new_key())
    with site.corpus() as corpus:
        found = rounds.load(site, corpus, review)
        labels = site.once(corpus, f"said {review.id}", lambda it: rounds.said(it.labels.current(), found), state=_both(corpus.state(), corpus.labels.state()))
    mine = labels.get(who, {})
    skipped = _skipped(request, review.id)
    item = rounds.next_item(found, mine, skipped) if n is None else next((one for one in found.items if one.n == n), None)
    if n is not None and item is None:
        raise PageError(404, f"sentence {n}", "the round has no such sentence any more", "go on with the next one")
    before, after = _beside(found, item)
    return ReviewPage(
        annotator=who,
        round=review.id,
        rounds=[RoundLine(one.id, one.at) for one in reversed(every)],
        item=item,
        given=_given(found, mine, item.n) if item and item.n in mine else None,
        of=len(found.items),
        done=len(mine),
        skipped=sum(one not in mine for one in skipped),
        gone=found.gone,
        people=sorted((Person(name, len(some)) for name, some in labels.items()), key=lambda one: (-one.done, one.name)),
        agreement=rounds.agreed(labels, codes),
        latest=_latest(found, mine),
        previous=before,
        next=after,
        codes=codes,
        may_label=may_label,
        key=new_key(),
    )


def _both(reports: int, labels: int) -> int:
    """One number for two states."""
    return reports << 40 | labels


def _beside(found: Round, item: Item | None) -> tuple[int | None, int | None]:
    """The places before and behind a sentence in the round."""
    places = [one.n for one in found.items]
    if item is None:
        return (places[-1] if places else None), None
    at = places.index(item.n)
    return places[at - 1] if at else None, places[at + 1] if at + 1 < len(places) else None


def _latest(found: Round, mine: Said) -> list[Given]:
    """The annotator's last labels of the round, the newest first."""
    newest = sorted(mine, key=lambda n: -mine[n].id)[:_LATEST]
    return [_given(found, mine, n) for n in newest]


def _given(found: Round, mine: Said, n: int) -> Given:
    label = mine[n]
    return Given(n, next(item.text for item in found.items if item.n == n), label.code, label.batch if label.source in {WEB, REVIEW} else None)


@dataclass(frozen=True, slots=True)
class Begun:
    """A round that was begun."""

    round: int


_write = TypeAdapter(Begun).dump_json


@router.post("/review/round", responses={200: {"model": Begun}, 303: {"description": "The review page"}, **RESPONSES}, summary="Begin a round of review")
def begin(
    request: Request,
    site: Here,
    after: Annotated[int, Form(ge=0, le=2**53, description="The newest round that is known, 0 where there is none; if a newer was begun, it is the one.")],
    count: Annotated[int, Form(ge=1, le=_MOST, description="How many sentences.")] = 50,
    random: Annotated[
        int, Form(ge=0, le=100, description="The percentage of them that is drawn at random, so that the labels say how right the tags are.")
    ] = 10,
) -> Response:
    """Pick sentences to be labelled next. Whoever begins it has said who he is before, with ``/review/annotator``."""
    site.writable()
    if not remembered(request):
        raise PageError(400, "annotator", "nobody has said who labels", "give a name on the review page")
    made = rounds.begin(site, count=count, random=(count * random + 50) // 100, after=after)
    if wants_json(request):
        return Response(_write(Begun(made)), media_type="application/json")
    return RedirectResponse(url("/review", round=made), 303)


@router.post(
    "/review/annotator",
    responses={303: {"description": "The review page"}, **RESPONSES},
    summary="Say who labels",
    status_code=303,
    response_class=RedirectResponse,
)
def annotator(annotator: Annotated[str, Form(max_length=60)]) -> Response:
    """Remember in this browser who labels."""
    answer = RedirectResponse("/review", 303)
    remember(answer, named(annotator))
    return answer


@router.post(
    "/review/skip",
    responses={303: {"description": "The review page"}, **RESPONSES},
    summary="Put a sentence off",
    status_code=303,
    response_class=RedirectResponse,
)
def skip(
    request: Request, round: Annotated[int, Form(ge=1, le=2**53)], n: Annotated[int, Form(ge=1, le=1_000_000, description="The sentence's place in the round.")]
) -> Response:
    """Put a sentence at the end of the round, for this browser."""
    kept = [one for one in _skipped(request, round) if one != n]
    answer = RedirectResponse(url("/review", round=round), 303)
    answer.set_cookie(SKIPPED, ".".join(map(str, [round, *kept, n][: _MOST + 1])), max_age=31_536_000, httponly=True, samesite="strict")
    return answer


def _skipped(request: Request, review: int) -> Sequence[int]:
    """The places in a round that were put off, the longest ago first."""
    parts = request.cookies.get(SKIPPED, "").split(".")
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 17]
    return numbers[1:] if numbers[:1] == [review] else []


add_page(router, "/review", "review.html", view, ReviewPage)
