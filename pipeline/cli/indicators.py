"""``fazhi indicators``: the figures that stand in reports, as a table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import Format, Jobs, Output, Paths, counted, progress_bar, report_failures, say
from pipeline.data import Failure

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.indicators import Figure
    from pipeline.tag import Tagger


def command(
    paths: Paths,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show the figures.")] = Format.table,
    pivot: Annotated[bool, typer.Option("--pivot", help="Set reports side by side: a row a report, a column an indicator.")] = False,
    shared: Annotated[int, typer.Option("--shared", min=1, metavar="N", help="With --pivot: leave out indicators that fewer than N reports have.")] = 1,
    changes: Annotated[bool, typer.Option("--changes", help="With --pivot: show changes against last year too.")] = False,
    categories: Annotated[bool, typer.Option("--categories/--no-categories", help="Tag the sentences, so that figures have a category.")] = True,
    output: Output = None,
    jobs: Jobs = None,
) -> None:
    """Take the figures out of reports: indicator, value, unit, change against last year, bound, year, sentence and category.

    Offsets (start, end, of) are those in the text of the sentence.
    """
    from pipeline.read import find_files
    from pipeline.tag import Tagger

    failures: list[Failure] = []
    with progress_bar("reading figures") as progress:
        files = find_files(paths)
        tagger = Tagger.load() if categories else None
        found = _figures(counted(_scan_files(files, tagger, jobs), len(files), progress), failures)
        if pivot:
            _show_pivot(list(found), shared, changes, format, output)
        else:
            _show_figures(found, format, output)
    if output is not None:
        say(f"figures of {len(files) - len(failures)} reports written to {output}")
    report_failures(failures)


def _scan_files(files: list[str], tagger: Tagger | None, jobs: int | None) -> Iterator[tuple[Figure, ...] | Failure]:
    from pipeline import parallel
    from pipeline.batch import free_name

    used: set[str] = set()
    items = []
    for path in files:
        name = free_name(path, used)
        used.add(name)
        items.append((os.path.abspath(path), name))
    yield from parallel.stream(partial(_scan, tagger=tagger), items, jobs=parallel.sensible_jobs(len(files), jobs))


def _scan(item: tuple[str, str], *, tagger: Tagger | None) -> tuple[Figure, ...] | Failure:
    """The figures of one file; runs in a worker."""
    from pipeline.batch import tag_file
    from pipeline.indicators import figures

    done = tag_file(item, tagger=tagger)
    if isinstance(done, Failure):
        return done
    return figures(done.tagged) if done.tagged else ()


def _figures(results: Iterable[tuple[Figure, ...] | Failure], failures: list[Failure]) -> Iterator[Figure]:
    for result in results:
        if isinstance(result, Failure):
            failures.append(result)
        else:
            yield from result


def _show_figures(found: Iterable[Figure], format: Format, output: Path | None) -> None:
    from pipeline.indicators.rows import FIELDS, SCREEN_FIELDS, TABLE_FIELDS, figure_rows

    if format is Format.table and output is None:
        from pipeline.show.tables import print_table

        print_table(list(figure_rows(found)), SCREEN_FIELDS, numbers=("year", "sentence", "value"))
        return
    from pipeline.show import write_rows

    written = Format.csv if format is Format.table else format
    write_rows(figure_rows(found), FIELDS if written is Format.jsonl else TABLE_FIELDS, to=output, format=written)


def _show_pivot(found: list[Figure], shared: int, changes: bool, format: Format, output: Path | None) -> None:
    from pipeline.indicators import line_up
    from pipeline.indicators.rows import lineup_rows

    fields, rows = lineup_rows(line_up(found, changes=changes, shared=shared))
    if format is Format.table and output is None:
        from pipeline.show.tables import print_table

        listed = list(rows)
        names = [f"{row['district'] or row['report']} {row['year'] or ''}".strip() for row in listed]
        turned = [{"indicator": field, **{str(n): row.get(field) for n, row in enumerate(listed)}} for field in fields[3:]]
        headed = [
            {"indicator": row["indicator"], **{f"{name}{'' if names.count(name) == 1 else f' #{n + 1}'}": row[str(n)] for n, name in enumerate(names)}}
            for row in turned
        ]
        columns = list(headed[0]) if headed else ["indicator"]
        print_table(headed, columns, numbers=columns[1:])
        return
    from pipeline.show import write_rows

    write_rows(rows, fields, to=output, format=Format.csv if format is Format.table else format)
