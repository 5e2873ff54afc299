"""``fazhi tag``: tag reports or single sentences, without a corpus."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import FileFormat, Jobs, Model, Output, counted, progress_bar, report_failures, say
from pipeline.data import Failure, TaggedReport
from pipeline.errors import EmptyFile, ReadError
from pipeline.show import Row

if TYPE_CHECKING:
    from pipeline.tag import Tagger
    from pipeline.tag.model import Setting


def command(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders or glob patterns (txt, html, docx, pdf).")] = None,
    sentences: Annotated[Path | None, typer.Option("--sentences", metavar="FILE", help="Tag one sentence a line, each by itself; - is standard input.")] = None,
    output: Output = None,
    format: Annotated[FileFormat, typer.Option("--format", "-f", help="Format of the output.")] = FileFormat.jsonl,
    headings: Annotated[bool, typer.Option("--headings/--no-headings", help="Weigh the headings above a sentence.")] = True,
    context: Annotated[bool, typer.Option("--context/--no-context", help="Weigh neighbouring sentences and sections.")] = True,
    min_precision: Annotated[
        float | None,
        typer.Option(
            "--min-precision", min=0.5, max=1.0, metavar="P", help="Leave to review what the model is not sure enough of for this precision, such as 0.98."
        ),
    ] = None,
    jobs: Jobs = None,
    model: Model = None,
) -> None:
    """Tag every sentence of reports with its category, its probability and the second choice.

    With --min-precision, sentences that the model is not sure enough of get no category; `review` is true for them and `suggested` holds the model's choice.
    """
    if bool(paths) == bool(sentences):
        raise typer.BadParameter("give either report files or --sentences FILE", param_hint="PATH")
    from pipeline.batch import tag_files
    from pipeline.read import find_files
    from pipeline.show import TAG_FIELDS, write_rows
    from pipeline.show.rows import REVIEW_FIELDS, TAG_ONLY, withheld
    from pipeline.tag import Tagger

    tagger = Tagger.load(model)
    setting: Setting = "alone" if sentences is not None or not context else "full" if headings else "no-headings"
    threshold = None if min_precision is None else tagger.threshold(min_precision, setting)
    extra = () if threshold is None else REVIEW_FIELDS
    if sentences is not None:
        rows = withheld(_sentence_rows(_lines(sentences), tagger), threshold)
        write_rows(rows, ("text", *TAG_ONLY, *extra), to=output, format=format)
        return
    failures: list[Failure] = []
    with progress_bar("tagging") as progress:
        files = find_files(paths or [])
        results = counted(tag_files(files, tagger=tagger, jobs=jobs, headings=headings, context=context), len(files), progress)
        count = write_rows(withheld(_rows(results, failures), threshold), (*TAG_FIELDS, *extra), to=output, format=format)
    if output is not None:
        say(f"{count} sentences of {len(files) - len(failures)} reports written to {output}")
    report_failures(failures)


def _rows(results: Iterable[TaggedReport | Failure], failures: list[Failure]) -> Iterator[Row]:
    from pipeline.show import tag_rows

    for result in results:
        if isinstance(result, Failure):
            failures.append(result)
        else:
            yield from tag_rows(result)


def _lines(file: Path) -> list[str]:
    from pipeline.read.txt import decode

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as exc:
        raise ReadError(str(file), f"the file cannot be read ({exc.strerror or exc})", "check the path and its permissions") from exc
    lines = [line.strip() for line in decode(str(file), data).splitlines() if line.strip()]
    if not lines:
        raise EmptyFile(str(file), "there is no sentence in it", "give one sentence a line")
    return lines


def _sentence_rows(lines: list[str], tagger: Tagger) -> Iterator[Row]:
    from pipeline.show.rows import tag_values

    for line, tag in zip(lines, tagger.tag_sentences(lines), strict=True):
        yield {"text": line, **tag_values(tag)}
