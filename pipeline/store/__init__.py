"""Store: a corpus's truth, one SQLite file."""

from pipeline.store.database import Database, StoredReport, StoredSentence
from pipeline.store.labels import ADJUDICATED, Batch, Label, Labels, NewLabel, sentence_key

__all__ = ["ADJUDICATED", "Batch", "Database", "Label", "Labels", "NewLabel", "StoredReport", "StoredSentence", "sentence_key"]
