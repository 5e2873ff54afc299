"""The versions of the model: which there are, how good they are and how two compare; promoting one and rolling back, each asked about before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from pipeline.categories import NONE_CODE, scheme
from pipeline.errors import ModelError, ModelMissing, ModelUnsafe
from pipeline.web.errors import RESPONSES, PageError
from pipeline.web.pages import add_page
from pipeline.web.render import render, url
from pipeline.web.site import Here
from pipeline.web.training import WorkPage, recent

if TYPE_CHECKING:
    from pipeline.learn.comparison import CategoryChange, Comparison
    from pipeline.learn.versions import Versions

router = APIRouter(tags=["models"])
_PART = 50
Outcome = Literal["fixed", "broken", "wrong"]


def versions() -> Versions:
    """The models of this user, above those that ship with Fazhi."""
    from pipeline.learn.versions import Versions

    return Versions()


@contextmanager
def told() -> Iterator[None]:
    """What the library refuses about models, as an answer to whoever asked."""
    try:
        yield
    except ModelMissing as exc:
        raise PageError(404, exc.thing, exc.wrong, "choose one on the page of the models") from exc
    except ModelUnsafe:
        raise
    except ModelError as exc:
        raise PageError(400, exc.thing, exc.wrong, exc.remedy) from exc


def current_name() -> str:
    """The version in use; empty where there is none."""
    try:
        return versions().current(scheme())
    except ModelError:
        return ""


# The list


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list; figures are ``None`` where its card cannot be read."""

    name: str
    current: bool
    shipped: bool
    scheme: str | None
    fits: bool
    reports: int | None
    sentences: int | None
    macro_f1: float | None
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the version in use."""

    at: str
    what: str
    version: str | None
    instead_of: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ModelsPage:
    """The versions, what changed, and what is to be done: ``labels`` to learn from, ``stale`` reports that another model than the one in use has tagged."""

    current: str
    versions: list[VersionLine]
    history: list[Change]
    can_roll_back: bool
    labels: int
    reports: int
    stale: int
    works: list[WorkPage]
    may_change: bool


def view(request: Request, site: Here) -> ModelsPage:
    """The versions of the model, and what changed."""
    from pipeline.tag import files

    with site.corpus() as corpus:
        reports = list(site.reports(corpus).values())
        labels = site.once(corpus, "labels that stand", lambda it: len(it.labels.current()), state=corpus.labels.state())
    current, held, used = current_name(), versions(), scheme()
    lines = [
        VersionLine(v.name, v.current, v.shipped, v.scheme, v.scheme == used.name, v.reports, v.sentences, v.macro_f1, v.verdict) for v in reversed(held.list())
    ]
    history = [Change(e.at, e.what, e.version, e.instead_of, e.reason) for e in reversed(held.history()) if e.scheme == files.current_file(used)]
    return ModelsPage(
        current=current,
        versions=sorted(lines, key=lambda one: not one.current),
        history=history[:20],
        can_roll_back=(held.folder / files.current_file(used)).is_file() and not held.ships,
        labels=labels,
        reports=len(reports),
        stale=sum(report.model != current for report in reports) if current else 0,
        works=recent(request),
        may_change=not site.settings.read_only,
    )


# One version


@dataclass(frozen=True, slots=True)
class Setting:
    """How right the tags are in a setting: the sentence alone, without sub-headings, or in the whole report."""

    setting: str
    sentences: int
    accuracy: float
    macro_f1: float
    low: float
    high: float
    top_two: float


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """How right the tags of a category are in the whole report; ``None`` where nothing can be said."""

    code: int
    sentences: int
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Promoted:
    """A promotion that the card remembers; ``forced`` is the reason why it was promoted although it was refused."""

    at: str
    instead_of: str | None
    forced: str | None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with the figures of its card and the paragraph that a paper needs."""

    name: str
    current: bool
    data: str
    reports: int
    sentences: int
    settings: list[Setting]
    categories: list[CategoryFigures]
    promotions: list[Promoted]
    weaknesses: list[str]
    methods: dict[str, str]
    made_with: dict[str, str]


def version_view(name: Annotated[str, Query(max_length=100, description="The version's name.")]) -> VersionPage:
    """A version's figures, what it was made from, and a methods paragraph in Chinese and English."""
    with told():
        card = versions().card(name)
        try:
            return _version(name, card)
        except (LookupError, TypeError, ValueError, AttributeError) as exc:
            raise ModelMissing(name, "its card cannot be read", "train it again") from exc


def _version(name: str, card: Mapping[str, Any]) -> VersionPage:
    from pipeline.learn.methods import paragraph

    figures = card["figures"]
    settings = [_setting(key, figures[key]) for key in ("full", "no-headings", "alone")]
    ordered = sorted(figures["full"]["categories"], key=lambda one: (one["code"] == NONE_CODE, one["code"]))
    categories = [CategoryFigures(c["code"], c["support"], c["precision"], c["recall"], c["f1"], c["f1_low"], c["f1_high"]) for c in ordered]
    promotions = [Promoted(str(p["at"]), p.get("instead_of"), p.get("forced")) for p in card.get("promotions", [])]
    made = {"fazhi": card["made_with"]["code"], "dictionary": card["made_with"]["dictionary"], **card["made_with"]["libraries"]}
    return VersionPage(
        name=name,
        current=name == current_name(),
        data=str(card["data"]["statement"]),
        reports=int(card["data"]["reports"]),
        sentences=int(card["data"]["sentences"]),
        settings=settings,
        categories=categories,
        promotions=promotions,
        weaknesses=[str(one) for one in card["known_weaknesses"]],
        methods={language: paragraph(card, language) for language in ("zh", "en")},
        made_with={key: str(value) for key, value in made.items()},
    )


def _setting(key: str, figures: Mapping[str, Any]) -> Setting:
    low, high = figures["macro_f1_interval"]
    return Setting(key, int(figures["sentences"]), figures["accuracy"], figures["macro_f1"], low, high, figures["top_two"])


# Two versions


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
        return _page(compared(new, before), outcome, page)


def _page(found: Comparison, outcome: str | None, page: int) -> ComparePage:
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


# What changes


Version_ = Annotated[str, Query(max_length=100, description="A version's name.")]


@router.get("/models/promote", include_in_schema=False, response_class=HTMLResponse)
def ask_promote(request: Request, site: Here, version: Version_) -> Response:
    """Ask whether a version is to be used, with what is known of it."""
    site.writable()
    current = current_name()
    with told():
        versions().card(version)
    page, reason = None, None
    if current and version != current:
        try:
            page = _page(compared(version, current), None, 1)
        except ModelError as exc:
            reason = exc
    refused = reason is not None or (page is not None and page.verdict == "worse")
    return render(request, "promote.html", page, version=version, current=current, reason=reason, refused=refused)


@router.post("/models/promote", responses={303: {"description": "The page of the models"}, **RESPONSES}, summary="Use a version from now on", status_code=303)
def promote(
    site: Here,
    version: Annotated[str, Form(max_length=100)],
    reason: Annotated[str, Form(max_length=500, description="Why it is taken although it is worse or cannot be compared; the card keeps it.")] = "",
) -> Response:
    """Make a version the one in use. One that is worse than the present one beyond chance is refused unless a reason is given."""
    site.writable()
    with told():
        if current_name() != version:
            versions().promote(version, force=reason.strip() or None)
    return RedirectResponse(url("/models", promoted=version), 303)


@router.get("/models/rollback", include_in_schema=False, response_class=HTMLResponse)
def ask_rollback(request: Request, site: Here) -> Response:
    """Ask whether the version before is to be used again."""
    site.writable()
    page = view(request, site)
    if not page.can_roll_back:
        raise PageError(400, page.current or "models", "nothing was promoted, so that there is nothing to go back to", "see the page of the models")
    return render(request, "rollback.html", page)


@router.post(
    "/models/rollback", responses={303: {"description": "The page of the models"}, **RESPONSES}, summary="Use the version before again", status_code=303
)
def rollback(site: Here, version: Annotated[str, Form(max_length=100, description="The version in use, which is left.")]) -> Response:
    """Go back to the version that was in use before the last promotion. Where another version is in use by now, nothing happens."""
    site.writable()
    with told():
        held = versions()
        if not version or current_name() != version:
            raise PageError(400, version or "version", "it is not the version in use", "load the page of the models again")
        held.rollback(scheme())
    return RedirectResponse(url("/models", rolled_back=version), 303)


add_page(router, "/models/version", "version.html", version_view, VersionPage)
add_page(router, "/models/compare", "compared.html", compare_view, ComparePage)
add_page(router, "/models", "models.html", view, ModelsPage)
