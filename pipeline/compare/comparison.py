"""Reports beside a baseline, all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pipeline import parallel
from pipeline.compare.boilerplate import repeats
from pipeline.compare.matcher import Matcher
from pipeline.compare.matching import NEAREST, mirror
from pipeline.compare.results import Comparison, Mirror, Profile
from pipeline.compare.shares import profile
from pipeline.compare.spread import spread
from pipeline.data import TaggedReport
from pipeline.errors import CorpusError, ModelMissing
from pipeline.tag import Tagger
from pipeline.tag.files import read_card

Progress = Callable[[int, int], None]


def compare(
    reports: Sequence[TaggedReport], baseline: TaggedReport, *, tagger: Tagger, matcher: Matcher | None = None, nearest: int = NEAREST, jobs: int = 1,
    progress: Progress | None = None,
) -> Comparison:  # fmt: skip
    """Set reports beside a baseline. ``tagger`` is the one that tagged them; ``matcher`` the learned one by default.

    Raises
    ------
    CorpusError
        Where two reports have the same name, or one has no tags.
    """
    _check([baseline, *reports])
    used = matcher or Matcher.learned(tagger)
    table, slugs = confusion(tagger), [category.slug for category in tagger.shipped.categories.categories]
    work = partial(_one, baseline=baseline, matcher=used, nearest=nearest, table=table, slugs=slugs)
    found: list[tuple[Mirror, Profile]] = []
    for result in parallel.stream(work, reports, jobs=jobs):
        found.append(result)
        if progress:
            progress(len(found), len(reports))
    mirrors = tuple(each for each, _ in found)
    profiles = (profile(baseline, table, slugs), *(each for _, each in found))
    plain = [tagged.report for tagged in reports]
    return Comparison(
        baseline, tuple(reports), profiles, mirrors, spread(baseline.report, plain, mirrors, matcher=used, jobs=jobs), repeats([baseline.report, *plain])
    )


def _one(
    report: TaggedReport, *, baseline: TaggedReport, matcher: Matcher, nearest: int, table: Sequence[Sequence[int]], slugs: Sequence[str]
) -> tuple[Mirror, Profile]:
    return mirror(baseline, report, matcher=matcher, nearest=nearest), profile(report, table, slugs)


def confusion(tagger: Tagger) -> list[list[int]]:
    """How many sentences of each true category got each tag in the cross-validation of whole reports that the model's card tells of."""
    try:
        table = read_card(tagger.path)["figures"]["full"]["confusion"]
        return [[int(count) for count in row] for row in table]
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelMissing(tagger.version, "the model's card tells of no confusion", "run `fazhi train`") from exc


def _check(reports: Sequence[TaggedReport]) -> None:
    names: set[str] = set()
    for tagged in reports:
        name = tagged.report.name
        if len(tagged.tags) != len(tagged.report.sentences):
            raise CorpusError(name, "the report has no tags", "add it again with a model")
        if name in names:
            raise CorpusError(name, "two reports have this name", "give each report once")
        names.add(name)
