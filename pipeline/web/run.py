"""Serve the pages until interrupted. The one file that knows uvicorn."""

from __future__ import annotations

import socket
import threading
import time
import webbrowser

import uvicorn

from pipeline.errors import FazhiError
from pipeline.web.app import create_app
from pipeline.web.settings import Settings


def run(settings: Settings, *, open_browser: bool = False) -> None:
    """Serve a corpus; returns when the server is told to stop.

    Raises
    ------
    FazhiError
        Where the address is taken or not this machine's, or the corpus cannot be opened.
    """
    app = create_app(settings)
    listening = _listen(settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3))
    if open_browser:
        threading.Thread(target=_open, args=(server, address(settings)), daemon=True).start()
    server.run(sockets=[listening])


def address(settings: Settings) -> str:
    """The address to open: with the token, where there is one."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, f"[{settings.host}]" if ":" in settings.host else settings.host)  # noqa: S104
    return f"http://{host}:{settings.port}/" + (f"?token={settings.token}" if settings.token else "")


def _listen(settings: Settings) -> socket.socket:
    where = f"{settings.host}:{settings.port}"
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        # With the protocol named, asyncio sends small answers at once instead of waiting for an acknowledgement.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError as exc:
        raise FazhiError(where, f"the address cannot be used ({exc.strerror or exc})", "choose another with --port, or stop what uses it") from exc
    return listening


def _open(server: uvicorn.Server, url: str) -> None:
    while not server.started and not server.should_exit:
        time.sleep(0.05)
    if server.started:
        webbrowser.open(url)
