"""``fazhi reports``: what a corpus holds."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output

FIELDS = ("report", "district", "year", "sentences", "title", "published", "source", "model", "path")


def command(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show it.")] = Format.table,
    output: Output = None,
) -> None:
    """List the reports of a corpus."""
    from pipeline.corpus import Corpus
    from pipeline.show import Row, write_rows

    with Corpus.open(corpus) as opened:
        rows: list[Row] = [
            {"report": r.name, "district": r.metadata.district, "year": r.metadata.year, "sentences": r.sentences, "title": r.metadata.title,
             "published": r.metadata.published, "source": r.metadata.source, "model": r.model, "path": r.path}
            for r in opened.reports()
        ]  # fmt: skip
    if format is not Format.table:
        write_rows(rows, FIELDS, to=output, format=format)
        return
    from pipeline.show.tables import print_table

    print_table(rows, FIELDS[:5], numbers=("year", "sentences"))
    typer.echo(f"{len(rows)} {'report' if len(rows) == 1 else 'reports'}, {sum(int(str(row['sentences'])) for row in rows)} sentences")
