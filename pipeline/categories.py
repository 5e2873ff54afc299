"""The categories that sentences are classified into: data, read from a ``categories.toml``.

The seven of the baseline stand in ``corpus/categories.toml``. A corpus folder may hold a file of its own, for a scheme of its own::

    scheme = "budget-3"

    [[category]]
    code = 1
    slug = "income"
    name = "组织财政收入"
    short = "收入"
    definition = "Taxes, fees, transfers."
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline import resources
from pipeline.errors import LabelError

NONE_CODE = 0
#: What code 0 is called where names are shown.
NONE_SHORT = "非举措"
#: The name of a corpus's own file.
FILE = "categories.toml"
FEWEST, MOST = 2, 30
_NONE_WORDS = {"0", "none", "无", "非举措", "其他"}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


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

    @property
    def line(self) -> str:
        """The scheme in one line: its name and its slugs. Schemes with the same line have the same categories, whatever words define them.

        >>> scheme().line
        'fazhi-7: functions rules enforcement emergency oversight disputes foundations'
        """
        return f"{self.name}: {' '.join(category.slug for category in self.categories)}"

    @property
    def key(self) -> str:
        """A short name for files that tells schemes apart even where two have one name.

        >>> scheme().key
        'fazhi-7-4330bd'
        """
        return f"{self.name}-{hashlib.sha256(self.line.encode()).hexdigest()[:6]}"

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

    def short(self, code: int) -> str:
        """The short name of a code, also of 0.

        >>> scheme().short(6), scheme().short(0)
        ('纠纷化解', '非举措')
        """
        found = self.get(code)
        return found.short if found else NONE_SHORT

    def code(self, word: str) -> int | None:
        """The code that a word stands for: a code, slug, name or short name; ``none`` and ``0`` are 0; unknown words ``None``.

        >>> scheme().code("disputes"), scheme().code("纠纷化解"), scheme().code("6"), scheme().code("无")
        (6, 6, 6, 0)
        """
        key = word.strip().casefold()
        for category in self.categories:
            if key in {str(category.code), category.slug.casefold(), category.name.casefold(), category.short.casefold()}:
                return category.code
        return NONE_CODE if key in _NONE_WORDS else None

    def as_dict(self) -> dict[str, Any]:
        """The scheme as plain data, as its file holds it."""
        return {"scheme": self.name, "category": [asdict(category) for category in self.categories]}

    @classmethod
    def from_dict(cls, data: Any, where: str = FILE) -> Scheme:
        """The scheme that plain data describe.

        Raises
        ------
        LabelError
            With what is wrong with them.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("category"), Sequence):
            raise _wrong(where, "it is no list of categories")
        name, found = data.get("scheme"), tuple(_category(entry, where) for entry in data["category"])
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _wrong(where, f"the scheme's name {name!r} is not made of small letters, digits and hyphens")
        _check(found, where)
        return cls(name, found)


def _category(entry: Any, where: str) -> Category:
    if not isinstance(entry, Mapping) or type(entry.get("code")) is not int:
        raise _wrong(where, "a category has no code")
    code, name = entry["code"], entry.get("name")
    full = {"short": name, "definition": "", **entry}
    if unknown := sorted(set(full) - {field.name for field in fields(Category)}):
        raise _wrong(where, f"category {code} has an unknown entry {unknown[0]!r}")
    for key in ("slug", "name", "short", "definition"):
        if not isinstance(full.get(key), str) or (key != "definition" and not full[key].strip()):
            raise _wrong(where, f"category {code} has no {key}")
    if not _NAME.fullmatch(full["slug"]):
        raise _wrong(where, f"the slug {full['slug']!r} is not made of small letters, digits and hyphens")
    return Category(**full)


def _check(found: Sequence[Category], where: str) -> None:
    if not FEWEST <= len(found) <= MOST:
        raise _wrong(where, f"it has {len(found)} categories, not {FEWEST} to {MOST}")
    if [category.code for category in found] != list(range(1, len(found) + 1)):
        raise _wrong(where, "the codes do not run from 1 without a gap")
    words: dict[str, int] = dict.fromkeys(_NONE_WORDS, NONE_CODE)
    for category in found:
        for word in {category.slug.casefold(), category.name.casefold(), category.short.casefold()}:
            if words.setdefault(word, category.code) != category.code:
                raise _wrong(where, f"{word!r} names both {words[word]} and {category.code}")


def _wrong(where: str, wrong: str) -> LabelError:
    return LabelError(where, wrong, "write a categories file like corpus/categories.toml: scheme, and code, slug and name of 2 to 30 categories")


#: The scheme of the corpus that is open, where that is not the seven.
_in_use: ContextVar[Scheme | None] = ContextVar("scheme", default=None)


def scheme(path: Path | None = None) -> Scheme:
    """The scheme in a categories file; by default that of the corpus that is open, or the seven of the baseline.

    >>> [category.slug for category in scheme().categories]
    ['functions', 'rules', 'enforcement', 'emergency', 'oversight', 'disputes', 'foundations']

    Raises
    ------
    LabelError
        Where there is no such file, or it is none.
    """
    return _read(path) if path is not None else _in_use.get() or default()


@lru_cache
def default() -> Scheme:
    """The seven categories of the baseline."""
    return _read(resources.corpus_dir() / FILE)


def use(scheme: Scheme | None) -> Token[Scheme | None]:
    """Let names and codes be those of a scheme in this context, until :func:`leave`: what an open corpus does with its own."""
    return _in_use.set(scheme)


def leave(token: Token[Scheme | None]) -> None:
    """End what :func:`use` began; elsewhere than in its own context there is nothing to end."""
    with suppress(ValueError):
        _in_use.reset(token)


def of_corpus(folder: Path) -> Scheme:
    """The scheme of a corpus folder: that of its own categories file, else the seven."""
    own = folder / FILE
    return _read(own) if own.is_file() else default()


def _read(path: Path) -> Scheme:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise LabelError(str(path), f"the categories file cannot be read ({exc.strerror})", "check the path") from exc
    except ValueError as exc:
        raise _wrong(str(path), f"it is no categories file ({exc})") from exc
    return Scheme.from_dict(data, str(path))


def dump(scheme: Scheme) -> str:
    """A scheme as the text of a categories file.

    >>> Scheme.from_dict(tomllib.loads(dump(scheme()))) == scheme()
    True
    """
    lines = [f"scheme = {_quoted(scheme.name)}"]
    for category in scheme.categories:
        words = (f"{key} = {_quoted(getattr(category, key))}" for key in ("slug", "name", "short", "definition"))
        lines += ["", "[[category]]", f"code = {category.code}", *words]
    return "\n".join(lines) + "\n"


def write(scheme: Scheme, folder: Path) -> None:
    """Put a scheme's file into a corpus folder, whole or not at all."""
    part = folder / f".{FILE}.{os.getpid()}.part"
    part.write_text(dump(scheme), encoding="utf-8")
    part.replace(folder / FILE)


def _quoted(text: str) -> str:
    """A TOML string; what JSON escapes, TOML escapes alike."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
