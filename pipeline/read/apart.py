"""A helper process for work on hostile input: it may crash, hang or run out of memory without harm to this process.

The helper starts at the first request and serves many. A request and its answer are bytes; before each stand eight bytes with its length,
and an answer begins with a byte that tells whether the helper stays for more.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from pipeline.errors import DamagedFile

_LENGTH = struct.Struct(">Q")
_STAYING, _LEAVING = b"+", b"-"
_ROOT = Path(__file__).resolve().parents[2]


class HelperFailed(Exception):
    """The helper died or took too long; ``late`` tells which."""

    def __init__(self, late: bool) -> None:
        super().__init__(late)
        self.late = late


class Helper:
    """A process that answers requests with ``module.function(request)``, within ``memory`` bytes.

    One request runs at a time; a helper that failed is replaced at the next one.
    """

    def __init__(self, module: str, function: str, *, memory: int) -> None:
        self._code = f"import sys; sys.path.append({str(_ROOT)!r}); from {module} import {function} as f; from {__name__} import serve; serve(f, {memory})"
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()

    def ask(self, request: bytes, *, seconds: float) -> bytes:
        """Have a request answered.

        Raises
        ------
        HelperFailed
            Where the helper gives no answer within the time, or dies of the request.
        """
        with self._lock:
            answer = self._once(request, seconds)
            if answer[:1] == _LEAVING:
                self.close()
            return answer[1:]

    def close(self) -> None:
        """End the helper process, if it runs."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                _close(pipe)

    def _running(self) -> bool:
        return self._process is not None and self._owner == os.getpid() and self._process.poll() is None

    def _once(self, request: bytes, seconds: float) -> bytes:
        if not self._running():
            self._start()
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise HelperFailed(late=False)
        timer = _Timer(process, seconds)
        try:
            _send(process.stdin, request)
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            raise HelperFailed(timer.late)
        return answer

    def _start(self) -> None:
        self.close()
        command = [sys.executable, "-P", "-c", self._code]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - its own code
        self._owner = os.getpid()
        atexit.unregister(self.close)
        atexit.register(self.close)


def taken_apart(path: str, helper: Helper, request: bytes, *, seconds: float, remedy: str) -> dict[str, Any]:
    """Have a file's content taken apart; the helper answers with a JSON object.

    Raises
    ------
    DamagedFile
        Where the helper fails on it.
    """
    try:
        found: dict[str, Any] = json.loads(helper.ask(request, seconds=seconds))
    except HelperFailed as exc:
        wrong = f"it takes more than {seconds:.0f} seconds to read" if exc.late else "it makes its reader crash or take too much memory"
        raise DamagedFile(path, wrong, remedy) from exc
    return found


class _Timer(threading.Timer):
    """Kills a process that takes too long, and remembers that it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        super().__init__(seconds, self._kill)
        self._process = process
        self.late = False
        self.daemon = True
        self.start()

    def _kill(self) -> None:
        self.late = True
        self._process.kill()


def serve(function: Callable[[bytes], bytes], memory: int) -> None:
    """Answer requests from standard input until it ends or much memory is in use: the helper's side."""
    _limit(memory)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (request := _receive(sys.stdin.buffer)) is not None:
        answer = function(request)
        leaving = _used() > memory / 3
        _send(answers, (_LEAVING if leaving else _STAYING) + answer)
        if leaving:
            return


def _limit(memory: int) -> None:
    """Bound the memory of this process, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        return


def _used() -> int:
    """Give the bytes of memory that this process has in use, where the system tells in Linux's way."""
    try:
        with open("/proc/self/statm", "rb") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """Read one message; ``None`` where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(head)[0]
    data = pipe.read(size)
    return data if len(data) == size else None


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return
