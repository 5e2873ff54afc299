"""The two languages of the pages: every string in one catalogue a language, and the choice between them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("zh", "en")
COOKIE = "fazhi-language"
_FOLDER = Path(__file__).parent / "locales"


@lru_cache
def catalogue(language: str) -> Mapping[str, str]:
    """The strings of a language by their keys, ``table.name``."""
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {f"{table}.{name}": text for table, strings in tables.items() for name, text in strings.items()}


class Words:
    """The strings of one language.

    >>> Words("en")("nav.search"), Words("zh")("nav.search")
    ('Search', '检索')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._strings = catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The string of a key with values put in; numbers are grouped."""
        text = self._strings[key]
        return text.format_map({name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}) if values else text

    def of(self, table: str, name: object, otherwise: str | None = None) -> str:
        """The string for a value, or the value itself where the catalogue has none for it."""
        return self._strings.get(f"{table}.{name}", str(name) if otherwise is None else otherwise)


def chosen(param: str | None, cookie: str | None, header: str) -> str:
    """The language asked for by a parameter, else by a cookie, else by the browser; Chinese where it says nothing that is known.

    >>> chosen(None, None, "fr, en-GB;q=0.8, zh;q=0.5"), chosen(None, "zh", "en"), chosen("en", "zh", "")
    ('en', 'zh', 'en')
    """
    for wish in (param, cookie):
        if wish in LANGUAGES:
            return str(wish)
    ranges = sorted((_weighed(part) for part in header.split(",")[:20]), key=lambda pair: -pair[1])
    return next((name for name, weight in ranges if weight and name in LANGUAGES), LANGUAGES[0])


def _weighed(part: str) -> tuple[str, float]:
    name, _, weight = part.partition(";q=")
    try:
        return name.strip().casefold().partition("-")[0], float(weight or 1)
    except ValueError:
        return "", 0.0
