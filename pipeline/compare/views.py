"""What two sentences are compared by: concepts, n-grams and categories, of the sentences and of their clauses."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import resources
from pipeline.compare.concepts import KINDS, Thesaurus
from pipeline.tag import Tagger, grams, softmax

Array = NDArray[np.float64]

#: How reports say that something is wanting.
_LACKING = re.compile(
    "不足|有待|亟待|亟需|亟须|仍需|仍须|需进一步|尚需|还需|不够|尚未|尚显|尚不|欠缺|缺乏|缺少|短缺|紧缺|匮乏|短板|薄弱|弱项|滞后|瓶颈|堵点"
    "|不平衡|不均|失衡|参差不齐|冷热不|上热|不高|不强|不深|不实|不大|不多|不齐|不畅|不到位|不规范|不健全|不完善|不全面|不充分|不明显|不突出|不理想|不扎实|不鲜明|不科学|不合理"
    "|偏低|偏少|偏弱|较低|较少|较弱|较大差距|差距较大|存在差距|一定差距|找借口|存在.{0,8}(?:问题|环节|现象|情况)|提不起|寥寥|推诿|差得远|差一截|扎堆|都没有|没有(?:完全|充分|形成|落)|还没|还不|仍不|仍有|仍以"
)
_CLAUSE = re.compile(r"[,，;；。!！?？:：]")
_SHORTEST = 4
_SIZES = (2, 3)
_TEMPERATURE = 4.0
#: How rare concepts are, by their kind and name.
RARITY = "concept-rarity.json"


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Some sentences in numbers.

    ``concepts`` (sentences, concepts) and ``clause_concepts`` (clauses, concepts) hold the rarity of every concept there, 0 for others; ``subjects`` sums
    those of things by subject; ``grams`` and ``clause_grams`` are sparse rows of length 1; ``chances`` (sentences, classes) are the tagger's softened
    probabilities for each sentence by itself; ``lacking`` is 1 for sentences that say that something is wanting; ``starts`` is each sentence's first clause.
    """

    concepts: Array
    clause_concepts: Array
    subjects: Array
    grams: Any
    clause_grams: Any
    chances: Array
    lacking: Array
    starts: NDArray[np.int64]


def clauses(text: str) -> list[str]:
    """The clauses of a sentence; what is very short goes with what is beside it.

    >>> clauses("组织执法资格考试6期,通过率98.59%。")
    ['组织执法资格考试6期', '通过率98.59%']
    """
    found: list[str] = []
    for part in _CLAUSE.split(text):
        if not part.strip():
            continue
        if found and min(len(part), len(found[-1])) < _SHORTEST:
            found[-1] += part
        else:
            found.append(part)
    return found or [text]


def lacking(text: str) -> bool:
    """Whether a sentence says that something is wanting.

    >>> lacking("部门间依法行政水平仍不平衡"), lacking("出庭应诉率逐年上升")
    (True, False)
    """
    return _LACKING.search(text) is not None


class Reader:
    """Turns sentences into views, with a tagger and the thesaurus. A reader pickles as a reference to them."""

    def __init__(self, tagger: Tagger, thesaurus: Thesaurus, rarity: Array) -> None:
        self.tagger, self.thesaurus, self.rarity = tagger, thesaurus, rarity
        self.kinds = {kind: np.array([concept.kind == kind for concept in thesaurus.concepts]) for kind in KINDS}

    @classmethod
    def default(cls, tagger: Tagger) -> Reader:
        """The reader with the thesaurus that ships with the project; the same one for the same tagger."""
        return _reader(tagger)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reader, (self.tagger,)

    def views(self, texts: Sequence[str]) -> Views:
        """The views of some sentences; those of the last texts are kept."""
        return _views(self, tuple(texts))

    def plain(self, texts: Sequence[str]) -> tuple[Array, Any]:
        """The concepts and the n-grams alone of some sentences, as in their views."""
        parts = [clauses(text) for text in texts]
        starts = np.concatenate(([0], np.cumsum([len(part) for part in parts])[:-1])).astype(np.int64)
        by_clause = self._concepts([clause for part in parts for clause in part])
        return np.maximum.reduceat(by_clause, starts, axis=0), self._grams(texts)

    def _concepts(self, parts: Sequence[str]) -> Array:
        found = np.zeros((len(parts), len(self.rarity)))
        for row, part in enumerate(parts):
            there = list(self.thesaurus.find(part))
            found[row, there] = self.rarity[there]
        return found

    def _subjects(self, concepts: Array) -> Array:
        table = np.zeros((len(self.rarity), len(self.thesaurus.subjects)))
        for concept in self.thesaurus.concepts:
            table[concept.number, concept.subject] = concept.kind == "thing"
        return concepts @ table

    def _grams(self, texts: Sequence[str]) -> Any:
        """Every run of two and three characters weighted by (1 + ln tf) times its rarity among the tagger's labelled sentences, scaled to length 1."""
        from scipy import sparse

        bits, rarity = _gram_rarity(self.tagger)
        codes, starts = grams.characters(texts)
        owner = np.repeat(np.arange(len(texts)), np.diff(starts))
        by_size = list(grams.hashes(codes, starts, max(_SIZES), bits))
        pairs = np.concatenate([(owner[s > 0] << bits) + s[s > 0] for s in (by_size[size - 1] for size in _SIZES)])
        pairs, counts = np.unique(pairs, return_counts=True)
        rows, slots = pairs >> bits, pairs & ((1 << bits) - 1)
        values = (1 + np.log(counts)) * rarity[slots]
        norms = np.sqrt(np.bincount(rows, values**2, minlength=len(texts)))
        return sparse.csr_matrix((values / np.maximum(norms[rows], 1e-9), (rows, slots)), shape=(len(texts), 1 << bits))


@lru_cache(maxsize=4)
def _reader(tagger: Tagger) -> Reader:
    thesaurus = Thesaurus.default()
    return Reader(tagger, thesaurus, rarity(thesaurus))


def rarity(thesaurus: Thesaurus) -> Array:
    """How rare every concept is, as ``corpus/concept-rarity.json`` has it: ln of how many times fewer sentences of the training corpus have it than there are.

    A concept that the file lacks is as rare as the median.
    """
    known = json.loads((resources.corpus_dir() / RARITY).read_text(encoding="utf-8"))
    usual = float(np.median(list(known.values())))
    return np.array([known.get(f"{concept.kind} {concept.name}", usual) for concept in thesaurus.concepts])


@lru_cache(maxsize=8)
def _views(reader: Reader, texts: tuple[str, ...]) -> Views:
    parts = [clauses(text) for text in texts]
    starts = np.concatenate(([0], np.cumsum([len(part) for part in parts])[:-1])).astype(np.int64)
    flat = [clause for part in parts for clause in part]
    by_clause = reader._concepts(flat)
    concepts = np.maximum.reduceat(by_clause, starts, axis=0)
    return Views(
        concepts,
        by_clause,
        reader._subjects(concepts),
        reader._grams(texts),
        reader._grams(flat),
        softened(reader.tagger.shipped.model.sentence_.predict_log_proba(texts)),
        np.array([float(lacking(text)) for text in texts]),
        starts,
    )


def softened(logs: Array) -> Array:
    """Probabilities at a temperature that keeps second choices in sight: a tagger is surer of sentences that it learned from than of others."""
    return np.exp(softmax.log_softmax(logs / _TEMPERATURE))


@lru_cache(maxsize=4)
def _gram_rarity(tagger: Tagger) -> tuple[int, Array]:
    """The number of bits of an n-gram's hash, and the rarity of every hash; what the tagger does not know is as rare as the rarest."""
    evidence = tagger.shipped.model.sentence_
    rarity = np.full(1 << evidence.bits, float(np.max(evidence.rarity_)))
    rarity[evidence.slots_] = evidence.rarity_
    return evidence.bits, rarity
