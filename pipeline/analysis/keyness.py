"""Keyness: the words that are more frequent in one text than in another, by the log-likelihood ratio.

The statistic is G2 of Dunning (1993), "Accurate methods for the statistics of surprise and coincidence", as Rayson and Garside (2000), "Comparing
corpora using frequency profiling", compute it from a table of two frequencies and two sizes; 3.84, 6.63, 10.83 and 15.13 are its values at p < 0.05, 0.01,
0.001 and 0.0001 for one word looked at alone. It says how sure a difference is. How large it is says the log ratio of Hardie (2014): the binary
logarithm of the ratio of the relative frequencies, with 0.5 in place of a frequency of 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.analysis.source import Progress, Source, followed
from pipeline.analysis.words import counted
from pipeline.search.parser import parse


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word with its frequency in the text and in the reference, both also per 10,000 words, and how sure and how large the difference is.

    ``log_likelihood`` is negative for a word that is rarer in the text than in the reference.
    """

    word: str
    count: int
    reference_count: int
    per_10000: float
    reference_per_10000: float
    log_likelihood: float
    log_ratio: float


def log_likelihood(count: int, reference_count: int, size: int, reference_size: int) -> float:
    """G2 of a word that occurs ``count`` times in ``size`` words, and ``reference_count`` times in ``reference_size``; negative where it is rarer in the first.

    >>> round(log_likelihood(20, 5, 1000, 1000), 2), round(log_likelihood(5, 20, 1000, 1000), 2), log_likelihood(3, 3, 100, 100)
    (9.64, -9.64, 0.0)
    """
    total = count + reference_count
    expected, reference_expected = size * total / (size + reference_size), reference_size * total / (size + reference_size)
    parts = ((count, expected), (reference_count, reference_expected))
    value = max(0.0, 2 * sum(observed * math.log(observed / wanted) for observed, wanted in parts if observed))
    return math.copysign(value, count - expected) if value else 0.0


def log_ratio(count: int, reference_count: int, size: int, reference_size: int) -> float:
    """How many times as frequent a word is, as a power of two.

    >>> log_ratio(20, 5, 1000, 1000), log_ratio(4, 0, 1000, 1000)
    (2.0, 3.0)
    """
    return math.log2((count or 0.5) / size) - math.log2((reference_count or 0.5) / reference_size)


def of_report(
    source: Source, name: str, *, against: str | None = None, least: int = 3, negative: bool = False, progress: Progress | None = None
) -> list[Keyword]:
    """The key words of a report against the rest of the corpus, or against the sentences that the query ``against`` finds in other reports.

    Raises
    ------
    CorpusError
        Where the corpus has no report of that name.
    """
    report = source.report_id(name)
    words = counted([sentence.text for sentence in source.of_report(report)])
    if against is None and not negative:
        in_all, size = source.engine.frequencies(list(words))
        rest = {word: count - words[word] for word, count in zip(words, in_all, strict=True)}
        return keywords(words, rest, reference_size=size - words.total(), least=least)
    if against is None:
        all_texts = followed(source.database.plain(), source.database.count_sentences(), progress)
        texts = (text for key, text in all_texts if key != report)
    else:
        texts = (sentence.text for sentence in source.sentences(source.find(parse(against)).ids, progress) if sentence.report_id != report)
    return keywords(words, counted(texts), least=least, negative=negative)


def keywords(
    words: Mapping[str, int], reference: Mapping[str, int], *, reference_size: int | None = None, least: int = 3, negative: bool = False
) -> list[Keyword]:
    """The words of a text that are more frequent in it than in a reference text, the surest first.

    Both are given as frequencies; ``reference_size`` is the number of words of the reference where ``reference`` does not hold all of them. Words that occur fewer than
    ``least`` times in the text are left out. With ``negative``, the words that are rarer in the text than in the reference instead, those it lacks included.
    """
    size, reference_size = sum(words.values()), sum(reference.values()) if reference_size is None else reference_size
    if size <= 0 or reference_size <= 0:
        return []
    wanted = (word for word in (reference if negative else words) if negative or words[word] >= least)
    found = (_keyword(word, words.get(word, 0), max(0, reference.get(word, 0)), size, reference_size) for word in wanted)
    return by_strength(one for one in found if (one.log_likelihood < 0 if negative else one.log_likelihood > 0))


def by_strength(found: Iterable[Keyword]) -> list[Keyword]:
    """The surest first; of equals in the order of the words."""
    return sorted(found, key=lambda one: (-abs(one.log_likelihood), one.word))


def _keyword(word: str, count: int, reference_count: int, size: int, reference_size: int) -> Keyword:
    return Keyword(
        word,
        count,
        reference_count,
        1e4 * count / size,
        1e4 * reference_count / reference_size,
        log_likelihood(count, reference_count, size, reference_size),
        log_ratio(count, reference_count, size, reference_size),
    )
