"""``fazhi parse``: the structure of one report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import Format, Output


def command(
    file: Annotated[Path, typer.Argument(help="A report file (txt, html, docx, pdf).")],
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show it.")] = Format.table,
    output: Output = None,
) -> None:
    """Show the structure of one report: its metadata, sections and sentences."""
    from pipeline.batch import read_report
    from pipeline.show import PARSE_FIELDS, parse_rows, write_rows

    report = read_report(file)
    if format is not Format.table:
        write_rows(parse_rows(report), PARSE_FIELDS, to=output, format=format)
        return
    metadata = report.metadata
    typer.echo(f"title      {metadata.title or '-'}\ndistrict   {metadata.district or '-'}\nyear       {metadata.year or '-'}")
    typer.echo(f"published  {metadata.published or '-'}\nsource     {metadata.source or '-'}\nsentences  {len(report.sentences)}")
    heading = None
    for number, sentence in enumerate(report.sentences, 1):
        here = (report.role(sentence), report.heading(sentence))
        if here != heading:
            typer.echo(f"\n[{here[0]}] {here[1]}")
            heading = here
        typer.echo(f"{number:4d}  {sentence.text}")
