"""Making a segment: the arrays of some reports, from their sentences or from the segments that held them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.data import ROLES
from pipeline.search import fold
from pipeline.search.engine import IndexedReport, IndexedSentence
from pipeline.search.exact import arrays, layout
from pipeline.search.exact.arrays import Array
from pipeline.search.exact.cut import cut
from pipeline.search.exact.lexicon import Lexicon

NO_CODE = 255
MOST = 15  # occurrences of a word in a sentence that are told apart
COLUMNS = {"id": np.int64, "report": np.int32, "paragraph": np.int32, "section": np.int32, "heading": np.int32, "role": np.uint8}


@dataclass(frozen=True, slots=True)
class Made:
    """The arrays of a segment, and the codes of its sentences, which may change later."""

    arrays: dict[str, Array]
    codes: Array


def digest(report: IndexedReport) -> str:
    """Names all of a report's sentences but their codes, so that a report that was only tagged anew can be told."""
    content = hashlib.blake2b(digest_size=8)
    for s in report.sentences:
        content.update(f"{s.id}\t{s.role}\t{s.heading}\t{s.paragraph}\t{s.section}\t{s.text}\n".encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def codes_of(sentences: Iterable[IndexedSentence]) -> Array:
    """The codes of sentences; 255 where there is none."""
    return np.array([NO_CODE if s.code is None else s.code for s in sentences], dtype=np.uint8)


def from_reports(reports: Sequence[IndexedReport], lexicon: Lexicon) -> Made:
    """A segment of reports, in their order."""
    sentences = [sentence for report in reports for sentence in report.sentences]
    text, blocks, lengths = layout.lay([s.text for s in sentences])
    headings = {heading: number for number, heading in enumerate(sorted({s.heading for s in sentences}))}
    columns = {
        "id": [s.id for s in sentences],
        "report": np.repeat(np.arange(len(reports)), [len(report.sentences) for report in reports]),
        "paragraph": [s.paragraph for s in sentences],
        "section": [s.section for s in sentences],
        "heading": [headings[s.heading] for s in sentences],
        "role": [ROLES.index(s.role) for s in sentences],
    }
    words = cut(lexicon, layout.folds().take(text), blocks.astype(np.int64) * layout.BLOCK, lengths)
    rows = layout.rows_of_blocks(blocks, len(text) // layout.BLOCK)[words.at >> layout.SHIFT]
    postings, counts = _counted(words.key, rows, len(sentences))
    made = {name: np.asarray(column, dtype=COLUMNS[name]) for name, column in columns.items()}
    return Made(_whole(text, blocks, lengths, made | {"words": counts}, list(headings), postings), codes_of(sentences))


def _counted(keys: Array, rows: Array, count: int) -> tuple[Array, Array]:
    """The postings of words: key, sentence and how often, in one number; and how many words every sentence has."""
    found = keys.astype(np.uint64) << np.uint64(32) | rows.astype(np.uint64) << np.uint64(4)
    found.sort()
    ends = np.append(np.flatnonzero(found[1:] != found[:-1]) + 1, len(found)) if len(found) else np.zeros(0, dtype=np.int64)
    times = np.diff(ends, prepend=0).clip(max=MOST)
    return found[ends - 1] | times.astype(np.uint64), np.bincount(rows, minlength=count).astype(np.int32)


def _whole(text: Array, blocks: Array, lengths: Array, columns: dict[str, Array], headings: list[str], postings: Array) -> dict[str, Array]:
    pair_keys, pair_ends, places = layout.pairs(text)
    word_keys, word_ends, word_rows = layout.grouped(postings)
    packed = {f"heading_{name}": array for name, array in arrays.pack(headings).items()}
    folded = {f"folded_{name}": array for name, array in arrays.pack([fold.fold(heading)[0] for heading in headings]).items()}
    return {
        "text": text, "block": blocks, "length": lengths, "row": layout.rows_of_blocks(blocks, len(text) // layout.BLOCK), **columns, **packed, **folded,
        "pair": pair_keys, "pair_end": pair_ends, "place": places, "word": word_keys, "word_end": word_ends, "posting": word_rows,
    }  # fmt: skip


def merged(parts: Sequence[tuple[dict[str, Array], Array, Array]]) -> Made:
    """One segment of the reports that are left of several: of each its arrays, its codes, and the new number of every report in it, -1 where it is gone."""
    texts, blocks, columns, codes, postings, headings = [np.zeros(layout.BLOCK, dtype=np.uint16)], [], [], [], [], []
    next_block, next_row, sizes = 1, 0, []
    names = sorted({name for part, _, _ in parts for name in arrays.unpack(part["heading_bytes"], part["heading_ends"])})
    numbers = {name: number for number, name in enumerate(names)}
    del headings
    for part, part_codes, renumbered in parts:
        report = renumbered[part["report"]]
        keep = np.flatnonzero(report >= 0)
        size = (part["length"][keep] >> layout.SHIFT) + 1
        kept = np.zeros(len(part["text"]) // layout.BLOCK, dtype=bool)
        kept[part["block"][keep]] = True
        kept = (report >= 0)[part["row"]] & (part["row"] >= 0)
        kept[0] = kept[-1] = False
        texts.append(part["text"].reshape(-1, layout.BLOCK)[kept].ravel())
        ends = np.cumsum(size, dtype=np.int32)
        blocks.append(ends - size + next_block)
        own = np.array([numbers[name] for name in arrays.unpack(part["heading_bytes"], part["heading_ends"])], dtype=np.int32)
        column = {name: part[name][keep] for name in (*COLUMNS, "words", "length")}
        columns.append(column | {"report": report[keep], "heading": own[column["heading"]]})
        codes.append(part_codes[keep])
        rows = np.cumsum(report >= 0, dtype=np.int64) - 1 + next_row
        key = np.repeat(part["word"], np.diff(part["word_end"], prepend=0).astype(np.int64)).astype(np.uint64)
        old = part["posting"] >> 4
        alive = (report >= 0)[old]
        postings.append((key << np.uint64(32) | rows[old].astype(np.uint64) << np.uint64(4) | (part["posting"] & MOST).astype(np.uint64))[alive])
        next_block += int(ends[-1]) if len(ends) else 0
        next_row += len(keep)
        sizes.append(size)
    texts.append(np.zeros(layout.BLOCK, dtype=np.uint16))
    whole = {name: np.concatenate([column[name] for column in columns]) for name in columns[0]}
    length = whole.pop("length")
    made = _whole(np.concatenate(texts), np.concatenate(blocks).astype(np.int32), length, whole, names, np.concatenate(postings))
    return Made(made, np.concatenate(codes))
