"""The exact index: every literal phrase of a corpus, found through the pairs of characters it is made of."""

from pipeline.search.exact.index import ExactEngine

__all__ = ["ExactEngine"]
