"""Tag: give every sentence one of the categories, or none, with a probability that can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.tag.explain import Explanation
    from pipeline.tag.tagger import Tagger

__all__ = ["Explanation", "Tagger"]


def __getattr__(name: str) -> Any:
    # numpy is imported only by those who tag.
    if name == "Tagger":
        from pipeline.tag.tagger import Tagger

        return Tagger
    if name == "Explanation":
        from pipeline.tag.explain import Explanation

        return Explanation
    raise AttributeError(name)
