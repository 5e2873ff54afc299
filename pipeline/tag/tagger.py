"""The tagger: a model from a file, and what it says of reports and of sentences."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.categories import Scheme
from pipeline.data import Report, Tag
from pipeline.errors import ModelUnsafe
from pipeline.tag import files, skopsfile, sound
from pipeline.tag.context import ContextDecoder
from pipeline.tag.evidence import SentenceEvidence
from pipeline.tag.headings import HeadingEvidence
from pipeline.tag.model import SETTINGS, Model, Setting
from pipeline.tag.outline import Outline
from pipeline.tag.shipped import Shipped

if TYPE_CHECKING:
    from pipeline.tag.explain import Explanation

#: The classes that a model file may hold, by their full names.
TRUSTED = {f"{kind.__module__}.{kind.__qualname__}": kind for kind in (Shipped, Model, SentenceEvidence, HeadingEvidence, ContextDecoder)}


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
        #: The categories that the model was trained for.
        self.scheme: Scheme = shipped.categories
        self._slugs = [self.scheme.slug(code) for code in range(len(self.scheme.codes) + 1)]

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> Tagger:
        """Load a model by its version, its folder or its ``model.skops`` file; by default the current one.

        Raises
        ------
        ModelMissing
            Where there is no model.
        ModelMismatch
            Where the model was made with another dictionary or library, or for another version of the program.
        ModelUnsafe
            Where the file is damaged, or holds something that is no model data.
        """
        file = files.model_file(path)
        stamp = file.stat()
        return _load(str(file), stamp.st_mtime_ns, stamp.st_size)

    @classmethod
    def current(cls, scheme: Scheme | None = None) -> Tagger:
        """The current model of a scheme, by default the seven categories.

        Raises
        ------
        ModelError
            As :meth:`load` does.
        """
        return cls.load(files.current_folder(scheme=scheme))

    @classmethod
    def current_or_none(cls, scheme: Scheme) -> Tagger | None:
        """The current model of a scheme, or ``None`` for one other than the seven categories that has none yet.

        Raises
        ------
        ModelError
            As :meth:`load` does.
        """
        named = files.current_file(scheme)
        if named != files.CURRENT_FILE and not any((folder / named).is_file() for folder in files.folders()):
            return None
        return cls.current(scheme)

    @property
    def version(self) -> str:
        """The version of the model."""
        return self.shipped.version

    def tag(self, report: Report, *, headings: bool = True, context: bool = True) -> list[Tag]:
        """One tag for every sentence of a report.

        Without ``headings`` its sub-headings are not looked at; without ``context`` every sentence is tagged by itself.
        """
        setting: Setting = "alone" if not context else "full" if headings else "no-headings"
        return self.tag_outline(Outline.of(report), setting)

    def tag_outline(self, outline: Outline, setting: Setting = "full") -> list[Tag]:
        """One tag for every sentence of an outline."""
        return self._tags(self.shipped.model.predict_log_proba(outline, setting)) if outline.texts else []

    def tag_sentences(self, texts: Sequence[str]) -> list[Tag]:
        """One tag for every sentence, each by itself."""
        return self._tags(self.shipped.model.sentence_.predict_log_proba(texts)) if texts else []

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

    def explain(self, report: Report | None, which: int | str) -> Explanation:
        """Why a sentence has its tag: the sentence with this index in a report, or, without a report, a sentence by itself.

        Raises
        ------
        IndexError
            Where the report has no such sentence.
        """
        from pipeline.tag.explain import explain

        return explain(self, report, which)

    def _tags(self, logs: NDArray[np.float64]) -> list[Tag]:
        chances, rows = np.exp(logs), np.arange(len(logs))
        first = chances.argmax(axis=1)
        rest = chances.copy()
        rest[rows, first] = -1.0
        second = rest.argmax(axis=1)
        high, low = chances[rows, first].tolist(), chances[rows, second].tolist()
        slugs, version = self._slugs, self.version
        return [Tag(slugs[a], a, p, slugs[b], b, q, version) for a, p, b, q in zip(first.tolist(), high, second.tolist(), low, strict=True)]

    def __reduce__(self) -> tuple[Any, ...]:
        if self.path is None:
            raise TypeError("a tagger that was not loaded from a file cannot be pickled; save its model first")
        return Tagger.load, (str(self.path),)


@lru_cache(maxsize=8)
def _load(path: str, modified: int, size: int) -> Tagger:  # noqa: ARG001
    """The tagger of a model file, once for every state of the file."""
    shipped = skopsfile.load(Path(path), TRUSTED)
    try:
        # A file with other parts than this program's is one of another format.
        shipped.check(path)
        sound.check(shipped, path)
        return Tagger(shipped, Path(path))
    except (AttributeError, LookupError, TypeError, ValueError) as exc:
        raise ModelUnsafe(path, "the file is no tagging model", "take a model that `fazhi train` made") from exc
