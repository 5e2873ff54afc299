"""What a model file holds: the fitted layers, the trial that they stood, and what must fit the program that loads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.categories import Scheme
from pipeline.data import ROLES
from pipeline.errors import LabelError, ModelMismatch
from pipeline.tag.model import Model, Setting
from pipeline.tag.outline import Outline
from pipeline.tokenize import Segmenter

#: Changes whenever the layers or the file change in a way that other code cannot take.
FORMAT = 3


class Shipped:
    """A fitted model with its version, its categories, and the labelled reports that it was made from.

    ``logs`` holds, for each setting, the log probabilities ``(sentences, classes)`` that every sentence got from a model that was made, in all its parts,
    without the sentence's report: out of fold. Thresholds are read from them, and other models are compared with them, so that no comparison needs a refit.

    ``texts`` are the sentences, one a line, of ``reports`` one after the other; ``labels`` are their labels, below 0 for sentences that have none; ``owner``
    is an index into ``reports``, ``roles`` one into the roles, ``paths`` one into ``headings``, whose entries are the headings above, one a line.
    """

    def __init__(
        self, version: str, model: Model, scheme: Scheme, *, logs: Mapping[Setting, NDArray[np.float16]], names: Sequence[str],
        outlines: Sequence[Outline], labels: NDArray[np.int8],
    ) -> None:  # fmt: skip
        self.format = FORMAT
        self.version = version
        self.scheme = scheme.as_dict()
        self.dictionary = Segmenter.default().version
        self.model = model
        self.logs = dict(logs)
        self.labels = labels
        self.reports = list(names)
        self.owner = np.repeat(np.arange(len(outlines)), [len(outline.texts) for outline in outlines]).astype(np.int32)
        self.texts = "\n".join(text for outline in outlines for text in outline.texts)
        paths = {path: number for number, path in enumerate(dict.fromkeys(path for outline in outlines for path in outline.headings))}
        self.headings = ["\n".join(path) for path in paths]
        self.paths = np.array([paths[path] for outline in outlines for path in outline.headings], dtype=np.int32)
        self.depths = np.array([len(path) for path in paths], dtype=np.int8)
        self.roles = np.array([ROLES.index(role) for outline in outlines for role in outline.roles], dtype=np.int8)
        self.sections = np.array([section for outline in outlines for section in outline.sections], dtype=np.int32)
        self.paragraphs = np.array([paragraph for outline in outlines for paragraph in outline.paragraphs], dtype=np.int32)

    def check(self, where: str) -> None:
        """Raise ``ModelMismatch`` where the model does not fit the program or the dictionary at hand."""
        for what, mine, now in (("file format", self.format, FORMAT), ("dictionary", self.dictionary, Segmenter.default().version)):
            if mine != now:
                raise ModelMismatch(where, f"the model was made with another {what} ({mine}; now {now})", "run `fazhi train`")

    @property
    def categories(self) -> Scheme:
        """The scheme that the model was trained for.

        Raises
        ------
        ModelMismatch
            Where the file holds none.
        """
        try:
            return Scheme.from_dict(self.scheme)
        except LabelError as exc:
            raise ModelMismatch(self.version, f"the model's categories are none that this version knows ({exc.wrong})", "run `fazhi train`") from exc

    def threshold(self, min_precision: float, setting: Setting) -> float:
        """The smallest probability from which on at least ``min_precision`` of the tags were right; 1.0 where there is none."""
        chances, right = self.trial(setting)
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        # Equal probabilities are taken together or not at all.
        last = np.append(chances[1:] != chances[:-1], True)
        enough = np.flatnonzero((precision >= min_precision) & last)
        return float(chances[enough[-1]]) if len(enough) else 1.0

    def trial(self, setting: Setting) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """The probabilities of the tags that labelled sentences got out of fold, highest first, and whether each tag was right."""
        there = self.labels >= 0
        logs = self.logs[setting][there].astype(np.float64)
        chances = np.exp(logs.max(axis=1))
        order = np.argsort(-chances, kind="stable")
        return chances[order], (logs.argmax(axis=1) == self.labels[there])[order]

    def outlines(self) -> list[Outline]:
        """The reports that the model was made from, as the tagger sees them; made once."""
        return _outlines(self)


@lru_cache(maxsize=4)
def _outlines(shipped: Shipped) -> list[Outline]:
    paths = [tuple(line.split("\n")) if depth else () for line, depth in zip(shipped.headings, shipped.depths.tolist(), strict=True)]
    texts = shipped.texts.split("\n")
    ends = np.searchsorted(shipped.owner, np.arange(len(shipped.reports)), side="right").tolist()
    found = []
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        rows = slice(begin, end)
        found.append(
            Outline(
                tuple(texts[rows]),
                tuple(ROLES[role] for role in shipped.roles[rows].tolist()),
                tuple(paths[path] for path in shipped.paths[rows].tolist()),
                tuple(shipped.sections[rows].tolist()),
                tuple(shipped.paragraphs[rows].tolist()),
            )
        )
    return found
