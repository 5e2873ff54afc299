"""Tokenize: words of Chinese text, by jieba with the project's dictionary."""

from pipeline.tokenize.words import Segmenter

__all__ = ["Segmenter"]
