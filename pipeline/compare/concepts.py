"""The domain thesaurus ``corpus/concepts.txt``: which things, acts, actors and means a clause speaks of, in whatever words.

``[subject]`` begins a subject, ``kind expression expression ...`` is a group of expressions of one meaning. In an expression ``~`` stands for up to eight characters.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from pipeline import resources
from pipeline.errors import LabelError
from pipeline.search.fold import flat

KINDS = ("act", "thing", "actor", "means")
_GAP = 8
_MARKS = re.compile(r"[^\w~%]+")


@dataclass(frozen=True, slots=True)
class Concept:
    """A group of expressions of one meaning; its first expression is its name. ``subject`` is an index into the subjects."""

    number: int
    kind: str
    subject: int
    expressions: tuple[str, ...]

    @property
    def name(self) -> str:
        """The expression that stands for the group."""
        return self.expressions[0]


class Thesaurus:
    """Finds concepts in text.

    >>> thesaurus = Thesaurus.default()
    >>> sorted(thesaurus.concepts[number].name for number in thesaurus.find("一把手坐上被告席") if thesaurus.concepts[number].kind == "thing")
    ['第一责任人', '行政诉讼', '负责人出庭应诉']
    """

    def __init__(self, concepts: Iterable[Concept], subjects: Iterable[str]) -> None:
        self.concepts = tuple(concepts)
        self.subjects = tuple(subjects)
        self._by_start: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for concept in self.concepts:
            for expression in concept.expressions:
                parts = tuple(bare(expression).split("~"))
                self._by_start.setdefault(parts[0][:2], []).append((parts, concept.number))

    @classmethod
    def default(cls) -> Thesaurus:
        """The thesaurus that ships with the project."""
        return _read(resources.corpus_dir() / "concepts.txt")

    @cached_property
    def version(self) -> str:
        """Names the content: weights are fitted to it."""
        rows = [f"{concept.kind} {concept.subject} {' '.join(concept.expressions)}" for concept in self.concepts]
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]

    def thinned(self, share: float, seed: int) -> Thesaurus:
        """The same concepts without a share of their expressions, drawn at random: what the thesaurus is to a text that nobody thought of when it was written."""
        drawn = random.Random(seed)  # noqa: S311 - a repeatable draw, no secret
        kept = (tuple(part for part in concept.expressions if drawn.random() >= share) for concept in self.concepts)
        return Thesaurus((replace(concept, expressions=parts) for concept, parts in zip(self.concepts, kept, strict=True)), self.subjects)

    def find(self, clause: str) -> frozenset[int]:
        """The numbers of the concepts of a clause. A single character counts only where no longer expression covers it."""
        text = bare(clause)
        spans = [found for at in range(len(text)) for found in self._at(text, at)]
        longer = {place for start, end, _ in spans if end - start > 1 for place in range(start, end)}
        return frozenset(number for start, end, number in spans if end - start > 1 or start not in longer)

    def _at(self, text: str, at: int) -> Iterable[tuple[int, int, int]]:
        for start in (text[at], text[at : at + 2]) if at + 1 < len(text) else (text[at],):
            for parts, number in self._by_start.get(start, ()):
                if text.startswith(parts[0], at) and (end := _end(text, at, parts)):
                    yield at, end, number


def bare(text: str) -> str:
    """A text in small simplified characters without marks and spaces.

    >>> bare("“互联网 ＋監管”")
    '互联网监管'
    """
    return _MARKS.sub("", flat(text))


def _end(text: str, at: int, parts: tuple[str, ...]) -> int:
    """Where an expression that begins at a place ends; 0 where it does not go on."""
    end = at + len(parts[0])
    for part in parts[1:]:
        found = text.find(part, end, end + _GAP + len(part))
        if found < 0:
            return 0
        end = found + len(part)
    return end


@lru_cache
def _read(path: Path) -> Thesaurus:
    """Read a thesaurus file.

    Raises
    ------
    LabelError
        Where a line is none of a thesaurus.
    """
    concepts: list[Concept] = []
    subjects: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            subjects.append(line[1:-1])
        elif subjects and words[0] in KINDS and len(words) > 1 and not any(word.startswith("~") or word.endswith("~") for word in words):
            concepts.append(Concept(len(concepts), words[0], len(subjects) - 1, tuple(dict.fromkeys(words[1:]))))
        else:
            raise LabelError(f"{path}:{number}", "the line is neither [subject] nor a kind with expressions", f"begin it with one of {', '.join(KINDS)}")
    return Thesaurus(concepts, subjects)
