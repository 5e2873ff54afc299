"""``fazhi retag``: bring a corpus up to the current model."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output, progress_bar, say


def command(
    corpus: CorpusFolder = DEFAULT_CORPUS,
    model: Annotated[
        str | None, typer.Option("--model", metavar="VERSION", help="A version or a model's folder; the current model of the corpus's scheme without it.")
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How to show what changed; all but table list every sentence with another tag.")
    ] = Format.table,
    output: Output = None,
) -> None:
    """Tag every report of a corpus anew that another model has tagged, and show what changed.

    Each report is one step: whoever stops the command keeps what is done, and running it again completes it.
    """
    from pipeline.corpus import Corpus
    from pipeline.learn.retag import CHANGE_FIELDS, COUNT_FIELDS
    from pipeline.show import write_rows
    from pipeline.show.tables import print_table
    from pipeline.tag import Tagger

    with Corpus.open(corpus) as opened, progress_bar("tagging") as progress:
        tagger = Tagger.load(model) if model is not None else Tagger.current(opened.scheme)
        done = opened.retag(tagger, progress=progress)
    if format is Format.table and output is None:
        print_table(done.counted(tagger.scheme), COUNT_FIELDS, numbers=("sentences",))
    else:
        write_rows(done.rows(), CHANGE_FIELDS, to=output, format="csv" if format is Format.table else format.value)
    say(f"{done.reports} reports tagged anew with {tagger.version}, {done.unchanged} had its tags already; {len(done.changes)} sentences got another tag")
