"""Who may talk to the server, and what its answers may do in a browser: the first thing that sees a request."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline import categories
from pipeline.web.errors import PageError, respond
from pipeline.web.settings import MAX_BODY, Settings, is_local

COOKIE = "fazhi-token"
_SAFE = {"GET", "HEAD"}
_OPEN = ("/static/", "/login")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Checks host, origin, token and size of every request, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer, guarded = self._refusal(request) or self.app, _Sender(send, scope["path"])
        token = categories.use(scope["app"].state.site.scheme())
        try:
            await answer(scope, _bounded(receive), guarded)
        except Exception as error:
            if guarded.started:
                raise
            await respond(request, error)(scope, receive, guarded)
        finally:
            categories.leave(token)

    def _refusal(self, request: Request) -> Response | None:
        try:
            check_host(request.headers.get("host", ""), self.settings)
            check_origin(request.method, request.headers)
            if int(request.headers.get("content-length") or 0) > MAX_BODY:
                raise PageError(413, "the request", "too much was sent at once", "send fewer or smaller files")
            return self._unknown(request)
        except ValueError:
            return self._refused(request, PageError(400, "the request", "its length is no number", "send it again"))
        except PageError as error:
            return self._refused(request, error)

    def _refused(self, request: Request, error: PageError) -> Response:
        request.state.stranger = True
        return respond(request, error)

    def _unknown(self, request: Request) -> Response | None:
        """Ask whoever has no token for it; who brings it in the address gets it as a cookie, so that it does not stay in the address."""
        token = self.settings.token
        if token is None or request.url.path.startswith(_OPEN):
            request.state.stranger = token is not None
            return None
        given = request.query_params.get("token")
        if given is not None and same(given, token):
            kept = request.url.remove_query_params("token")
            answer = RedirectResponse(f"{kept.path}?{kept.query}" if kept.query else kept.path, 303)
            remember(answer, token)
            return answer
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if same(bearer, token) or same(request.cookies.get(COOKIE, ""), digest(token)):
            return None
        raise PageError(401, "the corpus", "a token is needed", "open the address that the server printed, or log in with the token")


def digest(token: str) -> str:
    """What a browser keeps in place of the token."""
    return hashlib.sha256(f"fazhi {token}".encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare secrets in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def remember(answer: Response, token: str) -> None:
    """Let a browser stay known."""
    answer.set_cookie(COOKIE, digest(token), max_age=2_592_000, httponly=True, samesite="strict")


def check_host(header: str, settings: Settings) -> None:
    """Refuse requests for another name: a page elsewhere may have pointed its own name at this address.

    Raises
    ------
    PageError
        Where the name is not one of this server's.
    """
    name = (urlsplit(f"//{header}").hostname or "") if header else ""
    if is_local(name) and (is_local(settings.host) or settings.token):
        return
    if name and not is_local(settings.host) and (name == settings.host.casefold() or _is_address(name) or name in _own_names()):
        return
    raise PageError(421, header[:100] or "Host", "this server has another name", f"open http://{settings.host}:{settings.port}/")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> set[str]:
    name = socket.gethostname().casefold()
    return {name, f"{name}.local"}


def check_origin(method: str, headers: Headers) -> None:
    """Refuse changes that another site's page asks for. Programs that are no browsers send neither header.

    Raises
    ------
    PageError
        Where a browser says that the request comes from elsewhere.
    """
    if method in _SAFE:
        return
    origin, fetched = headers.get("origin"), headers.get("sec-fetch-site")
    if fetched not in {None, "same-origin", "none"} or (origin is not None and not _is_own(origin, headers.get("host", ""))):
        raise PageError(403, origin or "the request", "it comes from another site", "open the page itself and do it there")


def _is_own(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.casefold() == host.casefold()


def _bounded(receive: Receive) -> Receive:
    """A body that ends the request once it is too long, whatever length it said it had."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise HTTPException(413)
        return message

    return bounded


class _Sender:
    """Sends an answer with the headers that every answer has."""

    def __init__(self, send: Send, path: str) -> None:
        self.started = False
        self._send, self._kept = send, path.startswith("/static/")

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            if not self._kept:
                headers.setdefault("Cache-Control", "no-store")
        await self._send(message)
