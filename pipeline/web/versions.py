"""The versions of the model: which there are, what changed, and how good each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request

from pipeline.categories import NONE_CODE, scheme
from pipeline.errors import ModelMissing
from pipeline.web.held import current_name, told, versions
from pipeline.web.pages import add_page
from pipeline.web.site import Here
from pipeline.web.training import WorkPage, recent

if TYPE_CHECKING:
    pass

router = APIRouter(tags=["models"])


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


add_page(router, "/models/version", "version.html", version_view, VersionPage)
add_page(router, "/models", "models.html", view, ModelsPage)
