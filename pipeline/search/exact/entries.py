"""Reports as Whoosh takes them in: their words, and those of all sentences that tell most about each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.search.engine import IndexedReport
from pipeline.search.exact import layout
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.build import Made
from pipeline.search.exact.cut import CHARACTER, Words, words_of
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.fold import flat
from pipeline.search.whoosh_reports import Entry

TELLING = 50


def entries(reports: Sequence[IndexedReport], made: Made, found: Words, lexicon: Lexicon) -> Iterator[Entry]:
    """One entry a report."""
    headings = [list(dict.fromkeys(sentence.heading for sentence in report.sentences)) for report in reports]
    texts = list({text for report, held in zip(reports, headings, strict=True) for text in (report.title or "", *held)})
    spaced = {text: " ".join(word.text for word in words) for text, words in zip(texts, words_of(lexicon, texts), strict=True)}
    for report, held, telling in zip(reports, headings, _telling(len(reports), made, found, lexicon), strict=True):
        place = None if report.district is None else flat(report.district)
        title, below = spaced[report.title or ""], " ".join(spaced[heading] for heading in held)
        yield Entry(report.id, flat(report.name), place, report.year, title, below, " ".join(telling))


def _telling(count: int, made: Made, found: Words, lexicon: Lexicon) -> list[list[str]]:
    """For every report the words that stand out in it: by how often they stand there, times how rare they are in general."""
    text = layout.folds().take(made.arrays["text"])
    several = np.flatnonzero((found.length > 1) & (found.key < CHARACTER))
    report = made.arrays["report"][made.arrays["row"][found.at[several] >> layout.SHIFT]]
    pairs, first, times = np.unique(report.astype(np.uint64) << np.uint64(32) | found.key[several], return_index=True, return_counts=True)
    weight = -times * lexicon.weight[pairs.astype(np.uint32)]
    order = np.lexsort((pairs, -weight, pairs >> np.uint64(32)))
    told: list[list[str]] = [[] for _ in range(count)]
    for at, number in zip(several[first[order]].tolist(), (pairs[order] >> np.uint64(32)).tolist(), strict=True):
        if len(told[number]) < TELLING:
            told[number].append(_text(text, found, at))
    return told


def _text(text: Array, found: Words, at: int) -> str:
    return layout.text_of(text[found.at[at] : found.at[at] + found.length[at]])


def digest(report: IndexedReport) -> str:
    """Names all that is indexed of a report but its codes, so that one that was only tagged anew can be told."""
    content = hashlib.blake2b(repr((report.name, report.district, report.year, report.title)).encode("utf-8", "surrogatepass"), digest_size=8)
    for s in report.sentences:
        content.update(f"{s.id}\t{s.role}\t{s.heading}\t{s.paragraph}\t{s.section}\t{s.text}\n".encode("utf-8", "surrogatepass"))
    return content.hexdigest()
