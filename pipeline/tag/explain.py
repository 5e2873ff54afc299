"""Why a sentence has its tag: its words, its headings and neighbours, and the labelled sentences that are most like it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.data import Report, Tag
from pipeline.tag import context, grams
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.outline import Outline
from pipeline.tokenize import Segmenter

if TYPE_CHECKING:
    from pipeline.tag.shipped import Shipped
    from pipeline.tag.tagger import Tagger

Array = NDArray[np.float64]
#: How many labelled sentences are shown.
NEAREST = 5


@dataclass(frozen=True, slots=True)
class WordWeight:
    """A word of the sentence, ``text[start:end]``, and its weight: above 0 it speaks for the sentence's category, below 0 against it."""

    word: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled sentence; ``similarity`` is the cosine of the n-gram vectors, 0 to 1."""

    text: str
    label: int
    similarity: float
    report: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a sentence has its tag.

    Weights are in units of log odds: how much a part raises the tag's category above the mean of all others. ``words``, ``headings``, ``neighbours`` and
    ``place`` are what these parts weigh together; ``shares`` are their absolute weights as shares of 1, in that order.
    """

    text: str
    tag: Tag
    word_weights: tuple[WordWeight, ...]
    words: float
    headings: float
    neighbours: float
    place: float
    nearest: tuple[Labelled, ...]

    @property
    def shares(self) -> tuple[float, float, float, float]:
        """The shares of words, headings, neighbours and place in the decision; they add up to 1."""
        parts = [abs(part) for part in (self.words, self.headings, self.neighbours, self.place)]
        total = sum(parts) or 1.0
        return parts[0] / total, parts[1] / total, parts[2] / total, parts[3] / total


def explain(tagger: Tagger, report: Report | None, which: int | str) -> Explanation:
    """Explain the tag of the sentence with this index in a report, or, without a report, of a sentence by itself.

    >>> from pipeline.tag import Tagger
    >>> found = explain(Tagger.load(), None, "全年受理行政复议案件72件。")
    >>> found.tag.category, max(found.word_weights, key=lambda w: w.weight).word, found.headings
    ('disputes', '行政复议', 0.0)
    """
    if report is None:
        if not isinstance(which, str) or not which.strip():
            raise ValueError("without a report, give the sentence itself")
        return _alone(tagger, which)
    if not isinstance(which, int):
        raise TypeError("with a report, give the index of the sentence")
    if not 0 <= which < len(report.sentences):
        raise IndexError(f"{report.name} has {len(report.sentences)} sentences, counted from 0; there is no {which}")
    return _in_report(tagger, report, which)


def _alone(tagger: Tagger, text: str) -> Explanation:
    (tag,) = tagger.tag_sentences([text])
    evidence = tagger.shipped.model.sentence_
    words = _word_weights(evidence, text, tag.code, 1.0)
    rest = _above(evidence.bias_ @ evidence.scale_ + evidence.shift_, tag.code)
    return Explanation(text, tag, words, sum(word.weight for word in words), 0.0, 0.0, rest, nearest(tagger.shipped, text))


def _in_report(tagger: Tagger, report: Report, index: int) -> Explanation:
    model, text = tagger.shipped.model, report.sentences[index].text
    tag = tagger.tag(report)[index]
    seen = model.views(Outline.of(report))[index : index + 1]
    trust, cool = model.context_.trust_, model.temperature_["full"]
    parts = {
        name: _above((seen.evidence[..., columns] @ trust[columns])[0] / cool, tag.code)
        for name, columns in (("words", context.WORDS), ("headings", context.HEADINGS), ("neighbours", context.NEIGHBOURS))
    }
    place = _above(model.context_.of_place(seen)[0] / cool, tag.code)
    words = _word_weights(model.sentence_, text, tag.code, float(trust[0] / cool))
    return Explanation(text, tag, words, **parts, place=place, nearest=nearest(tagger.shipped, text))


def _above(scores: Array, code: int) -> float:
    """How far the score of a code lies above the mean of the others."""
    return float(scores[code] - np.delete(scores, code).mean())


def _word_weights(evidence: SentenceEvidence, text: str, code: int, factor: float) -> tuple[WordWeight, ...]:
    """The weights of the sentence's n-grams, each shared out among its characters, added up for every word."""
    at = _character_weights(evidence, text, code) * factor
    sums = np.concatenate(([0.0], np.cumsum(at)))
    found, start = [], 0
    for word in Segmenter.default().words(text):
        end = start + len(word)
        if word.strip():
            found.append(WordWeight(word, start, end, float(sums[end] - sums[start])))
        start = end
    return tuple(found)


def _character_weights(evidence: SentenceEvidence, text: str, code: int) -> Array:
    lexicon = evidence.lexicon()
    codes, starts = grams.characters([text])
    shares, squares = np.zeros((len(codes), evidence.classes)), 0.0
    for length, slots in enumerate(grams.hashes(codes, starts, lexicon.longest, lexicon.bits), 1):
        rows = lexicon.rows[slots]
        squares += float(lexicon.squares[rows].sum())
        for offset in range(length):
            shares[offset:] += lexicon.weights[rows][: len(codes) - offset] / length
    scores = shares / max(np.sqrt(squares), 1e-6) @ evidence.scale_
    above = scores[:, code] - np.delete(scores, code, axis=1).mean(axis=1)
    _, keep, _ = grams.folded([text])
    out = np.zeros(len(text))
    out[keep] = above[1:-1]
    if out.size:
        # The marks that bound the text have no character of their own.
        kept = np.flatnonzero(keep) if keep.any() else np.array([0])
        out[kept[0]] += above[0]
        out[kept[-1]] += above[-1]
    return out


def nearest(shipped: Shipped, text: str, *, count: int = NEAREST) -> tuple[Labelled, ...]:
    """The labelled sentences most like a text, nearest first."""
    evidence = shipped.model.sentence_
    owner, slots, lengths = _index(shipped)
    (_, wanted, own_length) = _distinct([text], evidence)
    squares = np.zeros(1 << evidence.bits)
    lexicon = evidence.lexicon()
    squares[wanted] = lexicon.squares[lexicon.rows[wanted]]
    products = np.bincount(owner, weights=squares[slots], minlength=len(lengths))
    similarity = products / np.maximum(lengths * own_length[0], 1e-6)
    sentences = shipped.texts.split("\n")
    # Sentences without a label were neighbours and nothing more.
    similarity[shipped.labels < 0] = -1.0
    best = np.argsort(-similarity, kind="stable")[:count]
    best = best[similarity[best] >= 0]
    return tuple(Labelled(sentences[i], int(shipped.labels[i]), float(min(1.0, similarity[i])), shipped.reports[shipped.owner[i]]) for i in best)


@lru_cache(maxsize=2)
def _index(shipped: Shipped) -> tuple[NDArray[Any], NDArray[Any], Array]:
    return _distinct(shipped.texts.split("\n"), shipped.model.sentence_)


def _distinct(texts: list[str], evidence: SentenceEvidence) -> tuple[NDArray[Any], NDArray[Any], Array]:
    """The known n-grams of texts, each once a text: owners, slots, and the length of each text's vector."""
    lexicon = evidence.lexicon()
    codes, starts = grams.characters(texts)
    owner = np.repeat(np.arange(len(texts)), np.diff(starts))
    pairs = [owner << evidence.bits | slots for slots in grams.hashes(codes, starts, lexicon.longest, lexicon.bits)]
    both = np.unique(np.concatenate(pairs))
    owners, slots = both >> evidence.bits, both & ((1 << evidence.bits) - 1)
    known = lexicon.rows[slots] > 0
    owners, slots = owners[known], slots[known]
    lengths = np.sqrt(np.bincount(owners, weights=lexicon.squares[lexicon.rows[slots]], minlength=len(texts)))
    return owners, slots, lengths
