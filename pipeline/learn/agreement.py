"""How far people agree with each other, and the model with people: coefficients that take chance into account, with intervals.

All coefficients are computed from counts: of every sentence, how many gave it each code. A coefficient of one category is that of the category against the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.store import ADJUDICATED, Label
from pipeline.store.labels import latest, sentence_keys

Counts = NDArray[np.float64]
Measure = Literal["agreement", "cohen", "fleiss", "krippendorff"]
MODEL = "the model"
ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient: which, of whom, over how many ``sentences``, for one ``code`` or overall (``None``), with its 95% interval.

    ``value`` is ``None`` where it is not defined: where all labels are one and the same code, so that agreement by chance is complete.
    """

    measure: Measure
    between: tuple[str, ...]
    code: int | None
    sentences: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rating:
    """The codes that a sentence has: by annotator, the model's among them under :data:`MODEL`; ``labels`` are the people's."""

    codes: Mapping[str, int]
    labels: tuple[Label, ...]

    @property
    def differs(self) -> bool:
        """Whether people differ on the sentence."""
        return len({label.code for label in self.labels if label.annotator != ADJUDICATED}) > 1


def ratings(labels: Sequence[Label], tags: Callable[[Label], int | None] | None = None) -> list[Rating]:
    """Sentence by sentence what each annotator said last, and, with ``tags``, what the model says of it."""
    last = latest(labels)
    groups: dict[str, list[Label]] = {}
    for key, label in zip(sentence_keys(last), last, strict=True):
        groups.setdefault(key, []).append(label)
    found = []
    for group in groups.values():
        codes = {label.annotator: label.code for label in group}
        code = tags(max(group, key=lambda label: label.number is not None)) if tags else None
        found.append(Rating(codes if code is None else codes | {MODEL: code}, tuple(group)))
    return found


def agreement(rated: Sequence[Rating], codes: Sequence[int], *, rounds: int = ROUNDS, seed: int = 0) -> list[Coefficient]:
    """All coefficients between annotators, and between the model and each of them, overall and by code. ``codes`` are those of the scheme, 0 with them.

    Fleiss' kappa takes the sentences that all annotators labelled; Krippendorff's alpha all that two did. Who adjudicates is compared with the model alone.
    """
    everyone = sorted({name for rating in rated for name in rating.codes})
    people = [name for name in everyone if name not in {ADJUDICATED, MODEL}]
    teams: list[tuple[Measure, tuple[str, ...]]] = [("cohen", pair) for pair in combinations(people, 2)]
    if len(people) > 1:
        teams += [("fleiss", tuple(people)), ("krippendorff", tuple(people))]
    if MODEL in everyone:
        teams += [("cohen", (MODEL, name)) for name in [*people, ADJUDICATED] if name in everyone]
    found: list[Coefficient] = []
    for measure, team in teams:
        table = _table(rated, team, codes, complete=measure != "krippendorff")
        measures: tuple[Measure, ...] = ("agreement", measure) if measure == "cohen" else (measure,)
        found += [one for name in measures for one in _coefficients(name, team, table, codes, rounds, seed)]
    return found


def _table(rated: Sequence[Rating], team: Sequence[str], codes: Sequence[int], *, complete: bool) -> NDArray[np.int64]:
    """The places in ``codes`` of what each of a team said, -1 for nothing: ``(sentences, team)``; sentences that all, or two at least, labelled."""
    place = {code: at for at, code in enumerate(codes)}
    rows = [[place.get(rating.codes.get(name, -1), -1) for name in team] for rating in rated]
    table = np.array(rows, np.int64).reshape(-1, len(team))
    return np.asarray(table[(table >= 0).sum(axis=1) >= (len(team) if complete else 2)])


def _coefficients(measure: Measure, team: tuple[str, ...], table: NDArray[np.int64], codes: Sequence[int], rounds: int, seed: int) -> list[Coefficient]:
    wanted: list[tuple[int | None, NDArray[np.int64], int]] = [(None, table, len(codes))]
    if measure != "agreement":
        wanted += [(code, np.where(table < 0, -1, table == at), 2) for at, code in enumerate(codes) if (table == at).any()]
    return [Coefficient(measure, team, code, len(one), *_with_interval(measure, one, classes, rounds, seed)) for code, one, classes in wanted]


def _with_interval(measure: Measure, table: NDArray[np.int64], classes: int, rounds: int, seed: int) -> tuple[float | None, float | None, float | None]:
    """A coefficient and its percentile interval, by drawing sentences with replacement (Efron and Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13).

    Sentences with the same labels are drawn together, by their number, which gives the same distribution and is quick.
    """
    if not len(table):
        return None, None, None
    kinds, times = np.unique(table, axis=0, return_counts=True)
    functions: dict[Measure, Callable[[Any, Counts, int], Counts]] = {"agreement": observed, "cohen": cohen, "fleiss": fleiss, "krippendorff": krippendorff}
    function = functions[measure]
    shown: NDArray[np.int64] | Counts = kinds if measure in {"cohen", "agreement"} else counted(kinds, classes)
    value = float(function(shown, times[None, :].astype(np.float64), classes)[0])
    if np.isnan(value):
        return None, None, None
    total = int(times.sum())
    draws = np.random.default_rng(seed).multinomial(total, times / total, size=rounds).astype(np.float64)
    drawn = function(shown, draws, classes)
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return value, float(low), float(high)


def counted(table: NDArray[np.int64], classes: int) -> Counts:
    """How often each sentence got each code, from a table ``(sentences, annotators)`` with -1 for nothing: ``(sentences, classes)``.

    >>> counted(np.array([[0, 1, 1], [0, -1, 0]]), 2).tolist()
    [[1.0, 2.0], [2.0, 0.0]]
    """
    return np.stack([(table == code).sum(axis=1) for code in range(classes)], axis=1).astype(np.float64)


# The coefficients. Each takes kinds of sentences and weights (rounds, kinds): how often each kind occurs in each round. Not a number where undefined.


def observed(pairs: NDArray[np.int64], weights: Counts, classes: int) -> Counts:  # noqa: ARG001
    """The share of sentences on which two agree; ``pairs`` ``(kinds, 2)``."""
    same = (pairs[:, 0] == pairs[:, 1]).astype(np.float64)
    return np.asarray(weights @ same / weights.sum(axis=1))


def cohen(pairs: NDArray[np.int64], weights: Counts, classes: int) -> Counts:
    """Cohen's kappa of two annotators; ``pairs`` ``(kinds, 2)`` are their codes.

    ``kappa = (po - pe) / (1 - pe)``, ``pe = sum over codes of p(first) p(second)``. Cohen: A coefficient of agreement for nominal scales, Educational and
    Psychological Measurement 20, 1960, equation 1.

    >>> table = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]) / 200
    >>> pairs = np.array([[i, j] for i in range(3) for j in range(3)])
    >>> round(float(cohen(pairs, table.reshape(1, -1), 3)[0]), 3)
    0.492
    """
    total = weights.sum(axis=1, keepdims=True)
    first, second = (weights @ np.eye(classes)[pairs[:, side]] / total for side in (0, 1))
    return _beyond(observed(pairs, weights, classes), (first * second).sum(axis=1))


def fleiss(counts: Counts, weights: Counts, classes: int) -> Counts:  # noqa: ARG001
    """Fleiss' kappa; ``counts`` ``(kinds, classes)`` say how many gave each code, the same number of people everywhere.

    ``P_i = (sum n_ij^2 - n) / (n (n - 1))``, ``kappa = (mean P_i - sum p_j^2) / (1 - sum p_j^2)``. Fleiss: Measuring nominal scale agreement among many
    raters, Psychological Bulletin 76, 1971, equations 2 to 7; of one code against the rest it is his equation 16.
    """
    people, total = counts[0].sum(), weights.sum(axis=1)
    each = ((counts**2).sum(axis=1) - people) / (people * (people - 1))
    shares = weights @ counts / (total * people)[:, None]
    return _beyond(weights @ each / total, (shares**2).sum(axis=1))


def krippendorff(counts: Counts, weights: Counts, classes: int) -> Counts:  # noqa: ARG001
    """Krippendorff's alpha for nominal data; sentences may have different numbers of labels, two at least.

    ``alpha = 1 - (n - 1) sum of o_ck / sum of n_c n_k`` over unlike codes, with ``o_ck = sum over sentences of n_uc n_uk / (m_u - 1)``. Krippendorff: Computing
    Krippendorff's alpha-reliability, 2011, section C.
    """
    people = counts.sum(axis=1)
    unlike = (people**2 - (counts**2).sum(axis=1)) / (people - 1)
    codes, total = weights @ counts, weights @ people
    expected = total**2 - (codes**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - (total - 1) * (weights @ unlike) / expected)


def _beyond(found: Counts, chance: Counts) -> Counts:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.isclose(chance, 1), np.nan, (found - chance) / (1 - chance))
