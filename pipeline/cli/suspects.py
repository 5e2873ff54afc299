"""``fazhi labels suspects``: labels that are likely wrong."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Jobs, Output, progress_bar, say

if TYPE_CHECKING:
    from pipeline.learn.sources import Data

SHOWN = ("report", "sentence", "labelled", "label_probability", "suggested", "probability", "text")


class Whose(StrEnum):
    """Whose labels are looked at."""

    labels = "labels"
    shipped = "shipped"


def command(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    count: Annotated[int, typer.Option("--n", "-n", min=1, metavar="N", help="How many to show.")] = 50,
    of: Annotated[Whose, typer.Option("--of", help="Whose labels: those of the corpus, or those of the training corpus and the baseline.")] = Whose.labels,
    only: Annotated[bool, typer.Option("--only-labels", help="Learn from the corpus's labels alone, without the training corpus and the baseline.")] = False,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to show them; csv and xlsx can be filled in and imported.")] = Format.table,
    output: Output = None,
    jobs: Jobs = None,
) -> None:
    """Show the labels that are likeliest wrong, first those that a model which had not seen their report thinks least of.

    Look at each again and write what it should be into the column `label`: `fazhi labels import` takes it as adjudication, which goes before all other labels.
    """
    from pipeline.learn.suspects import of_data

    data = _data(corpus, of, only)
    with progress_bar("holding reports out") as progress:
        found = of_data(data, of.value, jobs=jobs, progress=progress)
    _show(data, of, found[:count], format, output)
    doubted = sum(one.margin < 0 for one in found)
    say(f"{len(found)} labels, {min(count, len(found))} shown; of {doubted} the model would have chosen another category")
    if output and format is not Format.jsonl:
        say(f"fill in the column label, then: fazhi labels import {output} --corpus {corpus}")


def _data(folder: Path, of: Whose, only: bool) -> Data:
    from pipeline.corpus import Corpus
    from pipeline.errors import LabelError
    from pipeline.learn.own import own_labels
    from pipeline.learn.sources import collect

    own, scheme = None, None
    if of is Whose.labels or (folder / "corpus.sqlite").is_file():
        with Corpus.open(folder) as opened:
            own, scheme = own_labels(opened, opened.labels), opened.scheme
    if of is Whose.labels and (own is None or not own.sentences):
        raise LabelError(
            str(folder), "the corpus holds no labels", "import some with `fazhi labels import FILE`, or look at the shipped ones with --of shipped"
        )
    return collect(("labels",) if only and of is Whose.labels else (), own=own, scheme=scheme)


def _show(data: Data, of: Whose, found: list, format: Format, output: Path | None) -> None:  # type: ignore[type-arg]
    from pipeline.cli.shown import show
    from pipeline.errors import OutputError
    from pipeline.learn.suspects import columns, suspect_rows
    from pipeline.show.sheets import Sheet, code_book, write_sheets

    rows, written = suspect_rows(found, of.value, data.scheme), columns(of.value, data.scheme)
    if format is Format.xlsx:
        if output is None:
            raise OutputError("standard output", "a spreadsheet cannot be printed", "name a file with -o")
        write_sheets([Sheet("suspects", written, rows), code_book(data.scheme)], output)
        return
    named = SHOWN if of is Whose.labels else ("training_report", *SHOWN[1:])
    kind = Format.csv if format is Format.table and output is not None else format
    show(rows, [column.name for column in written], format=kind, output=output, provenance=None, on_screen=named, left=("report", "text"))
