"""Which judgement a pair of sentences gets: two similarities and where each begins to count."""

from __future__ import annotations

import os
from dataclasses import dataclass

from pipeline.compare.similarity import Embeddings, Learned, Similarity
from pipeline.tag import Tagger

#: From which probability on a pair counts. For the subject it is high, because among a hundred sentences a few are near it by chance.
SAME, SUBJECT = 0.5, 0.85
#: Cosines of sentence embeddings from which on two sentences usually say the same, or are about the same.
SAME_COSINE, SUBJECT_COSINE = 0.8, 0.62


@dataclass(frozen=True, slots=True)
class Matcher:
    """``same`` says whether two sentences state the same measure, ``subject`` whether they are on the same subject, each from its threshold on."""

    same: Similarity
    subject: Similarity
    same_from: float = SAME
    subject_from: float = SUBJECT

    @classmethod
    def learned(cls, tagger: Tagger) -> Matcher:
        """The matcher that ships with the project."""
        return cls(Learned.load(tagger), Learned.load(tagger, "subject"))

    @classmethod
    def embeddings(cls, path: str | os.PathLike[str]) -> Matcher:
        """A matcher by a sentence-embedding model in a folder."""
        model = Embeddings(path)
        return cls(model, model, SAME_COSINE, SUBJECT_COSINE)
