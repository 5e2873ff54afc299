"""Templates to pages. The one file that knows jinja2; every value that comes into a template is escaped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from pipeline import __version__
from pipeline.categories import Scheme, default, scheme
from pipeline.errors import FazhiError
from pipeline.web import charts, language
from pipeline.web.language import Words

HOME = Path(__file__).parent
STATIC = HOME / "static"


@lru_cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(HOME / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals |= {"url": url, "asset": asset, "program": __version__, "bars": charts.bars, "columns": charts.columns, "heat": charts.heat}
    made.filters |= {"pieces": pieces, "percent": percent, "likely": likely, "grouped": lambda number: f"{number:,}"}
    return made


def render(request: Request, template: str, page: object, *, status: int = 200, headers: Mapping[str, str] | None = None, **more: Any) -> HTMLResponse:
    """A page from a template; ``page`` is its data."""
    asked = request.query_params.get("lang")
    words = words_of(request)
    context = {"page": page, "t": words, "lang": words.language, "here": _here(request), "name_of": Names(words), **_shared(request), **more}
    answer = HTMLResponse(_environment().get_template(template).render(context), status, headers)
    if asked in language.LANGUAGES:
        answer.set_cookie(language.COOKIE, str(asked), max_age=31_536_000, samesite="lax", httponly=True)
    return answer


def words_of(request: Request) -> Words:
    """The strings of the language that a reader wants."""
    header = request.headers.get("accept-language", "")
    return Words(language.chosen(request.query_params.get("lang"), request.cookies.get(language.COOKIE), header))


def _shared(request: Request) -> dict[str, Any]:
    """What the frame around every page shows; without versions where the corpus cannot say them."""
    site = getattr(request.app.state, "site", None)
    if site is None or getattr(request.state, "stranger", False):
        return {"versions": None, "read_only": True, "corpus_name": ""}
    versions = None
    try:
        with site.corpus() as corpus:
            versions = site.versions(corpus)
    except FazhiError:
        pass
    return {"versions": versions, "read_only": site.settings.read_only, "corpus_name": site.settings.corpus.resolve().name}


def _here(request: Request) -> Here:
    return Here(request.url.path, list(request.query_params.multi_items()))


class Here:
    """The address of the page being shown."""

    def __init__(self, path: str, params: Sequence[tuple[str, str]]) -> None:
        self.path, self.params = path, params

    def but(self, **changed: object) -> str:
        """The address with some parameters changed, or left out where they are ``None``."""
        kept = [(name, value) for name, value in self.params if name not in changed]
        return _joined(self.path, [*kept, *((name, str(value)) for name, value in changed.items() if value is not None)])

    def json(self) -> str:
        """The address of the same data as JSON."""
        return _joined(f"{'/overview' if self.path == '/' else self.path}.json", [pair for pair in self.params if pair[0] != "lang"])


def url(path: str, **params: object) -> str:
    """An address on this server.

    >>> url("/search", q="复议", page=None)
    '/search?q=%E5%A4%8D%E8%AE%AE'
    """
    return _joined(path, [(name, str(value)) for name, value in params.items() if value is not None])


def _joined(path: str, params: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(params), quote_via=quote, errors="replace")
    return quote(path, safe="/") + (f"?{query}" if query else "")


@lru_cache
def asset(name: str) -> str:
    """The address of a file in ``static``, new whenever its content is."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def pieces(text: str, matches: Iterable[Sequence[int]]) -> list[tuple[str, bool]]:
    """A text cut at its matches; true where a piece is within one.

    >>> pieces("受理复议案件", [(2, 4)])
    [('受理', False), ('复议', True), ('案件', False)]
    """
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted((pair[0], pair[1]) for pair in matches):
        if end <= at:
            continue
        cut += [(text[at:start], False)] if start > at else []
        cut.append((text[max(at, start) : end], True))
        at = end
    return [*cut, (text[at:], False)] if at < len(text) else cut


def percent(share: float) -> str:
    """A share with one decimal; never rounded to all or nothing.

    >>> percent(0.137), percent(0.99996), percent(1), percent(0.00001)
    ('13.7%', '>99.9%', '100%', '<0.1%')
    """
    if share in {0, 1}:
        return f"{share:.0%}"
    return ">99.9%" if share > 0.9995 else "<0.1%" if share < 0.0005 else f"{share:.1%}"


def likely(probability: float) -> str:
    """A probability, which is never one.

    >>> likely(1.0), likely(0.61)
    ('>99.9%', '61.0%')
    """
    return percent(min(max(probability, 0.0001), 0.9999))


class Names:
    """The names of categories, roles and other values in a language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def category(self, code: int | None, of: Scheme | None = None) -> str:
        """The short name of a category."""
        if code is None:
            return self._words("category.untagged")
        found = (of or scheme()).get(code)
        return self._words.of("category", found.slug, found.short) if found else self._words("category.none")

    def definition(self, code: int) -> str:
        """What the code book says of a category."""
        used = scheme()
        found = used.get(code)
        if found is None:
            return self._words("category.define_none")
        return self._words.of("category", f"define_{found.slug}", found.definition) if used.line == default().line else found.definition

    def role(self, role: str) -> str:
        """The name of a role."""
        return self._words.of("role", role)
