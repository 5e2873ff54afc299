"""Search: a query language, and the engines that answer it behind one seam."""

from pipeline.search.engine import Engine, Found, IndexedReport, IndexedSentence
from pipeline.search.parser import parse
from pipeline.search.query import Query

__all__ = ["Engine", "Found", "IndexedReport", "IndexedSentence", "Query", "parse"]
