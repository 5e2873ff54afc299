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

from pipeline.analysis.source import Ints, Progress, Source, batches, followed
from pipeline.analysis.words import BATCH, Laid, lay
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
    source: Source,
    query: str | None = None,
    *,
    sizes: Iterable[int] = (2, 3, 4),
    unit: str = "words",
    least: int = 5,
    longest: bool = False,
    progress: Progress | None = None,
) -> list[Ngram]:
    """The recurring runs of words or characters in the whole corpus, or in the sentences that a query finds."""
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {', '.join(UNITS)}, not {unit!r}")
    if query is None:
        found = list(source.database.plain())
    else:
        found = [(sentence.report_id, sentence.text) for sentence in source.sentences(source.find(parse(query)).ids)]
    reports = np.array([report for report, _ in found], dtype=np.int64)
    texts = [text for _, text in found]
    runs = words(texts, reports, progress) if unit == "words" else characters(texts, reports)
    return ngrams(runs, sizes, least=least, longest=longest)


def characters(texts: Sequence[str], reports: Ints) -> Runs:
    """Sentences as a sequence of characters; ``reports`` is a number for the report of each."""
    text, blocks, _ = layout.lay(texts)
    folded = layout.folds().take(text)
    token = np.where(_letters()[folded], folded, 0).astype(np.int64)
    place = np.arange(len(token))
    of_text = layout.rows_of_blocks(blocks, len(text) // layout.BLOCK)[place >> layout.SHIFT]
    return Runs(text, token, place, place + 1, reports[of_text])


def words(texts: Sequence[str], reports: Ints, progress: Progress | None = None) -> Runs:
    """Sentences as a sequence of words; ``reports`` is a number for the report of each."""
    laid = _joined([lay(batch) for batch in batches(followed(texts, len(texts), progress), BATCH)] or [lay([])])
    _, token = np.unique(laid.key, return_inverse=True)
    begin, end = laid.place, laid.place + laid.length
    breaks = np.flatnonzero(begin[1:] != end[:-1]) + 1
    spread = np.insert(np.arange(len(token)), breaks, -1)
    return Runs(laid.text, np.where(spread < 0, 0, token[spread] + 1), begin[spread], end[spread], reports[laid.sentence[spread]])


def _joined(parts: Sequence[Laid]) -> Laid:
    """Batches of sentences as one."""
    sentences = np.cumsum([0, *(len(part.starts) for part in parts)])
    places = np.cumsum([0, *(len(part.text) for part in parts)])
    shifted = {
        "sentence": [part.sentence + before for part, before in zip(parts, sentences, strict=False)],
        "place": [part.place + before for part, before in zip(parts, places, strict=False)],
        "starts": [part.starts + before for part, before in zip(parts, places, strict=False)],
    }
    plain = {name: [getattr(part, name) for part in parts] for name in ("text", "length", "key")}
    return Laid(**{name: np.concatenate(arrays) for name, arrays in (shifted | plain).items()})


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
    listed = sorted(row for size, at, starts in _levels(runs.token, wanted[-1], least) if size in wanted for row in _listed(runs, size, at, starts))
    found = [Ngram(text, -size, -count, reports) for count, size, text, reports in listed]
    return _without_parts(found) if longest else found


def _levels(token: Ints, largest: int, least: int) -> Iterator[tuple[int, Ints, Ints]]:
    """For every size: where the recurring runs begin, equal ones together and in the order of the text, and where each of them starts in that list."""
    often = np.bincount(token, minlength=1) >= least
    often[0] = False
    number = np.cumsum(often) * often
    token = np.append(number[token], 0)  # tokens that do not recur part runs as marks do
    at = np.flatnonzero(token)
    kind = token[at] - 1
    for size in range(1, largest + 1):
        if size > 1:
            recurs = np.zeros(len(token) + 1, dtype=bool)
            recurs[at] = True
            longer = recurs[at + 1] & (token[at + size - 1] > 0)
            at, kind = at[longer], kind[longer]
            kind = kind * int(number.max(initial=0) + 1) + token[at + size - 1]
        order = _order(kind)
        at, kind = at[order], kind[order]
        starts = np.flatnonzero(np.append(True, kind[1:] != kind[:-1]) if len(kind) else [])
        counts = np.diff(starts, append=len(kind))
        keep = np.repeat(counts >= least, counts)
        at, counts = at[keep], counts[counts >= least]
        kind = np.repeat(np.arange(len(counts)), counts)
        yield size, at, np.cumsum(counts) - counts


def _order(key: Ints) -> Ints:
    """What sorts the keys, equal ones in their order; packed with their places the keys sort several times as fast."""
    bits = len(key).bit_length()
    if int(key.max(initial=0)).bit_length() + bits > 62:
        return np.argsort(key, kind="stable")
    packed = key << bits | np.arange(len(key))
    packed.sort()
    return packed & ((1 << bits) - 1)


def _listed(runs: Runs, size: int, at: Ints, starts: Ints) -> Iterator[tuple[int, int, str, int]]:
    """Every run as what it is sorted by (the count and the size below 0, the text) and the number of its reports."""
    if not len(starts):
        return
    reports = runs.report[at]
    new = np.append(True, reports[1:] != reports[:-1])
    new[starts] = True
    spread = np.add.reduceat(new.astype(np.int64), starts)
    counts = np.diff(starts, append=len(at))
    begins, ends = runs.begin[at[starts]], runs.end[at[starts] + size - 1]
    whole = layout.text_of(np.where(runs.text & 0xF800 == 0xD800, np.uint16(0xFFFD), runs.text))
    for begin, end, count, number in zip(begins.tolist(), ends.tolist(), counts.tolist(), spread.tolist(), strict=True):
        yield -count, -size, whole[begin:end], number


def _without_parts(found: list[Ngram]) -> list[Ngram]:
    """Without the runs that a longer one of the same frequency holds."""
    there = {(gram.text, gram.count) for gram in found}
    parts = {(part, gram.count) for gram in found for part in _inside(gram.text) if (part, gram.count) in there}
    return [gram for gram in found if (gram.text, gram.count) not in parts]


def _inside(text: str) -> Iterator[str]:
    """All stretches of a text but itself."""
    return (text[start:end] for start in range(len(text)) for end in range(start + 1, len(text) + 1) if end - start < len(text))
