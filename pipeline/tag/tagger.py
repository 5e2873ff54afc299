"""The tagger: a model from a file, and what it says of reports and of sentences."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline import categories, resources
from pipeline.data import Report, Tag
from pipeline.errors import ModelMismatch, ModelMissing
from pipeline.tag import skopsfile
from pipeline.tag.context import ContextDecoder
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.headings import HeadingEvidence
from pipeline.tag.model import SETTINGS, Model, Setting
from pipeline.tag.outline import Outline
from pipeline.tag.shipped import FORMAT, Shipped

MODEL_FILE, CARD_FILE, CURRENT_FILE = "model.skops", "card.json", "current"
#: The classes that a model file may hold.
TRUSTED = {f"{kind.__module__}.{kind.__qualname__}": kind for kind in (Shipped, Model, SentenceEvidence, HeadingEvidence, ContextDecoder)}
_RETRAIN = "run `fazhi train`"


class Tagger:
    """Tags reports and sentences with one model. A tagger pickles as a reference to its file.

    >>> tagger = Tagger.load()
    >>> tags = tagger.tag_sentences(["全年受理行政复议案件72件。", "组织防汛应急演练3次。"])
    >>> [tag.category for tag in tags]
    ['disputes', 'emergency']
    """

    def __init__(self, shipped: Shipped, path: Path | None = None) -> None:
        self.shipped = shipped
        self.path = path
        self._slugs = [categories.scheme().slug(code) for code in range(shipped.model.classes)]

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> Tagger:
        """Load a model from its folder or its ``model.skops`` file; by default the current one.

        Raises
        ------
        ModelMissing
            Where there is no model.
        ModelMismatch
            Where the model was made with other categories, another dictionary, or for another version of the program.
        ModelUnsafe
            Where the file is damaged or holds something that is no model data.
        """
        file = model_file(path)
        stamp = file.stat()
        return _load(str(file), stamp.st_mtime_ns, stamp.st_size)

    @property
    def version(self) -> str:
        """The version of the model."""
        return self.shipped.version

    def tag(self, report: Report, *, headings: bool = True, context: bool = True) -> list[Tag]:
        """One tag for every sentence of a report.

        Without ``headings`` sub-headings are not looked at; without ``context`` every sentence is tagged by itself.
        """
        if not report.sentences:
            return []
        return self._tags(self.shipped.model.predict_log_proba(Outline.of(report), headings=headings, neighbours=context))

    def tag_sentences(self, texts: Sequence[str]) -> list[Tag]:
        """One tag for every sentence, each by itself."""
        return self._tags(self.shipped.model.sentence_.predict_log_proba(texts)) if len(texts) else []

    def threshold(self, min_precision: float, setting: Setting = "full") -> float:
        """The smallest probability from which on tags were right at least so often, on labelled reports that the model had not seen.

        ``min_precision`` lies in (0, 1]; ``setting`` is ``alone`` for single sentences, ``no-headings`` or ``full`` for whole reports. 1.0 where no
        probability is enough.
        """
        if not 0 < min_precision <= 1:
            raise ValueError(f"min_precision must lie in (0, 1], not {min_precision}")
        if setting not in SETTINGS:
            raise ValueError(f"setting must be one of {', '.join(SETTINGS)}, not {setting!r}")
        return self.shipped.threshold(min_precision, setting)

    def _tags(self, logs: NDArray[np.float64]) -> list[Tag]:
        chances = np.exp(logs)
        order = np.argpartition(-chances, 1, axis=1)[:, :2]
        swap = np.take_along_axis(chances, order, axis=1)
        first = np.where(swap[:, 0] >= swap[:, 1], order[:, 0], order[:, 1])
        second = np.where(swap[:, 0] >= swap[:, 1], order[:, 1], order[:, 0])
        high, low = swap.max(axis=1).tolist(), swap.min(axis=1).tolist()
        slugs, version = self._slugs, self.version
        return [Tag(slugs[a], a, p, slugs[b], b, q, version) for a, p, b, q in zip(first.tolist(), high, second.tolist(), low, strict=True)]

    def __reduce__(self) -> tuple[Any, ...]:
        if self.path is None:
            raise TypeError("a tagger that was not loaded from a file cannot be pickled; save its model first")
        return Tagger.load, (str(self.path),)


@lru_cache(maxsize=4)
def _load(path: str, modified: int, size: int) -> Tagger:
    shipped = skopsfile.load(Path(path), TRUSTED)
    if not isinstance(shipped, Shipped) or shipped.format != FORMAT:
        raise ModelMismatch(path, "the model was made for another version of the program", _RETRAIN)
    shipped.check(path)
    return Tagger(shipped, Path(path))


def model_file(path: str | os.PathLike[str] | None = None) -> Path:
    """The model file that a path names: itself, or the one in the folder; by default that of the current version."""
    where = Path(path) if path is not None else current_folder()
    file = where / MODEL_FILE if where.is_dir() else where
    if not file.is_file():
        raise ModelMissing(str(where), "there is no model", f"name a model folder, or {_RETRAIN}")
    return file


def current_folder(models: Path | None = None) -> Path:
    """The folder of the current version."""
    folder = models or resources.models_dir()
    try:
        name = (folder / CURRENT_FILE).read_text(encoding="utf-8").strip()
    except OSError as exc:
        raise ModelMissing(str(folder / CURRENT_FILE), "no current model is named", _RETRAIN) from exc
    if not name or "/" in name or name in {".", ".."}:
        raise ModelMissing(str(folder / CURRENT_FILE), f"{name!r} is no name of a version", _RETRAIN)
    return folder / name


def card(path: str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """The card of a model: where it comes from, its figures, its weaknesses."""
    file = model_file(path).with_name(CARD_FILE)
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as exc:
        raise ModelMissing(str(file), "the model's card cannot be read", _RETRAIN) from exc
