"""Compare: reports beside a baseline, measure by measure and category by category.

>>> from pipeline.compare import compare  # the functions take and give values: tagged reports in, a Comparison out
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.compare.results import Comparison, Match, Measure, Mirror, Near, Place, Profile, Repeat, Share, Spread

if TYPE_CHECKING:
    from pipeline.compare.boilerplate import repeats
    from pipeline.compare.comparison import compare
    from pipeline.compare.matcher import Matcher
    from pipeline.compare.matching import mirror
    from pipeline.compare.page import to_html
    from pipeline.compare.shares import corrected, profile
    from pipeline.compare.similarity import Embeddings, Learned, Similarity

__all__ = [
    "Comparison", "Embeddings", "Learned", "Match", "Matcher", "Measure", "Mirror", "Near", "Place", "Profile", "Repeat", "Share", "Similarity", "Spread",
    "compare", "corrected", "mirror", "profile", "repeats", "to_html",
]  # fmt: skip

_HOMES = {
    "compare": "comparison", "Matcher": "matcher", "mirror": "matching", "repeats": "boilerplate", "corrected": "shares", "profile": "shares",
    "to_html": "page", "Embeddings": "similarity", "Learned": "similarity", "Similarity": "similarity",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    # numpy and scipy are imported only by those who compare.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"pipeline.compare.{_HOMES[name]}"), name)
    raise AttributeError(name)
