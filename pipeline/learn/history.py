"""The history of the current version: one line a change, in a file that is only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "history.jsonl"


@dataclass(frozen=True, slots=True)
class Event:
    """A change of the current version: ``promote`` or ``rollback``; ``version`` is ``None`` for the one that ships with Fazhi."""

    at: str
    what: str
    scheme: str
    version: str | None
    instead_of: str | None
    reason: str | None


def read(folder: Path) -> tuple[Event, ...]:
    """Every change, the oldest first; a line that was cut off is passed over."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(event for line in lines if (event := _event(line)) is not None)


def _event(line: str) -> Event | None:
    try:
        return Event(**json.loads(line))
    except (ValueError, TypeError):
        return None


def add(folder: Path, event: Event) -> None:
    """Add a change; where the line before was cut off, on a line of its own."""
    path = folder / FILE
    torn = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    line = json.dumps(asdict(event), ensure_ascii=False)
    with path.open("ab") as file:
        file.write(f"{chr(10) if torn else ''}{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def way_back(events: Iterable[Event], current: str) -> list[str]:
    """The promoted versions that can be gone back through, the current one last.

    What is current is the truth: history may lack the last change, where the process was killed between the two.

    >>> def event(what, version): return Event("", what, "current", version, None, None)
    >>> way_back([event("promote", "a"), event("promote", "b"), event("rollback", "a")], "a"), way_back([event("promote", "a")], "b")
    (['a'], ['a', 'b'])
    """
    stack: list[str] = []
    for event in events:
        if event.what == "promote" and event.version is not None:
            stack.append(event.version)
        elif event.what == "rollback" and stack:
            stack.pop()
    if current in stack:
        return stack[: len(stack) - stack[::-1].index(current)]
    return [*stack, current]


def now() -> str:
    """The time, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
