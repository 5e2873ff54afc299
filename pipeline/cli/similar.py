"""``fazhi similar``: where the same is said."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output
from pipeline.cli.shown import HowToShow, Limit, WithProvenance, show, wanted


def command(
    sentence: Annotated[str, typer.Argument(metavar="SENTENCE|REPORT#NUMBER", help="A text, or a sentence of a report by its number, as daxing-2023#12.")],
    limit: Limit = 5,
    corpus: CorpusFolder = DEFAULT_CORPUS,
    format: HowToShow = Format.table,
    output: Output = None,
    provenance: WithProvenance = False,
) -> None:
    """Show the sentences that are most like another one: those of the baseline first, then those of all other reports.

    The likeness, from 0 to 1, is the cosine of character n-grams weighted by tf-idf, with all figures as one.
    """
    from pipeline.analysis.rows import SIMILAR_FIELDS, similar_rows
    from pipeline.corpus import Corpus

    with Corpus.open(corpus) as opened:
        found = opened.similar(sentence, limit=limit)
        options = {"verb": "similar", "sentence": sentence, "limit": limit}
        made = opened.provenance(None, **options) if wanted(format, provenance) else None
    on_screen = ("similarity", "report", "sentence", "category", "text")
    show(similar_rows(found), SIMILAR_FIELDS, format=format, output=output, provenance=made, on_screen=on_screen)
