"""``fazhi remove``: take reports out of a corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import DEFAULT_CORPUS, CorpusFolder, say


def command(
    names: Annotated[list[str], typer.Argument(metavar="REPORT...", help="Names of reports, as `fazhi reports` lists them.")],
    corpus: CorpusFolder = DEFAULT_CORPUS,
) -> None:
    """Remove reports from a corpus; their files stay."""
    from pipeline.corpus import Corpus

    with Corpus.open(corpus) as opened:
        opened.remove(names)
    say(f"{len(names)} removed from {corpus}")
