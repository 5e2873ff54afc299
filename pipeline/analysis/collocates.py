"""Collocates: the words that stand near a term more often than chance would have it.

Two measures, because they answer different questions. The log-likelihood ratio G2 (Dunning 1993, see :mod:`pipeline.analysis.keyness`) says how sure it is that a word
is more frequent near the term than elsewhere; it favours frequent words. Log-dice (Rychlý 2008, "A lexicographer-friendly association score") is
14 + log2(2·f(term, word) / (f(term) + f(word))); it says how exclusively the two go together, is 14 at most, does not depend on the size of the
corpus, and can be compared between corpora.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.analysis.keyness import log_likelihood
from pipeline.search.spans import Span


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


@dataclass(frozen=True, slots=True)
class Near:
    """The words around the occurrences of a term: how often each stands before and behind, and the number of occurrences and of words in the windows."""

    left: Mapping[str, int]
    right: Mapping[str, int]
    occurrences: int
    size: int


def log_dice(together: int, term: int, word: int) -> float:
    """How exclusively a term and a word go together, given how often each occurs and how often they do together; 14 at most.

    >>> log_dice(10, 10, 10), round(log_dice(1, 100, 100), 2)
    (14.0, 7.36)
    """
    return 14 + math.log2(2 * together / (term + word)) if together else -math.inf


def around(texts: Iterable[tuple[str, list[Span]]], cut: Callable[[str], list[str]], *, window: int) -> Near:
    """The words around occurrences: ``texts`` are sentences with the places of a term, and ``window`` is the number of words on each side.

    A word that reaches into an occurrence belongs to it; a word near two occurrences of a sentence counts once, on the side of the first that it is near.
    """
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    occurrences = 0
    for text, spans in texts:
        occurrences += len(spans)
        for word, before in _near(list(_words(text, cut)), spans, window):
            (left if before else right)[word] += 1
    return Near(left, right, occurrences, left.total() + right.total())


def _words(text: str, cut: Callable[[str], list[str]]) -> Iterator[tuple[str, int, int]]:
    """The words with a letter, figure or character, and where each stands."""
    at = 0
    for word in cut(text):
        if any(character.isalnum() for character in word):
            yield word, at, at + len(word)
        at += len(word)


def _near(words: list[tuple[str, int, int]], spans: list[Span], window: int) -> list[tuple[str, bool]]:
    """The words within the window of a place, and whether each stands before it."""
    sides: dict[int, bool] = {}
    inside = {at for at, (_, begin, end) in enumerate(words) for start, stop in spans if begin < stop and start < end}
    for start, stop in spans:
        before = [at for at, (_, _, end) in enumerate(words) if end <= start][-window:] if window else []
        behind = [at for at, (_, begin, _) in enumerate(words) if begin >= stop][:window]
        for at in (*before, *behind):
            if at not in inside:
                sides.setdefault(at, at in before)
    return [(words[at][0], before) for at, before in sorted(sides.items())]


def collocates(near: Near, in_all: Mapping[str, int], size: int, *, least: int = 3, measure: str = "log_likelihood") -> list[Collocate]:
    """The words near a term, the strongest first by ``measure`` (``log_likelihood`` or ``log_dice``).

    ``in_all`` gives the frequency of every word in the corpus, ``size`` the number of its words. Words that stand near fewer than ``least`` times, or less often than
    chance would have it, are left out.
    """
    if measure not in {"log_likelihood", "log_dice"}:
        raise ValueError(f"measure must be log_likelihood or log_dice, not {measure!r}")
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
