"""Structure: sections, paragraphs and sentences of a report, with offsets that hold."""

from pipeline.structure.parse import parse

__all__ = ["parse"]
