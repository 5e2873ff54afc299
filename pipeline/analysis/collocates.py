"""Collocates: the words that stand near a term more often than chance would have it.

Two measures, because they answer different questions. The log-likelihood ratio G2 (Dunning 1993, see :mod:`pipeline.analysis.keyness`) says how sure it is that a word
is more frequent near the term than elsewhere; it favours frequent words. Log-dice (Rychlý 2008, "A lexicographer-friendly association score") is
14 + log2(2·f(term, word) / (f(term) + f(word))); it says how exclusively the two go together, is 14 at most, does not depend on the size of the
corpus, and can be compared between corpora.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.keyness import log_likelihood
from pipeline.analysis.source import Progress, Source, batches
from pipeline.analysis.words import BATCH, lay
from pipeline.search.parser import parse
from pipeline.search.spans import Span, occurrences


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word near a term: how often it stands before and behind it within the window, how often it occurs in all, and how strongly the two attract."""

    word: str
    count: int
    left: int
    right: int
    in_all: int
    log_likelihood: float
    log_dice: float


MEASURES = ("log_likelihood", "log_dice")


@dataclass(frozen=True, slots=True)
class Near:
    """The words around the occurrences of a term: how often each stands before and behind, and the number of occurrences."""

    left: Mapping[str, int]
    right: Mapping[str, int]
    occurrences: int

    @property
    def size(self) -> int:
        """The number of words in the windows."""
        return sum(self.left.values()) + sum(self.right.values())


def of_term(
    source: Source,
    query: str,
    *,
    window: int = 5,
    least: int = 3,
    measure: str = "log_likelihood",
    exact: bool = False,
    progress: Progress | None = None,
) -> list[Collocate]:
    """The words within ``window`` words of what a query finds, in the same sentence, the strongest first by ``measure``."""
    parsed = parse(query)
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    count = 0
    for batch in batches(source.sentences(source.find(parsed, exact=exact).ids, progress), BATCH):
        texts = [sentence.text for sentence in batch]
        near = around(texts, [occurrences(text, parsed, exact=exact) for text in texts], window=window)
        left.update(near.left)
        right.update(near.right)
        count += near.occurrences
    near = Near(left, right, count)
    wanted = [word for word, count in (left + right).items() if count >= least]
    in_all, size = source.engine.frequencies(wanted)
    return collocates(near, dict(zip(wanted, in_all, strict=True)), size, least=least, measure=measure)


def log_dice(together: int, term: int, word: int) -> float:
    """How exclusively a term and a word go together, given how often each occurs and how often they do together; 14 at most.

    >>> log_dice(10, 10, 10), round(log_dice(1, 100, 100), 2)
    (14.0, 7.36)
    """
    return 14 + math.log2(2 * together / (term + word)) if together else -math.inf


def around(texts: Sequence[str], spans: Sequence[Sequence[Span]], *, window: int) -> Near:
    """The words around occurrences: of every sentence its text and the places of a term; ``window`` is the number of words on each side.

    A word that reaches into an occurrence belongs to it; a word near two occurrences of a sentence counts once, on the side of the first that it is near.
    """
    if window < 1:
        raise ValueError(f"window must be 1 or more, not {window}")
    laid = lay(texts)
    rows = np.array([(number, *span) for number, found in enumerate(spans) for span in found], dtype=np.int64).reshape(-1, 3)
    sentence, start, end = rows[:, 0], laid.places(rows[:, 0], rows[:, 1]), laid.places(rows[:, 0], rows[:, 2])
    first, last = np.searchsorted(laid.place + laid.length, start, side="right"), np.searchsorted(laid.place, end)
    begin, behind = np.searchsorted(laid.sentence, sentence), np.searchsorted(laid.sentence, sentence, side="right")
    steps = np.arange(window)
    at = np.concatenate((first[:, None] - window + steps, last[:, None] + steps), axis=1)
    near = (at >= begin[:, None]) & (at < behind[:, None])
    inside = np.bincount(first, minlength=len(laid.key) + 1) - np.bincount(last, minlength=len(laid.key) + 1)
    near &= np.append(np.cumsum(inside)[:-1] == 0, False).take(at, mode="clip")
    before = np.broadcast_to(np.arange(2 * window) < window, at.shape)[near]
    words, seen = np.unique(at[near], return_index=True)
    return Near(laid.counted(words[before[seen]]), laid.counted(words[~before[seen]]), len(rows))


def collocates(near: Near, in_all: Mapping[str, int], size: int, *, least: int = 3, measure: str = "log_likelihood") -> list[Collocate]:
    """The words near a term, the strongest first by ``measure`` (``log_likelihood`` or ``log_dice``).

    ``in_all`` gives the frequency of every word in the corpus, ``size`` the number of its words. Words that stand near fewer than ``least`` times, or less often than
    chance would have it, are left out.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    together = Counter(near.left)
    together.update(near.right)
    found, near_by = [], near.size
    for word, count in together.items():
        frequency = max(in_all.get(word, 0), count)
        strength = log_likelihood(count, frequency - count, near_by, max(1, size - near_by))
        if count >= least and strength > 0:
            found.append(
                Collocate(word, count, near.left.get(word, 0), near.right.get(word, 0), frequency, strength, log_dice(count, near.occurrences, frequency))
            )
    return sorted(found, key=lambda one: (-getattr(one, measure), one.word))
