"""What several verbs share: option types, progress bars, lists of failures."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from pipeline.data import Failure

if TYPE_CHECKING:
    from pipeline.corpus import Progress

T = TypeVar("T")


class FileFormat(StrEnum):
    """Formats of rows in a file."""

    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"


class Format(StrEnum):
    """Formats of rows on the screen or in a file."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"


Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or glob patterns (txt, html, docx, pdf).")]
CorpusFolder = Annotated[Path, typer.Option("--corpus", envvar="FAZHI_CORPUS", metavar="DIR", help="The corpus folder.", show_default=True)]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes to use.  [default: 1 for a few files, else all cores]")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="OUT", help="File to write; standard output without it.")]
Model = Annotated[
    str | None, typer.Option("--model", metavar="VERSION", help="A version of `fazhi models list`, or a model's folder; the current model without it.")
]
DEFAULT_CORPUS = Path("fazhi-corpus")


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A progress bar on standard error, shown only where a person looks at it; yields a function of (done, total)."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def counted(items: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    """The items as they are, with each reported to the progress bar."""
    for done, item in enumerate(items, 1):
        progress(done, total)
        yield item


def say(message: str) -> None:
    """Tell something on standard error; data goes to standard output."""
    typer.echo(message, err=True)


def report_failures(failures: Sequence[Failure]) -> None:
    """List the files that failed, a line each, and exit with 1 if there are any."""
    for failure in failures:
        say(f"fazhi: {failure.reason}")
    if failures:
        say(f"fazhi: {len(failures)} {'file' if len(failures) == 1 else 'files'} could not be read; the rest is done")
        raise typer.Exit(1)
