"""``fazhi evaluate``: how good the model is on labelled reports."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import Model, Output


class Shape(StrEnum):
    """How figures are shown."""

    table = "table"
    json = "json"


def command(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Labelled reports: .jsonl with text, label, role and heading a line, or training files; or folders of them."),
    ],
    model: Model = None,
    format: Annotated[Shape, typer.Option("--format", "-f", help="How to show the figures; json holds every figure and every wrong sentence.")] = Shape.table,
    confusion: Annotated[bool, typer.Option("--confusion", help="Show the wrongly tagged sentences too.")] = False,
    output: Output = None,
) -> None:
    """Measure the model on labelled reports: each sentence alone, in its report without sub-headings, and in its report as it stands.

    Intervals are 95% bootstrap intervals over reports; ECE is the expected calibration error; coverage at 99% is the share of sentences that the model's
    threshold for that precision keeps, and how many of them are right.
    """
    from pipeline import learn
    from pipeline.show.tables import print_table
    from pipeline.tag import Tagger

    tagger = Tagger.load(model)
    evaluation = learn.evaluate(learn.read_labelled(paths, scheme=tagger.scheme), tagger)
    if format is Shape.json:
        text = json.dumps(evaluation.as_dict(), ensure_ascii=False, indent=1)
        if output:
            from pipeline.show.export import write_text

            write_text(text + "\n", output)
        else:
            typer.echo(text)
        return
    typer.echo(f"model {evaluation.version} on {evaluation.reports} reports\n")
    print_table(learn.summary_rows(evaluation), learn.SUMMARY_FIELDS, numbers=learn.SUMMARY_FIELDS[1:])
    typer.echo("\nby category, in the report as it stands\n")
    print_table(learn.category_rows(evaluation.full, tagger.scheme), learn.CATEGORY_FIELDS, numbers=learn.CATEGORY_FIELDS[2:])
    typer.echo("\nlabels (rows) and tags (columns), in the report as it stands\n")
    fields = learn.confusion_fields(evaluation.full)
    print_table(learn.confusion_rows(evaluation.full), fields, numbers=fields[1:])
    if confusion:
        for outcome in (o for o in evaluation.full.outcomes if o.label != o.code):
            typer.echo(f"{outcome.label}>{outcome.code}  {outcome.probability:.2f}  {outcome.report}  {outcome.text}")
