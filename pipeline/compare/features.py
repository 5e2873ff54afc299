"""What is known of a pair of sentences, as numbers; one matrix a feature, (sentences of one, sentences of the other).

For concepts of a kind: the shared rarity as a share of all (``whole``), of the first's (``first``) and of the other's (``other``), the cosine, and the rarest
that is shared, that only the first has (``missed``), and that only the other has (``extra``). ``clause`` features are those of the best pair of clauses, ``cover``
features say how much of the first's clauses (``first``) or of the other's have a like clause there. ``lack`` features tell whether one sentence or both say that something is wanting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.compare.views import Array, Reader, Views

_STEEP = 8
_LARGE = 8.0
#: What a clause without concepts counts.
_PLAIN = 0.5


def features(reader: Reader, one: Views, other: Views) -> dict[str, Array]:
    """All features of all pairs, by name."""
    found = {"category": np.sqrt(one.chances) @ np.sqrt(other.chances).T, "measure": one.chances[:, 1:] @ other.chances[:, 1:].T}
    found["subject"] = cosine(one.subjects, other.subjects)
    found["concepts"] = cosine(one.concepts, other.concepts)
    found["grams"] = shared(one.grams, other.grams)
    for kind in ("thing", "act"):
        found |= _of_kind(kind, one.concepts[:, reader.kinds[kind]], other.concepts[:, reader.kinds[kind]])
    for kind in ("actor", "means"):
        found[f"{kind} cosine"] = cosine(one.concepts[:, reader.kinds[kind]], other.concepts[:, reader.kinds[kind]])
    found["thing and act"] = found["thing cosine"] * found["act cosine"]
    found["lack differs"] = np.abs(one.lacking[:, None] - other.lacking[None])
    found["lack both"] = np.outer(one.lacking, other.lacking)
    return found | _of_clauses(reader, one, other)


def _of_kind(kind: str, one: Array, other: Array) -> dict[str, Array]:
    shared = np.sqrt(one) @ np.sqrt(other).T
    mine, theirs = one.sum(axis=1)[:, None], other.sum(axis=1)[None]
    return {
        f"{kind} whole": _ratio(shared, mine + theirs - shared),
        f"{kind} first": _ratio(shared, mine),
        f"{kind} other": _ratio(shared, theirs),
        f"{kind} cosine": cosine(one, other),
        f"{kind} rarest": _largest(np.sqrt(one / _LARGE), np.sqrt(other / _LARGE) ** _STEEP),
        f"{kind} missed": _largest(one / _LARGE, (other == 0).astype(np.float64)),
        f"{kind} extra": _largest(other / _LARGE, (one == 0).astype(np.float64)).T,
        f"{kind} differs": ((shared == 0) & (mine > 0) & (theirs > 0)).astype(np.float64),
    }


def _largest(one: Array, weights: Array) -> Array:
    """About the largest value of each row where the other row has a weight; a high power mean stands for the maximum, which would need a third axis."""
    return np.asarray(((one**_STEEP) @ weights.T) ** (1 / _STEEP))


def _of_clauses(reader: Reader, one: Views, other: Views) -> dict[str, Array]:
    things, acts = reader.kinds["thing"], reader.kinds["act"]
    by_thing = cosine(one.clause_concepts[:, things], other.clause_concepts[:, things])
    by_act = cosine(one.clause_concepts[:, acts], other.clause_concepts[:, acts])
    by_all = cosine(one.clause_concepts, other.clause_concepts)
    by_grams = shared(one.clause_grams, other.clause_grams)
    best = _best_clause(one.starts, other.starts)
    covers = {
        f"cover {name}{side}": cover
        for name, scores in (("", by_all), ("grams ", by_grams))
        for side, cover in (("first", _cover(scores, one, other)), ("other", _cover(scores.T, other, one).T))
    }
    return covers | {
        "clause thing": best(by_thing),
        "clause thing and act": best(np.sqrt(by_thing * by_act)),
        "clause concepts": best(by_all),
        "clause grams": best(by_grams),
    }


def _cover(scores: Array, one: Views, other: Views) -> Array:
    """The mean, over the clauses of one, of the best score with a clause of the other; clauses count by the rarity of their concepts."""
    weight = one.clause_concepts.sum(axis=1) + _PLAIN
    found = np.maximum.reduceat(scores, other.starts, axis=1) * weight[:, None]
    return np.asarray(np.add.reduceat(found, one.starts, axis=0) / np.add.reduceat(weight, one.starts)[:, None])


def _best_clause(one: NDArray[np.int64], other: NDArray[np.int64]) -> Callable[[Array], Array]:
    return lambda scores: np.asarray(np.maximum.reduceat(np.maximum.reduceat(scores, one, axis=0), other, axis=1))


def shared(one: Any, other: Any) -> Array:
    """The products of all rows of two sparse tables. Their columns are so many that only those in use are multiplied."""
    from scipy import sparse

    used, places = np.unique(np.concatenate((one.indices, other.indices)), return_inverse=True)
    first, second = (
        sparse.csr_matrix((part.data, at, part.indptr), shape=(part.shape[0], len(used))) for part, at in ((one, places[: one.nnz]), (other, places[one.nnz :]))
    )
    return np.asarray((first @ second.T).toarray())


def cosine(one: Array, other: Array) -> Array:
    """The cosine of every row of one with every row of the other; 0 where a row is empty."""
    lengths = np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1))
    return _ratio(one @ other.T, lengths)


def _ratio(part: Array, whole: Array) -> Array:
    return np.asarray(np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=np.broadcast_to(whole, part.shape) > 0))
