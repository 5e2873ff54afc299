"""How a server was asked to run, and the bounds that it keeps."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

#: Bounds of what a browser may send.
MAX_FILES = 200
MAX_BODY = 256 * 1024 * 1024
MAX_TEXT = 300_000
MAX_QUERY = 2_000
#: A tag with a lower probability is marked as unsure.
UNSURE = 0.7
_SHORTEST_TOKEN = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """``readers`` is the number of requests that are worked on at once. Another host than this machine's own needs a token."""

    corpus: Path
    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    read_only: bool = False
    readers: int = 4

    def __post_init__(self) -> None:
        if self.token is None and not is_local(self.host):
            raise ValueError(f"on {self.host} others could read and change the corpus: give a token")
        if self.token is not None and len(self.token) < _SHORTEST_TOKEN:
            raise ValueError(f"a token needs {_SHORTEST_TOKEN} characters or more")


def is_local(host: str) -> bool:
    """Whether only this machine reaches a server on this host.

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("::1"), is_local("0.0.0.0")
    (True, True, True, False)
    """
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
