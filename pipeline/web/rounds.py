"""Rounds of review: sentences that were picked to be labelled, in an order that nobody can read anything from, and what each annotator said of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.corpus import Corpus
from pipeline.data import TaggedReport
from pipeline.store import Database, Label
from pipeline.store.labels import folded
from pipeline.store.reviews import Review, Reviewed, Reviews
from pipeline.web.errors import PageError
from pipeline.web.site import Site

if TYPE_CHECKING:
    from pipeline.learn.review import Picked

#: What stands in the place of a file's name for rounds that are labelled on the pages.
ROUND = "web"
CONTEXT = 2
_TRIES = 3
#: What an annotator said of a round: labels by the places of its sentences.
Said = Mapping[int, Label]


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence of a round: ``n`` is its place in the round and ``sentence`` its number in the report, both from 1; the codes are the model's tags."""

    n: int
    report: str
    sentence: int
    title: str | None
    district: str | None
    year: int | None
    role: str
    headings: list[str]
    before: str
    text: str
    after: str
    code: int | None
    probability: float | None
    second_code: int | None
    second_probability: float | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round as the corpus is now; ``gone`` sentences are no longer where they were."""

    id: int
    at: str
    items: tuple[Item, ...]
    slices: Mapping[int, str]
    gone: int


@contextmanager
def opened(site: Site) -> Iterator[Database]:
    """The corpus's database, for what knows nothing of a corpus."""
    with closing(Database(site.settings.corpus / "corpus.sqlite")) as database:
        yield database


def rounds(site: Site) -> list[Review]:
    """The rounds that were begun, the oldest first."""
    with opened(site) as database:
        return [one for one in Reviews(database).all() if one.file == ROUND]


def begin(site: Site, *, count: int, random: int, after: int) -> int:
    """Begin a round, of which ``random`` sentences are drawn at random; returns its id.

    ``after`` is the last round that whoever asks knew of: if another was begun meanwhile, that is the one. Sentences are picked while others may write. Where something changed meanwhile they are picked again, at last with everybody waiting.

    Raises
    ------
    LabelError
        Where there is nothing to be labelled.
    """
    from pipeline.learn.review import pick

    with opened(site) as database:
        reviews = Reviews(database)
        for _ in range(_TRIES):
            seen = _state(database)
            if (newer := _newer(reviews, after)) is not None:
                return newer
            picked, _ = pick(database, count=count, random=random)
            with reviews.writing():
                if _state(database) == seen:
                    return _add(database, picked)
        with reviews.writing():
            newer = _newer(reviews, after)
            return _add(database, pick(database, count=count, random=random)[0]) if newer is None else newer


def _state(database: Database) -> tuple[int, int, int]:
    from pipeline.store import Labels

    return len(Reviews(database).all()), Labels(database).state(), database.state()


def _newer(reviews: Reviews, after: int) -> int | None:
    return next((one.id for one in reversed(reviews.all()) if one.file == ROUND and one.id > after), None)


def _add(database: Database, picked: Sequence[Picked]) -> int:
    return Reviews(database).add((_reviewed(one, database) for one in picked), file=ROUND, seed=0, again=False)


def _reviewed(one: Picked, database: Database) -> Reviewed:
    s = one.sentence
    second = database.scheme.code(s.second) or 0 if s.second else 0
    return Reviewed(s.report, s.number, s.text, one.slice, s.code or 0, s.probability or 0.0, second, s.second_probability or 0.0, s.model or "")


def load(site: Site, corpus: Corpus, review: Review) -> Round:
    """A round with its sentences as they stand in the corpus."""
    return site.once(corpus, f"round {review.id}", lambda it: _loaded(site, it, review))


def _loaded(site: Site, corpus: Corpus, review: Review) -> Round:
    with opened(site) as database:
        handed = sorted(Reviews(database).sentences(review.id), key=lambda one: _rank(review.id, one))
    there, reports = site.reports(corpus), {}
    for one in handed:
        if one.report in there and one.report not in reports:
            reports[one.report] = corpus.report(one.report)
    found = [(one, item) for n, one in enumerate(handed, 1) if (item := _item(n, one, reports.get(one.report))) is not None]
    return Round(review.id, review.at, tuple(item for _, item in found), {item.n: one.slice for one, item in found}, len(handed) - len(found))


def _rank(review: int, one: Reviewed) -> str:
    return hashlib.sha256(f"{review} {one.report} {one.number}".encode("utf-8", "surrogatepass")).hexdigest()


def _item(n: int, one: Reviewed, tagged: TaggedReport | None) -> Item | None:
    """A sentence in its place; none where another stands there now."""
    sentences = tagged.report.sentences if tagged else ()
    if tagged is None or one.number >= len(sentences) or folded(sentences[one.number].text) != folded(one.text):
        return None
    report, known, here = tagged.report, tagged.report.metadata, sentences[one.number]
    tag = tagged.tags[one.number] if tagged.tags else None
    return Item(
        n=n,
        report=report.name,
        sentence=one.number + 1,
        title=known.title,
        district=known.district,
        year=known.year,
        role=report.role(here),
        headings=report.headings(here),
        before="".join(s.text for s in sentences[max(0, one.number - CONTEXT) : one.number]),
        text=here.text,
        after="".join(s.text for s in sentences[one.number + 1 : one.number + 1 + CONTEXT]),
        code=tag.code if tag else None,
        probability=round(tag.probability, 4) if tag else None,
        second_code=tag.second_code if tag else None,
        second_probability=round(tag.second_probability, 4) if tag else None,
    )


def said(labels: Sequence[Label], round_: Round) -> dict[str, dict[int, Label]]:
    """What each annotator said last of the sentences of a round."""
    places = {(item.report, item.sentence - 1): item for item in round_.items}
    found: dict[str, dict[int, Label]] = defaultdict(dict)
    for label in labels:
        item = places.get((label.report, label.number)) if label.report is not None and label.number is not None else None
        if item is not None and folded(label.text) == folded(item.text):
            found[label.annotator][item.n] = label
    return dict(found)


def next_item(round_: Round, mine: Said, skipped: Sequence[int]) -> Item | None:
    """The sentence to be labelled next: those that were skipped come last, in the order in which they were."""
    left = {item.n: item for item in round_.items if item.n not in mine}
    waiting = [n for n in left if n not in skipped]
    return left[waiting[0]] if waiting else next((left[n] for n in skipped if n in left), None)


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far people agree on a round: sentences with two labels or more, those of them on which all agree, and Krippendorff's alpha, if it is defined."""

    sentences: int
    same: int
    alpha: float | None


def agreed(everyone: Mapping[str, Said], codes: Sequence[int]) -> Agreed | None:
    """The agreement on a round; ``None`` where no sentence has two labels. ``codes`` are those of the scheme, 0 with them."""
    from pipeline.store import ADJUDICATED

    people = [labels for name, labels in everyone.items() if name != ADJUDICATED]
    rows = [[labels[n].code for labels in people if n in labels] for n in sorted({n for labels in people for n in labels})]
    several = [row for row in rows if len(row) > 1]
    if not several:
        return None
    return Agreed(len(several), sum(len(set(row)) == 1 for row in several), _alpha(several, codes))


def _alpha(rows: Sequence[Sequence[int]], codes: Sequence[int]) -> float | None:
    import numpy as np

    from pipeline.learn.agreement import krippendorff

    counts = np.array([[row.count(code) for code in codes] for row in rows], dtype=np.float64)
    found = float(krippendorff(counts, np.ones((1, len(rows))), len(codes))[0])
    return None if np.isnan(found) else round(found, 4)


def found_round(site: Site, wanted: int | None) -> tuple[list[Review], Review | None]:
    """All rounds, and the one that is asked for, by default the newest.

    Raises
    ------
    PageError
        Where there is no such round.
    """
    every = rounds(site)
    if wanted is None:
        return every, every[-1] if every else None
    found = next((one for one in every if one.id == wanted), None)
    if found is None:
        raise PageError(404, f"round {wanted}", "there is no such round of review", "choose one on the review page")
    return every, found
