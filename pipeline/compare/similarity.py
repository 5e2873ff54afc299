"""How like two sentences are: one seam with a learned body, one by n-grams alone, and one by a sentence-embedding model on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from pipeline import resources
from pipeline.compare.features import features
from pipeline.compare.trees import Trees
from pipeline.compare.views import Array, Reader
from pipeline.compare.wordings import Wordings, read_pairs
from pipeline.errors import ModelError, ModelMismatch, ModelMissing
from pipeline.tag import Tagger

WEIGHTS = "matcher.json"
#: So many pairs are weighed at once.
_CELLS = 100_000
#: The cosine of n-grams from which on two sentences differ in a mark or a figure.
_NEARLY = 0.9
_REMEDY = "run `python -m pipeline.compare.fit`"


class Similarity(Protocol):
    """Says how like sentences are."""

    def matrix(self, one: Sequence[str], other: Sequence[str]) -> Array:
        """How like every sentence of one is to every sentence of the other: ``(len(one), len(other))``, each in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The probability that two sentences state the same measure (``about="same"``), or measures on the same subject (``about="subject"``).

    Where a side is a measure whose wordings are known, ``known`` weighs them in.
    """

    reader: Reader
    trees: Trees
    known: Trees | None = None

    @classmethod
    def load(cls, tagger: Tagger, about: Literal["same", "subject"] = "same") -> Learned:
        """The body with the weights that ship with the project.

        Raises
        ------
        ModelMissing
            Where the weights cannot be read.
        ModelMismatch
            Where they were fitted with another thesaurus.
        """
        return _loaded(tagger, about)

    def matrix(self, one: Sequence[str], other: Sequence[str]) -> Array:
        """The probability for every pair."""
        if not one or not other:
            return np.zeros((len(one), len(other)))
        if self.known and max(self._places(one)) < 0 <= max(self._places(other)):
            # The measures are always the first of a pair.
            return self.matrix(other, one).T
        rows = max(1, _CELLS // len(other))
        return np.concatenate([self._some(tuple(one[at : at + rows]), tuple(other)) for at in range(0, len(one), rows)])

    def _places(self, texts: Sequence[str]) -> list[int]:
        return _wordings(self.reader).places(texts)

    def _some(self, one: tuple[str, ...], other: tuple[str, ...]) -> Array:
        found = _features(self.reader, one, other)
        places = np.array(self._places(one)) if self.known else np.full(len(one), -1)
        chances = np.zeros((len(one), len(other)))
        unknown, rows = np.flatnonzero(places < 0), np.flatnonzero(places >= 0)
        if len(unknown):
            chances[unknown] = self.trees.probability({name: values[unknown] for name, values in found.items()})
        if self.known and len(rows):
            by_wordings = {name: values[places[rows]] for name, values in _wordings_features(self.reader, other).items()}
            chances[rows] = self.known.probability({name: values[rows] for name, values in found.items()} | by_wordings)
        # What is nearly the same word for word is the same, whatever the weights make of it.
        copied = (found["grams"] - _NEARLY) / (1 - _NEARLY)
        return np.clip(np.maximum(chances, copied), 0.0, 1.0)


@lru_cache(maxsize=2)
def _wordings(reader: Reader) -> Wordings:
    return Wordings(reader, read_pairs())


@lru_cache(maxsize=2)
def _wordings_features(reader: Reader, texts: tuple[str, ...]) -> dict[str, Array]:
    return _wordings(reader).features(texts)


@lru_cache(maxsize=4)
def _features(reader: Reader, one: tuple[str, ...], other: tuple[str, ...]) -> dict[str, Array]:
    return features(reader, reader.views(one), reader.views(other))


def weights() -> dict[str, Any]:
    """The content of the file of weights."""
    path = resources.corpus_dir() / WEIGHTS
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as exc:
        raise ModelMissing(str(path), "the weights of the matcher cannot be read", _REMEDY) from exc


@lru_cache(maxsize=4)
def _loaded(tagger: Tagger, about: str) -> Learned:
    data, reader = weights(), Reader.default(tagger)
    if data.get("thesaurus") != reader.thesaurus.version:
        raise ModelMismatch(WEIGHTS, "the weights were fitted with another thesaurus", _REMEDY)
    try:
        return Learned(reader, Trees.of(data[about]), Trees.of(data[f"{about} by wordings"]))
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelMismatch(WEIGHTS, "the file holds no weights of this version", _REMEDY) from exc


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The cosine of tf-idf weighted runs of two and three characters, with ``by_category`` times how alike the tagger's probabilities are."""

    reader: Reader
    by_category: bool = False

    def matrix(self, one: Sequence[str], other: Sequence[str]) -> Array:
        """The cosine of every pair."""
        found = _features(self.reader, tuple(one), tuple(other))
        return found["grams"] * found["category"] if self.by_category else found["grams"]


class Embeddings:
    """The cosine of sentence embeddings, from a model in a folder that ``sentence-transformers`` reads; cosines below 0 count as 0."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._model: Any = None

    def matrix(self, one: Sequence[str], other: Sequence[str]) -> Array:
        """The cosine of every pair.

        Raises
        ------
        ModelMissing
            Where there is no such folder.
        ModelError
            Where the library is not installed, or does not read the model.
        """
        if not one or not other:
            return np.zeros((len(one), len(other)))
        model = self._opened()
        first, second = (np.asarray(model.encode(list(texts), normalize_embeddings=True), dtype=np.float64) for texts in (one, other))
        return np.clip(first @ second.T, 0.0, 1.0)

    def _opened(self) -> Any:
        if self._model is None:
            self._model = _embedder(self.path)
        return self._model


def _embedder(path: Path) -> Any:
    """A model of sentence-transformers, read from disk and never from a network."""
    if not path.is_dir():
        raise ModelMissing(str(path), "there is no such folder", "name the folder of a sentence-embedding model, or leave --embeddings out")
    try:
        # By its name, because it is not among the dependencies.
        library = import_module("sentence_transformers")
    except ImportError as exc:
        raise ModelError(str(path), "sentence-transformers is not installed", "run `pip install sentence-transformers`, or leave --embeddings out") from exc
    try:
        return library.SentenceTransformer(str(path), local_files_only=True)
    except Exception as exc:
        raise ModelError(str(path), f"the model cannot be read ({exc})", "name the folder of a sentence-embedding model, or leave --embeddings out") from exc
