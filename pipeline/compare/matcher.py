"""Which judgement a pair of sentences gets: two similarities and where each begins to count."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pipeline.compare.similarity import Embeddings, Learned, Similarity
from pipeline.tag import Tagger

#: Cosines of sentence embeddings from which on two sentences usually say the same, or are about the same.
SAME_COSINE, SUBJECT_COSINE = 0.8, 0.62


@dataclass(frozen=True, slots=True)
class Matcher:
    """``same`` says whether two sentences state the same measure, ``subject`` whether they are on the same subject, each from its threshold on."""

    same: Similarity
    subject: Similarity
    same_from: float = 0.5
    subject_from: float = 0.5

    @classmethod
    def learned(cls, tagger: Tagger) -> Matcher:
        """The matcher that ships with the project."""
        same, subject = Learned.load(tagger), Learned.load(tagger, "subject")
        return cls(same, subject, same.counts_from, subject.counts_from)

    @classmethod
    def embeddings(cls, path: str | os.PathLike[str]) -> Matcher:
        """A matcher by a sentence-embedding model in a folder."""
        model = Embeddings(path)
        return cls(model, model, SAME_COSINE, SUBJECT_COSINE)
