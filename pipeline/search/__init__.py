"""Search: a query language, and the engines that answer it behind one seam."""

from pipeline.search.engine import Engine, Facets, Hits, IndexedReport, IndexedSentence, Order, Ranked
from pipeline.search.parser import parse
from pipeline.search.query import Query

__all__ = ["Engine", "Facets", "Hits", "IndexedReport", "IndexedSentence", "Order", "Query", "Ranked", "parse"]
