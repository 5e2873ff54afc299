"""A helper process for work on hostile input: it may crash, hang or run out of memory without harm to this process.

The helper starts at the first request and serves many. A request and its answer are bytes; before each stand eight bytes with its length.
"""

from __future__ import annotations

import atexit
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

_LENGTH = struct.Struct(">Q")
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
        self._served = 0

    def ask(self, request: bytes, *, seconds: float) -> bytes:
        """Have a request answered.

        Raises
        ------
        HelperFailed
            Where the helper gives no answer within the time, or dies of the request. A helper that has served others before gets a second
            try, because what it died of may be theirs.
        """
        with self._lock:
            worn = self._running() and self._served > 0
            try:
                return self._once(request, seconds)
            except HelperFailed as exc:
                if exc.late or not worn:
                    raise
            return self._once(request, seconds)

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
        late = threading.Event()
        timer = threading.Timer(seconds, lambda: (late.set(), process.kill()))
        timer.daemon = True
        timer.start()
        try:
            _send(process.stdin, request)
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            self.close()
            raise HelperFailed(late.is_set())
        self._served += 1
        return answer

    def _start(self) -> None:
        self.close()
        command = [sys.executable, "-P", "-c", self._code]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - its own code
        self._owner, self._served = os.getpid(), 0
        atexit.unregister(self.close)
        atexit.register(self.close)


def serve(function: Callable[[bytes], bytes], memory: int) -> None:
    """Answer requests from standard input until it ends: the helper's side."""
    _limit(memory)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (request := _receive(sys.stdin.buffer)) is not None:
        _send(answers, function(request))


def _limit(memory: int) -> None:
    """Bound the memory of this process, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        return


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
