"""``fazhi compare``: reports beside the baseline, or any other report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import Format, Jobs, Output, progress_bar, report_failures, say
from pipeline.data import Failure, TaggedReport

if TYPE_CHECKING:
    from pipeline.compare import Comparison
    from pipeline.tag import Tagger


class Language(StrEnum):
    """Languages of the page."""

    zh = "zh"
    en = "en"


class Part(StrEnum):
    """Parts of a comparison."""

    mirror = "mirror"
    shares = "shares"
    spread = "spread"
    boilerplate = "boilerplate"


def command(
    paths: Annotated[list[str], typer.Argument(metavar="REPORT...", help="Files, folders or glob patterns; names of reports with --corpus.")],
    baseline: Annotated[str | None, typer.Option("--with", metavar="REPORT", help="The report to compare with.  [default: the baseline]")] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show the result.")] = Format.table,
    output: Output = None,
    part: Annotated[Part | None, typer.Option("--show", help="The part to show.  [default: all of a table, the mirror of other formats]")] = None,
    nearest: Annotated[int, typer.Option("--nearest", "-n", min=1, metavar="N", help="How many nearest sentences to list for a measure (JSON lines).")] = 5,
    corpus: Annotated[Path | None, typer.Option("--corpus", metavar="DIR", help="Take the reports from this corpus by their names.")] = None,
    embeddings: Annotated[
        Path | None, typer.Option("--embeddings", metavar="DIR", help="Match by the sentence-embedding model in this folder (needs sentence-transformers).")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="OUT", help="Write one page to read and to send, instead of rows.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="The language of the page.")] = Language.zh,
    jobs: Jobs = None,
    model: Annotated[Path | None, typer.Option("--model", metavar="DIR", help="A model's folder; the current model without it.")] = None,
) -> None:
    """Set reports beside the baseline: what both have, what only one has, and how much each category takes.

    For every measure of the baseline the nearest sentences of the report are judged to state the same measure, a related one, or none; and the other way round.
    Many reports give a matrix of districts and categories, measures by how many districts have them, and boilerplate with its source.
    """
    if output is not None and format is Format.table:
        raise typer.BadParameter("a file needs --format jsonl, csv or xlsx", param_hint="--output")
    from pipeline.compare import Matcher, compare
    from pipeline.corpus import Corpus
    from pipeline.parallel import sensible_jobs
    from pipeline.tag import Tagger

    tagger = Tagger.load(model)
    matcher = Matcher.embeddings(embeddings) if embeddings else Matcher.learned(tagger)
    failures: list[Failure] = []
    with progress_bar("comparing") as progress:
        if corpus:
            with Corpus.open(corpus) as opened:
                used = sensible_jobs(len(paths), jobs)
                found = opened.compare(paths, baseline=baseline, tagger=tagger, matcher=matcher, nearest=nearest, jobs=used, progress=progress)
        else:
            base, reports = _read(paths, baseline, tagger, jobs, failures)
            found = compare(reports, base, tagger=tagger, matcher=matcher, nearest=nearest, jobs=sensible_jobs(len(reports), jobs), progress=progress)
    if found.reports and html:
        _write_page(found, tagger, html, lang)
    elif found.reports:
        _show(found, part, format, output)
    report_failures(failures)


def _read(paths: Sequence[str], baseline: str | None, tagger: Tagger, jobs: int | None, failures: list[Failure]) -> tuple[TaggedReport, list[TaggedReport]]:
    from dataclasses import replace

    from pipeline.batch import free_name, read_report, tag_files
    from pipeline.resources import baseline_path

    path = baseline or str(baseline_path())
    base = read_report(path)
    reports: list[TaggedReport] = []
    names = {base.name}
    for result in tag_files(paths, tagger=tagger, jobs=jobs):
        if isinstance(result, Failure):
            failures.append(result)
            continue
        report = result.report
        name = free_name(report.path, names) if report.name in names else report.name
        names.add(name)
        reports.append(replace(result, report=replace(report, name=name)))
    return TaggedReport(base, tuple(tagger.tag(base))), reports


def _show(comparison: Comparison, part: Part | None, format: Format, output: Path | None) -> None:
    from pipeline.compare import rows, screen

    if format is Format.table and part in {None, Part.mirror}:
        if part is None:
            screen.print_comparison(comparison)
            return
        for mirror in comparison.mirrors:
            screen.print_mirror(mirror)
        return
    if format is Format.jsonl and part in {None, Part.mirror}:
        _write(rows.mirror_lines(comparison), output)
        return
    from pipeline.cli.shown import show

    listed, fields = {
        Part.shares: (rows.share_rows(comparison), rows.share_fields(comparison)),
        Part.spread: (rows.spread_rows(comparison), rows.SPREAD_FIELDS),
        Part.boilerplate: (rows.repeat_rows(comparison), rows.REPEAT_FIELDS),
        Part.mirror: (rows.mirror_rows(comparison.mirrors), rows.MIRROR_FIELDS),
    }[part or Part.mirror]
    show(listed, fields, format=format, output=output, provenance=None)


def _write(lines: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(lines)
        return
    from pipeline.show.export import write_text

    write_text(lines, output)
    say(f"{lines.count(chr(10))} measures written to {output}")


def _write_page(comparison: Comparison, tagger: Tagger, to: Path, language: Language) -> None:
    from pipeline.compare import to_html
    from pipeline.show.export import write_text

    write_text(to_html(comparison, language=language.value, scheme=tagger.scheme), to)
    say(f"{len(comparison.reports)} {'report' if len(comparison.reports) == 1 else 'reports'} beside {comparison.baseline.report.name}, written to {to}")
