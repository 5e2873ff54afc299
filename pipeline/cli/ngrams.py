"""``fazhi ngrams``: what recurs."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, Format, Output, progress_bar
from pipeline.cli.shown import HowToShow, Least, Limit, WithProvenance, show, wanted


class Unit(StrEnum):
    """What runs are made of."""

    words = "words"
    characters = "characters"


def command(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="Look only at the sentences that a query finds, such as category:disputes.")] = None,
    size: Annotated[str, typer.Option("--size", "-s", metavar="N or N-M", help="How many words or characters.")] = "2-4",
    unit: Annotated[Unit, typer.Option("--unit", "-u", help="Runs of words or of characters.")] = Unit.words,
    longest: Annotated[bool, typer.Option("--longest", help="Leave out what stands nowhere but within a longer run of the list.")] = False,
    least: Least = 5,
    limit: Limit = 50,
    corpus: CorpusFolder = DEFAULT_CORPUS,
    format: HowToShow = Format.table,
    output: Output = None,
    provenance: WithProvenance = False,
) -> None:
    """Show the runs of words or characters that recur, with how often and in how many reports."""
    from pipeline.analysis.rows import NGRAM_FIELDS, ngram_rows
    from pipeline.corpus import Corpus

    sizes = _sizes(size)
    with Corpus.open(corpus) as opened:
        with progress_bar("Reading sentences") as progress:
            found = opened.ngrams(query, sizes=sizes, unit=unit, least=least, longest=longest, progress=progress)[:limit]
        options = {"verb": "ngrams", "size": size, "unit": unit, "longest": longest, "least": least, "limit": limit}
        made = opened.provenance(query, **options) if wanted(format, provenance) else None
    show(ngram_rows(found), NGRAM_FIELDS, format=format, output=output, provenance=made)


def _sizes(text: str) -> range:
    found = re.fullmatch(r"(\d+)(?:\s*(?:-|\.\.)\s*(\d+))?", text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last <= 20:
        raise typer.BadParameter(f"{text} is no size: give a number from 1 to 20, or two as in 2-4", param_hint="--size")
    return range(first, last + 1)
