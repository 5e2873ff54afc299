"""Nearest sentences: those that share most runs of characters with another one, rare runs weighing more.

A sentence is a vector of weights (1 + ln tf) · ln(1 + N / (1 + f)), one for every run of two and of three characters, hashed, with all figures as one; f is how
often the run stands in N sentences. The likeness of two sentences is the cosine of their vectors, from 0 to 1. In a large corpus N is a sample, and
the cosine is computed for the sentences that are most alike by their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.source import Ints, Source
from pipeline.errors import CorpusError
from pipeline.resources import baseline_path, sha256_of
from pipeline.search.fold import flat
from pipeline.search.spans import Span
from pipeline.store import StoredSentence
from pipeline.tag import grams

SAMPLE = 20_000
CANDIDATES = 2_000
_BITS, _SIZES = 18, (2, 3)
_RUN = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Similar:
    """A sentence that is like another one: the cosine of their vectors, and what both have, as offsets in its text."""

    sentence: StoredSentence
    similarity: float
    shared: tuple[Span, ...]


def to_sentence(source: Source, wanted: str, *, limit: int = 10) -> list[Similar]:
    """The sentences that are most like a sentence, given as text or as ``REPORT#NUMBER`` (from 1): those of the baseline report first, then those of all others.

    ``limit`` holds for each of the two. The sentences of the report that the wanted one stands in are left out.

    Raises
    ------
    CorpusError
        Where there is no such report or sentence.
    """
    text, without = wanted, None
    if place := re.fullmatch(r"\s*(\S.*?)#(\d+)\s*", wanted):
        without = source.report_id(place[1])
        text = _numbered(source, place[1], int(place[2])).text
    digest = sha256_of(baseline_path())
    first = next((report.id for report in source.columns.reports if report.sha256 == digest), None)
    return nearest(source, text, limit=limit, first=first, without=without)


def _numbered(source: Source, name: str, number: int) -> StoredSentence:
    sentences = source.of_report(source.report_id(name))
    if not 1 <= number <= len(sentences):
        raise CorpusError(f"{name}#{number}", f"the report has sentences 1 to {len(sentences)}", "give one of these numbers")
    return sentences[number - 1]


def nearest(source: Source, text: str, *, limit: int = 10, first: int | None = None, without: int | None = None) -> list[Similar]:
    """The sentences that are most like a text, the likest first, but those of the report ``first`` (its id) before all others.

    ``limit`` holds for the report ``first``, and for all others together. The sentences of the report ``without`` (its id) are left out.
    """
    columns = source.columns
    if not len(columns.ids):
        return []
    weights = _weights(source)
    ids = columns.ids if len(columns.ids) <= SAMPLE else source.engine.nearest(text, CANDIDATES).ids
    ids = np.setdiff1d(ids, _of_report(source, without), assume_unique=True)
    own = np.setdiff1d(_of_report(source, first), _of_report(source, without), assume_unique=True)
    others = np.setdiff1d(ids, own, assume_unique=True)
    return [*_best(source, text, own, weights, limit), *_best(source, text, others, weights, limit)]


def _of_report(source: Source, key: int | None) -> Ints:
    places = [place for place, report in enumerate(source.columns.reports) if report.id == key]
    return source.columns.ids[np.isin(source.columns.report, places)]


def _weights(source: Source) -> Floats:
    """The weight of every run of characters, from all sentences or evenly spaced ones."""
    ids = source.columns.ids
    sample = ids[:: -(-len(ids) // SAMPLE)]
    texts = [sentence.text for sentence in source.sentences(sample)]
    slots, _ = _slots(texts)
    frequency = np.bincount(slots, minlength=len(_SIZES) << _BITS)
    weights: Floats = np.log1p(len(texts) / (1.0 + frequency))
    return weights


def _slots(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The runs of characters of some texts, as numbers, and the text that each is in."""
    codes, starts = grams.characters(texts)
    of_text = np.repeat(np.arange(len(texts)), np.diff(starts))
    by_size = list(grams.hashes(codes, starts, max(_SIZES), _BITS))
    found = [by_size[size - 1].astype(np.int64) + (place << _BITS) for place, size in enumerate(_SIZES)]
    there = [by_size[size - 1] > 0 for size in _SIZES]
    return np.concatenate([f[t] for f, t in zip(found, there, strict=True)]), np.concatenate([of_text[t] for t in there])


def cosines(text: str, others: Sequence[str], weights: Floats) -> Floats:
    """How like a text some others are, each from 0 to 1."""
    slots, of_text = _slots([text, *others])
    pairs, counts = np.unique(of_text * len(weights) + slots, return_counts=True)
    of_text, slots = np.divmod(pairs, len(weights))
    values = (1 + np.log(counts)) * weights[slots]
    own = np.zeros(len(weights))
    own[slots[of_text == 0]] = values[of_text == 0]
    dots = np.bincount(of_text, values * own[slots], minlength=len(others) + 1)
    norms = np.sqrt(np.bincount(of_text, values**2, minlength=len(others) + 1))
    likeness: Floats = np.divide(dots, norms * norms[0], out=np.zeros(len(others) + 1), where=norms * norms[0] > 0)[1:]
    return likeness


def _best(source: Source, text: str, ids: Ints, weights: Floats, limit: int) -> list[Similar]:
    sentences = list(source.sentences(ids))
    likeness = cosines(text, [sentence.text for sentence in sentences], weights)
    best = [at for at in np.argsort(-likeness, kind="stable")[:limit] if likeness[at] > 0]
    return [Similar(sentences[at], min(1.0, float(likeness[at])), tuple(shared(text, sentences[at].text))) for at in best]


def shared(text: str, other: str) -> list[Span]:
    """The runs of three characters and more of the other text that stand in the first one too.

    >>> shared("深化行政复议体制改革。", "推进行政复议工作。")
    [(2, 6)]
    """
    one, two = flat(text), flat(other)
    runs = {one[at : at + _RUN] for at in range(len(one) - _RUN + 1)}
    spans: list[Span] = []
    for at in range(len(two) - _RUN + 1):
        if two[at : at + _RUN] in runs:
            begins = spans.pop()[0] if spans and spans[-1][1] > at else at
            spans.append((begins, at + _RUN))
    return spans
