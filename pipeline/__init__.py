"""Fazhi: read, tag and search annual reports on law-based government.

The library and the ``fazhi`` command do the same jobs. Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from pipeline import compare, indicators, learn
    from pipeline.batch import read_report, tag_files
    from pipeline.categories import scheme
    from pipeline.corpus import Corpus
    from pipeline.data import Report, Sentence, Tag, TaggedReport
    from pipeline.errors import FazhiError
    from pipeline.show import charts
    from pipeline.show.frames import tagged_frame
    from pipeline.tag import Tagger

_HOMES = {
    "Corpus": "pipeline.corpus",
    "FazhiError": "pipeline.errors",
    "Report": "pipeline.data",
    "Sentence": "pipeline.data",
    "Tag": "pipeline.data",
    "TaggedReport": "pipeline.data",
    "Tagger": "pipeline.tag",
    "charts": "pipeline.show",
    "read_report": "pipeline.batch",
    "scheme": "pipeline.categories",
    "tag_files": "pipeline.batch",
    "tagged_frame": "pipeline.show.frames",
}

_MODULES = ("compare", "indicators", "learn")

__all__ = [
    "Corpus",
    "FazhiError",
    "Report",
    "Sentence",
    "Tag",
    "TaggedReport",
    "Tagger",
    "charts",
    "compare",
    "indicators",
    "learn",
    "read_report",
    "scheme",
    "tag_files",
    "tagged_frame",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"pipeline.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
