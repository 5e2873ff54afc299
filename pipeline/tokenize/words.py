"""The one file that knows jieba.

A jieba tokenizer holds a lock and cannot travel between processes, so what travels is :class:`Segmenter`, a frozen value; the tokenizer
comes from a cached function. It is private: words that another part of the program adds to jieba do not reach it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from pipeline import resources

if TYPE_CHECKING:
    import jieba

JIEBA_VERSION = "0.42.1"


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Cuts text into words; two segmenters are equal if they cut alike.

    ``dictionary`` is the path of the domain dictionary, one ``word frequency tag`` a line.
    """

    dictionary: Path

    @classmethod
    def default(cls) -> Segmenter:
        """The segmenter with the project's own dictionary."""
        return cls(resources.corpus_dir() / "dictionary.txt")

    @property
    def version(self) -> str:
        """Names jieba's version and the dictionary's content; stored in indexes and models made with this segmenter."""
        return f"jieba-{JIEBA_VERSION}+{_digest(self.dictionary)[:12]}"

    def words(self, text: str) -> list[str]:
        """The words of a text in order; together they are the text.

        >>> Segmenter.default().words("推进行政复议体制改革")
        ['推进', '行政复议', '体制改革']
        """
        return _tokenizer(self.dictionary).lcut(text)  # type: ignore[no-any-return]

    def frequencies(self) -> Mapping[str, int]:
        """How often every word occurs by jieba's and the domain dictionary; 0 for beginnings of words that are none."""
        return _tokenizer(self.dictionary).FREQ  # type: ignore[no-any-return]


def entries(dictionary: Path) -> list[str]:
    """The words of a dictionary file, in its order."""
    rows = dictionary.read_text(encoding="utf-8").splitlines()
    return [row.split()[0] for row in rows if row.strip() and not row.startswith("#")]


@lru_cache
def _digest(dictionary: Path) -> str:
    return hashlib.sha256(dictionary.read_bytes()).hexdigest()


@lru_cache
def _tokenizer(dictionary: Path) -> jieba.Tokenizer:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    # jieba unmarshals its cache file, so it must not lie where others can write.
    cache = Path(platformdirs.user_cache_dir("fazhi"))
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    tokenizer.tmp_dir = str(cache)
    tokenizer.cache_file = f"jieba-{JIEBA_VERSION}.cache"
    tokenizer.initialize()
    for word in entries(dictionary):
        tokenizer.add_word(word)
    return tokenizer
