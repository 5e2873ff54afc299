"""What the index is at one moment: a small file that names all the others, and is replaced in one step."""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from time import monotonic, sleep

from pipeline.search.exact.arrays import Damaged

NAME, LOCK = "state.json", "lock"
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class SegmentFile:
    """A segment's file, the file of its codes, and the number of reports and sentences in it, those that are gone included."""

    file: str
    codes: str
    reports: int
    sentences: int


@dataclass(frozen=True, slots=True)
class HeldReport:
    """A report that the index holds: ``segment`` and ``place`` say where, ``first`` is its first row there, ``digest`` names its sentences."""

    id: int
    revision: int
    segment: int
    place: int
    first: int
    sentences: int
    digest: str
    name: str
    district: str | None
    year: int | None


_VALUES = attrgetter(*(field.name for field in fields(HeldReport)))


@dataclass(frozen=True, slots=True)
class State:
    """All of it. ``corpus`` is the state of the corpus that the index was brought up to; ``whoosh`` is for Whoosh's module to read."""

    made_by: str
    corpus: int | None = None
    segments: tuple[SegmentFile, ...] = ()
    reports: tuple[HeldReport, ...] = ()
    whoosh: str = ""
    whoosh_files: tuple[tuple[str, int], ...] = ()

    @property
    def files(self) -> set[str]:
        """The names of all files that belong to it."""
        return {NAME, LOCK, *(name for name, _ in self.whoosh_files), *(name for segment in self.segments for name in (segment.file, segment.codes))}


def save(folder: Path, state: State) -> None:
    """Put a state in the place of the one before; whoever kills the process leaves one or the other."""
    body = json.dumps(asdict(replace(state, reports=())) | {"reports": [_VALUES(report) for report in state.reports]}, ensure_ascii=False)
    data = body.encode("utf-8", "surrogatepass")
    part = folder / f"{NAME}.part"
    with part.open("wb") as file:
        file.write(b"%08x\n" % zlib.crc32(data) + data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / NAME)
    sync(folder)


def sync(folder: Path) -> None:
    """See the names of a folder's files safely to the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def load(folder: Path) -> State | None:
    """The state of a folder; ``None`` where there is none.

    Raises
    ------
    Damaged
        Where the file is not what was written.
    """
    try:
        check, _, body = (folder / NAME).read_bytes().partition(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    if check != b"%08x" % zlib.crc32(body):
        raise Damaged(NAME)
    try:
        rows = json.loads(body.decode("utf-8", "surrogatepass"))
        segments = tuple(SegmentFile(**segment) for segment in rows.pop("segments"))
        reports = tuple(HeldReport(*row) for row in rows.pop("reports"))
        return State(segments=segments, reports=reports, whoosh_files=tuple((name, size) for name, size in rows.pop("whoosh_files")), **rows)
    except (ValueError, TypeError, KeyError) as exc:
        raise Damaged(NAME) from exc


def signature(folder: Path) -> Signature | None:
    """Tells whether the state was replaced; ``None`` where there is none."""
    try:
        found = (folder / NAME).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextmanager
def locked(folder: Path, busy: Exception, *, patience: float) -> Iterator[None]:
    """Be the only writer; ``busy`` is raised where another one is still at work after ``patience`` seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+b") as file:
        end = monotonic() + patience
        while not _lock(file.fileno()):
            if monotonic() >= end:
                raise busy
            sleep(0.02)
        yield  # closing the file opens the lock


def _lock(handle: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
