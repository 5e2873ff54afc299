"""``fazhi collocates``: what stands near a term."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output, progress_bar
from pipeline.cli.shown import Exact, HowToShow, Least, Limit, WithProvenance, show, wanted


class Measure(StrEnum):
    """How strongly two words attract each other."""

    log_likelihood = "log-likelihood"
    log_dice = "log-dice"


def command(
    term: Annotated[str, typer.Argument(metavar="TERM", help="A query, as for `fazhi search`.")],
    window: Annotated[int, typer.Option("--window", "-w", min=1, metavar="N", help="How many words on each side, within the sentence.")] = 5,
    measure: Annotated[Measure, typer.Option("--measure", help="What to order the words by.")] = Measure.log_likelihood,
    least: Least = 3,
    exact: Exact = False,
    limit: Limit = 30,
    corpus: CorpusFolder = DEFAULT_CORPUS,
    format: HowToShow = Format.table,
    output: Output = None,
    provenance: WithProvenance = False,
) -> None:
    """Show the words that stand near a term more often than chance would have it.

    The log-likelihood ratio (Dunning 1993) says how sure that is; log-dice (Rychly 2008), 14 at most, how exclusively the two go together.
    """
    from pipeline.analysis.rows import COLLOCATE_FIELDS, collocate_rows
    from pipeline.corpus import Corpus

    with Corpus.open(corpus) as opened:
        with progress_bar("Reading sentences") as progress:
            found = opened.collocates(term, window=window, least=least, measure=measure.name, exact=exact, progress=progress)[:limit]
        options = {"verb": "collocates", "window": window, "measure": measure.name, "least": least, "exact": exact, "limit": limit}
        made = opened.provenance(term, **options) if wanted(format, provenance) else None
    show(collocate_rows(found), COLLOCATE_FIELDS, format=format, output=output, provenance=made)
