"""What is known of a pair of sentences, as numbers; one matrix a feature, (sentences of one, sentences of the other).

For concepts of a kind: the shared rarity as a share of all (``whole``), of the first's (``first``) and of the other's (``other``), the cosine, and the rarest
that is shared. ``clause`` features are those of the best pair of clauses.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.compare.views import Array, Reader, Views

_STEEP = 8
_LARGE = 8.0


def features(reader: Reader, one: Views, other: Views) -> dict[str, Array]:
    """All features of all pairs, by name."""
    found = {"category": np.sqrt(one.chances) @ np.sqrt(other.chances).T, "measure": one.chances[:, 1:] @ other.chances[:, 1:].T}
    found["subject"] = _cosine(one.subjects, other.subjects)
    found["concepts"] = _cosine(one.concepts, other.concepts)
    found["grams"] = np.asarray((one.grams @ other.grams.T).toarray())
    for kind in ("thing", "act"):
        found |= _of_kind(kind, one.concepts[:, reader.kinds[kind]], other.concepts[:, reader.kinds[kind]])
    for kind in ("actor", "means"):
        found[f"{kind} cosine"] = _cosine(one.concepts[:, reader.kinds[kind]], other.concepts[:, reader.kinds[kind]])
    found["thing and act"] = found["thing cosine"] * found["act cosine"]
    return found | _of_clauses(reader, one, other)


def _of_kind(kind: str, one: Array, other: Array) -> dict[str, Array]:
    shared = np.sqrt(one) @ np.sqrt(other).T
    mine, theirs = one.sum(axis=1)[:, None], other.sum(axis=1)[None]
    return {
        f"{kind} whole": _ratio(shared, mine + theirs - shared),
        f"{kind} first": _ratio(shared, mine),
        f"{kind} other": _ratio(shared, theirs),
        f"{kind} cosine": _cosine(one, other),
        # A high power mean stands for the maximum, which would need a third axis.
        f"{kind} rarest": ((np.sqrt(one / _LARGE) ** _STEEP) @ (np.sqrt(other / _LARGE) ** _STEEP).T) ** (1 / _STEEP),
        f"{kind} differs": ((shared == 0) & (mine > 0) & (theirs > 0)).astype(np.float64),
    }


def _of_clauses(reader: Reader, one: Views, other: Views) -> dict[str, Array]:
    things, acts = reader.kinds["thing"], reader.kinds["act"]
    by_thing = _cosine(one.clause_concepts[:, things], other.clause_concepts[:, things])
    by_act = _cosine(one.clause_concepts[:, acts], other.clause_concepts[:, acts])
    best = _best_clause(one.starts, other.starts)
    return {
        "clause thing": best(by_thing),
        "clause thing and act": best(np.sqrt(by_thing * by_act)),
        "clause concepts": best(_cosine(one.clause_concepts, other.clause_concepts)),
        "clause grams": best(np.asarray((one.clause_grams @ other.clause_grams.T).toarray())),
    }


def _best_clause(one: NDArray[np.int64], other: NDArray[np.int64]) -> Callable[[Array], Array]:
    return lambda scores: np.asarray(np.maximum.reduceat(np.maximum.reduceat(scores, one, axis=0), other, axis=1))


def _cosine(one: Array, other: Array) -> Array:
    lengths = np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1))
    return _ratio(one @ other.T, lengths)


def _ratio(part: Array, whole: Array) -> Array:
    return np.asarray(np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=np.broadcast_to(whole, part.shape) > 0))
