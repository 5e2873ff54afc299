"""The categories that sentences are classified into: data, read from ``corpus/categories.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline import resources

NONE_CODE = 0


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its code (from 1), its slug for machines, its name in the baseline, its short name and its definition."""

    code: int
    slug: str
    name: str
    short: str
    definition: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A set of categories; code 0 stands for none of them."""

    name: str
    categories: tuple[Category, ...]

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of the categories in order, without 0."""
        return tuple(category.code for category in self.categories)

    def get(self, code: int) -> Category | None:
        """The category with this code, or ``None`` for 0 and unknown codes."""
        return next((category for category in self.categories if category.code == code), None)

    def slug(self, code: int) -> str | None:
        """The slug of a code, ``None`` for code 0.

        >>> scheme().slug(6), scheme().slug(0)
        ('disputes', None)
        """
        found = self.get(code)
        return found.slug if found else None

    def code(self, word: str) -> int | None:
        """The code that a word stands for: a code, slug, name or short name; ``none`` and ``0`` are 0; unknown words ``None``.

        >>> scheme().code("disputes"), scheme().code("纠纷化解"), scheme().code("6"), scheme().code("无")
        (6, 6, 6, 0)
        """
        key = word.strip().casefold()
        if key in {"0", "none", "无", "非举措", "其他"}:
            return NONE_CODE
        for category in self.categories:
            if key in {str(category.code), category.slug.casefold(), category.name.casefold(), category.short.casefold()}:
                return category.code
        return None


@lru_cache
def scheme(path: Path | None = None) -> Scheme:
    """The scheme in a categories file; by default the seven of the baseline.

    >>> [category.slug for category in scheme().categories]
    ['functions', 'rules', 'enforcement', 'emergency', 'oversight', 'disputes', 'foundations']
    """
    with (path or resources.corpus_dir() / "categories.toml").open("rb") as file:
        data = tomllib.load(file)
    return Scheme(data["scheme"], tuple(Category(**entry) for entry in data["category"]))
