"""Known wordings: for measures of the baseline, sentences of other places that state the same, and sentences that look like it and state another.

They stand in ``corpus/measure-pairs.jsonl``. A sentence that nobody has seen is compared with the wordings of a measure as well as with the measure itself, which
is how a translation memory finds what is said in other words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import resources
from pipeline.compare.concepts import bare
from pipeline.compare.features import cosine, shared
from pipeline.compare.views import Array, Reader

PAIRS = "measure-pairs.jsonl"
#: Sentences of training reports that were judged because they are near a measure; they are fitted to, and are no wordings.
REPORT_PAIRS = "measure-pairs-reports.jsonl"
_BEST = 2

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pair:
    """A measure of the baseline, by its index, and a text; ``relation`` is same, related (another measure on the same subject) or unrelated."""

    baseline: int
    text: str
    relation: str
    hard: bool


@lru_cache
def read_pairs(name: str = PAIRS) -> tuple[Pair, ...]:
    """The judged pairs that ship with the project."""
    lines = (resources.corpus_dir() / name).read_text(encoding="utf-8").splitlines()
    return tuple(Pair(row["baseline"], row["text"], row["relation"], row["hard"]) for row in map(json.loads, lines))


@lru_cache
def baseline_texts() -> tuple[str, ...]:
    """The sentences of the baseline; pairs point into them."""
    lines = (resources.corpus_dir() / "baseline-labels.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines)


class Wordings:
    """The wordings of some measures, ready to be compared with sentences; ``measures`` are the indices in the baseline of the measures that have any."""

    def __init__(self, reader: Reader, pairs: Sequence[Pair]) -> None:
        self._reader, self._texts = reader, tuple(pair.text for pair in pairs)
        self._of = np.array([pair.baseline for pair in pairs])
        self._same = np.array([pair.relation == "same" for pair in pairs])
        self._about = np.array([pair.relation != "unrelated" for pair in pairs])
        self.measures = sorted({pair.baseline for pair in pairs if pair.relation == "same"})
        texts = baseline_texts()
        self._index = {bare(texts[measure]): place for place, measure in enumerate(self.measures)}

    def places(self, texts: Iterable[str]) -> list[int]:
        """Where each text is among the measures; -1 for a text that is none of them."""
        return [self._index.get(bare(text), -1) for text in texts]

    def features(self, texts: Sequence[str], without: Mask | None = None) -> dict[str, Array]:
        """What is known of every measure with every text by the measure's wordings, ``(measures, texts)`` each.

        ``without`` (wordings, texts) names wordings that are not to be used for a text.
        """
        parts = self._likeness(texts)
        if without is not None:
            parts = {name: np.where(without, 0.0, part) for name, part in parts.items()}
        best = {name: self._best(part, self._same) for name, part in parts.items()}
        other = {name: self._best(part, ~self._same) for name, part in parts.items()}
        both = best["both"]
        return {
            "wording grams": best["grams"],
            "wording concepts": best["concepts"],
            "wording clause grams": best["clause grams"],
            "wording clause concepts": best["clause concepts"],
            "other wording clause concepts": other["clause concepts"],
            "wording both": both,
            "wording second": self._best(parts["both"], self._same, _BEST),
            "wording about": self._best(parts["both"], self._about),
            "other wording grams": other["grams"],
            "other wording concepts": other["concepts"],
            "wording gain": both - other["both"],
            "wording lead": both - _best_elsewhere(both),
        }

    @cached_property
    def _plain(self) -> tuple[Array, Any]:
        return self._reader.plain(self._texts)

    def _likeness(self, texts: Sequence[str]) -> dict[str, Array]:
        (concepts, grams), views = self._plain, self._reader.views(texts)
        by_grams = shared(grams, views.grams)
        by_concepts = cosine(concepts, views.concepts)
        by_clause = {
            "clause grams": shared(grams, views.clause_grams),
            "clause concepts": cosine(concepts, views.clause_concepts),
        }
        clauses = {name: np.maximum.reduceat(scores, views.starts, axis=1) for name, scores in by_clause.items()}
        return {"grams": by_grams, "concepts": by_concepts, "both": (np.sqrt(by_grams) + by_concepts) / 2} | clauses

    def _best(self, scores: Array, chosen: Mask, count: int = 1) -> Array:
        """For every measure and text, the mean of the best few scores of the measure's chosen wordings; 0 where it has none."""
        found = np.zeros((len(self.measures), scores.shape[1]))
        for place, measure in enumerate(self.measures):
            rows = scores[chosen & (self._of == measure)]
            if len(rows):
                found[place] = rows.max(axis=0) if count == 1 else np.sort(rows, axis=0)[-count:].mean(axis=0)
        return found


def _best_elsewhere(scores: Array) -> Array:
    """For every row and column, the best score of the column's other rows."""
    if len(scores) < _BEST:
        return np.zeros_like(scores)
    second, first = np.partition(scores, -_BEST, axis=0)[-_BEST:]
    return np.asarray(np.where(scores >= first, second, first))
