"""What a model file holds: the fitted layers, and what must fit the program that loads them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline import categories
from pipeline.errors import ModelMismatch
from pipeline.tag.model import Model, Setting
from pipeline.tokenize import Segmenter

#: Changes whenever the layers or the file change in a way that other code cannot take.
FORMAT = 2


class Shipped:
    """A fitted model with its version, the trial that it stood, and the labelled sentences that explanations compare with.

    ``probabilities`` and ``right`` hold, for each setting, the probabilities of the tags that labelled sentences got from a model that had not seen their
    report, highest first, and whether each tag was right. Thresholds are read from them.

    ``texts`` are the labelled sentences, one a line; ``labels`` and ``owner`` have one entry a sentence, the latter an index into ``reports``.
    """

    def __init__(
        self,
        version: str,
        model: Model,
        *,
        probabilities: Mapping[Setting, NDArray[np.float32]],
        right: Mapping[Setting, NDArray[np.bool_]],
        texts: str,
        labels: NDArray[np.int8],
        reports: list[str],
        owner: NDArray[np.int16],
    ) -> None:
        self.format = FORMAT
        self.version = version
        self.scheme = scheme_name()
        self.dictionary = Segmenter.default().version
        self.model = model
        self.probabilities = dict(probabilities)
        self.right = dict(right)
        self.texts = texts
        self.labels = labels
        self.reports = reports
        self.owner = owner

    def check(self, where: str) -> None:
        """Raise ``ModelMismatch`` where the model does not fit the program, the categories or the dictionary at hand."""
        parts = (
            ("file format", self.format, FORMAT),
            ("set of categories", self.scheme, scheme_name()),
            ("dictionary", self.dictionary, Segmenter.default().version),
        )
        for what, mine, now in parts:
            if mine != now:
                raise ModelMismatch(where, f"the model was made with another {what} ({mine}; now {now})", "run `fazhi train`")

    def threshold(self, min_precision: float, setting: Setting) -> float:
        """The smallest probability from which on at least ``min_precision`` of the tags were right; 1.0 where there is none."""
        chances, right = self.probabilities[setting], self.right[setting]
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        # Equal probabilities are taken together or not at all.
        last = np.append(chances[1:] != chances[:-1], True)
        enough = np.flatnonzero((precision >= min_precision) & last)
        return float(chances[enough[-1]]) if len(enough) else 1.0


def scheme_name() -> str:
    """The categories at hand in one line: the scheme's name and its slugs."""
    scheme = categories.scheme()
    return f"{scheme.name}: {' '.join(category.slug for category in scheme.categories)}"
