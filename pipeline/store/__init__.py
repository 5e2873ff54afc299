"""Store: a corpus's truth, one SQLite file."""

from pipeline.store.database import Database, StoredReport, StoredSentence

__all__ = ["Database", "StoredReport", "StoredSentence"]
