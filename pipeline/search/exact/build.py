"""Making a segment: the arrays that answer queries about some reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.data import ROLES
from pipeline.search.engine import IndexedReport, IndexedSentence
from pipeline.search.exact import arrays, layout
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.cut import Words, cut
from pipeline.search.exact.lexicon import Lexicon
from pipeline.search.fold import flat
from pipeline.structure.headings import NUMBER

NO_CODE = 255
MOST = 15  # occurrences of a word in a sentence that are told apart
COLUMNS = {"id": np.int64, "report": np.int32, "paragraph": np.int32, "section": np.int32, "heading": np.int32, "role": np.uint8, "words": np.int32}


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The arrays of a segment, and the codes of its sentences, which may change later."""

    arrays: dict[str, Array]
    codes: Array


def codes_of(sentences: Sequence[IndexedSentence]) -> Array:
    """The codes of sentences; 255 where there is none."""
    return np.array([NO_CODE if s.code is None else s.code for s in sentences], dtype=np.uint8)


def from_reports(reports: Sequence[IndexedReport], lexicon: Lexicon) -> tuple[Made, Words]:
    """A segment of reports, in their order, and the words of all their sentences."""
    sentences = [sentence for report in reports for sentence in report.sentences]
    text, blocks, lengths = layout.lay([s.text for s in sentences])
    headings = sorted({s.heading for s in sentences})
    number = {heading: at for at, heading in enumerate(headings)}
    words = cut(lexicon, layout.folds().take(text), blocks.astype(np.int64) * layout.BLOCK, lengths)
    rows = layout.rows_of_blocks(blocks, len(text) // layout.BLOCK)[words.at >> layout.SHIFT]
    columns = {
        "id": [s.id for s in sentences],
        "report": np.repeat(np.arange(len(reports)), [len(report.sentences) for report in reports]),
        "paragraph": [s.paragraph for s in sentences],
        "section": [s.section for s in sentences],
        "heading": [number[s.heading] for s in sentences],
        "role": [ROLES.index(s.role) for s in sentences],
        "words": np.bincount(rows, minlength=len(sentences)),
    }
    typed = {name: np.asarray(column, dtype=COLUMNS[name]) for name, column in columns.items()}
    return Made(whole(text, blocks, lengths, typed, headings, counted(words.key, rows)), codes_of(sentences)), words


def counted(keys: Array, rows: Array) -> Array:
    """Words as postings: key, row and how often, in one number each; a word of a row once."""
    found = keys.astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64) << np.uint64(4)
    found.sort()
    last = np.flatnonzero(np.append(found[1:] != found[:-1], True)) if len(found) else np.zeros(0, dtype=np.int64)
    return found[last] | np.diff(last, prepend=-1).clip(max=MOST).astype(np.uint64)


def whole(text: Array, blocks: Array, lengths: Array, columns: dict[str, Array], headings: list[str], postings: Array) -> dict[str, Array]:
    """All arrays of a segment: those given, and what follows from them."""
    pair, pair_end, place = layout.pairs(text)
    word, word_end, posting = layout.grouped(postings)
    return {
        "text": text, "block": blocks, "length": lengths, "row": layout.rows_of_blocks(blocks, len(text) // layout.BLOCK), **columns,
        "surrogate": np.flatnonzero(text - 0xDC00 < 0x400), "pair": pair, "pair_end": pair_end, "place": place,
        "word": word, "word_end": word_end, "posting": posting, **_headings(headings),
    }  # fmt: skip


def _headings(headings: list[str]) -> dict[str, Array]:
    """The headings as they are, folded, and without their numbers."""
    without = [heading[match.end() :] if (match := NUMBER.match(heading)) else heading for heading in headings]
    topics = sorted(set(without))
    number = {topic: at for at, topic in enumerate(topics)}
    lists = {"heading": headings, "folded": [flat(heading) for heading in headings], "topic": topics}
    packed = {f"{name}_{part}": array for name, texts in lists.items() for part, array in arrays.pack(texts).items()}
    return packed | {"topic": np.array([number[topic] for topic in without], dtype=np.int32)}
