"""``fazhi keywords``: what sets a report apart."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output, progress_bar
from pipeline.cli.shown import HowToShow, Least, Limit, WithProvenance, show, wanted


def command(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The name of a report, as `fazhi reports` lists it.")],
    against: Annotated[str | None, typer.Option("--against", metavar="QUERY", help="Compare with the sentences that a query finds, such as year:2023.")] = None,
    negative: Annotated[bool, typer.Option("--negative", help="Show the words that are rarer in the report than elsewhere instead.")] = False,
    least: Least = 3,
    limit: Limit = 30,
    corpus: CorpusFolder = DEFAULT_CORPUS,
    format: HowToShow = Format.table,
    output: Output = None,
    provenance: WithProvenance = False,
) -> None:
    """Show the words that are more frequent in a report than in the rest of the corpus.

    They are ordered by the log-likelihood ratio G2 (Dunning 1993; Rayson and Garside 2000), of which 6.63 is p < 0.01 and 10.83 p < 0.001 for one word. The log
    ratio (Hardie 2014) says how large the difference is: 1 is twice as frequent, 2 four times.
    """
    from pipeline.analysis.rows import KEYWORD_FIELDS, keyword_rows
    from pipeline.corpus import Corpus

    with Corpus.open(corpus) as opened:
        with progress_bar("Reading sentences") as progress:
            found = opened.keywords(report, against=against, least=least, negative=negative, progress=progress)[:limit]
        options = {"verb": "keywords", "report": report, "negative": negative, "least": least, "limit": limit}
        made = opened.provenance(against, **options) if wanted(format, provenance) else None
    show(keyword_rows(found), KEYWORD_FIELDS, format=format, output=output, provenance=made)
