"""Two versions of the model beside each other: figures, the change of every category, and the sentences that they tag otherwise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query

from pipeline.web.errors import PageError
from pipeline.web.held import current_name, told, versions
from pipeline.web.pages import add_page

if TYPE_CHECKING:
    from pipeline.learn.comparison import CategoryChange, Comparison

router = APIRouter(tags=["models"])
_PART = 50
Outcome = Literal["fixed", "broken", "wrong"]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """The F1 of a category, or of all together where ``code`` is ``None``, with both versions, and the change with its 95% interval."""

    code: int | None
    sentences: int
    old: float | None
    new: float | None
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class FlipLine:
    """A labelled sentence that the two versions tag otherwise."""

    report: str
    text: str
    label: int
    old: int
    new: int
    outcome: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """A new version against an old one, on sentences that neither had seen. ``p`` is McNemar's exact p; ``flips`` are those of one page."""

    old: str
    new: str
    verdict: str
    reports: int
    sentences: int
    relabelled: int
    old_accuracy: float
    new_accuracy: float
    fixed: int
    broken: int
    p: float
    agreed_fixed: int
    agreed_broken: int
    agreed_p: float
    changes: list[ChangeLine]
    outcome: str | None
    outcomes: dict[str, int]
    of_flips: int
    flips: list[FlipLine]
    page: int
    pages: int
    new_is_current: bool


@lru_cache(maxsize=8)
def _compared(new: str, old: str, _folder: str) -> Comparison:
    return versions().compare(new, old)


def compared(new: str, old: str) -> Comparison:
    """How two versions compare; a version never changes, so that this is worked out once."""
    return _compared(new, old, str(versions().folder))


def compare_view(
    new: Annotated[str, Query(max_length=100, description="The new version.")],
    old: Annotated[str, Query(max_length=100, description="The old one; the one in use without it.")] = "",
    outcome: Annotated[Outcome | None, Query(description="Only sentences that became right, became wrong, or stayed wrong.")] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> ComparePage:
    """Two versions: figures, the change of every category, McNemar's test, and the sentences whose tags differ."""
    before = old or current_name()
    with told():
        if not before or before == new:
            raise PageError(400, new, "it is the model in use itself", "choose another version to compare it with")
        return page_of(compared(new, before), outcome, page)


def page_of(found: Comparison, outcome: str | None, page: int) -> ComparePage:
    """A comparison with one page of its flipped sentences."""
    counts = Counter(flip.outcome for flip in found.flips)
    wanted = [flip for flip in found.flips if outcome in (None, flip.outcome)]
    pages = max(1, -(-len(wanted) // _PART))
    shown = min(page, pages)
    flips = [FlipLine(f.report, f.text, f.label, f.old, f.new, f.outcome) for f in wanted[(shown - 1) * _PART : shown * _PART]]
    return ComparePage(
        old=found.old,
        new=found.new,
        verdict=found.verdict,
        reports=found.reports,
        sentences=found.sentences,
        relabelled=found.relabelled,
        old_accuracy=round(found.old_right / found.sentences, 4),
        new_accuracy=round(found.new_right / found.sentences, 4),
        fixed=found.test.fixed,
        broken=found.test.broken,
        p=found.test.p,
        agreed_fixed=found.agreed.fixed,
        agreed_broken=found.agreed.broken,
        agreed_p=found.agreed.p,
        changes=[_change(one) for one in found.changes],
        outcome=outcome,
        outcomes={key: counts[key] for key in ("fixed", "broken", "wrong")},
        of_flips=len(found.flips),
        flips=flips,
        page=shown,
        pages=pages,
        new_is_current=found.new == current_name(),
    )


def _change(one: CategoryChange) -> ChangeLine:
    values = (None if value is None else round(value, 4) for value in (one.old, one.new, one.change, one.low, one.high))
    return ChangeLine(one.code, one.support, *values)


add_page(router, "/models/compare", "compared.html", compare_view, ComparePage)
