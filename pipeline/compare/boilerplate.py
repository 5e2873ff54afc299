"""Boilerplate: sentences that stand word for word, or nearly so, in an earlier report.

Two sentences are nearly the same where they share at least ``LEAST`` of their runs of four characters (Jaccard), all figures counting as one. Candidates are found by
prefix filtering (Chaudhuri, Ganti and Kaushik, ICDE 2006): two such sets must share one of the rarest few elements of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compare.concepts import bare
from pipeline.compare.results import Place, Repeat
from pipeline.data import Report
from pipeline.tag import grams

LEAST = 0.7
_SHORTEST = 10
_SIZE, _BITS = 4, 22

Ints = NDArray[np.int64]


def repeats(reports: Sequence[Report]) -> tuple[Repeat, ...]:
    """The sentences of some reports that an earlier one has, each with its nearest source, in the order of the reports.

    Earlier is of a smaller year, or, where the years are the same or one is unknown, earlier in the order given. Last year's report of the same district
    goes before other sources of the same likeness.
    """
    places = [
        Place(report.name, report.metadata.district, report.metadata.year, number, sentence.text)
        for report in reports
        for number, sentence in enumerate(report.sentences, 1)
        if len(sentence.text) >= _SHORTEST
    ]
    order = {report.name: at for at, report in enumerate(reports)}
    best: dict[int, tuple[tuple[float, bool], int]] = {}
    for one, other, overlap in _alike([place.text for place in places]):
        later, source = (one, other) if _before(places[other], places[one], order) else (other, one)
        if places[one].report == places[other].report:
            continue
        rank = (round(overlap, 2), _last_year(places[later], places[source]))
        if later not in best or rank > best[later][0]:
            best[later] = (rank, source)
    return tuple(_repeat(places[later], places[source], rank[0]) for later, (rank, source) in sorted(best.items()))


def _repeat(place: Place, source: Place, overlap: float) -> Repeat:
    return Repeat(place, source, overlap, bare(place.text) == bare(source.text), _last_year(place, source))


def _before(one: Place, other: Place, order: dict[str, int]) -> bool:
    if one.year is not None and other.year is not None and one.year != other.year:
        return one.year < other.year
    return order[one.report] < order[other.report]


def _last_year(place: Place, source: Place) -> bool:
    same = place.district is not None and place.district == source.district
    return same and place.year is not None and source.year == place.year - 1


def _alike(texts: Sequence[str]) -> list[tuple[int, int, float]]:
    """Pairs of texts, the first before the second, that share enough of their runs, and how much they share."""
    if not texts:
        return []
    runs = _runs(texts)
    first, second = _candidates(runs)
    shared = np.asarray(runs[first].multiply(runs[second]).sum(axis=1)).ravel()
    sizes = np.diff(runs.indptr)
    overlap = shared / np.maximum(sizes[first] + sizes[second] - shared, 1)
    kept = overlap >= LEAST
    return list(zip(first[kept].tolist(), second[kept].tolist(), overlap[kept].tolist(), strict=True))


def _runs(texts: Sequence[str]) -> Any:
    """Which runs of four characters each text has, as a sparse table of ones."""
    from scipy import sparse

    codes, starts = grams.characters(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(starts))
    slots = list(grams.hashes(codes, starts, _SIZE, _BITS))[-1].astype(np.int64)
    pairs = np.unique((owner[slots > 0] << _BITS) + slots[slots > 0])
    rows, columns = pairs >> _BITS, pairs & ((1 << _BITS) - 1)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), 1 << _BITS))


def _candidates(runs: Any) -> tuple[Ints, Ints]:
    """Pairs of texts that share one of their rarest runs."""
    from scipy import sparse

    rows = np.repeat(np.arange(runs.shape[0]), np.diff(runs.indptr))
    order = np.lexsort((runs.indices, np.bincount(runs.indices, minlength=runs.shape[1])[runs.indices], rows))
    sizes = np.diff(runs.indptr)
    rank = np.arange(len(rows)) - runs.indptr[rows]
    kept = rank < (sizes - np.ceil(LEAST * sizes) + 1)[rows]
    prefix = sparse.csr_matrix((np.ones(int(kept.sum())), (rows[kept], runs.indices[order][kept])), shape=runs.shape)
    pairs = sparse.triu(prefix @ prefix.T, k=1).tocoo()
    return pairs.row.astype(np.int64), pairs.col.astype(np.int64)
