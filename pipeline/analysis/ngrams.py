"""N-grams: runs of characters or words that recur, with how often they do and in how many reports.

A run does not cross a mark of punctuation or the end of a sentence. Longer runs are counted only where the shorter ones they are made of recur, which keeps the work
small: what stands five times cannot hold anything that stands four times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.source import Ints, Source
from pipeline.analysis.words import lay
from pipeline.search.exact import layout
from pipeline.search.parser import parse

LONGEST = 20
UNITS = ("words", "characters")


@dataclass(frozen=True, slots=True)
class Ngram:
    """A run of ``size`` characters or words as it first stands, how often it stands, and in how many reports."""

    text: str
    size: int
    count: int
    reports: int


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Sentences as one sequence of tokens: which token each is (0 parts runs from each other), where it begins and ends in the text, and its report."""

    text: NDArray[np.uint16]
    token: Ints
    begin: Ints
    end: Ints
    report: Ints


def of_corpus(
    source: Source, query: str | None = None, *, sizes: Iterable[int] = (2, 3, 4), unit: str = "words", least: int = 5, longest: bool = False
) -> list[Ngram]:
    """The recurring runs of words or characters in the whole corpus, or in the sentences that a query finds."""
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {', '.join(UNITS)}, not {unit!r}")
    if query is None:
        found = list(source.database.plain())
    else:
        found = [(sentence.report_id, sentence.text) for sentence in source.sentences(source.find(parse(query)).ids)]
    reports = np.array([report for report, _ in found], dtype=np.int64)
    runs = (words if unit == "words" else characters)([text for _, text in found], reports)
    return ngrams(runs, sizes, least=least, longest=longest)


def characters(texts: Sequence[str], reports: Ints) -> Runs:
    """Sentences as a sequence of characters; ``reports`` is a number for the report of each."""
    text, blocks, _ = layout.lay(texts)
    folded = layout.folds().take(text)
    token = np.where(_letters()[folded], folded, 0).astype(np.int64)
    place = np.arange(len(token))
    of_text = layout.rows_of_blocks(blocks, len(text) // layout.BLOCK)[place >> layout.SHIFT]
    return Runs(text, token, place, place + 1, reports[of_text])


def words(texts: Sequence[str], reports: Ints) -> Runs:
    """Sentences as a sequence of words; ``reports`` is a number for the report of each."""
    laid = lay(texts)
    _, token = np.unique(laid.key, return_inverse=True)
    begin, end = laid.place, laid.place + laid.length
    breaks = np.flatnonzero(begin[1:] != end[:-1]) + 1
    spread = np.insert(np.arange(len(token)), breaks, -1)
    return Runs(laid.text, np.where(spread < 0, 0, token[spread] + 1), begin[spread], end[spread], reports[laid.sentence[spread]])


@lru_cache(maxsize=1)
def _letters() -> NDArray[np.bool_]:
    """Which code units are letters, figures or characters."""
    return np.array([chr(code).isalnum() for code in range(1 << 16)])


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
        text = layout.text_of(runs.text[runs.begin[begin] : runs.end[begin + size - 1]])
        yield Ngram(text, size, count, number)


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
