"""Where a phrase stands in a segment: the places of its rarest pair of characters, of which those stay that have the others around them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipeline.search import fold
from pipeline.search.exact import layout
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.segment import Segment

FORWARD, BACKWARD = 1, -1


@dataclass(frozen=True, slots=True)
class Needle:
    """A phrase in code units: the marks before its characters, the characters, the marks behind, and all of it as typed."""

    lead: tuple[int, ...]
    core: tuple[int, ...]
    trail: tuple[int, ...]
    typed: tuple[int, ...]


@lru_cache(maxsize=1024)
def needle(phrase: str) -> Needle:
    """Prepare a phrase; one of marks only has the first for its character.

    >>> [len(part) for part in (needle("·双随机、一公开").lead, needle("·双随机、一公开").core, needle("、·").trail)]
    [1, 6, 1]
    """
    lead, core, trail = (tuple(layout.units(part).tolist()) for part in fold.edges(phrase))
    if not core:
        lead, core, trail = (), lead[:1], lead[1:]
    return Needle(lead, core, trail, tuple(layout.units(phrase).tolist()))


def find(segment: Segment, wanted: Needle, *, exact: bool) -> Array:
    """The places where a phrase begins, in order."""
    if not wanted.core:
        return np.zeros(0, dtype=np.int64)
    at, begins, sure = _candidates(segment, wanted)
    if at + sure < len(wanted.core) or wanted.trail:
        begins = begins[_goes_on(segment, begins, wanted.core[at:], wanted.trail)]
    for unit in reversed(wanted.core[:at]):
        begins, found = _step(segment, begins, BACKWARD)
        begins = _kept(begins, found == unit)
    begins = begins - len(wanted.lead)
    begins = _as_it_stands(segment, begins, wanted.lead)
    if exact:
        for place, unit in enumerate(wanted.typed):
            begins = _kept(begins, segment.text.take(begins + place) == unit)
    return begins


def ends(segment: Segment, wanted: Needle, begins: Array, *, exact: bool) -> Array:
    """The places behind the occurrences that begin at ``begins``."""
    if exact:
        return begins + len(wanted.typed)
    places = begins + len(wanted.lead)
    for _ in wanted.core[1:]:
        places, _found = _step(segment, places, FORWARD)
    return places + 1 + len(wanted.trail)


def _candidates(segment: Segment, wanted: Needle) -> tuple[int, Array, int]:
    """Places of the phrase's rarest pair: the number of the character that stands there, the places, and how many characters are sure from there on."""
    lead, core, trail = wanted.lead, wanted.core, wanted.trail
    found = [(segment.pair(*pair), at, 2) for at, pair in enumerate(itertools.pairwise(core))]
    if trail and core[0] not in map(ord, fold.MARKS):
        found.append((segment.pair(core[-1], layout.mark_unit(trail[0])), len(core) - 1, 1))
    if lead:
        found.append((segment.pair(lead[-1], core[0]), -1, 0))
    if not found:
        return 0, segment.every(core[0]).astype(np.int64), 1
    places, at, sure = min(found, key=lambda one: len(one[0]))
    places = places.astype(np.int64)
    if at < 0:
        return 0, _as_it_stands(segment, places + 1, core[:1]), 1
    return at, places, sure


def _goes_on(segment: Segment, places: Array, core: tuple[int, ...], trail: tuple[int, ...]) -> Array:
    """Which places, where the first character stands, are followed by the others and by the marks."""
    which = np.arange(len(places))
    for unit in core[1:]:
        places, found = _step(segment, places, FORWARD)
        same = found == unit
        if not same.all():
            places, which = places[same], which[same]
    for at, unit in enumerate(trail, 1):
        same = _unit(segment, places + at) == unit
        places, which = places[same], which[same]
    return which


def _as_it_stands(segment: Segment, begins: Array, units: tuple[int, ...]) -> Array:
    for at, unit in enumerate(units):
        begins = _kept(begins, _unit(segment, begins + at) == unit)
    return begins


def _unit(segment: Segment, places: Array) -> Array:
    return layout.folds().take(segment.text.take(places))


def _kept(places: Array, which: Array) -> Array:
    return places if which.all() else places[which]


def _step(segment: Segment, places: Array, way: int) -> tuple[Array, Array]:
    """The next places with a character, and what stands there: marks that may be left out are passed over."""
    places = places + way
    found = layout.characters().take(segment.text.take(places, mode="clip"))
    open_ = np.flatnonzero(found == layout.MARK)
    while len(open_):
        at = places[open_]
        stay = layout.digits()[segment.text[at - 1]] & layout.digits()[segment.text[at + 1]]
        found[open_[stay]] = layout.folds()[segment.text[at[stay]]]
        open_ = open_[~stay]
        places[open_] += way
        found[open_] = layout.characters()[segment.text[places[open_]]]
        open_ = open_[found[open_] == layout.MARK]
    return places, found
