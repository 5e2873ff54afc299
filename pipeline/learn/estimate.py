"""How right the tags of a corpus are, from sentences that were drawn at random and labelled.

Every draw was uniform over the sentences that had no label at that time. What had one by then is known and counted as it is; what had none is estimated from
the draw; draws of different times are weighed by their labels. Shares of labels are corrected by the difference estimator: the tags' share, known of every
sentence, plus what the draws say is missed, less what they say is taken in wrongly.

Sources: the intervals of :mod:`pipeline.learn.intervals`; the difference estimator of Cochran, Sampling Techniques, 1977, section 7.2; intervals of differences
after Zou and Donner, Statistics in Medicine 27, 2008.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import LabelError
from pipeline.learn.intervals import effective, exact, wilson
from pipeline.learn.resolve import resolved
from pipeline.learn.review import Labelled, frame, out_before
from pipeline.store import Database, Label, Labels, StoredSentence
from pipeline.store.labels import folded
from pipeline.store.reviews import Place, Review, Reviews

Method = Literal["wilson", "exact"]
#: A tag and the label of the same sentence.
Pair = tuple[int, int]
#: A rate's range, from its value and the number of draws.
_Range = Callable[[float, float], tuple[float, float]]
_FEW = 10


@dataclass(frozen=True, slots=True)
class Estimated:
    """A share with its interval, ``labels`` of the random slice behind it and the number of ``sentences`` that it speaks of."""

    value: float
    low: float
    high: float
    labels: int
    sentences: int


@dataclass(frozen=True, slots=True)
class CategoryEstimate:
    """Of one category: how many of its tags are right (``None`` where no drawn sentence has its tag), the share of its tags, and that of its labels."""

    code: int
    precision: Estimated | None
    tagged: float
    share: Estimated


@dataclass(frozen=True, slots=True)
class Estimate:
    """How right the tags are, overall and by category; ``notes`` say what these figures cannot."""

    models: tuple[str, ...]
    accuracy: Estimated
    categories: tuple[CategoryEstimate, ...]
    draws: int
    method: Method
    confidence: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """One random slice: what was ``drawn`` and labelled, the tags in the ``frame`` that it was drawn from, and what was ``known`` outside of it.

    ``missing`` sentences were drawn and have no label, ``stale`` ones have another text or tag now; ``covered`` sentences had their tags at that time already.
    """

    drawn: tuple[Pair, ...]
    frame: Counter[int]
    known: tuple[Pair, ...] = ()
    missing: int = 0
    stale: int = 0
    covered: int = 0


def estimate(database: Database, *, method: Method = "wilson", confidence: float = 0.95) -> Estimate:
    """How right the tags in a corpus are, from the labels of the sentences that reviews drew at random.

    A draw counts for the reports that have had the same tags since; labels outside of it are counted as they are and never stand for others, so that a model
    which learned them is not made better than it is.

    Raises
    ------
    LabelError
        Where no such label is there.
    """
    draws, corpus, conflicts = _draws(database)
    used = [draw for draw in draws if draw.drawn]
    if not used:
        raise _nothing(draws)
    return estimated(used, database.scheme.codes, _models(database), method, confidence, _notes(draws, used, corpus, conflicts))


def estimated(
    draws: Sequence[Draw], codes: Sequence[int], models: Sequence[str], method: Method = "wilson", confidence: float = 0.95, notes: Sequence[str] = ()
) -> Estimate:
    """The estimate that draws give; ``codes`` are those of the scheme."""
    interval = wilson if method == "wilson" else exact

    def ranged(rate: float, count: float) -> tuple[float, float]:
        return interval(rate, count, confidence)

    accuracy = _right(draws, None, ranged)
    if accuracy is None:
        raise ValueError("there is no draw")
    categories = tuple(CategoryEstimate(code, _right(draws, code, ranged), _tagged(draws, code), _share(draws, code, ranged)) for code in (*codes, 0))
    few = [c.code for c in categories if c.tagged and (c.precision is None or c.precision.labels < _FEW)]
    said = list(notes)
    if few:
        codes_said = ", ".join(map(str, few))
        said.append(f"fewer than {_FEW} drawn sentences have the tags {codes_said}: their precision is a guess; draw more with `fazhi review export --random`")
    said.append("what share of a category's sentences the tags find cannot be told from so few labels; compare the tagged with the corrected shares instead")
    return Estimate(tuple(models), accuracy, categories, len(draws), method, confidence, tuple(said))


def _right(draws: Sequence[Draw], code: int | None, ranged: _Range) -> Estimated | None:
    """The share of right tags, of all or of one category's; ``None`` where no drawn sentence has such a tag."""
    parts = []
    for draw in draws:
        drawn = [tag == label for tag, label in draw.drawn if code in (None, tag)]
        known = [tag == label for tag, label in draw.known if code in (None, tag)]
        if drawn:
            parts.append(_Part(sum(drawn), len(drawn), draw.frame.total() if code is None else draw.frame[code], sum(known), len(known)))
    if not parts:
        return None
    weight = _weights(parts)
    value = sum(w * (p.known_right + p.frame * p.right / p.drawn) / p.all for w, p in zip(weight, parts, strict=True))
    sampled, count = _sampled(weight, parts)
    rate = sum(w * p.frame / p.all * p.right / p.drawn for w, p in zip(weight, parts, strict=True)) / sampled
    low, high = ranged(rate, count)
    return Estimated(value, value - sampled * (rate - low), value + sampled * (high - rate), sum(p.drawn for p in parts), max(p.all for p in parts))


@dataclass(frozen=True, slots=True)
class _Part:
    right: int
    drawn: int
    frame: int
    known_right: int
    known: int

    @property
    def all(self) -> int:
        return self.frame + self.known


def _weights(parts: Sequence[_Part]) -> list[float]:
    drawn = sum(part.drawn for part in parts)
    return [part.drawn / drawn for part in parts]


def _sampled(weight: Sequence[float], parts: Sequence[_Part]) -> tuple[float, float]:
    """What share of the sentences is estimated and not known, and the effective number of draws behind it."""
    sampled = sum(w * p.frame / p.all for w, p in zip(weight, parts, strict=True))
    spread = sum((w * p.frame / p.all) ** 2 / effective(p.drawn, p.frame) for w, p in zip(weight, parts, strict=True))
    return sampled, sampled**2 / spread if spread else math.inf


def _tagged(draws: Sequence[Draw], code: int) -> float:
    """The share of a category's tags, weighed as the estimates are."""
    weight = _weights(parts := [_part(draw) for draw in draws])
    counts = [draw.frame[code] + sum(tag == code for tag, _ in draw.known) for draw in draws]
    return sum(w * count / p.all for w, count, p in zip(weight, counts, parts, strict=True))


def _part(draw: Draw) -> _Part:
    return _Part(sum(tag == label for tag, label in draw.drawn), len(draw.drawn), draw.frame.total(), 0, len(draw.known))


def _share(draws: Sequence[Draw], code: int, ranged: _Range) -> Estimated:
    """The share of a category's labels: that of its tags, corrected."""
    weight = _weights(parts := [_part(draw) for draw in draws])
    sampled, count = _sampled(weight, parts)
    value = missed = taken = 0.0
    for w, p, draw in zip(weight, parts, draws, strict=True):
        gain = sum(label == code != tag for tag, label in draw.drawn) / p.drawn
        loss = sum(tag == code != label for tag, label in draw.drawn) / p.drawn
        known = sum(label == code for _, label in draw.known)
        value += w * (known + draw.frame[code] + p.frame * (gain - loss)) / p.all
        missed, taken = missed + w * p.frame / p.all * gain / sampled, taken + w * p.frame / p.all * loss / sampled
    (g_low, g_high), (l_low, l_high) = ranged(missed, count), ranged(taken, count)
    down, up = math.hypot(missed - g_low, l_high - taken), math.hypot(g_high - missed, taken - l_low)
    drawn = sum(p.drawn for p in parts)
    return Estimated(_within(value), _within(value - sampled * down), _within(value + sampled * up), drawn, max(p.all for p in parts))


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))


# What the corpus holds


def _draws(database: Database) -> tuple[list[Draw], int, int]:
    """The draws of all reviews, the number of tagged sentences in the corpus, and of sentences on which people differ."""
    reviews, labels = Reviews(database), Labels(database)
    history = labels.history()
    resolution = resolved([label for label, undone in history if undone is None])
    stored = [s for s in database.sentences() if s.code is not None]
    codes = _Codes([(one.label, one.code) for one in resolution.settled])
    revisions = {report.name: report.revision for report in database.reports()}
    found = []
    for review in (every := reviews.all()):
        before = Labelled(label for label, undone in history if label.batch <= review.batch and (undone is None or undone > review.at))
        valid = [s for s in stored if revisions[s.report] <= review.revision]
        out = set() if review.again else out_before(every, reviews, review)
        found.append(_draw(review, reviews, valid, frame(valid, before, out), codes))
    return found, len(stored), len(resolution.conflicts)


class _Codes:
    """The settled code of a sentence of the corpus, wherever its label says that it stands."""

    def __init__(self, settled: Sequence[tuple[Label, int]]) -> None:
        self.found: dict[tuple[str | None, int | None, str], int] = {(one.report, one.number, folded(one.text)): code for one, code in settled}

    def of(self, sentence: StoredSentence) -> int | None:
        """The code, ``None`` where it has none."""
        text = folded(sentence.text)
        keys = ((sentence.report, sentence.number, text), (sentence.report, None, text), (None, None, text))
        return next((self.found[key] for key in keys if key in self.found), None)


def _draw(review: Review, reviews: Reviews, valid: Sequence[StoredSentence], there: Sequence[StoredSentence], codes: _Codes) -> Draw:
    random = {s.place: s for s in reviews.sentences(review.id) if s.slice == "random"}
    inside = {(s.report, s.number) for s in there}
    drawn = _pairs([s for s in there if (one := random.get((s.report, s.number))) and (one.text, one.code, one.model) == (s.text, s.code, s.model)], codes)
    still = _still(random, inside)
    known = _pairs([s for s in valid if (s.report, s.number) not in inside], codes)
    return Draw(tuple(drawn), Counter(s.code or 0 for s in there), tuple(known), still - len(drawn), len(random) - still, len(valid))


def _still(random: Collection[Place], inside: Collection[Place]) -> int:
    return sum(place in inside for place in random)


def _pairs(sentences: Sequence[StoredSentence], codes: _Codes) -> list[Pair]:
    return [(s.code or 0, code) for s in sentences if (code := codes.of(s)) is not None]


def _models(database: Database) -> list[str]:
    return sorted({report.model for report in database.reports() if report.model})


def _nothing(draws: Sequence[Draw]) -> LabelError:
    if any(draw.missing for draw in draws):
        return LabelError("review", "no sentence of the random slice has a label yet", "fill in the sheet's label column and run `fazhi labels import` on it")
    if any(draw.stale for draw in draws):
        wrong = "the reports were tagged anew or replaced since every random slice was drawn, and it says nothing of the tags of now"
        return LabelError("review", wrong, "draw another with `fazhi review export OUT.xlsx`, label and import it")
    return LabelError(
        "review", "no sentence was drawn at random", "run `fazhi review export OUT.xlsx`, fill in its label column and run `fazhi labels import` on it"
    )


def _notes(draws: Sequence[Draw], used: Sequence[Draw], corpus: int, conflicts: int) -> list[str]:
    found = []
    if missing := sum(draw.missing for draw in draws):
        found.append(f"{missing} drawn sentences have no settled label: the figures hold only if they are no harder than the others")
    if stale := sum(draw.stale for draw in draws):
        found.append(f"{stale} drawn sentences are left out, as their reports were tagged anew or replaced since")
    if (uncovered := corpus - max(draw.covered for draw in used)) > 0:
        found.append(f"{uncovered} of the corpus's {corpus} sentences got their tags after the draw; nothing is said of them")
    if conflicts:
        found.append(f"people differ on {conflicts} sentences, which have no settled label; settle them with `fazhi labels agreement --disagreements`")
    return found
