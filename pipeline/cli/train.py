"""``fazhi train``: a new model from the labelled reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.common import Jobs, progress_bar, say


def command(
    models: Annotated[
        Path | None, typer.Option("--models", metavar="DIR", help="Where the model is saved.  [default: the models folder of this installation]")
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Train the model anew on the training corpus and the baseline.

    The figures shown come from cross-validation by report. The same data and the same versions of the libraries give the same model, bit for bit.
    """
    from pipeline import learn
    from pipeline.show.tables import print_table

    with progress_bar("training") as progress:
        candidate = learn.train(jobs=jobs, progress=progress)
    folder = learn.save(candidate, models)
    learn.promote(candidate.version, models)
    print_table(learn.summary_rows(candidate.evaluation), learn.SUMMARY_FIELDS, numbers=learn.SUMMARY_FIELDS[1:])
    say(f"{candidate.version} is the current model, saved in {folder}")
