"""N-grams: runs of characters or words that recur, with how often they do and in how many reports.

A run does not cross a mark of punctuation or the end of a sentence. Longer runs are counted only where the shorter ones they are made of recur, which keeps the work
small: what stands five times cannot hold anything that stands four times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.source import Ints
from pipeline.search.fold import flat

LONGEST = 20


@dataclass(frozen=True, slots=True)
class Ngram:
    """A run of ``size`` characters or words as it first stands, how often it stands, and in how many reports."""

    text: str
    size: int
    count: int
    reports: int


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """All texts as one sequence of tokens: which token each is (0 parts runs from each other), how it is written, and the report it stands in."""

    token: Ints
    written: Sequence[str]
    report: Ints


def characters(texts: Iterable[tuple[int, str]]) -> Runs:
    """Texts, each with the number of its report, as a sequence of characters."""
    return _runs(texts, lambda text: text)


def words(texts: Iterable[tuple[int, str]], cut: Callable[[str], Sequence[str]]) -> Runs:
    """Texts, each with the number of its report, as a sequence of words."""
    return _runs(texts, cut)


def _runs(texts: Iterable[tuple[int, str]], cut: Callable[[str], Sequence[str]]) -> Runs:
    numbers: dict[str, int] = {}
    token: list[int] = []
    written: list[str] = []
    report: list[int] = []
    for number, text in texts:
        pieces = cut(text)
        written.extend(pieces)
        token.extend(numbers.setdefault(flat(piece), len(numbers) + 1) if _counts(piece) else 0 for piece in pieces)
        written.append("")
        token.append(0)
        report.extend([number] * (len(pieces) + 1))
    return Runs(np.array(token, dtype=np.int64), written, np.array(report, dtype=np.int64))


def _counts(piece: str) -> bool:
    return any(character.isalnum() for character in piece)


def ngrams(runs: Runs, sizes: Iterable[int], *, least: int = 5, longest: bool = False) -> list[Ngram]:
    """The runs of the given sizes that stand at least ``least`` times, the most frequent first, of equals the longest.

    With ``longest``, runs are left out that stand nowhere but within a longer one of the list.
    """
    wanted = sorted(set(sizes))
    if not wanted or not 1 <= wanted[0] <= wanted[-1] <= LONGEST:
        raise ValueError(f"sizes must lie between 1 and {LONGEST}, not {wanted}")
    found = [gram for size, at, kind, counts in _levels(runs.token, wanted[-1], least) if size in wanted for gram in _listed(runs, size, at, kind, counts)]
    found.sort(key=lambda gram: (-gram.count, -gram.size, gram.text))
    return _without_parts(found) if longest else found


def _levels(token: Ints, largest: int, least: int) -> Iterator[tuple[int, Ints, Ints, Ints]]:
    """For every size: where the recurring runs begin, which run each is (an index), and how often each run stands."""
    at = np.flatnonzero(token)
    kind = token[at]
    for size in range(1, largest + 1):
        if size > 1:
            following = at + size - 1
            fits = following < len(token)
            at, kind, following = at[fits], kind[fits], following[fits]
            at, kind = at[token[following] > 0], (kind * (token.max(initial=0) + 1) + token[following])[token[following] > 0]
        _, kind, counts = np.unique(kind, return_inverse=True, return_counts=True)
        often = counts >= least
        keep = often[kind]
        at, kind, counts = at[keep], (np.cumsum(often) - 1)[kind[keep]], counts[often]
        yield size, at, kind, counts


def _listed(runs: Runs, size: int, at: Ints, kind: Ints, counts: Ints) -> Iterator[Ngram]:
    _, first = np.unique(kind, return_index=True)
    reports = runs.report[at]
    pairs = np.unique(kind * (reports.max(initial=0) + 1) + reports) // (reports.max(initial=0) + 1)
    spread = np.bincount(pairs, minlength=len(counts))
    for begin, count, number in zip(at[first].tolist(), counts.tolist(), spread.tolist(), strict=True):
        yield Ngram("".join(runs.written[begin : begin + size]), size, count, number)


def _without_parts(found: list[Ngram]) -> list[Ngram]:
    """Without the runs that a longer one of the same frequency holds."""
    kept: list[Ngram] = []
    by_count: dict[int, list[str]] = {}
    for gram in sorted(found, key=lambda gram: -gram.size):
        longer = by_count.setdefault(gram.count, [])
        if not any(gram.text in text for text in longer):
            longer.append(gram.text)
            kept.append(gram)
    return sorted(kept, key=lambda gram: (-gram.count, -gram.size, gram.text))
