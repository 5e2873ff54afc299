"""What a model file holds: the fitted layers, and what must fit the program that loads them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline import categories
from pipeline.errors import ModelMismatch
from pipeline.tag.model import SETTINGS, Model, Setting
from pipeline.tokenize import Segmenter

#: Changes whenever the layers or the file change in a way that old code cannot take.
FORMAT = 1


class Shipped:
    """A fitted model with its version, and the labelled sentences that explanations compare with.

    ``confidence`` and ``correct`` hold, for each setting, the probabilities of the tags that labelled sentences got out of fold, highest first, and whether
    the tags were right; thresholds are read from them.
    """

    def __init__(
        self,
        version: str,
        model: Model,
        *,
        confidence: dict[str, NDArray[np.float32]],
        correct: dict[str, NDArray[np.bool_]],
        sentences: list[str],
        labels: NDArray[np.int8],
        owners: list[str],
        owner: NDArray[np.int16],
    ) -> None:
        self.format = FORMAT
        self.version = version
        self.scheme = scheme_name()
        self.dictionary = dictionary_version()
        self.model = model
        self.confidence = confidence
        self.correct = correct
        self.sentences = sentences
        self.labels = labels
        self.owners = owners
        self.owner = owner

    def check(self, where: str) -> None:
        """Raise ``ModelMismatch`` where the model does not fit the categories or the dictionary at hand."""
        for what, mine, now in (("categories", self.scheme, scheme_name()), ("dictionary", self.dictionary, dictionary_version())):
            if mine != now:
                raise ModelMismatch(where, f"the model was made with another {what} ({mine}, now {now})", "run `fazhi train`")

    def threshold(self, min_precision: float, setting: Setting) -> float:
        """The smallest probability from which on at least ``min_precision`` of the tags were right; 1.0 where there is none."""
        chances, right = self.confidence[setting], self.correct[setting]
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        # Equal probabilities are taken together or not at all.
        last = np.append(chances[1:] != chances[:-1], True)
        enough = np.flatnonzero((precision >= min_precision) & last)
        return float(chances[enough[-1]]) if len(enough) else 1.0


def scheme_name() -> str:
    """The categories at hand in one line: the scheme's name and its slugs."""
    scheme = categories.scheme()
    return f"{scheme.name}: {' '.join(category.slug for category in scheme.categories)}"


def dictionary_version() -> str:
    """The version of the dictionary at hand."""
    try:
        return Segmenter.default().version
    except FileNotFoundError:
        return "none"


__all__ = ["FORMAT", "SETTINGS", "Shipped"]
