"""One report file from bytes to tags: the step that batches run, in this process or in a worker."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pipeline import parallel, read, structure
from pipeline.data import Failure, RawText, Report, TaggedReport
from pipeline.errors import ReadError

if TYPE_CHECKING:
    from pipeline.tag import Tagger

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file; ``tagged`` is ``None`` where the content was known already."""

    name: str
    path: str
    tagged: TaggedReport | None


def read_report(path: str | os.PathLike[str], *, name: str | None = None) -> Report:
    """Read one report file and find its structure.

    Raises
    ------
    ReadError
        Where the file cannot be read.
    """
    return _structured(read.read(path, name=name))


def _structured(raw: RawText) -> Report:
    report = structure.parse(raw)
    if not report.sentences:
        raise ReadError(raw.path, "the file holds no sentence", "check that it is the report itself and not a list or an attachment page")
    return report


def tag_file(
    item: tuple[str, str], *, tagger: Tagger | None, known: Mapping[str, str] = NOTHING, headings: bool = True, context: bool = True
) -> Done | Failure:
    """Read, structure and tag one file, given as path and name; failures are values.

    A file whose content has the hash that ``known`` gives for its path is not read further.
    """
    path, name = item
    try:
        raw = read.read(path, name=name)
        if known.get(path) == raw.sha256:
            return Done(name, path, None)
        report = _structured(raw)
    except ReadError as exc:
        return Failure(path, str(exc))
    tags = tagger.tag(report, headings=headings, context=context) if tagger else ()
    return Done(name, path, TaggedReport(report, tuple(tags)))


def tag_files(
    paths: Iterable[str | os.PathLike[str]], *, tagger: Tagger, jobs: int | None = None, headings: bool = True, context: bool = True
) -> Iterator[TaggedReport | Failure]:
    """Read and tag report files, folders and glob patterns; yields one result a file, in the order of the sorted paths.

    A file that cannot be read yields a :class:`Failure`. ``headings`` and ``context`` switch layers of the tagger on.
    """
    files = read.find_files(paths)
    used: set[str] = set()
    items = []
    for path in files:
        name = free_name(path, used)
        used.add(name)
        # Worker processes may have been started in another folder.
        items.append((os.path.abspath(path), name))
    for result in parallel.stream(partial(tag_file, tagger=tagger, headings=headings, context=context), items, jobs=parallel.sensible_jobs(len(files), jobs)):
        if isinstance(result, Failure):
            yield result
        elif result.tagged is not None:
            yield result.tagged


def free_name(path: str, used: set[str]) -> str:
    """A name for a report that is not used yet: the file's own, then with the folders above it, then with a number.

    >>> free_name("2023/daxing.txt", set()), free_name("2024/daxing.txt", {"daxing"})
    ('daxing', '2024/daxing')
    """
    parts = [part for part in os.path.splitext(path)[0].replace(os.sep, "/").split("/") if part not in {"", ".", ".."}]
    for count in range(1, len(parts) + 1):
        name = "/".join(parts[-count:])
        if name not in used:
            return name
    stem, number = "/".join(parts), 2
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"
