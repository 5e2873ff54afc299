"""Collocates: the words that stand near a term more often than chance would have it.

Two measures, because they answer different questions. The log-likelihood ratio G2 (Dunning 1993, see :mod:`pipeline.analysis.keyness`) says how sure it is that a word
is more frequent near the term than elsewhere; it favours frequent words. Log-dice (Rychlý 2008, "A lexicographer-friendly association score") is
14 + log2(2·f(term, word) / (f(term) + f(word))); it says how exclusively the two go together, is 14 at most, does not depend on the size of the
corpus, and can be compared between corpora.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.analysis.keyness import log_likelihood
from pipeline.analysis.source import Source
from pipeline.analysis.words import Word
from pipeline.analysis.words import words as cut
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
    """The words around the occurrences of a term: how often each stands before and behind, and the number of occurrences and of words in the windows."""

    left: Mapping[str, int]
    right: Mapping[str, int]
    occurrences: int
    size: int


def of_term(source: Source, query: str, *, window: int = 5, least: int = 3, measure: str = "log_likelihood", exact: bool = False) -> list[Collocate]:
    """The words within ``window`` words of what a query finds, in the same sentence, the strongest first by ``measure``."""
    parsed = parse(query)
    sentences = [sentence.text for sentence in source.sentences(source.find(parsed, exact=exact).ids)]
    places = (occurrences(text, parsed, exact=exact) for text in sentences)
    near = around(zip(cut(sentences), places, strict=True), window=window)
    wanted = [word for word, count in (Counter(near.left) + Counter(near.right)).items() if count >= least]
    in_all, size = source.engine.frequencies(wanted)
    return collocates(near, dict(zip(wanted, in_all, strict=True)), size, least=least, measure=measure)


def log_dice(together: int, term: int, word: int) -> float:
    """How exclusively a term and a word go together, given how often each occurs and how often they do together; 14 at most.

    >>> log_dice(10, 10, 10), round(log_dice(1, 100, 100), 2)
    (14.0, 7.36)
    """
    return 14 + math.log2(2 * together / (term + word)) if together else -math.inf


def around(sentences: Iterable[tuple[Sequence[Word], Sequence[Span]]], *, window: int) -> Near:
    """The words around occurrences: of every sentence its words and the places of a term; ``window`` is the number of words on each side.

    A word that reaches into an occurrence belongs to it; a word near two occurrences of a sentence counts once, on the side of the first that it is near.
    """
    if window < 1:
        raise ValueError(f"window must be 1 or more, not {window}")
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    occurrences = 0
    for words, spans in sentences:
        occurrences += len(spans)
        for word, before in _near(words, spans, window):
            (left if before else right)[word] += 1
    return Near(left, right, occurrences, left.total() + right.total())


def _near(words: Sequence[Word], spans: Sequence[Span], window: int) -> list[tuple[str, bool]]:
    """The words within the window of a place, and whether each stands before it."""
    begins, ends = [word.start for word in words], [word.end for word in words]
    inside: set[int] = set()
    sides: dict[int, bool] = {}
    for start, end in spans:
        first, last = bisect_right(ends, start), bisect_left(begins, end)
        inside.update(range(first, last))
        for at in range(max(0, first - window), first):
            sides.setdefault(at, True)
        for at in range(last, min(len(words), last + window)):
            sides.setdefault(at, False)
    return [(words[at].text, before) for at, before in sides.items() if at not in inside]


def collocates(near: Near, in_all: Mapping[str, int], size: int, *, least: int = 3, measure: str = "log_likelihood") -> list[Collocate]:
    """The words near a term, the strongest first by ``measure`` (``log_likelihood`` or ``log_dice``).

    ``in_all`` gives the frequency of every word in the corpus, ``size`` the number of its words. Words that stand near fewer than ``least`` times, or less often than
    chance would have it, are left out.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    together = Counter(near.left)
    together.update(near.right)
    found = []
    for word, count in together.items():
        frequency = max(in_all.get(word, 0), count)
        strength = log_likelihood(count, frequency - count, near.size, max(1, size - near.size))
        if count >= least and strength > 0:
            found.append(
                Collocate(word, count, near.left.get(word, 0), near.right.get(word, 0), frequency, strength, log_dice(count, near.occurrences, frequency))
            )
    return sorted(found, key=lambda one: (-getattr(one, measure), one.word))
