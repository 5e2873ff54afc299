"""Read: the text of txt, html, docx and pdf files, and what the file format says of it."""

from pipeline.read.files import SUFFIXES, find_files, read

__all__ = ["SUFFIXES", "find_files", "read"]
