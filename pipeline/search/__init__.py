"""Search: a query language, and the engines that answer it behind one seam."""

from pipeline.search.engine import Engine, Found, IndexedReport, IndexedSentence
from pipeline.search.query import Query, parse

__all__ = ["Engine", "Found", "IndexedReport", "IndexedSentence", "Query", "parse"]
